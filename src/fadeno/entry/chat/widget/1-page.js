// What the page says: the tag, its data- attributes, and what is kept in its storage.
const tag = document.currentScript;
const said = tag.dataset;
const base = new URL(".", tag.src).href.replace(/\/$/, "");
const at = base + "/chat/" + encodeURIComponent(said.account || "");
const kept = "fadeno:" + said.account;

function language() {
  const wanted = [said.lang, document.documentElement.lang, ...(navigator.languages || [])].filter(Boolean);
  for (const tagged of wanted) {
    const near = { "sr-latn": "sr", sh: "sr", bs: "sr", hr: "sr", me: "sr" }[tagged.toLowerCase()];
    const found = Object.keys(TEXTS).find((one) => one.toLowerCase() === tagged.toLowerCase());
    const short = tagged.split("-")[0].toLowerCase();
    if (near || found || TEXTS[short]) return near || found || short;
  }
  return "en";
}

const lang = language();
const isRightToLeft = /^(ar|fa|he|ur)/.test(lang);

function t(key, values) {
  const custom = said["text" + ("_" + key).replace(/_(\w)/g, (_, sign) => sign.toUpperCase())];
  const text = custom || TEXTS[lang][key] || TEXTS.en[key] || "";
  return text.replace(/\{(\w+)\}/g, (_, name) => (values && name in values ? values[name] : ""));
}

// Storage may be forbidden or full: then all lasts as long as the page.
let memory = {};

function recall() {
  try {
    return JSON.parse(localStorage.getItem(kept)) || memory;
  } catch {
    return memory;
  }
}

function remember(changes) {
  memory = { ...recall(), ...changes };
  try {
    localStorage.setItem(kept, JSON.stringify(memory));
  } catch {
    // nothing to do: it is remembered in this page
  }
}

function forget() {
  memory = {};
  try {
    localStorage.removeItem(kept);
  } catch {
    // as above
  }
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
}
