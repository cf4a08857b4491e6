// Lists by keyboard: J and K (or the arrows) walk, Enter opens, / goes to the search.
const rows = () => [...document.querySelectorAll(".walk .rowlink, .walk [data-walk]")];

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
