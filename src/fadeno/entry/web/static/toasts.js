// Toasts: whatever comes into their region, with the page or later, keeps its time here and nowhere else. A toast goes
// after its time, but not while it is touched, holds the focus or nobody looks at the page; one whose undoing failed
// stays until it is closed.
const SAID_AFTER_MS = 150;

const region = document.querySelector(".toasts");
let shown = null;

function keep(toast) {
  for (const other of region.querySelectorAll(":scope > .toast")) if (other !== toast) other.remove();
  let timer = 0;
  let touched = false;
  const go = () => {
    clearTimeout(timer);
    const lasts_s = Number(toast.dataset.for);
    if (!lasts_s || touched || document.hidden || toast.contains(document.activeElement)) return;
    timer = setTimeout(() => toast.remove(), lasts_s * 1000);
  };
  const touch = (is) => () => {
    touched = is;
    go();
  };
  toast.addEventListener("pointerenter", touch(true));
  toast.addEventListener("pointerleave", touch(false));
  toast.addEventListener("focusin", go);
  toast.addEventListener("focusout", () => setTimeout(go));
  shown = { toast, go };
  go();
}

function stay(toast, words) {
  delete toast.dataset.for;
  toast.querySelector(".told").textContent = words || region.dataset.failed;
  if (!toast.querySelector("[data-close]")) toast.append(region.querySelector("template").content.cloneNode(true));
  shown?.go();
}

if (region) {
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node.matches?.(".toast")) keep(node);
    }
  }).observe(region, { childList: true });

  // What stood there already is put in anew once the page stands: a region says what comes into it, not what was there.
  const first = region.querySelector(".toast");
  if (first) {
    first.remove();
    setTimeout(() => {
      region.append(first);
      window.htmx?.process(first);
    }, SAID_AFTER_MS);
    // Reloading the page must not tell it again.
    const address = new URL(location.href);
    for (const name of (first.dataset.saidBy).split(" ")) address.searchParams.delete(name);
    history.replaceState(history.state, "", address);
  }

  document.addEventListener("visibilitychange", () => shown?.go());
  // Who comes to it by keyboard, past everything else on the page, has the time to.
  document.addEventListener("keydown", (event) => {
    const inside = region.contains(document.activeElement);
    if (inside && event.key === "Escape") shown?.toast.remove();
    else shown?.go();
  });
  region.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) shown?.toast.remove();
  });
  document.addEventListener("part:failed", (event) => {
    const toast = event.target.closest(".toast");
    if (!toast) return;
    event.preventDefault();
    stay(toast, event.detail.said);
  });
}
