// Writing at the desk: what is typed is never lost, the way it goes is seen before, and what was not seen is shown first.
const DRAFT_AFTER_MS = 700;
const PROPOSED_AFTER_MS = 500;
const MOST_FILE_BYTES = 25 * 1024 * 1024;
const MOST_MENTIONED = 6;

const form = () => document.getElementById("composer");
const field = () => document.getElementById("say");
const token = () => document.querySelector("meta[name=csrf]").content;
let draftTimer = 0;
let proposedTimer = 0;
let unsaved = false;
let dismissed = "";

const isNote = () => form().hasAttribute("data-note");

function request(url, method, body, headers = {}) {
  return fetch(url, { method, body, headers: { "X-CSRF-Token": token(), ...headers }, credentials: "same-origin", keepalive: method === "PUT" });
}

// What is begun is kept -------------------------------------------------------------------------------------------------

// What the server does not have yet lies in this window: signed out, crashed or loaded anew, it is there again.
const kept = (id) => `writing ${document.getElementById("desk").dataset.me} ${id}`; // another member may sign in here

function hold(id, text, isNote_) {
  try {
    if (text) sessionStorage.setItem(kept(id), JSON.stringify({ text, isNote: isNote_ }));
    else sessionStorage.removeItem(kept(id));
  } catch {
    // Full or forbidden: the server keeps it within a second.
  }
}

function comeBack() {
  const held = JSON.parse(sessionStorage.getItem(kept(form().dataset.case)) ?? "null");
  if (!held || held.text === field().value) return;
  field().value = held.text;
  if (held.isNote !== isNote()) setNote(held.isNote);
  unsaved = true;
  keep();
}

document.addEventListener("case:lost", ({ detail: { into } }) => {
  if (into && field()?.value) hold(into, field().value, isNote());
});

async function keep() {
  clearTimeout(draftTimer);
  const at = form();
  if (!at || !unsaved) return;
  unsaved = false;
  const [account, , address] = at.way?.value?.split(" ") ?? [];
  const said = document.getElementById("draft-state");
  const body = { text: field().value, is_note: isNote(), account_id: account || null, address_id: address || null };
  try {
    const answer = await request(`/api/cases/${at.dataset.case}/draft`, "PUT", JSON.stringify(body), { "Content-Type": "application/json" });
    if (!answer.ok) throw new Error(String(answer.status));
    if (!unsaved) hold(at.dataset.case, "");
    said.textContent = body.text ? said.dataset.savedWord : "";
    said.classList.remove("tag-bad");
  } catch {
    unsaved = true;
    said.textContent = said.dataset.failedWord;
    said.classList.add("tag-bad");
    draftTimer = setTimeout(keep, 4 * DRAFT_AFTER_MS);
  }
}

document.addEventListener("input", (event) => {
  if (event.target !== field()) return;
  unsaved = true;
  hold(form().dataset.case, field().value, isNote());
  clearTimeout(draftTimer);
  draftTimer = setTimeout(keep, DRAFT_AFTER_MS);
  clearTimeout(proposedTimer);
  proposedTimer = setTimeout(propose, PROPOSED_AFTER_MS);
  mention();
});
document.addEventListener("case:leaving", keep);
window.addEventListener("pagehide", keep);

// Opening, and after it is said ------------------------------------------------------------------------------------------

document.addEventListener("case:opened", () => {
  if (!form()) return;
  form().key.value = crypto.randomUUID?.() ?? String(Math.random());
  unsaved = false;
  dismissed = "";
  comeBack();
  if (field().value) propose();
});
document.addEventListener("case:write", ({ detail }) => {
  if (!form()) return;
  setNote(detail.note);
  field().focus();
});

document.addEventListener("desk:said", () => {
  clearTimeout(draftTimer);
  unsaved = false;
  hold(form().dataset.case, "");
  field().value = "";
  form().key.value = crypto.randomUUID?.() ?? String(Math.random());
  form().then.value = "waiting_customer";
  document.dispatchEvent(new CustomEvent("case:drawn"));
  for (const id of ["say-status", "proposed", "attachments", "draft-state"]) document.getElementById(id).replaceChildren();
  for (const extra of form().querySelectorAll("input[name=mention], input[name^=promise_]")) extra.remove();
  dismissed = "";
  setNote(false);
});
document.addEventListener("desk:unseen", ({ detail }) => {
  form().seen_upto.value = detail.position;
  document.querySelector("[data-send-anyway]")?.focus();
});
document.addEventListener("desk:held", async ({ detail }) => {
  if (form()?.dataset.case !== detail.case) return;
  const answer = await request(`/api/cases/${detail.case}/draft`, "GET");
  const draft = answer.ok ? await answer.json() : null;
  if (draft && !field().value) field().value = draft.text;
  field().focus();
});
// What comes while nothing is written is seen before one begins. What comes while one writes may go unnoticed: it is
// shown once more before anything is sent.
document.addEventListener("case:drawn", () => {
  if (!form() || field().value || document.hidden) return;
  const shown = [...document.querySelectorAll("#thread [data-position]")].map((one) => Number(one.dataset.position));
  form().seen_upto.value = Math.max(Number(form().seen_upto.value), ...shown);
});

document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  const gap = field().value.match(/⟨[^⟩]*⟩/);
  if (gap && !isNote()) {
    event.preventDefault();
    event.stopImmediatePropagation();
    field().focus();
    field().setSelectionRange(gap.index, gap.index + gap[0].length);
    return;
  }
  form().is_note.value = isNote() ? "yes" : "";
}, true);

// The way it goes --------------------------------------------------------------------------------------------------------

function setNote(on) {
  const at = form();
  if (!at.way && !on) return;
  at.toggleAttribute("data-note", on);
  at.querySelector("[data-note-toggle]").setAttribute("aria-pressed", String(on));
  at.is_note.value = on ? "yes" : "";
  at.querySelector(":scope > .knot use").setAttribute("href", on ? "#i-note" : chosenWay()?.querySelector("use").getAttribute("href") ?? "#i-note");
  if (on) document.getElementById("proposed").replaceChildren();
}

const chosenWay = () => form().querySelector("input[name=way]:checked")?.closest(".way");

function showWay() {
  const way = chosenWay();
  if (!way) return;
  const at = form();
  const input = way.querySelector("input");
  at.dataset.ch = input.dataset.ch;
  at.querySelector(".pick").dataset.ch = input.dataset.ch;
  at.querySelector("[data-way-shown]").replaceChildren(...way.querySelector(".ch").cloneNode(true).childNodes);
  const why = at.querySelector("[data-why-shown]");
  const to = way.querySelector("bdi");
  why.replaceChildren(...(to.textContent ? [to.cloneNode(true), " · "] : []), ...way.querySelector("[data-why]").cloneNode(true).childNodes);
  at.querySelector(":scope > .knot use").setAttribute("href", way.querySelector("use").getAttribute("href"));
}

// Ways open and close while one writes. What was chosen stays chosen as long as it can be.
document.addEventListener("case:near", ({ detail: { near, exchange } }) => {
  if (!form() || !near.getElementById("desk-ways")) return;
  const chosen = form().querySelector("input[name=way]:checked")?.value;
  exchange(document.getElementById("desk-lately"), near.getElementById("desk-lately"));
  if (!exchange(document.getElementById("desk-ways"), near.getElementById("desk-ways"))) return;
  const same = [...form().querySelectorAll("input[name=way]:not(:disabled)")].find((one) => one.value === chosen);
  if (same) same.checked = true;
  showWay();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("#composer input[name=way]")) {
    showWay();
    event.target.closest("details").open = false;
    unsaved = true;
    keep();
    field().focus();
  } else if (event.target.id === "attach") {
    for (const file of event.target.files) bring(file);
    event.target.value = "";
  }
});

document.addEventListener("click", (event) => {
  const hit = (selector) => event.target.closest(selector);
  if (hit("[data-take-way]")) {
    const input = [...form().querySelectorAll("input[name=way]")].find((one) => one.value === hit("[data-take-way]").dataset.takeWay);
    input.checked = true;
    showWay();
    field().focus();
  } else if (hit("[data-note-toggle]")) {
    setNote(!isNote());
    field().focus();
  } else if (hit("[data-saved]")) saved();
  else if (hit("[data-answer]")) use(hit("[data-answer]").dataset.answer);
  else if (hit("[data-accept]")) accept();
  else if (hit("[data-dismiss]")) dismiss();
  else if (hit("[data-drop-file]")) hit(".file").remove();
  else if (hit("[data-mention]")) put(hit("[data-mention]"));
  else if (hit("#composer .up .menu button")) {
    form().then.value = hit("button").value;
    hit("details").open = false;
  } else if (hit("#composer [data-send]")) form().then.value = "waiting_customer";
});

// Promises in what one writes --------------------------------------------------------------------------------------------

const accepted = () => document.querySelector("#proposed .accepted");

function propose() {
  if (!form() || isNote() || accepted()) return;
  const values = { text: field().value };
  window.htmx.ajax("POST", `/desk/${form().dataset.case}/proposed`, { target: "#proposed", swap: "innerHTML", values, source: "#proposed" }).catch(() => {});
}

// A promise that was not looked for is no fault of what one writes.
document.addEventListener("part:failed", (event) => event.target.id === "proposed" && event.preventDefault());
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "proposed") return;
  const strip = detail.target.querySelector("[data-promise]");
  if (strip && strip.dataset.said === dismissed) strip.remove();
});

function accept() {
  const strip = document.querySelector("#proposed [data-promise]");
  if (!strip || accepted()) return;
  for (const name of ["kind", "due", "said"]) {
    form().append(Object.assign(document.createElement("input"), { type: "hidden", name: `promise_${name}`, value: strip.dataset[name] }));
  }
  strip.classList.add("accepted");
  strip.querySelector("[data-accept]").remove();
  strip.querySelector("use").setAttribute("href", "#i-kept");
  field().focus();
}

function dismiss() {
  dismissed = document.querySelector("#proposed [data-promise]")?.dataset.said ?? "";
  for (const extra of form().querySelectorAll("input[name^=promise_]")) extra.remove();
  document.getElementById("proposed").replaceChildren();
  field().focus();
}

// Saved answers ------------------------------------------------------------------------------------------------------------

function saved() {
  const dialog = document.getElementById("saved-answers");
  dialog.showModal();
  const typed = dialog.querySelector("input");
  typed.value = "";
  window.htmx.trigger(typed, "open");
  typed.focus();
}

async function use(id) {
  const answer = await request(`/desk/${form().dataset.case}/answers/${id}`, "POST");
  document.getElementById("saved-answers").close();
  if (!answer.ok) return;
  insert((await answer.json()).text);
}

function insert(text, from = field().selectionStart) {
  const at = field();
  at.focus();
  at.setSelectionRange(from, at.selectionEnd);
  // As if typed: the browser's own undo takes it back.
  if (!document.execCommand("insertText", false, text)) at.setRangeText(text, from, at.selectionEnd, "end");
  const gap = at.value.match(/⟨[^⟩]*⟩/);
  if (gap) at.setSelectionRange(gap.index, gap.index + gap[0].length);
  at.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  const dialog = document.getElementById("saved-answers");
  if (dialog?.open) {
    const all = [...dialog.querySelectorAll("[data-answer]")];
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      event.preventDefault();
      all[at]?.removeAttribute("aria-selected");
      const next = all[(at + step + all.length) % all.length];
      next.setAttribute("aria-selected", "true");
      next.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && all.length) {
      event.preventDefault();
      use(all[Math.max(at, 0)].dataset.answer);
    }
    return;
  }
  if (event.altKey && event.code === "KeyP") {
    event.preventDefault();
    accept();
  }
  if (event.target !== field() || event.isComposing) return;
  const options = [...document.querySelectorAll("#mentions:not([hidden]) [data-mention]")];
  if (options.length && (event.key === "Enter" || event.key === "Tab")) {
    event.preventDefault();
    put(options[0]);
  } else if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.preventDefault();
    form().requestSubmit(form().querySelector(isNote() ? ".for-note[data-send]" : ".send [data-send]"));
  } else if (event.key === "/" && field().value === "" && !event.ctrlKey) {
    event.preventDefault();
    saved();
  }
});

// Mentions -----------------------------------------------------------------------------------------------------------------

const people = () => Object.entries(JSON.parse(form().dataset.people || "{}"));

function mention() {
  const list = document.getElementById("mentions");
  const typed = isNote() && field().value.slice(0, field().selectionStart).match(/(?:^|\s)@([^\s@]*)$/);
  list.hidden = true;
  list.replaceChildren();
  if (!typed) return;
  const fits = people().filter(([, name]) => name.toLowerCase().split(" ").some((word) => word.startsWith(typed[1].toLowerCase())));
  for (const [id, name] of fits.slice(0, MOST_MENTIONED)) {
    const one = Object.assign(document.createElement("button"), { type: "button", className: "hit", textContent: name });
    Object.assign(one.dataset, { mention: id, name });
    one.setAttribute("role", "option");
    list.append(one);
  }
  list.hidden = fits.length === 0;
}

function put(option) {
  const before = field().value.slice(0, field().selectionStart);
  insert(`@${option.dataset.name} `, before.lastIndexOf("@"));
  form().append(Object.assign(document.createElement("input"), { type: "hidden", name: "mention", value: option.dataset.mention }));
  document.getElementById("mentions").hidden = true;
}

// Files --------------------------------------------------------------------------------------------------------------------

async function bring(file) {
  const place = document.getElementById("attachments");
  const chip = Object.assign(document.createElement("span"), { className: "file" });
  const name = Object.assign(document.createElement("bdi"), { textContent: file.name });
  const off = Object.assign(document.createElement("button"), { type: "button", className: "untag", textContent: "×" });
  off.dataset.dropFile = "";
  off.setAttribute("aria-label", `${place.dataset.remove} ${file.name}`);
  chip.append(name, off);
  chip.setAttribute("aria-busy", "true");
  place.append(chip);
  const wrong = (why) => {
    chip.classList.add("wrong");
    name.textContent = `${file.name}: ${why}`;
  };
  if (file.size > MOST_FILE_BYTES) return wrong(place.dataset.tooLarge);
  try {
    const answer = await request("/api/attachments", "POST", file, {
      "X-File-Name": encodeURIComponent(file.name),
      "Content-Type": file.type || "application/octet-stream",
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const { id } = await answer.json();
    chip.append(Object.assign(document.createElement("input"), { type: "hidden", name: "attachment", value: id }));
  } catch {
    wrong(place.dataset.failed);
  }
  chip.removeAttribute("aria-busy");
}

document.addEventListener("paste", (event) => {
  if (event.target === field()) for (const file of event.clipboardData.files) bring(file);
});
document.addEventListener("dragover", (event) => event.target.closest?.("#composer") && event.preventDefault());
document.addEventListener("drop", (event) => {
  if (!event.target.closest?.("#composer") || !event.dataTransfer.files.length) return;
  event.preventDefault();
  for (const file of event.dataTransfer.files) bring(file);
});
