// The palette (Ctrl K) and the sheet of keys (?): what one finds comes from the server, what one can do stands in the
// page already. Letters are those printed on the key where another alphabet is set.
const AFTER_TYPING_MS = 120;
const BARS_AFTER_MS = 300;
const NEXT_KEY_MS = 1500;
const CLICK_AFTER_MS = 60;
const STILL_PX = 12;

const root = document.documentElement;
const palette = document.getElementById("palette");
const sheet = document.getElementById("keysheet");
const field = palette.querySelector("input");
const list = palette.querySelector("[role=listbox]");
const status = palette.querySelector("[role=status]");
const part = (name) => palette.querySelector(`template[data-is=${name}]`).content;

let asked = null;
let typing = 0;
let bars = 0;
let found = null;
let shown = null; // what was typed when the list was answered
let moved = false; // the reader chose by hand since
let drawn = 0;
let pressed = null;

const letterOf = (event) =>
  /^[a-z]$/i.test(event.key) || !/^Key[A-Z]$/.test(event.code) ? event.key.toLowerCase() : event.code[3].toLowerCase();
const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

if (/Mac|iP(hone|ad|od)/.test(navigator.platform)) {
  for (const key of document.querySelectorAll(".key")) if (key.textContent === "Ctrl") key.textContent = "⌘";
}

// What the palette shows ---------------------------------------------------------------------------------------------

const hits = () => [...list.querySelectorAll("[role=option]")];

function choose(hit, { scroll = true } = {}) {
  for (const one of hits()) one.setAttribute("aria-selected", String(one === hit));
  if (!hit) {
    field.removeAttribute("aria-activedescendant");
    return;
  }
  field.setAttribute("aria-activedescendant", hit.id);
  if (scroll) hit.scrollIntoView({ block: "nearest" });
}

function acts(typed) {
  const copy = part("acts").cloneNode(true);
  const words = plain(typed).split(/\s+/).filter(Boolean);
  for (const hit of copy.querySelectorAll("[role=option]")) {
    const said = plain(hit.querySelector(".cut").textContent);
    const fits = words.every((word) => said.split(/[\s,]+/).some((one) => one.startsWith(word)));
    if (!fits || (typed === "" && hit.getAttribute("href") === location.pathname)) hit.remove();
  }
  return copy.querySelector("[role=option]") ? copy : null;
}

// A hit that is drawn again stays the element it was, so that what was chosen and who reads it aloud stay where they are.
function draw(...parts) {
  const chosen = moved && hits().find((hit) => hit.getAttribute("aria-selected") === "true");
  choose(null);
  const known = new Map(hits().map((hit) => [hit.id, hit]));
  for (const one of parts.flatMap((each) => [...each.querySelectorAll("[role=option]")])) {
    const before = known.get(one.id);
    if (before?.isEqualNode(one)) one.replaceWith(before);
  }
  list.replaceChildren(...parts);
  drawn += 1;
  return chosen && chosen.isConnected ? chosen : null;
}

function show(typed, more) {
  const kept = draw(...[found?.cloneNode(true), more && part(more).cloneNode(true), acts(typed)].filter(Boolean));
  const all = hits();
  if (all.length === 0 && !more) list.append(part("none").cloneNode(true));
  choose(kept ?? all[0], { scroll: Boolean(kept) });
  if (!kept) list.scrollTop = 0;
  if (more !== "waiting") shown = typed;
  if (more !== "waiting") status.textContent = part("counted").textContent.replace("{n}", all.length.toLocaleString(`${root.lang}-u-nu-latn`));
}

async function ask() {
  const typed = field.value.trim();
  asked?.abort();
  asked = new AbortController();
  const mine = asked;
  clearTimeout(bars);
  bars = setTimeout(() => show(typed, "waiting"), BARS_AFTER_MS);
  try {
    const answer = await fetch(`${palette.dataset.url}?q=${encodeURIComponent(typed)}`, {
      headers: { "HX-Request": "true" },
      signal: mine.signal,
    });
    const onward = answer.headers.get("HX-Redirect");
    if (onward) location.assign(onward);
    if (!answer.ok) throw new Error(String(answer.status));
    const page = document.createElement("template");
    page.innerHTML = await answer.text();
    if (mine !== asked) return;
    clearTimeout(bars);
    found = page.content;
    show(typed);
  } catch (error) {
    if (mine !== asked || error.name === "AbortError") return;
    clearTimeout(bars);
    found = null;
    show(typed, "failed");
  }
}

function open() {
  if (sheet.open) sheet.close();
  if (palette.open) return palette.close();
  field.value = "";
  found = shown = null;
  moved = false;
  show("", "waiting");
  palette.showModal();
  field.focus();
  ask();
}

function take(hit, elsewhere) {
  if (!hit) return;
  if (hit.hasAttribute("data-sheet")) {
    palette.close();
    openSheet();
  } else if (elsewhere) {
    window.open(hit.href, "_blank", "noopener");
  } else {
    palette.close();
    location.assign(hit.href);
  }
}

function takePressed() {
  const { hit } = pressed;
  pressed = null;
  take(hit, false);
}

field.addEventListener("input", () => {
  moved = false;
  clearTimeout(typing);
  typing = setTimeout(ask, AFTER_TYPING_MS);
});
field.addEventListener("keydown", async (event) => {
  if (event.isComposing) return;
  const all = hits();
  const at = all.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
  if (to !== undefined && all.length) {
    event.preventDefault();
    const one = Math.abs(to - at) === 1;
    moved = true;
    choose(all[one ? (to + all.length) % all.length : Math.min(Math.max(to, 0), all.length - 1)]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    const elsewhere = event.ctrlKey || event.metaKey;
    if (moved || field.value.trim() === shown) return take(all[at], elsewhere);
    // Who types faster than the server answers means what was typed, not what stands in the list as yet.
    clearTimeout(typing);
    await ask();
    if (field.value.trim() === shown) take(hits()[0], elsewhere);
  }
});
list.addEventListener("pointerdown", (event) => {
  pressed = { hit: event.target.closest("[role=option]"), drawn, x: event.clientX, y: event.clientY };
});
list.addEventListener("pointercancel", () => (pressed = null));
document.addEventListener("pointerup", (event) => {
  // Where the list was drawn anew under the finger, meant is what the finger was put on; a click comes or does not.
  const mine = pressed;
  if (!mine || mine.drawn === drawn || Math.hypot(event.clientX - mine.x, event.clientY - mine.y) > STILL_PX) return;
  setTimeout(() => pressed === mine && takePressed(), CLICK_AFTER_MS);
});
list.addEventListener("click", (event) => {
  if (pressed && pressed.drawn !== drawn) {
    event.preventDefault();
    takePressed();
    return;
  }
  pressed = null;
  const hit = event.target.closest("[role=option]");
  if (!hit || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  take(hit, false);
});
list.addEventListener("pointermove", (event) => {
  const hit = event.target.closest("[role=option]");
  if (!hit || hit.getAttribute("aria-selected") === "true") return;
  moved = true;
  choose(hit, { scroll: false });
});
palette.addEventListener("close", () => {
  asked?.abort();
  clearTimeout(bars);
  clearTimeout(typing);
});
for (const dialog of [palette, sheet]) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}
for (const button of document.querySelectorAll("[data-palette]")) button.addEventListener("click", open);

// The keys of this page: those whose thing is on it --------------------------------------------------------------------

function openSheet() {
  for (const line of sheet.querySelectorAll("[data-where]")) line.hidden = !document.querySelector(line.dataset.where);
  sheet.showModal();
}

// Keys ---------------------------------------------------------------------------------------------------------------

const goes = new Map([...part("acts").querySelectorAll("[data-go]")].map((hit) => [hit.dataset.go, hit.href]));
const undoing = () => document.querySelector(".toast form button");
let going = 0;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const letter = letterOf(event);
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && letter === "k") {
    event.preventDefault();
    open();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (root.dataset.singleKeys === "off" || palette.open) return;
  if (event.key === "?" || event.key === "؟") {
    event.preventDefault();
    if (sheet.open) sheet.close();
    else openSheet();
  } else if (sheet.open) {
    return;
  } else if (going && goes.has(letter)) {
    event.preventDefault();
    location.assign(goes.get(letter));
  } else if (letter === "u" && undoing()) {
    // What the toast tells of was done last, whatever else of the page could be undone.
    event.preventDefault();
    event.stopImmediatePropagation();
    undoing().click();
  }
  clearTimeout(going);
  going = letter === "g" && !sheet.open ? setTimeout(() => (going = 0), NEXT_KEY_MS) : 0;
});
