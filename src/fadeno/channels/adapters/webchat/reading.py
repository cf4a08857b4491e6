"""What the widget sent, as a letter.

The body is written by our own door from what the widget said, once the token of the chat was seen to be ours: so the
chat it names is proven, and the name and e-mail address in it are what somebody typed.
"""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from fadeno.channels.contract import Attachment, Letter, Party, Refused, Unreadable

SIGNATURE = "x-fadeno-signature"
MOST_TEXT_CHARS = 8_000
MOST_FILES = 10


class File(msgspec.Struct, frozen=True):
    """A file that was brought before the message that names it; its bytes lie on the shelf."""

    name: str
    type: str
    size_bytes: int


class Body(msgspec.Struct, frozen=True):
    """One message of the widget.

    Attributes:
        id: made by the browser, so that a message sent twice is one.
        chat: which chat it is of; proven by its token.
        at: when it was written, in the browser's time: it may have waited there for the line.
        email: what was typed, proves nothing; so `name`.
        page: where the widget was when it was written.
    """

    id: str
    chat: str
    text: str = ""
    at: datetime | None = None
    name: str = ""
    email: str = ""
    page: str = ""
    language: str = ""
    files: tuple[File, ...] = ()


_decoder = msgspec.json.Decoder(Body)


def read(body: bytes, headers: Mapping[str, str], secret: str | None = None) -> list[Letter]:
    """The one letter a body holds.

    Raises:
        Refused: a secret is given and the signature is not made with it.
        Unreadable: it is nothing a widget sends, or says nothing.
    """
    if secret is not None:
        _check(body, headers, secret)
    try:
        said = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Unreadable("This is no message of the widget.") from fault
    text = said.text.replace("\0", "").strip()
    if not said.id or not said.chat or len(said.id) > 64 or len(said.chat) > 64:
        raise Unreadable("It names neither itself nor its chat.")
    if not text and not said.files:
        raise Unreadable("It says nothing.")
    if len(text) > MOST_TEXT_CHARS or len(said.files) > MOST_FILES:
        raise Unreadable(f"More than {MOST_TEXT_CHARS:,} characters or {MOST_FILES} files.")
    hints = {name: getattr(said, name)[:500] for name in ("email", "page", "language") if getattr(said, name)}
    letter = Letter(
        "message", f"{said.chat}:{said.id}", text=text, visible=text, sender=Party(said.chat, said.name[:200]),
        occurred_at=_utc(said.at), attachments=tuple(_attachment(file) for file in said.files), hints=hints,
    )  # fmt: skip
    return [letter]


def _attachment(file: File) -> Attachment:
    return Attachment(file.name[:200], file.type[:100], max(0, file.size_bytes))


def _utc(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    try:
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None


def _check(body: bytes, headers: Mapping[str, str], secret: str) -> None:
    given = next((value for name, value in headers.items() if name.lower() == SIGNATURE), "")
    made = hmac.new(secret.encode(), body, "sha256").hexdigest()
    if not hmac.compare_digest(given.strip().lower().encode(), made.encode()):
        raise Refused("The signature is not made with this secret.")
