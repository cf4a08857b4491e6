// What one sees. Everything stands in a closed shadow tree; words of others only ever become text.
const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  chat: "M4 4.5h12a1.5 1.5 0 0 1 1.5 1.5v7a1.5 1.5 0 0 1-1.5 1.5H9.5L6 17.5v-3H4A1.5 1.5 0 0 1 2.5 13V6A1.5 1.5 0 0 1 4 4.5Z",
  x: "m5 5 10 10M15 5 5 15",
  clip: "m8 11 4.6-4.6a2 2 0 0 1 2.9 2.9L9.2 15.5a3.5 3.5 0 0 1-5-5l6.4-6.3",
  send: "M10 16V4m0 0L5 9m5-5 5 5",
  file: "M6 2.5h5L15 7v9.5a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1Zm5 0V7h4",
};

function el(name, props, ...children) {
  const one = document.createElement(name);
  for (const [key, value] of Object.entries(props || {})) {
    if (value === false || value == null) continue;
    if (key.startsWith("on")) one.addEventListener(key.slice(2), value);
    else if (key in one && !key.startsWith("aria") && key !== "role") one[key] = value;
    else one.setAttribute(key, value === true ? "" : value);
  }
  one.append(...children.filter((child) => child != null && child !== false));
  return one;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of [["viewBox", "0 0 20 20"], ["aria-hidden", "true"], ["class", "i"]]) svg.setAttribute(key, value);
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// Text with its web addresses as links, and nothing else of it as anything but text.
function words(text) {
  return text.split(/(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/g).map((part, n) =>
    n % 2 ? el("a", { href: part, target: "_blank", rel: "noopener noreferrer nofollow", textContent: part }) : part,
  );
}

const clock = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit" });
const days = new Intl.DateTimeFormat(lang, { weekday: "long", day: "numeric", month: "long" });

function sizeOf(bytes) {
  const mega = bytes / 1048576;
  const unit = mega >= 1 ? "megabyte" : "kilobyte";
  const value = mega >= 1 ? mega : Math.max(1, bytes / 1024);
  return new Intl.NumberFormat(lang, { style: "unit", unit, maximumFractionDigits: mega >= 1 ? 1 : 0 }).format(value);
}

function fileView(file) {
  const url = file.key ? at + "/files/" + file.key + "/" + encodeURIComponent(file.name) : null;
  const line = [icon("file"), el("bdi", { textContent: file.name }), el("small", { textContent: sizeOf(file.size_bytes) })];
  const link = el(url ? "a" : "span", { className: "file", href: url, target: "_blank", rel: "noopener" }, ...line);
  if (!url || !file.is_shown) return link;
  const picture = el("img", { className: "picture", src: url + "?small", alt: file.name, loading: "lazy" });
  const shown = el("a", { href: url, target: "_blank", rel: "noopener" }, picture);
  picture.addEventListener("load", stay);
  picture.addEventListener("error", () => shown.replaceWith(link)); // the page's policy or an old link forbids it
  return shown;
}

function messageView(one) {
  const body = el("div", { className: "words", dir: "auto", lang: one.language || null }, ...words(one.text || ""));
  const files = (one.attachments || []).map(fileView);
  const via = one.channel && one.channel !== "webchat" ? t("by_" + one.channel) || one.channel : "";
  const by = one.is_ours ? one.by || t("us") : t("you");
  const about = [by, via].filter(Boolean).join(" · ");
  const head = el("div", { className: one.is_ours || via ? "by" : "by said" }, el("bdi", { textContent: about }));
  const foot = el("div", { className: "when" }, el("time", { dateTime: one.at, textContent: clock.format(new Date(one.at)) }));
  if (one.problem) {
    foot.append(" ", el("span", { className: "bad", textContent: one.problem }), " ");
    foot.append(el("button", { type: "button", className: "plain", textContent: t("again"), onclick: one.again }));
    foot.append(el("button", { type: "button", className: "plain", textContent: t("remove"), onclick: one.remove }));
  } else if (one.pending) foot.append(" ", el("span", { textContent: t("pending") }));
  return el(
    "li",
    { className: (one.is_ours ? "ours" : "theirs") + (one.pending ? " pending" : "") + (one.is_automatic ? " automatic" : "") },
    head,
    one.subject && el("div", { className: "subject", dir: "auto", textContent: one.subject }),
    one.text && body,
    ...files,
    foot,
  );
}
