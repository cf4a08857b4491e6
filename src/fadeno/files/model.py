"""Shapes of attachments and the rules of what a file is and is called. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import puremagic

from fadeno.kit.errors import FadenoError, NotFound

LIMIT_BYTES = 25 * 1024 * 1024  # what most mail servers let through
NAME_CHARS = 150

# What a browser may show in a page of ours: pictures that can hold no script. Everything else is only saved.
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

UNKNOWN = "application/octet-stream"
_LOOKED_AT_BYTES = 256 * 1024
_MARKUP = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|script|svg|iframe|\?xml)", re.IGNORECASE | re.DOTALL
)
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,99}")
# Families of which the content tells only that it is one of them: what was said decides which.
_ZIPPED = re.compile(r"application/(?:vnd\.(?:openxmlformats|oasis)[a-z0-9.-]+|epub\+zip|zip|java-archive)")
_OLD_OFFICE = re.compile(r"application/(?:msword|vnd\.ms-[a-z.-]+|x-ole-storage)")
_PLAIN = re.compile(r"text/(?:plain|csv|calendar|vcard|markdown|tab-separated-values)|application/json")
_SPOKEN = re.compile(r"[\x00-\x1f\x7f]")
_UNSAFE = re.compile(r'[/\\:*?"<>|]')


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that lie on the shelf and are not named by anything yet."""

    hash: bytes
    key: str
    size_bytes: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """One use of a file: what a message, or somebody still writing one, has attached.

    Attributes:
        media_type: by its content, not by what the sender said.
        content_id: by which the text of a mail names it; empty where it does not.
        thumbnail_key: where a small picture of it lies; empty while there is none.
    """

    id: UUID
    room: str
    object_id: UUID
    hash: bytes
    key: str
    name: str
    size_bytes: int
    media_type: str
    content_id: str
    thumbnail_key: str
    width: int | None
    height: int | None
    made_at: datetime

    @property
    def is_shown(self) -> bool:
        """Whether a browser may show it instead of saving it."""
        return self.media_type in SHOWN


class TooLarge(FadenoError):
    """A file is larger than is taken."""

    code = "file_too_large"
    status = 413
    hint = f"Send files of at most {LIMIT_BYTES // 1024 // 1024} MB, or a link."


class NoAttachment(NotFound):
    """There is no such attachment, or no more."""

    code = "no_attachment"


def media_type_of(content: bytes, said: str = "") -> str:
    """What a file is, by its content; `said` only chooses among what looks the same from outside.

    A page that says it is a picture is a page, and a program that says so is unknown.
    """
    said = said.split(";")[0].strip().lower()
    said = said if _TYPE.fullmatch(said) else ""
    head = content[:_LOOKED_AT_BYTES]
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "image/svg+xml" if b"<svg" in head[:4096].lower() else "text/html"
    found = _by_magic(head)
    for family, plainly in ((_ZIPPED, "application/zip"), (_OLD_OFFICE, "application/x-ole-storage")):
        if family.fullmatch(found):
            return said if family.fullmatch(said) else plainly
    if found:
        return found
    if _is_text(head, whole=len(head) == len(content)):
        return said if _PLAIN.fullmatch(said) else "text/plain"
    return UNKNOWN


def safe_name(name: str) -> str:
    """A name under which a file can be saved anywhere: no folders, no control or steering characters, not too long."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    kept = (c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cn", "Cs"))
    name = _UNSAFE.sub("_", "".join(kept)).strip(" .")
    if len(name) > NAME_CHARS:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: NAME_CHARS - len(ending) - 1]}.{ending}" if dot and len(ending) <= 10 else name[:NAME_CHARS]
    return name or "file"


def _by_magic(head: bytes) -> str:
    try:
        return puremagic.from_string(head, mime=True) or ""
    except (puremagic.PureError, ValueError):  # nothing known, or nothing there
        return ""


def _is_text(head: bytes, *, whole: bool) -> bool:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if whole or error.start < len(head) - 4:  # a character cut in two is no fault
            return False
        text = head[: error.start].decode("utf-8")
    return not _SPOKEN.search(re.sub(r"[\t\n\r\f]", "", text))
