// Joining it all, and what the page may tell us: events, and links that open the chat. No name of ours is left behind.
let isSubmitting = false;

async function submit(e) {
  e.preventDefault();
  if (isSubmitting) return; // its files are still on their way
  isSubmitting = true;
  const brought = await Promise.allSettled(files.map((one) => one.brought));
  isSubmitting = false;
  const words = text.value.trim();
  const good = files.filter((_, n) => brought[n].status === "fulfilled");
  if ((!words && !good.length) || good.length < files.length) return;
  const shown = good.map(({ name, size_bytes }) => ({ name, size_bytes }));
  const one = { id: newId(), text: words, at: new Date().toISOString(), files: good.map((file) => file.id), shown };
  remember({ queue: [...queue(), one], draft: "" });
  text.value = "";
  files.slice().forEach(drop);
  grow();
  show();
  toEnd();
  flush();
}

function typing() {
  grow();
  remember({ draft: text.value });
}

launch.addEventListener("click", open);
close.addEventListener("click", shut);
form.addEventListener("submit", submit);
text.addEventListener("input", typing);
text.addEventListener("keydown", (e) => {
  if (e.key === "Enter" && !e.shiftKey && !e.isComposing) submit(e);
});
root.addEventListener("keydown", (e) => {
  e.stopPropagation(); // the page's shortcuts are not meant while one writes here
  if (e.key === "Escape") shut();
});
picker.addEventListener("change", () => (choose(picker.files), (picker.value = "")));
panel.addEventListener("dragover", (e) => e.preventDefault());
panel.addEventListener("drop", (e) => (e.preventDefault(), choose(e.dataTransfer.files)));
text.addEventListener("paste", (e) => e.clipboardData.files.length && (e.preventDefault(), choose(e.clipboardData.files)));
earlier.addEventListener("click", async () => {
  const page = await ask("/messages?before=" + before);
  page.messages.forEach((one) => known.set(one.position, one));
  before = page.before;
  const from = stream.scrollHeight;
  show();
  stream.scrollTop += stream.scrollHeight - from;
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") recall().talked && wake();
  else rest();
});
setInterval(() => document.visibilityState !== "visible" && recall().talked && sync().catch(() => {}), 60000);
addEventListener("online", () => ((pause = 1000), wake()));
addEventListener("pagehide", rest);
addEventListener("storage", (e) => e.key === kept && show());
document.addEventListener("click", (e) => e.target.closest?.("[data-fadeno-open]") && (e.preventDefault(), open()));
document.addEventListener("fadeno:open", open);
document.addEventListener("fadeno:close", shut);
document.addEventListener("fadeno:identify", (e) => {
  said.identity = e.detail || "";
  if (!e.detail) {
    forget(); // whoever was signed in has left this browser
    known.clear();
    rest();
  }
  beginning = null;
  wake();
  show();
});

text.value = recall().draft || "";
grow();
show();
const place = () => document.documentElement.append(host);
if (document.body) place();
else addEventListener("DOMContentLoaded", place);
// Nobody asked for it just now: the focus stays where the page has it.
if (recall().open && said.open !== "false" && innerWidth > 480) unfold();
else if (mailed || said.open === "true") unfold();
else if (recall().talked || queue().length || said.identity) wake();
