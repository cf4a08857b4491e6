// The button, the window and its parts.
const MOST_FILE_BYTES = 25 * 1048576;
const MOST_FILES = 10;
const host = el("div");
const shadow = host.attachShadow({ mode: "closed" });
const sheet = new CSSStyleSheet();
sheet.replaceSync(SHEET); // a sheet made so needs no leave of the page's policy
shadow.adoptedStyleSheets = [sheet];
for (const [name, value] of [["display", "block"], ["position", "fixed"], ["visibility", "visible"], ["opacity", "1"]]) {
  host.style.setProperty(name, value, "important"); // and no sheet of the page hides or moves it
}

const list = el("ol", { role: "list" });
const earlier = el("button", { type: "button", className: "plain more", textContent: t("earlier"), hidden: true });
const stream = el("div", { className: "stream", role: "log", "aria-live": "polite", "aria-label": t("said"), tabIndex: 0 }, earlier, list);
const strip = el("div", { className: "strip", role: "status", hidden: true });
const writes = el("div", { className: "writes", "aria-live": "polite" });
const cards = el("div");
const chosen = el("div", { className: "files" });
const text = el("textarea", { rows: 1, maxLength: 8000, dir: "auto", id: "text", placeholder: t("placeholder") });
const picker = el("input", { type: "file", multiple: true, hidden: true, tabIndex: -1 });
const send = el("button", { type: "submit", className: "send", disabled: true, "aria-label": t("send"), title: t("send") }, icon("send"));
const form = el(
  "form",
  { className: "write" },
  chosen,
  el("button", { type: "button", className: "tool", "aria-label": t("attach"), title: t("attach"), onclick: () => picker.click() }, icon("clip")),
  el("div", {}, el("label", { className: "sr", htmlFor: "text", textContent: t("placeholder") }), text),
  send,
  picker,
);
const close = el("button", { type: "button", className: "tool", "aria-label": t("close"), title: t("close") }, icon("x"));
const panel = el(
  "div",
  { className: "panel", role: "dialog", "aria-labelledby": "title", id: "panel", hidden: true },
  el("header", {}, el("h2", { id: "title", textContent: t("title") }), close),
  strip,
  stream,
  writes,
  cards,
  form,
);
const count = el("span", { className: "count", hidden: true });
const launch = el(
  "button",
  { type: "button", className: "launch", "aria-expanded": "false", "aria-controls": "panel" },
  icon("chat"),
  el("span", { className: "label", textContent: t("launch") }),
  count,
);
const root = el(
  "div",
  { className: "root" + (said.position === "start" ? " start" : ""), dir: isRightToLeft ? "rtl" : "ltr", lang },
  launch,
  panel,
);
if (said.theme) root.dataset.theme = said.theme;
for (const [name, colour] of [["--accent", said.accent], ["--on-accent", said.onAccent]]) {
  if (colour && CSS.supports("color", colour)) root.style.setProperty(name, colour);
}
host.dir = root.dir;
shadow.append(root);

let isOpen = false;

function unfold() {
  isOpen = true;
  panel.hidden = false;
  launch.hidden = true;
  launch.setAttribute("aria-expanded", "true");
  remember({ open: true });
  toEnd();
  wake();
}

function open() {
  if (isOpen) return;
  unfold();
  text.focus();
}

function shut() {
  if (!isOpen) return;
  isOpen = false;
  panel.hidden = true;
  launch.hidden = false;
  launch.setAttribute("aria-expanded", "false");
  remember({ open: false });
  launch.focus();
}

let isAtEnd = true;
stream.addEventListener("scroll", () => (isAtEnd = stream.scrollHeight - stream.scrollTop - stream.clientHeight < 80));

function toEnd() {
  stream.scrollTop = stream.scrollHeight;
  isAtEnd = true;
}

// Whoever reads the last words goes on seeing them when what stands above grows.
function stay() {
  if (isAtEnd) toEnd();
}

function tellCount(unread) {
  count.hidden = !unread;
  count.replaceChildren(String(unread), el("span", { className: "sr", textContent: " " + t("unread") }));
}

function grow() {
  text.style.height = "auto";
  text.style.height = Math.min(140, text.scrollHeight + 2) + "px";
  send.disabled = !text.value.trim() && !files.length;
}

// Files chosen for the next message.
let files = [];

function choose(some) {
  for (const file of some) {
    if (files.length >= MOST_FILES) break;
    const bar = el("progress", { max: 1, value: 0, "aria-label": t("sending") });
    const one = { name: file.name, size_bytes: file.size };
    const off = el("button", { type: "button", className: "plain", textContent: t("remove"), onclick: () => drop(one) });
    one.view = el("div", { className: "file" }, icon("file"), el("bdi", { textContent: file.name }), bar, off);
    files.push(one);
    chosen.append(one.view);
    one.brought = file.size > MOST_FILE_BYTES ? Promise.reject(new Error(t("large"))) : begun().then(() => bring(file, (part) => (bar.value = part)));
    one.brought.then(
      (kept) => {
        Object.assign(one, kept);
        bar.remove();
      },
      (fault) => bar.replaceWith(el("span", { className: "bad", textContent: fault.status || fault.message === t("large") ? fault.message : t("offline") })),
    );
  }
  grow();
}

function drop(one) {
  files = files.filter((other) => other !== one);
  one.view.remove();
  grow();
}

function card(...parts) {
  const made = el("form", { className: "card" }, ...parts);
  cards.replaceChildren(made);
  return made;
}
