// Media: files dropped or chosen go up one by one, each with its progress; what fails can be
// tried again; then one question about each picture. Without this script the form does it.
const form = document.querySelector(".drop"), say = form?.dataset;
const tray = document.querySelector("[data-tray]"), after = document.querySelector("[data-tray-after]");
const status = document.querySelector("[data-tray-status]"), MB = 2 ** 20;
const fill = (words, name) => words.replace(/\{n(ame)?\}/, () => name);
const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

const element = (name, attributes = {}, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};
const size = bytes =>
  bytes < MB ? fill(say.kb, Math.ceil(bytes / 1024)) : fill(say.mb, (bytes / MB).toFixed(1));

// What is wrong with the file itself is not tried again.
const failure = (told, isFinal = false) => Object.assign(new Error(told), { isFinal });

// fetch does not tell how far an upload is.
function send(file, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(), data = new FormData();
    data.set("file", file);
    request.upload.onprogress = e => e.lengthComputable && onProgress(e.loaded / e.total);
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* somebody before us answered */ }
      if (request.status < 300 && answer.id) resolve(answer);
      else reject(failure(answer.error || say.failed, [400, 413, 415].includes(request.status)));
    };
    request.onerror = () => reject(failure(say.offline));
    request.open("POST", say.upload);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("Accept", "application/json");
    request.send(data);
  });
}

async function describe(key, alt, decorative) {
  const data = new FormData();
  data.set(`alt-${key}`, alt);
  if (decorative) data.set(`decorative-${key}`, "on");
  const answer = await fetch(say.describe, {
    method: "POST", body: data, headers: { "X-CSRFToken": token(), Accept: "application/json" },
  }).catch(() => { throw new Error(say.offline); });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.errors?.[key] || say.failed);
}

// One after the other: the server unpacks one picture at a time, and the order stays.
let queue = Promise.resolve(), waiting = 0;
function add(file) {
  const says = element("span", { class: "meta tray-says" }, `${size(file.size)} · ${say.waits}`);
  const bar = element("progress", { max: 1, value: 0, "aria-label": fill(say.progress, file.name) });
  const item = element("li", { class: "tray-item" }, element("span", { class: "tray-name" }, file.name), says, bar);
  tray.append(item);
  waiting++;
  const go = async () => {
    says.textContent = size(file.size);
    const most = file.type.startsWith("image/") && file.type !== "image/svg+xml" ? say.mostPicture : say.mostFile;
    try {
      if (file.size > most * MB) throw failure(fill(say.large, most), true);
      const kept = await send(file, share => { bar.value = share; });
      status.textContent = fill(say.done, file.name);
      bar.remove();
      says.textContent = `${size(kept.bytes)} · ${say.kept}`;
      if (kept.kind === "picture" && !kept.alt && !kept.is_decorative) ask(item, kept);
    } catch (error) {
      fail(item, file, says, bar, error);
    }
    if (!--waiting) finish();
  };
  queue = queue.then(go);
}

function fail(item, file, says, bar, error) {
  item.classList.add("is-bad");
  says.textContent = error.message;
  status.textContent = `${file.name}: ${error.message}`;
  if (error.isFinal) return bar.remove();
  const again = element("button", { type: "button", class: "btn", "aria-label": fill(say.againFor, file.name) }, say.again);
  again.addEventListener("click", () => { item.remove(); add(file); tray.lastElementChild.tabIndex = -1; tray.lastElementChild.focus(); });
  bar.replaceWith(again);
}

function ask(item, kept) {
  const input = element("input", { type: "text", maxlength: 500, placeholder: say.what, "aria-label": fill(say.ask, kept.name) });
  const only = element("input", { type: "checkbox" });
  const save = element("button", { type: "button", class: "btn" }, say.save);
  const told = element("span", { class: "alt-says" });
  const field = element("div", { class: "tray-ask" }, input, element("label", {}, only, say.decoration), save, told);
  const done = async () => {
    const alt = input.value.trim();
    if (!alt && !only.checked) { told.textContent = status.textContent = say.neither; input.focus(); return; }
    try {
      await describe(kept.id, alt, only.checked);
      field.replaceChildren(element("span", {}, only.checked ? say.decoration : alt));
      status.textContent = say.described;
    } catch (error) { told.textContent = status.textContent = error.message; }
  };
  save.addEventListener("click", done);
  input.addEventListener("keydown", e => { if (e.key === "Enter") { e.preventDefault(); done(); } });
  only.addEventListener("change", () => { input.disabled = only.checked; });
  item.prepend(element("img", { src: kept.url, alt: "", width: kept.width, height: kept.height }));
  item.append(field);
}

function finish() {
  after.hidden = false;
  after.replaceChildren(element("a", { class: "btn", href: say.list }, say.show));
}

if (form) {
  const chosen = form.querySelector("input[type=file]");
  document.documentElement.classList.add("has-script");
  const hasFiles = e => [...(e.dataTransfer?.types ?? [])].includes("Files");
  const take = () => { [...chosen.files].forEach(add); chosen.value = ""; };
  chosen.addEventListener("change", take);
  take(); // what was chosen before this script was there
  addEventListener("dragover", e => { if (hasFiles(e)) { e.preventDefault(); document.body.classList.add("is-over"); } });
  addEventListener("dragleave", e => { if (!e.relatedTarget) document.body.classList.remove("is-over"); });
  addEventListener("drop", e => {
    if (!hasFiles(e)) return;
    e.preventDefault();
    document.body.classList.remove("is-over");
    [...e.dataTransfer.files].forEach(add);
  });
  addEventListener("beforeunload", e => { if (waiting) e.preventDefault(); });
}

// A description in the grid is saved in place; the button would save all that are filled in.
for (const field of document.querySelectorAll(".alt-ask")) {
  const input = field.querySelector("input"), key = input.name.slice(4);
  const save = async e => {
    if (!say) return;
    e.preventDefault();
    const alt = input.value.trim();
    if (!alt) { input.focus(); return; }
    try {
      await describe(key, alt, false);
      field.replaceWith(element("p", { class: "alt-text" }, alt));
      status.textContent = say.described;
    } catch (error) {
      field.querySelector(".alt-says")?.remove();
      field.append(element("span", { class: "alt-says", role: "alert" }, error.message));
    }
  };
  field.querySelector("button").addEventListener("click", save);
  input.addEventListener("keydown", e => { if (e.key === "Enter") save(e); });
}
