// Every page: the viewer's zone for dates, and the form token for requests made by htmx.
const root = document.documentElement;

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !root.hasAttribute("data-zone-chosen")) {
  const wanted = `fadeno_zone=${encodeURIComponent(zone)}`;
  if (!document.cookie.split("; ").includes(wanted)) {
    document.cookie = `${wanted}; path=/; max-age=31536000; samesite=lax`;
  }
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = document.querySelector("meta[name=csrf]")?.content ?? "";
});

// A toast goes after its time, but stays while it is touched or holds the focus. It is put in anew once the page
// stands: a region says what comes into it, not what was there.
const SAID_AFTER_MS = 150;
for (const toast of document.querySelectorAll(".toast[data-for]")) {
  const region = toast.parentElement;
  toast.remove();
  setTimeout(() => region.append(toast), SAID_AFTER_MS);
  const address = new URL(location.href);
  if (address.searchParams.has("done")) {
    // Reloading the page must not tell it again.
    address.searchParams.delete("done");
    address.searchParams.delete("action");
    history.replaceState(history.state, "", address);
  }
  let timer;
  const go = () => {
    timer = setTimeout(() => toast.remove(), Number(toast.dataset.for) * 1000);
  };
  const stay = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stay);
  toast.addEventListener("pointerleave", go);
  toast.addEventListener("focusin", stay);
  toast.addEventListener("focusout", go);
  // Who comes to it by keyboard, past everything else on the page, has the time to.
  document.addEventListener("keydown", () => {
    if (toast.contains(document.activeElement)) return;
    stay();
    go();
  });
  go();
}

// A request of a part that failed says so, and leaves what is there.
for (const name of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(name, () => {
    const toasts = document.querySelector(".toasts");
    if (!toasts || toasts.querySelector(".toast")) return;
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.textContent = `${toasts.dataset.failed} ${toasts.dataset.failedMore}`;
    toasts.append(toast);
    setTimeout(() => toast.remove(), 8000);
  });
}

// Without a network every page says so; one that listens says by itself when it is live again.
const strip = document.querySelector(".banner.lost");
if (strip) {
  window.addEventListener("offline", () => (strip.hidden = false));
  window.addEventListener("online", () => (strip.hidden = !document.querySelector("[data-live]")));
}

// An open menu closes with Escape and by a click elsewhere; the focus goes back to what opened it. A page that asks
// for a decision is left with Escape, nothing done.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  const open = document.querySelector("details.drop[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (!event.target.closest("input:not([type=checkbox]), textarea, select")) {
    document.querySelector("[data-escape]")?.click();
  }
});
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.drop[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});
