// The talk: what was said, what waits to be sent, and going on after the page or the line was away.
const known = new Map(); // by position
let before = null;
let beginning = null;
let isSignedIn = false;
let knowsMail = false;
let asked = false;
let greeting = "";

function link() {
  const found = /[#&]fadeno-chat=([\w-]+)/.exec(location.hash);
  if (!found) return "";
  history.replaceState(history.state, "", location.pathname + location.search); // it is for this browser alone
  return found[1];
}

let mailed = link();

// The chat is begun once for a page; who is signed in may change under it.
function begun() {
  beginning ||= ask("/begin", { token: recall().token || "", identity: said.identity || "", link: mailed, language: lang }).then(
    (it) => {
      if (it.token !== recall().token) remember({ token: it.token });
      mailed = "";
      isSignedIn = it.is_signed_in;
      knowsMail = it.knows_mail;
      greeting = it.greeting || "";
      closed = it.is_open === false ? closedUntil(it.answered_by) : "";
      tellLine(true);
      if (!isAway) tellStrip(closed);
    },
    (fault) => {
      beginning = null;
      if (!(fault.status === 401 || fault.status === 410) || !(said.identity || mailed)) throw fault;
      console.warn("fadeno: " + fault.message); // for whoever signs: the customer goes on as one nobody knows
      said.identity = mailed = "";
      return begun();
    },
  );
  return beginning;
}

// That nobody is there now, and by when who writes is answered, in the reader's own time.
let closed = "";

function closedUntil(due) {
  if (!due) return t("closed");
  const when = new Intl.DateTimeFormat(lang, { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
  return t("closed_until", { time: when.format(new Date(due)) });
}

function tellStrip(words) {
  strip.textContent = words;
  strip.hidden = !words;
}

function queue() {
  return recall().queue || [];
}

let greeted = {};

function greet(text) {
  return { text, view: messageView({ is_ours: true, text, at: new Date(), is_automatic: true }) };
}

function show() {
  const sent = new Set([...known.values()].map((one) => one.sent_id));
  const waiting = queue().filter((one) => !sent.has(one.id));
  const views = [];
  let day = "";
  const hello = said.greeting || greeting;
  if (hello && !before) views.push((hello === greeted.text ? greeted : (greeted = greet(hello))).view);
  for (const one of [...[...known.values()].sort((a, b) => a.position - b.position), ...waiting.map(asPending)]) {
    const on = days.format(new Date(one.at));
    if (on !== day) views.push(el("li", { className: "day", textContent: on }));
    day = on;
    one.view ||= messageView(one);
    views.push(one.view);
  }
  const there = [...list.children];
  // Only what changed is touched, so that a screen reader says what is new and nothing twice.
  views.forEach((view, n) => {
    if (list.children[n] !== view && !(view.className === "day" && sameDay(list.children[n], view))) list.insertBefore(view, list.children[n] || null);
  });
  there.concat([...list.children]).forEach((view) => {
    if (!views.includes(view) && !views.some((one) => sameDay(one, view) && one.className === "day" && !one.isConnected)) view.remove();
  });
  earlier.hidden = !before;
  stay();
}

function sameDay(one, other) {
  return one && one.className === "day" && other.className === "day" && one.textContent === other.textContent;
}

function asPending(one) {
  return {
    ...one,
    pending: true,
    attachments: one.shown || [],
    again: () => {
      change(one.id, { problem: null });
      flush();
    },
    remove: () => {
      remember({ queue: queue().filter((other) => other.id !== one.id) });
      show();
    },
  };
}

function change(id, changes) {
  remember({ queue: queue().map((one) => (one.id === id ? { ...one, ...changes } : one)) });
  show();
}

// Sending: in order, each once. What was sent twice is known by its id, so another page may send it too.
let flushing = false;
let pause = 1000;

async function flush() {
  if (flushing) return;
  flushing = true;
  try {
    for (let next; (next = queue().find((one) => !one.problem)); ) {
      await begun();
      const { shown, problem, ...body } = next;
      try {
        await ask("/messages", { ...body, page: location.href.slice(0, 500), language: lang });
      } catch (fault) {
        if (fault.code === "chat_refused") await renew();
        else if (fault.status >= 400 && fault.status < 500 && fault.status !== 429) change(next.id, { problem: fault.message });
        else throw fault;
        continue;
      }
      remember({ queue: queue().filter((one) => one.id !== next.id), talked: true });
      pause = 1000;
      await sync();
    }
    tellLine(true);
    offerMail();
    hearken();
  } catch (fault) {
    tellLine(false);
    setTimeout(flush, Math.max((fault.after || 0) * 1000, pause));
    pause = Math.min(pause * 2, 30000);
  } finally {
    flushing = false;
  }
}

async function renew() {
  forgetToken();
  await begun();
}

function forgetToken() {
  remember({ token: "" });
  beginning = null;
}

let isAway = false;

function tellLine(isThere) {
  if (isAway === !isThere) return;
  isAway = !isThere;
  tellStrip(isThere ? closed : t("offline"));
}

// Reading: the last page anew each time there is more; each message is known by its id.
async function sync() {
  const page = await ask("/messages");
  const fresh = page.messages.filter((one) => !known.has(one.position));
  if (!known.size) before = page.before;
  else if (fresh.length === page.messages.length && page.before) before = page.before; // much was said meanwhile
  fresh.forEach((one) => known.set(one.position, one));
  const unseen = [...known.values()].filter((one) => one.is_ours && one.state !== "read");
  tell(unseen.filter((one) => one.state !== "delivered"), false);
  show();
  look();
  if (page.to_rate) offerRating(page.to_rate);
}

function tell(some, isRead) {
  if (!some.length) return;
  some.forEach((one) => (one.state = isRead ? "read" : "delivered"));
  ask("/seen", { ids: some.map((one) => one.id), is_read: isRead }).catch(() => {});
}

function look() {
  const unread = [...known.values()].filter((one) => one.is_ours && one.state !== "read");
  if (isOpen && document.visibilityState === "visible") tell(unread, true);
  tellCount(isOpen ? 0 : unread.length);
}

// Listening, while the page is looked at; else asking now and then.
let line = null;
let asking = 0;

async function hearken() {
  if (line || !recall().talked || document.visibilityState !== "visible") return;
  line = new AbortController();
  const mine = line;
  try {
    await listen((what) => {
      pause = 1000;
      if (what === "more") sync().catch(() => {});
      if (what === "writes") tellWriting();
    }, mine.signal);
  } catch (fault) {
    if (fault.code === "chat_refused" || fault.status === 401) forgetToken();
  }
  if (line !== mine) return;
  line = null;
  clearTimeout(asking);
  asking = setTimeout(() => begun().then(sync).then(hearken, hearken), Math.min(pause * 2, 30000));
  pause = Math.min(pause * 2, 30000);
}

function rest() {
  if (line) line.abort();
  line = null;
}

let written = 0;

function tellWriting() {
  writes.textContent = t("writes");
  clearTimeout(written);
  written = setTimeout(() => (writes.textContent = ""), 6000);
}

function wake() {
  begun()
    .then(() => (recall().token ? sync() : null))
    .then(() => {
      tellLine(true);
      flush();
      hearken();
    })
    .catch((fault) => {
      if (fault.status === 403 || fault.status === 404 || fault.status === 409) host.remove();
      else {
        tellLine(false);
        setTimeout(wake, pause);
        pause = Math.min(pause * 2, 30000);
      }
    });
}

// Asking once where the answer shall go if they leave.
function offerMail() {
  if (asked || knowsMail || isSignedIn || recall().noMail || !recall().talked) return;
  asked = true;
  const address = el("input", { type: "email", required: true, autocomplete: "email", id: "mail", maxLength: 254 });
  const done = card(
    el("p", { textContent: t("mail_why") }),
    el("label", { htmlFor: "mail", textContent: t("mail") }),
    el(
      "div",
      { className: "row" },
      address,
      el("button", { type: "submit", className: "first", textContent: t("mail_keep") }),
      el("button", { type: "button", className: "second", textContent: t("mail_no"), onclick: () => (remember({ noMail: true }), done.remove()) }),
    ),
  );
  done.addEventListener("submit", async (e) => {
    e.preventDefault();
    try {
      await ask("/address", { email: address.value, language: lang });
      knowsMail = true;
      done.replaceChildren(el("p", { role: "status", textContent: t("mail_kept", { address: address.value }) }));
      setTimeout(() => done.remove(), 6000);
    } catch (fault) {
      address.setCustomValidity(fault.status ? t("mail_bad") : t("offline"));
      address.reportValidity();
      address.oninput = () => address.setCustomValidity("");
    }
  });
}

// Once a case is solved, one question.
let rated = "";

function offerRating(of) {
  if (rated === of) return;
  rated = of;
  const numbers = new Intl.NumberFormat(lang);
  const marks = [1, 2, 3, 4, 5].map((stars) =>
    el("button", { type: "button", "aria-label": t("rate_" + stars), title: t("rate_" + stars), textContent: numbers.format(stars), onclick: () => give(stars) }),
  );
  const asking = card(el("p", { id: "rate", textContent: t("rate") }), el("div", { className: "marks", role: "group", "aria-labelledby": "rate" }, ...marks),
    el("div", { className: "ends", "aria-hidden": "true" }, el("span", { textContent: t("rate_1") }), el("span", { textContent: t("rate_5") })));

  function give(stars) {
    ask("/rating", { case: of, stars }).then(
      () => {
        asking.replaceChildren(el("p", { role: "status", textContent: t("rated") }));
        setTimeout(() => asking.remove(), 6000);
      },
      () => tellLine(false),
    );
  }
}
