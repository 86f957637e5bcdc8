// What must stay in sight where a picture is cropped, chosen by a click or with the arrow keys.
// Without this script the two numbers are typed.

const fields = ["x", "y"].map((axis) => document.getElementById(`id_focal_${axis}`));
const shown = document.querySelector(".field-preview img");
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

if (shown && fields.every(Boolean)) build();

function build() {
  const { hint, label } = fields[0].dataset;
  const pad = document.createElement("button");
  pad.type = "button";
  pad.className = "focus-pad";
  const picture = (shown.closest("picture") ?? shown).cloneNode(true);
  (picture.matches("img") ? picture : picture.querySelector("img")).alt = "";
  const point = document.createElement("span");
  point.className = "focus-point";
  pad.append(picture, point);
  const words = document.createElement("p");
  words.className = "help";
  words.id = "focus-hint";
  words.textContent = hint;
  pad.setAttribute("aria-describedby", words.id);
  fields[0].closest(".form-row").prepend(words, pad);

  const tell = () => {
    const [x, y] = fields.map((field) => Math.min(100, Math.max(0, Number(field.value) || 0)));
    point.style.left = `${x}%`;
    point.style.top = `${y}%`;
    pad.setAttribute("aria-label", label.replace("{x}", x).replace("{y}", y));
  };
  const move = (...percents) => {
    fields.forEach((field, n) => {
      field.value = Math.min(100, Math.max(0, Math.round(percents[n])));
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  };

  pad.addEventListener("click", (event) => {
    if (!event.detail) return; // Enter and the space bar point nowhere
    const box = pad.getBoundingClientRect();
    move(
      (100 * (event.clientX - box.left)) / box.width,
      (100 * (event.clientY - box.top)) / box.height,
    );
  });
  pad.addEventListener("keydown", (event) => {
    const way = KEYS[event.key];
    if (!way) return;
    event.preventDefault();
    const step = event.shiftKey ? 10 : 1;
    move(...fields.map((field, n) => Number(field.value) + step * way[n]));
  });
  for (const field of fields) field.addEventListener("input", tell);
  tell();
}
