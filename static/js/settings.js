// Optional: without it the buttons open the preview in a tab. With it the form is sent into a frame
// beside it. Each answer comes in a frame of its own that takes the place of the old one once it is
// there: nothing flickers, and going back leads where it would.
const form = document.getElementById("sitesettings_form");
const panel = document.querySelector(".try");
const box = panel.querySelector(".try-frame");
const told = panel.querySelector("[role=status]");
const pages = [...panel.querySelectorAll("[name=path]")];
const choices = [...panel.querySelectorAll("[data-choice]")];
const chosen = {
  theme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
  width: matchMedia("(min-width: 40rem)").matches ? "desktop" : "phone",
};
let path = pages[0].value, newest = 0, shown = "", timer;

const press = (buttons, value) => {
  for (const button of buttons) button.setAttribute("aria-pressed", button.value === value);
};

function send(target) {
  const where = Object.assign(document.createElement("input"), { type: "hidden", name: "path", value: path });
  form.append(where);
  Object.assign(form, { action: pages[0].formAction, target });
  form.submit();
  form.removeAttribute("action");
  form.removeAttribute("target");
  where.remove();
}

function show() {
  const state = path + new URLSearchParams(new FormData(form));
  if (state === shown) return;
  shown = state;
  const frame = document.createElement("iframe");
  frame.name = `look${++newest}`;
  frame.title = box.dataset.title;
  frame.className = "is-coming";
  frame.addEventListener("load", () => arrived(frame));
  box.append(frame);
  send(frame.name);
}

function arrived(frame) {
  const page = frame.contentDocument;
  if (page?.URL === "about:blank") return;
  const answered = page?.querySelector("main");
  told.textContent = answered ? "" : told.dataset.away;
  const old = box.querySelector("iframe:not(.is-coming)");
  if (!answered) {
    path = old?.dataset.path ?? path;
    press(pages, path);
  }
  if (!answered || frame.name !== `look${newest}`) return frame.remove();
  panel.classList.toggle("is-refused", Boolean(page.querySelector(".refused")));
  page.documentElement.dataset.theme = chosen.theme;
  if (old?.dataset.path === path) frame.contentWindow.scrollTo(0, old.contentWindow.scrollY);
  frame.dataset.path = path;
  frame.classList.remove("is-coming");
  old?.remove();
  page.addEventListener("submit", event => event.preventDefault());
  page.addEventListener("click", event => {
    const link = event.target.closest("a[href]");
    if (!link || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    if (link.origin === location.origin) visit(link.pathname);
  });
}

function visit(where) {
  path = where;
  press(pages, path);
  show();
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(show, 400);
}

for (const page of pages) page.addEventListener("click", event => { event.preventDefault(); visit(page.value); });
for (const choice of choices) {
  const { choice: name } = choice.dataset;
  choice.hidden = false;
  choice.addEventListener("click", event => {
    if (!event.target.value) return;
    chosen[name] = event.target.value;
    apply();
  });
}

function apply() {
  for (const choice of choices) press(choice.children, chosen[choice.dataset.choice]);
  panel.dataset.width = chosen.width;
  for (const frame of box.children)
    if (frame.contentDocument) frame.contentDocument.documentElement.dataset.theme = chosen.theme;
}

box.hidden = false;
new ResizeObserver(() => box.style.setProperty("--scale", box.clientWidth / 1280)).observe(box);
form.addEventListener("input", soon);
form.addEventListener("change", soon);
addEventListener("focus", soon); // a picture was chosen in a window of its own
apply();
visit(path);
