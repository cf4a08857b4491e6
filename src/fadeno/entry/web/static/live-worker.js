// Holds the one live stream of this browser for all its pages; six connections per host is all HTTP/1.1 gives.
// It only hears "there is more"; each page then asks for what it shows, with its own rights.
const RETRY_MS = [500, 1000, 2000, 5000, 10000];

const pages = new Set();
let source = null;
let position = null;
let tries = 0;
let timer = 0;
let state = "lost";

const tell = (message) => pages.forEach((page) => page.postMessage(message));

function say(next) {
  if (state === next) return;
  state = next;
  tell({ state });
}

function listen() {
  clearTimeout(timer);
  if (source || pages.size === 0) return;
  source = new EventSource(position === null ? "/live" : `/live?after=${position}`);
  source.addEventListener("open", () => {
    tries = 0;
    say("live");
  });
  source.addEventListener("more", (event) => {
    const more = JSON.parse(event.data);
    position = Math.max(position ?? 0, more.position);
    tell({ more });
  });
  source.addEventListener("error", () => {
    // A refused stream is closed for good, one cut off would wait by itself; we time both, the same way.
    source.close();
    source = null;
    say("lost");
    timer = setTimeout(listen, RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)]);
  });
}

function join(page) {
  page.onmessage = ({ data }) => {
    if (data === "bye") {
      pages.delete(page);
      if (pages.size === 0 && source) {
        source.close();
        source = null;
        state = "lost";
      }
      return;
    }
    if (typeof data.position === "number" && (position === null || data.position < position)) {
      // This page was made before what we heard last: let it ask once.
      if (position !== null) page.postMessage({ more: { position, customers: null } });
      else position = data.position;
    }
    pages.add(page);
    page.postMessage({ state: source ? state : "live" });
    listen();
  };
}

if (typeof SharedWorkerGlobalScope !== "undefined" && self instanceof SharedWorkerGlobalScope) {
  self.onconnect = (event) => join(event.ports[0]);
} else {
  // Without SharedWorker this file runs as a worker of its own page.
  join(self);
}
