// Files dropped or chosen go up one after the other, with how far each is; a wrong guess is corrected in one click; and
// the pace of an import is told beside its bar. Everything here also works as a plain form.
const form = document.querySelector("form[data-upload]");
if (form) {
  const input = form.querySelector("input[type=file]");
  const zone = form.querySelector("[data-drop]");
  const chosen = form.querySelector("[data-chosen]");
  form.querySelector("[data-with-script]").hidden = false;

  const show = () => {
    chosen.replaceChildren(
      ...[...input.files].map((file) => {
        const item = document.createElement("li");
        const name = document.createElement("bdi");
        name.textContent = file.name;
        item.append(name);
        return item;
      }),
    );
  };
  input.addEventListener("change", show);
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    show();
  });

  // One file at a time, so that each has its own bar and a slow one does not lose the others.
  const send = (file, request) =>
    new Promise((resolve, reject) => {
      const body = new FormData(form);
      body.delete("file");
      body.append("file", file, file.name);
      const bar = form.querySelector("progress");
      const share = form.querySelector("[data-sent-share]");
      form.querySelector("[data-sent-name]").textContent = file.name;
      const percent = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-latn`, { style: "percent" });
      request.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        bar.value = event.loaded / event.total;
        share.textContent = percent.format(bar.value);
      });
      request.addEventListener("load", () => resolve(request));
      request.addEventListener("error", () => reject(new Error(form.dataset.failed)));
      request.addEventListener("abort", () => reject(null));
      request.open("POST", form.action);
      request.send(body);
    });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const files = [...input.files];
    const sending = form.querySelector("[data-sending]");
    const button = form.querySelector("button.first");
    let request = new XMLHttpRequest();
    form.querySelector("[data-abort]").onclick = () => request.abort();
    sending.hidden = false;
    button.disabled = true;
    try {
      for (const file of files) {
        request = new XMLHttpRequest();
        const answer = await send(file, request);
        if (answer.status >= 400) {
          const said = new DOMParser().parseFromString(answer.responseText, "text/html");
          throw new Error(said.querySelector("[role=alert]")?.textContent ?? form.dataset.failed);
        }
      }
      location.assign(files.length === 1 ? request.responseURL : form.action);
    } catch (error) {
      sending.hidden = true;
      button.disabled = false;
      if (error) {
        const said = document.createElement("li");
        said.className = "tag-bad";
        said.textContent = error.message;
        chosen.append(said);
      }
    }
  });
}

// What a column becomes, and how the file is read, is read anew as soon as it is chosen.
// Who chose by keyboard goes on where they were once the page stands anew.
let at = "";
document.addEventListener("change", (event) => {
  const said = event.target.closest("form[data-columns]");
  if (!said) return;
  at = event.target.id;
  said.requestSubmit();
});
document.addEventListener("htmx:afterSettle", () => {
  if (at && document.activeElement === document.body) document.getElementById(at)?.focus({ preventScroll: true });
});

// The pace, from what two looks at the bar differ by; the time left as soon as it can be told.
const looks = [];
const KEPT = 20;
function pace() {
  const told = document.querySelector("[data-pace]");
  if (!told) return;
  const read = Number(told.dataset.read);
  if (looks.length && read < looks.at(-1).read) looks.length = 0;
  looks.push({ read, at: performance.now() });
  if (looks.length > KEPT) looks.shift();
  const [first, last] = [looks[0], looks.at(-1)];
  const rate = (1000 * (last.read - first.read)) / (last.at - first.at);
  if (!(rate > 0)) return;
  const { lang } = document.documentElement;
  const perSecond = new Intl.NumberFormat(`${lang}-u-nu-latn`, { maximumSignificantDigits: 2 }).format(rate);
  told.textContent = ` · ${perSecond}/s`;
  if (!told.dataset.total) return;
  const left = (Number(told.dataset.total) - read) / rate;
  const unit = left < 90 ? ["second", left] : ["minute", left / 60];
  const amount = { style: "unit", unit: unit[0], unitDisplay: "long", maximumFractionDigits: 0 };
  const said = new Intl.NumberFormat(`${lang}-u-nu-latn`, amount).format(Math.ceil(unit[1]));
  told.textContent += ` · ${told.dataset.left.replace("{time}", said)}`;
}
pace();
document.addEventListener("htmx:load", pace);
