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
