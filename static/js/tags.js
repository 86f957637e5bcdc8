// Topics with completion and creation in place, over the plain list and the field for new ones.
// Both stay in the form and are what is sent: without this script they do the same. Who may
// not add topics has no field for new ones.
const WAIT = 120;

const element = (name, attributes = {}, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};
const same = (one, other) => one.toLowerCase() === other.toLowerCase();
const clean = name => name.replaceAll(",", " ").trim().replace(/\s+/g, " ");

function topics(root) {
  const say = root.dataset, mayAdd = "create" in say;
  const plain = root.firstElementChild;
  const select = plain.querySelector("select"), fresh = plain.querySelector("input");
  // What points to the list points to this field now, the check list included.
  const id = select.id;
  const input = element("input", {
    id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", maxlength: 80,
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}_list`,
    "aria-describedby": `${id}_hint`,
  });
  const list = element("ul", {
    id: `${id}_list`, role: "listbox", "aria-label": say.label, class: "topic-list", hidden: "",
  });
  const chips = element("ul", { class: "chips", "aria-label": say.chosen });
  const status = element("p", { role: "status", class: "visually-hidden" });
  const box = element(
    "div", { class: "wfield" },
    element("label", { for: id }, say.label), chips,
    element("div", { class: "topic-field" }, input, list),
    element("p", { id: `${id}_hint`, class: "help" }, say.hint), status,
  );
  let options = [], at = -1, timer, latest = 0;

  const picked = () => [...select.selectedOptions].map(option => option.text);
  const made = () => (fresh?.value ?? "").split(",").map(clean).filter(Boolean);
  const has = name => [...picked(), ...made()].some(one => same(one, name));

  function draw() {
    chips.replaceChildren(...[...picked(), ...made()].map(name => {
      const label = say.remove.replace("{name}", name);
      const button = element("button", { type: "button", "aria-label": label }, "×");
      button.addEventListener("click", () => { drop(name); input.focus(); });
      return element("li", {}, name, button);
    }));
    chips.hidden = !chips.children.length;
  }

  function changed() {
    draw();
    // Whoever keeps what is typed hears of it.
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function drop(name) {
    for (const option of select.options) if (same(option.text, name)) option.selected = false;
    fresh.value = made().filter(one => !same(one, name)).join(", ");
    changed();
  }

  function add(topic) {
    const name = clean(topic.name);
    if (name && !has(name)) {
      const known = topic.id
        ? [...select.options].find(option => option.value === String(topic.id))
        : [...select.options].find(option => same(option.text, name));
      if (known) known.selected = true;
      else if (topic.id) select.add(new Option(name, topic.id, true, true));
      else if (mayAdd) fresh.value = [...made(), name].join(", ");
      else return;
    }
    input.value = "";
    shut();
    changed();
  }

  function shut() {
    clearTimeout(timer);
    latest += 1; // an answer under way comes too late
    list.hidden = true;
    options = [];
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function mark(number) {
    at = number;
    [...list.children].forEach((row, n) => row.setAttribute("aria-selected", n === number));
    const row = list.children[number];
    if (row && !list.hidden) {
      input.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function row(topic, number) {
    const name = topic.id ? topic.name : say.create.replace("{name}", topic.name);
    const made = element("li", { id: `${list.id}_${number}`, role: "option" }, name);
    if (topic.id) {
      const count = topic.posts === 1 ? say.one : say.many.replace("{n}", topic.posts);
      made.append(element("span", { class: "meta" }, count));
    }
    made.addEventListener("pointerdown", event => event.preventDefault()); // the field keeps focus
    made.addEventListener("click", () => add(topic));
    return made;
  }

  function show(term, found) {
    options = found.filter(topic => !has(topic.name));
    if (mayAdd && term && !has(term) && !found.some(topic => same(topic.name, term)))
      options.push({ name: term });
    list.replaceChildren(...options.map(row));
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = options.length || !term ? "" : say.none;
    mark(term && options.length ? 0 : -1);
  }

  async function look() {
    const term = clean(input.value), mine = latest += 1;
    try {
      const answer = await fetch(`${say.topics}?q=${encodeURIComponent(term)}`);
      if (!answer.ok) throw new Error(answer.status);
      const found = (await answer.json()).topics;
      if (mine === latest && document.activeElement === input) show(term, found);
    } catch {
      if (mine === latest) giveUp();
    }
  }

  const rename = name => { select.id = plain.querySelector("label").htmlFor = name; };

  // The plain fields do the same without the server.
  function giveUp() {
    if (mayAdd && input.value) fresh.value = [...made(), clean(input.value)].join(", ");
    box.remove();
    rename(id);
    plain.hidden = false;
  }

  const step = by => options.length && mark((at + by + options.length) % options.length);
  const keys = {
    ArrowDown: () => list.hidden ? look() : step(1),
    ArrowUp: () => list.hidden ? look() : step(at < 0 ? 0 : -1),
    Enter: () => add(options[at] || { name: input.value }),
    ",": () => add(options.find(one => same(one.name, clean(input.value))) || { name: input.value }),
  };

  input.addEventListener("keydown", event => {
    if (event.isComposing) return;
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      shut();
    } else if (event.key === "Backspace" && !input.value) {
      const last = [...picked(), ...made()].at(-1);
      if (last) drop(last);
    }
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  });
  input.addEventListener("focus", look);
  input.addEventListener("blur", shut);
  // What was typed and not confirmed is meant all the same.
  select.form?.addEventListener("submit", () => { if (input.value) add({ name: input.value }); });

  for (const error of plain.querySelectorAll(".errorlist")) box.prepend(error.cloneNode(true));
  rename(`${id}_plain`);
  plain.hidden = true;
  root.append(box);
  draw();
}

for (const root of document.querySelectorAll("[data-topics]")) topics(root);
