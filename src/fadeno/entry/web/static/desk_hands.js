// The desk by hand: choosing many cases, and everything by keyboard.
const BESIDE_PX = 800; // from here on list and case stand side by side
const WALKED_MS = 250;

const desk = document.getElementById("desk");
const cases = document.getElementById("cases");
const rowsNow = () => document.getElementById("rows");
const opened = () => document.getElementById("case");
const plainKey = (event) =>
  /^[a-z]$/i.test(event.key) || !/^Key[A-Z]$/.test(event.code) ? event.key.toLowerCase() : event.code[3].toLowerCase();
let walking = 0;

// Choosing many --------------------------------------------------------------------------------------------------------

const boxes = () => [...rowsNow().querySelectorAll(".pick-row input")];
const picked = () => boxes().filter((box) => box.checked).map((box) => box.value);

function choosing(ids) {
  if (ids) for (const box of boxes()) box.checked = ids.includes(box.value);
  const bulk = document.getElementById("bulk");
  if (!bulk) return;
  chosen = new Set(picked());
  const n = chosen.size;
  bulk.hidden = n === 0;
  cases.classList.toggle("choosing", n > 0);
  const said = bulk.querySelector("[data-chosen]");
  said.textContent = said.dataset.chosen.replace("{n}", n);
}

let chosen = new Set();
document.addEventListener("list:drawn", () => {
  choosing([...chosen]);
});
document.addEventListener("list:unchosen", () => choosing([]));

let lastBox = null;
cases.addEventListener("click", (event) => {
  const box = event.target.closest(".pick-row input");
  if (!box) return;
  const all = boxes();
  if (event.shiftKey && lastBox?.isConnected) {
    const [from, to] = [all.indexOf(lastBox), all.indexOf(box)].sort((a, b) => a - b);
    for (const one of all.slice(from, to + 1)) one.checked = box.checked;
  }
  lastBox = box;
  choosing();
});

// Keys -----------------------------------------------------------------------------------------------------------------

const items = () => [...rowsNow().querySelectorAll(".item .whole-row, .more-rows")];

function walk(step) {
  const all = items();
  if (!all.length) return;
  const row = document.activeElement?.closest(".item") ?? rowsNow().querySelector("[aria-current]");
  const at = all.indexOf(row?.querySelector(".whole-row") ?? document.activeElement);
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  // Where list and case stand side by side, walking opens; on a narrow screen Enter does.
  if (document.activeElement?.closest(".item")?.dataset.case && opened().dataset.case && innerWidth >= BESIDE_PX) {
    clearTimeout(walking);
    walking = setTimeout(() => next === document.activeElement && next.click(), WALKED_MS);
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (event.key === "Escape") {
    if (isTyping?.matches("#cases input") || isTyping?.matches("#say")) isTyping.blur();
    if (isTyping?.matches("#say")) document.getElementById("scroll").focus();
    else if (desk.dataset.side === "open") desk.dispatchEvent(new CustomEvent("desk:side"));
    else if (!isTyping && document.querySelector("details.drop[open]") === null && desk.dataset.pane === "stream") desk.dispatchEvent(new CustomEvent("desk:back"));
    return;
  }
  if (isTyping?.type === "search" && event.key === "ArrowDown") {
    event.preventDefault();
    return walk(1);
  }
  if (isTyping || document.documentElement.dataset.singleKeys === "off") return;
  const key = plainKey(event);
  const steps = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1, arrowdown: 1, arrowup: -1 };
  if (key in steps && !event.target.closest("#scroll, .side, .menu")) {
    event.preventDefault();
    walk(steps[key]);
  } else if (key === "/") {
    event.preventDefault();
    desk.dataset.pane = innerWidth < BESIDE_PX ? "list" : desk.dataset.pane;
    document.querySelector("[data-key='/']").select();
  } else if (key === "x") {
    const box = (document.activeElement?.closest(".item") ?? rowsNow().querySelector("[aria-current]"))?.querySelector(".pick-row input");
    box?.click();
  } else if (key === "c") desk.dispatchEvent(new CustomEvent("desk:side"));
  else if (key === "r" || key === "n") {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("case:write", { detail: { note: key === "n" } }));
  } else {
    const act = document.querySelector(`#case [data-press="${CSS.escape(key)}"]`);
    if (act) {
      event.preventDefault();
      if (act.matches("input")) act.focus();
      else act.click();
    }
  }
});
