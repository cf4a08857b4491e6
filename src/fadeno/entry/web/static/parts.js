// Parts of a page that come later: what waits shows grey bars, what fails says so in its place and can be tried again,
// and the focus is never lost when what held it is replaced.
const BARS_AFTER_MS = 300;
const waiting = new WeakMap();

const sample = document.getElementById("fault")?.content.firstElementChild;

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = document.querySelector("meta[name=csrf]")?.content ?? "";
});

// What came a moment ago acts already: whoever is quick would otherwise send a form past us.
for (const name of ["submit", "click"]) {
  document.addEventListener(
    name,
    ({ target }) => {
      const acts = target.closest?.("[hx-get], [hx-post]");
      if (acts) window.htmx?.process(acts);
    },
    true,
  );
}

// Where a part comes to stand: what it replaces, or what its page names.
function placeOf({ elt, target }) {
  const named = elt.closest?.("[data-place]")?.dataset.place;
  return (named && document.querySelector(named)) || (target?.isConnected ? target : elt);
}

// Waiting ------------------------------------------------------------------------------------------------------------

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const place = placeOf(detail);
  place.setAttribute("aria-busy", "true");
  clearTimeout(waiting.get(place));
  waiting.set(place, setTimeout(() => place.classList.add("waits"), BARS_AFTER_MS));
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const place = placeOf(detail);
  clearTimeout(waiting.get(place));
  place.classList.remove("waits");
  place.removeAttribute("aria-busy");
  if (detail.successful) place.querySelector(":scope > .fault")?.remove();
});

// Failing ------------------------------------------------------------------------------------------------------------

// The words of a refusal; where there was no answer nobody knows more than that.
function said(xhr) {
  if (!xhr?.status) return sample?.querySelector(".grow").textContent ?? "";
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  return page.querySelector(".banner .grow")?.textContent.trim() ?? "";
}

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, ({ detail }) => {
    const words = said(detail.xhr);
    const fault = new CustomEvent("part:failed", { bubbles: true, cancelable: true, detail: { said: words } });
    if (detail.elt.dispatchEvent(fault) && sample) show(detail, words);
  });
}

function show(detail, words) {
  const { elt, requestConfig } = detail;
  const place = placeOf(detail);
  // What asks every second says it once.
  if (place.querySelector(":scope > .fault")) return;
  const banner = sample.cloneNode(true);
  if (words) banner.querySelector(".grow").textContent = words;
  banner.querySelector("button").addEventListener("click", () => {
    banner.remove();
    (elt.matches("a, button, input, select, textarea") ? elt : place).focus();
    window.htmx.ajax(requestConfig.verb, requestConfig.path, { source: elt, target: detail.target });
  });
  if (place.contains(elt)) place.append(banner);
  else place.prepend(banner);
}

// The focus ----------------------------------------------------------------------------------------------------------

let lost = false;
let settled = [];

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  lost = detail.shouldSwap && detail.target?.contains(document.activeElement);
  settled = [];
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!lost) return;
  if (settled.push(detail.elt) > 1) return;
  // Once all has settled: a page may still tidy up what came.
  setTimeout(() => {
    lost = false;
    const first = settled.find((one) => one.isConnected && !one.matches(".day"));
    if (!first || (document.activeElement && document.activeElement !== document.body)) return;
    if (!first.hasAttribute("tabindex")) first.tabIndex = -1;
    first.focus({ preventScroll: true });
  });
});

// What comes beside an answer takes the place of a part by its id: who stood in it stands at the same stop of the new one.
let stood = null;

const stops = (id) => [...(document.getElementById(id)?.querySelectorAll("a, button, input, select, summary") ?? [])];

document.addEventListener("htmx:oobBeforeSwap", ({ detail: { target } }) => {
  const at = target.id ? stops(target.id).indexOf(document.activeElement) : -1;
  if (at >= 0) stood = { id: target.id, at };
});

document.addEventListener("htmx:oobAfterSwap", () => {
  if (!stood || document.activeElement !== document.body) return;
  stops(stood.id)[stood.at]?.focus({ preventScroll: true });
  stood = null;
});
