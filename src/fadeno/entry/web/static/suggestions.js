// Deciding pair after pair by keyboard: what was decided stays as a line, the focus goes on to the next pair.
const list = document.querySelector(".pairs");
let at = -1;

document.addEventListener("htmx:beforeSwap", (event) => {
  const pair = event.detail.target.closest?.(".pairs > li");
  at = pair ? [...list.children].indexOf(pair) : -1;
});

document.addEventListener("htmx:afterSettle", () => {
  if (at < 0) return;
  const here = list.children[at];
  const next = here?.classList.contains("told") ? waiting(at) : here;
  at = -1;
  (next ?? here)?.focus({ preventScroll: false });
});

function waiting(from) {
  const pairs = [...list.children];
  return [...pairs.slice(from + 1), ...pairs.slice(0, from)].find((pair) => pair.classList.contains("pairing"));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  if (document.documentElement.dataset.singleKeys === "off" || document.querySelector("dialog[open]")) return;
  if (event.key !== "u" && event.code !== "KeyU") return;
  const told = [...document.querySelectorAll(".pairs > .told button")];
  const undo = document.querySelector(".toasts .toast form button") ?? told.at(-1);
  if (undo) {
    event.preventDefault();
    undo.click();
  }
});
