"""Drafts as requests of the Graph API, what its answers mean, and how a file is had.

Source: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages, …/reference/media,
https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
as known on 2026-11-24, not yet checked against it.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from fadeno.channels.contract import Account, Answer, Attachment, Call, Draft, Refused, Request, TryLater, judge_http

API_URL = "https://graph.facebook.com/v23.0"
_SHOWN = {
    "image/jpeg": "image",
    "image/png": "image",
    "video/mp4": "video",
    "audio/ogg": "audio",
    "audio/mpeg": "audio",
}
_LATER = frozenset({4, 80007, 130429, 131048, 131056})  # too many for a while
_HOSTS = (".fbsbx.com", ".facebook.com", ".whatsapp.net")  # who may be shown our token when a file is fetched


def write(draft: Draft, account: Account) -> list[Request]:
    """The text as one message; each file brought first and then one more message that names it.

    Raises:
        Refused: it says nothing, or is for nobody or more than one.
    """
    to = re.sub(r"[\s+()./-]", "", draft.recipients[0].address) if len(draft.recipients) == 1 else ""
    if not re.fullmatch(r"[0-9]{5,20}", to):
        raise Refused("WhatsApp takes a message for one number.")
    if not draft.text.strip() and not draft.attachments:
        raise Refused("There is nothing to say.")
    base: dict[str, Any] = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to}
    base["biz_opaque_callback_data"] = draft.key
    if draft.reply_to_id:
        base["context"] = {"message_id": draft.reply_to_id}
    requests: list[Request] = []
    if draft.text.strip():
        requests.append(_said(account, base | {"type": "text", "text": {"body": draft.text, "preview_url": False}}))
    for number, file in enumerate(draft.attachments):
        mark = hashlib.sha256(f"{draft.key} {number}".encode()).hexdigest()[:32]
        kind = _SHOWN.get(file.type, "document")
        named = {"id": mark} | ({"filename": file.name[:240]} if kind == "document" else {})
        requests += [_upload(account, file, mark), _said(account, base | {"type": kind, kind: named})]
    return requests


def answered(answer: Answer) -> str:
    """The id of our message, or of a file that was brought.

    Raises:
        TryLater: it can't take it now.
        Refused: it never will, in its words.
    """
    said = _json(answer)
    error = said.get("error")
    error = error if isinstance(error, dict) else {}
    more = error.get("error_data")
    details = more.get("details") if isinstance(more, dict) else None
    told = [str(one)[:300] for one in (error.get("code"), error.get("message"), details) if isinstance(one, str | int)]
    words = " ".join(told) or answer.content.decode("utf-8", "replace")
    if error.get("code") in _LATER and 400 <= answer.status < 500 and answer.status != 429:
        raise TryLater(f"{answer.status} {words[:500]}")
    judge_http(answer.status, answer.headers, words, answer.at)
    messages = said.get("messages")
    first = messages[0] if isinstance(messages, list) and messages else said
    id = first.get("id") if isinstance(first, dict) else None
    return id if isinstance(id, str) else ""


def fetch(attachment: Attachment, account: Account, answers: Sequence[Answer]) -> Call | None:
    """First where the file is, for five minutes, then the file.

    Raises:
        Refused: there is none, or it lies where our token is not shown.
        TryLater: not now.
    """
    if not answers:
        id, number = quote(attachment.provider_id, safe=""), quote(account.options.get("phone_number_id", ""), safe="")
        return Call("", "GET", f"{_base(account)}/{id}?phone_number_id={number}", _token(account))
    judge_http(answers[-1].status, answers[-1].headers, "", answers[-1].at)
    if len(answers) > 1:
        return None
    url = _json(answers[0]).get("url")
    host = urlsplit(url).hostname if isinstance(url, str) else None
    if not isinstance(url, str) or not host or not (host.endswith(_HOSTS) or host == urlsplit(_base(account)).hostname):
        raise Refused("WhatsApp does not say where the file is.")
    return Call("", "GET", url, _token(account))


def _said(account: Account, said: dict[str, Any]) -> Call:
    content = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
    headers = {**_token(account), "content-type": "application/json"}
    return Call("", "POST", f"{_base(account)}/{_number(account)}/messages", headers, content)


def _upload(account: Account, file: Attachment, mark: str) -> Call:
    name = re.sub(r'[\x00-\x1f"\\]', "_", file.name) or "file"
    kind = file.type if re.fullmatch(r"[\w.+-]+/[\w.+-]+", file.type) else "application/octet-stream"
    content = (
        f'--{mark}\r\nContent-Disposition: form-data; name="messaging_product"\r\n\r\nwhatsapp\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="type"\r\n\r\n{kind}\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
    ).encode("utf-8", "replace")
    content += (file.content or b"") + f"\r\n--{mark}--\r\n".encode()
    headers = {**_token(account), "content-type": f"multipart/form-data; boundary={mark}"}
    return Call("", "POST", f"{_base(account)}/{_number(account)}/media", headers, content, uploads=mark)


def _json(answer: Answer) -> dict[str, Any]:
    try:
        said = json.loads(answer.content)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _token(account: Account) -> Mapping[str, str]:
    return {"authorization": f"Bearer {account.secrets.get('token', '')}"}


def _base(account: Account) -> str:
    return (account.options.get("api_url") or API_URL).rstrip("/")


def _number(account: Account) -> str:
    return quote(account.options.get("phone_number_id", ""), safe="")
