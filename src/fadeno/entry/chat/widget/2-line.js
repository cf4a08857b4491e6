// The line to fadeno: no cookies, the token in a header.
class Refusal extends Error {
  constructor(status, body, after) {
    super(body.message || String(status));
    this.status = status;
    this.code = body.code;
    this.after = after;
  }
}

async function ask(path, body) {
  const { token } = recall();
  const headers = token ? { authorization: "Bearer " + token } : {};
  const answer = await fetch(at + path, {
    method: body ? "POST" : "GET",
    body: body && JSON.stringify(body),
    headers,
    credentials: "omit",
    cache: "no-store",
    referrerPolicy: "no-referrer",
  });
  if (answer.status === 204) return null;
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, said, Number(answer.headers.get("retry-after")) || 0);
  return said;
}

// Sends one file; `tell` hears how much of it went, from 0 to 1.
function bring(file, tell) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", at + "/files");
    request.setRequestHeader("authorization", "Bearer " + recall().token);
    request.setRequestHeader("content-type", file.type || "application/octet-stream");
    request.setRequestHeader("x-file-name", encodeURIComponent(file.name));
    request.upload.onprogress = (e) => e.lengthComputable && tell(e.loaded / e.total);
    request.onload = () => {
      let said = {};
      try {
        said = JSON.parse(request.responseText);
      } catch {
        // an answer of something between
      }
      if (request.status < 300) done(said);
      else fail(new Refusal(request.status, said, 0));
    };
    request.onerror = () => fail(new TypeError("offline"));
    request.send(file);
  });
}

// Listens until `stop` is called; `hear` is told the name of what came. Resolves when the line broke.
async function listen(hear, signal) {
  const answer = await fetch(at + "/stream", {
    headers: { authorization: "Bearer " + recall().token },
    credentials: "omit",
    cache: "no-store",
    referrerPolicy: "no-referrer",
    signal,
  });
  if (!answer.ok || !answer.body) throw new Refusal(answer.status, {}, Number(answer.headers.get("retry-after")) || 0);
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const parts = rest.split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const named = /^event: (\w+)$/m.exec(part);
      hear(named ? named[1] : "beat");
    }
  }
}
