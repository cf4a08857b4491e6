// Keeps what a page shows the same as a fresh page would: on "there is more" each part is fetched anew and compared,
// line by line, so that only what arrived moves. Parts say where they come from with data-part.
const LOST_AFTER_MS = 2000;
const APART_MS = 120; // a burst becomes a few looks
const AGAIN_MS = [1000, 2000, 5000, 10000]; // a look that failed

const place = document.querySelector("[data-live]");
const strip = document.querySelector(".banner.lost");
const script = document.querySelector("script[data-worker]");

if (place && script) start(place.dataset.live, Number(place.dataset.position));

function start(customer, position) {
  let port;
  let lostTimer = 0;
  let waiting = 0;
  let busy = false;
  let again = false;
  let failed = 0;

  function connect() {
    const url = script.dataset.worker;
    if ("SharedWorker" in window) {
      port = new SharedWorker(url, { name: "fadeno-live" }).port;
      port.start();
    } else {
      port = new Worker(url);
    }
    port.onmessage = ({ data }) => (data.more ? heard(data.more) : shown(data.state));
    port.postMessage({ position });
  }

  function shown(state) {
    clearTimeout(lostTimer);
    if (state === "live") {
      if (!failed) strip.hidden = true;
    } else {
      lostTimer = setTimeout(() => (strip.hidden = false), LOST_AFTER_MS);
    }
  }

  function heard(more) {
    if (more.position > position) position = more.position;
    else if (more.customers === null || more.customers.length === 0) return;
    if (more.customers === null || more.customers.includes(customer)) look();
  }

  function look() {
    if (busy) {
      again = true;
      return;
    }
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      busy = true;
      try {
        await refresh();
        if (failed) strip.hidden = true;
        failed = 0;
      } catch {
        // What is shown is old now, whatever the stream says.
        strip.hidden = false;
        setTimeout(look, AGAIN_MS[Math.min(failed++, AGAIN_MS.length - 1)]);
      }
      busy = false;
      if (again) {
        again = false;
        look();
      }
    }, APART_MS);
  }

  connect();
  // "Today" is not for ever: who comes back to a page on another day sees it as of that day.
  let day = new Date().toDateString();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || day === new Date().toDateString()) return;
    day = new Date().toDateString();
    look();
  });
  window.addEventListener("pagehide", () => port.postMessage("bye"));
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    port.postMessage({ position });
    look();
  });
}

async function refresh() {
  await Promise.all([thread(), about()]);
  window.htmx?.trigger("#lead", "again");
}

async function fetched(url) {
  const response = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  const next = response.headers.get("HX-Redirect");
  if (next) location.assign(next);
  if (!response.ok) throw new Error(String(response.status));
  const part = document.createElement("template");
  part.innerHTML = await response.text();
  return part.content;
}

async function thread() {
  const list = document.getElementById("thread");
  const shown = list.querySelectorAll("[data-place]");
  const last = shown[shown.length - 1];
  // Down to the oldest that is shown; where the beginning is shown, down to the beginning.
  const oldest = list.querySelector('[data-key="older"]') && last ? last.dataset.place : "all";
  const through = `&through=${encodeURIComponent(oldest)}`;
  const fresh = await fetched(list.dataset.part + through);
  compare(list, [...fresh.children]);
}

// What is the same stays (and keeps what is open in it), what is new is put in its place, what is gone goes.
export function compare(list, fresh) {
  const there = new Map([...list.children].map((line) => [line.dataset.key, line]));
  let before = null;
  for (const line of fresh) {
    const old = there.get(line.dataset.key);
    const next = before ? before.nextElementSibling : list.firstElementChild;
    if (old && same(old, line)) {
      if (old !== next) list.insertBefore(old, next);
      before = old;
    } else {
      if (old) exchange(old, line);
      else line.classList.add("arrived");
      if (line !== next) list.insertBefore(line, before ? before.nextElementSibling : list.firstElementChild);
      window.htmx?.process(line);
      before = line;
    }
    there.delete(line.dataset.key);
  }
  for (const line of there.values()) line.remove();
}

// Who stood in a line stands at the same thing of the new one, or at the line.
function exchange(old, line) {
  const stops = (one) => [...one.querySelectorAll("a, button, summary, [tabindex]")];
  const at = stops(old).indexOf(document.activeElement);
  const held = old.contains(document.activeElement);
  old.replaceWith(line);
  if (!held) return;
  const next = stops(line)[at] ?? line;
  if (next === line) line.tabIndex = -1;
  next.focus({ preventScroll: true });
}

function same(old, line) {
  const plain = (node) => {
    const copy = node.cloneNode(true);
    copy.classList.remove("arrived");
    copy.removeAttribute("tabindex");
    copy.querySelectorAll("details[open]").forEach((one) => one.removeAttribute("open"));
    return copy.outerHTML.replace(/ class="[^"]*htmx[^"]*"/g, "");
  };
  return plain(old) === plain(line);
}

// Nothing is taken from under the hand: while the focus is in it, this part waits.
let awaited = false;

function caughtUp() {
  awaited = false;
  about().catch(() => {}); // the next look tries again
}

function awaits(part) {
  if (!part.contains(document.activeElement)) return false;
  if (!awaited) part.addEventListener("focusout", () => setTimeout(caughtUp), { once: true });
  awaited = true;
  return true;
}

async function about() {
  const part = document.getElementById("about");
  if (awaits(part)) return;
  const fresh = await fetched(part.dataset.part);
  if (awaits(part)) return; // who came to stand in it meanwhile
  const holder = document.createElement("div");
  holder.append(fresh);
  if (said(holder) !== said(part)) part.innerHTML = holder.innerHTML;
}

// The token of our forms is written differently in each answer.
const said = (part) => part.innerHTML.trim().replace(/(name="_csrf" value=")[0-9a-f]+/g, "$1");

// Older events come as a page of their own: where it goes on with the same day, the day is said once.
document.addEventListener("htmx:afterSettle", () => {
  const seen = new Set();
  document.querySelectorAll("#thread > .day").forEach((day) => {
    if (seen.has(day.dataset.key)) day.remove();
    seen.add(day.dataset.key);
  });
});
