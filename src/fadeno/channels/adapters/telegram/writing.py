"""Drafts as requests of the Bot API, what its answers mean, and how a file is had.

Source: https://core.telegram.org/bots/api#making-requests, #sendmessage, #senddocument, #getfile
as known on 2026-11-24, not yet checked against it.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from fadeno.channels.contract import Account, Answer, Attachment, Call, Draft, Refused, Request, TryLater, judge_http

API_URL = "https://api.telegram.org"
_CHAT = re.compile(r"-?[0-9]{1,20}")
_PHOTOS = frozenset({"image/jpeg", "image/png"})
_MOST_PHOTO_BYTES = 10_000_000
_JSON = {"content-type": "application/json"}


def write(draft: Draft, account: Account) -> list[Request]:
    """The text as one message, each file as one more.

    Raises:
        Refused: it says nothing, or is for nobody or more than one.
    """
    if len(draft.recipients) != 1 or not _CHAT.fullmatch(draft.recipients[0].address):
        raise Refused("Telegram takes a message for one chat, named by its number.")
    if not draft.text.strip() and not draft.attachments:
        raise Refused("There is nothing to say.")
    said: dict[str, Any] = {"chat_id": int(draft.recipients[0].address)}
    _, colon, answered_id = draft.reply_to_id.rpartition(":")
    if colon and answered_id.isdigit() and draft.reply_to_id.startswith(f"{said['chat_id']}:"):
        said["reply_parameters"] = {"message_id": int(answered_id), "allow_sending_without_reply": True}
    requests: list[Request] = []
    if draft.text.strip():
        content = json.dumps(said | {"text": draft.text}, ensure_ascii=False).encode("utf-8", "replace")
        requests.append(Call("", "POST", _method(account, "sendMessage"), _JSON, content))
    for number, file in enumerate(draft.attachments):
        requests.append(_file(draft, account, said["chat_id"], number, file))
    return requests


def _file(draft: Draft, account: Account, chat_id: int, number: int, file: Attachment) -> Call:
    is_photo = file.type in _PHOTOS and file.size_bytes <= _MOST_PHOTO_BYTES
    method, field = ("sendPhoto", "photo") if is_photo else ("sendDocument", "document")
    mark = hashlib.sha256(f"{draft.key} {number}".encode()).hexdigest()[:32]
    name = re.sub(r'[\x00-\x1f"\\]', "_", file.name) or "file"
    kind = file.type if re.fullmatch(r"[\w.+-]+/[\w.+-]+", file.type) else "application/octet-stream"
    content = (
        f'--{mark}\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n{chat_id}\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
    ).encode("utf-8", "replace")
    content += (file.content or b"") + f"\r\n--{mark}--\r\n".encode()
    headers = {"content-type": f"multipart/form-data; boundary={mark}"}
    return Call("", "POST", _method(account, method), headers, content)


def answered(answer: Answer) -> str:
    """The id of our message, as its letters name it.

    Raises:
        TryLater: it can't take it now; how long to wait stands in the body.
        Refused: it never will, in its words.
    """
    said = _said(answer)
    words = said.get("description")
    judged = words if isinstance(words, str) else answer.content.decode("utf-8", "replace")
    try:
        judge_http(answer.status, answer.headers, judged, answer.at)
    except TryLater as later:
        parameters = said.get("parameters")
        wait_s = parameters.get("retry_after") if isinstance(parameters, dict) else None
        known = float(wait_s) if type(wait_s) is int and wait_s > 0 else later.after_s
        raise TryLater(later.message, after_s=known) from None
    result = said.get("result")
    result = result if isinstance(result, dict) else {}
    chat = result.get("chat")
    if said.get("ok") is not True or not isinstance(chat, dict) or "id" not in chat or "message_id" not in result:
        return ""
    return f"{chat['id']}:{result['message_id']}"


def fetch(attachment: Attachment, account: Account, answers: Sequence[Answer]) -> Call | None:
    """First where the file is, then the file.

    Raises:
        Refused: there is none, or it is larger than bots are given.
        TryLater: not now.
    """
    if not answers:
        url = f"{_method(account, 'getFile')}?file_id={quote(attachment.provider_id, safe='')}"
        return Call("", "GET", url)
    (answer, *file), words = answers, ""
    said = _said(answer)
    if not file and isinstance(said.get("description"), str):
        words = said["description"]
    judge_http(answers[-1].status, answers[-1].headers, words, answers[-1].at)
    if file:
        return None
    result = said.get("result")
    path = result.get("file_path") if isinstance(result, dict) else None
    if said.get("ok") is not True or not isinstance(path, str):
        raise Refused("Telegram does not say where the file is.")
    return Call("", "GET", f"{_base(account)}/file/bot{account.secrets.get('token', '')}/{quote(path)}")


def _said(answer: Answer) -> dict[str, Any]:
    try:
        said = json.loads(answer.content)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _base(account: Account) -> str:
    return (account.options.get("api_url") or API_URL).rstrip("/")


def _method(account: Account, name: str) -> str:
    return f"{_base(account)}/bot{account.secrets.get('token', '')}/{name}"
