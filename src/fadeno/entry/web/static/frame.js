// Every page: the viewer's zone for dates, whether there is a network, menus, and leaving what asks for a decision.
const root = document.documentElement;

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !root.hasAttribute("data-zone-chosen")) {
  const wanted = `fadeno_zone=${encodeURIComponent(zone)}`;
  if (!document.cookie.split("; ").includes(wanted)) {
    document.cookie = `${wanted}; path=/; max-age=31536000; samesite=lax`;
  }
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
