// Lists by keyboard: J and K (or the arrows) walk, Enter opens, / goes to the search. Who comes back to a list finds it
// as it was left, and who can't see it is told how many a search found.
const rows = () => [...document.querySelectorAll(".walk .rowlink, .walk [data-walk], .pager [rel=next]")];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const typing = event.target.closest("input, textarea, select");
  // The letter printed on the key where another alphabet is set.
  const key = /^[^a-z]$/i.test(event.key) && /^Key/.test(event.code) ? event.code[3].toLowerCase() : event.key;
  if (key.length === 1 && document.documentElement.dataset.singleKeys === "off") return;
  const step = { ArrowDown: 1, ArrowUp: -1, j: typing ? 0 : 1, k: typing ? 0 : -1 }[key];
  if (step) {
    const all = rows();
    if (all.length === 0 || (typing && typing.type !== "search")) return;
    const at = all.indexOf(document.activeElement);
    event.preventDefault();
    if (at === 0 && step < 0) document.querySelector("[data-key='/']")?.focus();
    else if (at < 0 && !typing && left?.isConnected) left.focus();
    else all[Math.min(Math.max(at + step, 0), all.length - 1)].focus();
  } else if (key === "/" && !typing) {
    const field = document.querySelector("[data-key='/']");
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  } else if (!typing) {
    const act = document.activeElement?.closest("[data-walk]")?.querySelector(`[data-press="${CSS.escape(key)}"]`);
    if (act) {
      event.preventDefault();
      act.click();
    }
  }
});

// Coming back ---------------------------------------------------------------------------------------------------------

// The page itself scrolls inside its frame, which a browser does not put back by itself.
const page = document.querySelector("main.page");
const here = () => `list ${location.pathname}${location.search}`;
let opened = "";
let left = null;

document.addEventListener("click", (event) => {
  const row = event.target.closest(".walk .rowlink, .walk [data-walk] a");
  if (row) opened = row.getAttribute("href");
});
window.addEventListener("pagehide", () => {
  try {
    sessionStorage.setItem(here(), JSON.stringify({ top: page.scrollTop, opened }));
  } catch {
    // Full or forbidden: one comes back to the beginning.
  }
});
const came = performance.getEntriesByType("navigation")[0]?.type;
if (came === "back_forward" || came === "reload") comeBack();

function comeBack() {
  const kept = JSON.parse(sessionStorage.getItem(here()) ?? "null");
  if (!kept) return;
  left = kept.opened ? document.querySelector(`.walk a[href="${CSS.escape(kept.opened)}"]`) : null;
  if (came === "back_forward") left?.focus({ preventScroll: true });
  page.scrollTop = kept.top;
}

// Searching -----------------------------------------------------------------------------------------------------------

const counted = document.querySelector("[data-counted]");
if (counted) {
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.target.closest?.("#found")) return;
    const more = document.querySelector("#found .pager [rel=next]") ? "+" : "";
    counted.textContent = counted.dataset.counted.replace("{n}", document.querySelectorAll("#found .rowlink").length + more);
  });
}
