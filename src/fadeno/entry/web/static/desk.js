// The desk: cases open beside the list, both stay as a fresh page would show them, and all of it goes by keyboard.
const me = document.currentScript ?? document.querySelector("script[data-worker]");
const { compare } = await import(me.dataset.compare);
const desk = document.getElementById("desk");
const LIST_EVERY_MS = 60_000;
const LIST_APART_MS = 1500; // under a flood of news the list is drawn no more often
const CASE_APART_MS = 120;
const STATES_EVERY_MS = 4000; // while an answer of ours is on its way
const SEEN_EVERY_MS = 60_000;
const TYPED_MS = 250;
const MOST_ROWS = 200;
const BESIDE_PX = 800; // from here on list and case stand side by side
const LOST_AFTER_MS = 2000;

const strip = document.querySelector(".banner.lost");
const rowsNow = () => document.getElementById("rows");
const opened = () => document.getElementById("case");
const token = () => document.querySelector("meta[name=csrf]").content;
const header = { "HX-Request": "true" };
let query = desk.dataset.query;

async function fetched(url) {
  const answer = await fetch(url, { headers: header, credentials: "same-origin" });
  const onward = answer.headers.get("HX-Redirect");
  if (onward) {
    document.dispatchEvent(new CustomEvent("case:lost", { detail: { into: answer.headers.get("X-Case-Now") } }));
    location.assign(onward);
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const part = document.createElement("template");
  part.innerHTML = await answer.text();
  return part.content;
}

// The list ------------------------------------------------------------------------------------------------------------

let listing = 0;

async function drawList() {
  const mine = ++listing;
  const rows = rowsNow();
  const there = [...rows.querySelectorAll(":scope > .item")];
  const asked = `/desk/list?${query}&rows=${Math.min(Math.max(there.length, 1), MOST_ROWS)}`;
  rows.setAttribute("aria-busy", "true");
  const fresh = await fetched(asked);
  if (mine !== listing) return;
  rows.removeAttribute("aria-busy");
  const freshRows = fresh.getElementById("rows");
  // Of a very long list the beginning is looked at anew; what was brought after it stays, and so does where it goes on.
  const beyond = there.length > MOST_ROWS ? [...there.slice(MOST_ROWS), rows.querySelector(":scope > .more-rows")].filter(Boolean) : [];
  if (beyond.length) freshRows.querySelector(".more-rows")?.remove();
  for (const row of freshRows.querySelectorAll(".item[data-case]")) {
    if (row.dataset.case === opened().dataset.case && !row.dataset.key.startsWith("said-")) row.setAttribute("aria-current", "true");
  }
  compare(rows, [...freshRows.children]);
  if (beyond.length) rows.append(...beyond.filter((row) => !rows.querySelector(`:scope > [data-key="${row.dataset.key}"]`)));
  rows.dataset.mine = freshRows.dataset.mine;
  for (const part of [".lists nav", "#desk-nudges", "#desk-duty"]) exchange(document.querySelector(`#cases ${part}`), fresh.querySelector(part));
  counted();
  document.dispatchEvent(new CustomEvent("list:drawn"));
}

// Nothing is taken from under a hand: what holds the focus or stands open waits for the next look.
function exchange(old, fresh) {
  if (!old || !fresh || old.contains(document.activeElement) || old.querySelector("details[open]")) return false;
  if (bare(old) === bare(fresh)) return false;
  old.replaceWith(fresh);
  window.htmx.process(fresh);
  return true;
}

const bare = (part) => part.innerHTML.trim().replace(/(name="_csrf" value=")[0-9a-f]+/g, "$1").replace(/ class="[^"]*htmx[^"]*"/g, "");

function counted() {
  const link = document.querySelector('.rail a[href="/desk"]');
  if (!link) return;
  const n = Number(rowsNow().dataset.mine);
  let mark = link.querySelector(".count");
  if (!n) return mark?.remove();
  if (!mark) link.append((mark = Object.assign(document.createElement("span"), { className: "count" })));
  mark.textContent = n.toLocaleString(`${document.documentElement.lang}-u-nu-latn`);
}

async function lookAt(next, { push = true } = {}) {
  query = next;
  document.querySelector("[data-key='/']").value = new URLSearchParams(next).get("q") ?? "";
  rowsNow().scrollTop = 0;
  const id = opened().dataset.case;
  const shownCase = id && desk.dataset.pane === "stream" ? `/desk/${id}` : "/desk";
  if (push) history.pushState({}, "", `${shownCase}?${query}`);
  await drawList().catch(failed);
}

function failed() {
  strip.hidden = false;
}

// Opening -------------------------------------------------------------------------------------------------------------

let wantedPlace = "";
let listTop = 0;

async function open(id, { push = true, place = "" } = {}) {
  document.dispatchEvent(new CustomEvent("case:leaving"));
  if (desk.dataset.pane === "list") listTop = rowsNow().scrollTop;
  wantedPlace = place;
  desk.dataset.pane = "stream";
  delete desk.dataset.side;
  mark(id);
  if (push) history.pushState({}, "", `/desk/${id}?${query}${place}`);
  await window.htmx.ajax("GET", `/desk/${id}?${query}`, { target: "#case", swap: "outerHTML" }).catch(failed);
}

function mark(id) {
  for (const row of rowsNow().querySelectorAll(".item[aria-current]")) row.removeAttribute("aria-current");
  const row = rowsNow().querySelector(`.item[data-key="${CSS.escape(id)}"]`);
  row?.setAttribute("aria-current", "true");
  row?.classList.remove("unread");
  row?.scrollIntoView({ block: "nearest" });
}

function came() {
  const part = opened();
  if (!part.dataset.case) return;
  document.title = `${part.dataset.title} · ${document.title.split(" · ").at(-1)}`;
  document.dispatchEvent(new CustomEvent("case:opened", { detail: { id: part.dataset.case } }));
  read();
  if (wantedPlace) {
    const there = document.querySelector(wantedPlace);
    there?.scrollIntoView({ block: "center" });
    there?.classList.add("arrived");
  }
}

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.elt.id === "case") came();
});

function back() {
  if (innerWidth >= BESIDE_PX) return rowsNow().querySelector("[aria-current] .whole-row")?.focus();
  document.dispatchEvent(new CustomEvent("case:leaving"));
  desk.dataset.pane = "list";
  history.pushState({}, "", `/desk?${query}`);
  rowsNow().scrollTop = listTop;
  rowsNow().querySelector("[aria-current] .whole-row")?.focus({ preventScroll: true });
}

window.addEventListener("popstate", () => {
  const id = location.pathname.split("/")[2];
  const said = location.search.slice(1);
  if (said && said !== query) lookAt(said, { push: false });
  if (id && id !== opened().dataset.case) open(id, { push: false });
  desk.dataset.pane = id ? "stream" : "list";
  if (!id && innerWidth < BESIDE_PX) rowsNow().scrollTop = listTop;
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-open], a[data-list], a[data-back]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  link.closest("details.drop")?.removeAttribute("open");
  link.closest("dialog")?.close();
  const url = new URL(link.href);
  if (link.dataset.back !== undefined) back();
  else if (link.dataset.list !== undefined) lookAt(url.search.slice(1));
  else open(url.pathname.split("/")[2], { place: url.hash });
});

let typing = 0;
const cases = document.getElementById("cases");
cases.addEventListener("input", (event) => {
  if (!event.target.matches("[data-search] input[type=search]")) return;
  clearTimeout(typing);
  typing = setTimeout(() => search(event.target.value), TYPED_MS);
});
cases.addEventListener("submit", (event) => {
  if (event.target.matches("[data-search]")) {
    event.preventDefault();
    clearTimeout(typing);
    search(event.target.q.value).then(() => rowsNow().querySelector(".item .whole-row")?.focus());
  } else if (event.target.matches("[data-narrow]")) {
    event.preventDefault();
    const said = new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value));
    event.target.closest("details").open = false;
    lookAt(said.toString());
  }
});

function search(words) {
  const said = new URLSearchParams(query);
  if (words.trim()) said.set("q", words.trim());
  else said.delete("q");
  query = said.toString();
  history.replaceState({}, "", `${location.pathname}?${query}`);
  return drawList().catch(failed);
}

// Live ----------------------------------------------------------------------------------------------------------------

let position = Number(desk.dataset.position);
let port;
let lost = 0;
let listTimer = 0;
let caseTimer = 0;
let busy = false;
let again = false;

function connect() {
  if ("SharedWorker" in window) {
    port = new SharedWorker(me.dataset.worker, { name: "fadeno-live" }).port;
    port.start();
  } else {
    port = new Worker(me.dataset.worker);
  }
  port.onmessage = ({ data }) => (data.more ? heard(data.more) : shown(data.state));
  port.postMessage({ position });
}

function shown(state) {
  clearTimeout(lost);
  if (state === "live") strip.hidden = true;
  else lost = setTimeout(failed, LOST_AFTER_MS);
}

function heard(more) {
  if (more.position > position) position = more.position;
  else if (more.customers === null || more.customers.length === 0) return;
  if (more.customers === null || more.customers.length) lookAtListSoon();
  const whose = opened().dataset.customer;
  if (whose && (more.customers === null || more.customers.includes(whose))) lookAtCaseSoon();
}

function lookAtListSoon(after = LIST_APART_MS) {
  if (listTimer) return;
  listTimer = setTimeout(() => {
    listTimer = 0;
    drawList().then(() => (strip.hidden = true), failed);
  }, after);
}

function lookAtCaseSoon(after = CASE_APART_MS) {
  if (busy) {
    again = true;
    return;
  }
  clearTimeout(caseTimer);
  caseTimer = setTimeout(async () => {
    busy = true;
    try {
      await drawCase();
    } catch {
      failed();
      setTimeout(lookAtCaseSoon, STATES_EVERY_MS);
    }
    busy = false;
    if (again) {
      again = false;
      lookAtCaseSoon();
    }
  }, after);
}

async function drawCase() {
  const id = opened().dataset.case;
  if (!id) return;
  const list = document.getElementById("thread");
  const oldest = list.querySelector("[data-said-at]");
  const through = list.querySelector('[data-key="older"]') && oldest ? oldest.dataset.saidAt : "all";
  const [fresh, near] = await Promise.all([
    fetched(`${list.dataset.part}?through=${encodeURIComponent(through)}`),
    fetched(`/desk/${id}/around`),
  ]);
  if (opened().dataset.case !== id) return;
  for (const mail of list.querySelectorAll(".whole-mail[open]")) {
    // What somebody unfolded stays unfolded, and is not loaded again.
    const key = CSS.escape(mail.closest("li").dataset.key);
    fresh.querySelector(`[data-key="${key}"] .whole-mail`)?.replaceWith(mail.cloneNode(true));
  }
  compare(list, [...fresh.children]);
  const presence = document.getElementById("desk-presence");
  const head = near.getElementById("case-head");
  if (presence) head.querySelector("#desk-presence").replaceWith(presence.cloneNode(true));
  const old = document.getElementById("case-head");
  if (!exchange(old, head)) Object.assign(old.dataset, head.dataset);
  exchange(document.getElementById("side"), near.getElementById("side"));
  document.dispatchEvent(new CustomEvent("case:near", { detail: { near, exchange } }));
  document.dispatchEvent(new CustomEvent("case:drawn"));
  read();
}

// How far one has read: what stands on the screen while somebody looks at it.
function read() {
  const id = opened().dataset.case;
  const upto = Number(document.getElementById("case-head")?.dataset.last ?? 0);
  if (!id || document.hidden || upto <= Number(opened().dataset.read ?? 0)) return;
  opened().dataset.read = upto;
  send(`/api/cases/${id}/read`, "POST", { seen_upto: upto }).then(() => lookAtListSoon(), () => {});
}

function send(url, method, body) {
  return fetch(url, {
    method,
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token() },
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
  });
}

const here = () => !document.hidden && send("/desk/seen", "POST").catch(() => {});

connect();
counted();
came();
here();
setInterval(here, SEEN_EVERY_MS);
setInterval(() => document.hidden || lookAtListSoon(0), LIST_EVERY_MS);
setInterval(() => document.querySelector("#thread [data-moving]") && !document.hidden && lookAtCaseSoon(), STATES_EVERY_MS);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  here();
  read();
  lookAtListSoon(0);
  lookAtCaseSoon();
});
window.addEventListener("pagehide", () => port.postMessage("bye"));
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  port.postMessage({ position });
  lookAtListSoon(0);
  lookAtCaseSoon();
});

for (const name of ["desk:said", "desk:done", "desk:held"]) {
  document.addEventListener(name, ({ detail }) => {
    document.getElementById("deciding").close();
    for (const menu of document.querySelectorAll("details.drop[open]")) menu.open = false;
    if (detail.go && detail.go !== opened().dataset.case) open(detail.go);
    else lookAtCaseSoon(0);
    lookAtListSoon(0);
    document.dispatchEvent(new CustomEvent("list:unchosen"));
  });
}

// Deciding, menus, panes -----------------------------------------------------------------------------------------------

const deciding = document.getElementById("deciding");
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target === deciding && !deciding.open) deciding.showModal();
});
document.addEventListener("click", async (event) => {
  const hit = (selector) => event.target.closest(selector);
  if (hit("#deciding [data-close]") || event.target === deciding) deciding.close();
  else if (hit("[data-decide]")) hit("details").open = false;
  else if (hit("[data-side]")) toggleSide();
  else if (hit("[data-nudges]")) window.htmx.ajax("GET", "/desk/nudges", { target: "#deciding", swap: "innerHTML" }).catch(failed);
  else if (hit("[data-choose-none]")) document.dispatchEvent(new CustomEvent("list:unchosen"));
  else if (hit("[data-until]")) until(hit("[data-until]"));
  else if (hit("[data-unread]")) {
    hit("details").open = false;
    opened().dataset.read = Number.MAX_SAFE_INTEGER;
    await send(`/api/cases/${opened().dataset.case}/read`, "POST", { seen_upto: 0 });
    lookAtListSoon(0);
    back();
  } else if (hit("[data-pictures]")) {
    const frame = hit(".mail-body").querySelector("iframe");
    frame.src = `${frame.getAttribute("src")}?pictures=yes`;
    hit(".banner").remove();
  }
});

// As high as the mail in it, as far as that is bearable.
document.addEventListener("load", ({ target }) => {
  if (!target.matches?.("iframe.mail")) return;
  const height = target.contentDocument?.body?.getBoundingClientRect().height ?? 0;
  if (height) target.style.blockSize = `${Math.min(height + 28, 640)}px`;
}, true);

desk.addEventListener("desk:side", toggleSide);
desk.addEventListener("desk:back", back);

function toggleSide() {
  if (desk.dataset.side === "open") delete desk.dataset.side;
  else desk.dataset.side = "open";
}

// A time to come on the clock of whoever looks.
function until(chip) {
  const at = new Date();
  if (chip.dataset.until === "60") at.setHours(at.getHours() + 1);
  else {
    const days = chip.dataset.until === "monday" ? ((8 - at.getDay()) % 7 || 7) : 1;
    at.setDate(at.getDate() + days);
    at.setHours(9, 0, 0, 0);
  }
  const two = (n) => String(n).padStart(2, "0");
  chip.closest("form").until.value =
    `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
