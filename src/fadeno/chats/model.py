"""Tokens, signed identities, and who looks. Pure."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from fadeno.kit.errors import FadenoError

NOBODY = UUID(int=0)
MAILED = "mailed link"  # what a signed id of a mailed link is signed as
LINK = "{{my.link}}"  # stands in a text of ours for a mailed link, which is made as the mail leaves and kept nowhere
_MAC_BYTES = 16
_LONGEST_IDENTITY_CHARS = 4096
_SKEW = timedelta(seconds=60)
_LONGEST_LIFE = timedelta(days=7)  # an identity is signed for one visit; one that never ends is a password on a page
MOST_SITES = 50


class NotYours(FadenoError):
    """This chat can't be opened with what was given."""

    code = "chat_refused"
    status = 401
    hint = "Begin anew; what was said before is kept."


class PassOver(FadenoError):
    """This link is no longer good."""

    code = "pass_over"
    status = 410
    hint = "Ask for a new one: it comes by mail."


class NotHere(FadenoError):
    """The chat is not shown on this site."""

    code = "chat_not_here"
    status = 403
    hint = "Whoever runs fadeno names the sites in the account of the chat."


@dataclass(frozen=True, slots=True)
class Token:
    """What a browser proves itself with.

    Attributes:
        chat_id: its chat; the value of an address of the kind `chat`.
        person_id: the user address a signed identity vouched for; `NOBODY` without one.
    """

    account_id: UUID
    chat_id: UUID
    person_id: UUID = NOBODY


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the site's own server says is signed in.

    Attributes:
        is_mail_proven: the site has seen that the e-mail address is theirs; else it is only what they said.
    """

    user: str
    email: str = ""
    is_mail_proven: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at what was said, and by which addresses they have proven to be who they are.

    Attributes:
        address_ids: these are proven to the viewer's level: what came through them is seen, and nothing else.
        subject_id: the one they write as.
        level: observed (2): a browser; attested (3): signed in, or by a mailed link.
    """

    address_ids: tuple[UUID, ...]
    subject_id: UUID | None
    level: int


@dataclass(frozen=True, slots=True)
class Chat:
    """A browser's talk with us."""

    id: UUID
    account_id: UUID
    address_id: UUID
    mail_id: UUID | None
    mail_proven: bool
    person_id: UUID | None
    language: str
    page: str
    begun_at: datetime
    looked_at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """One message as a customer sees it: what was said to them or by them, never what we say among ourselves."""

    id: UUID
    position: int
    case_id: UUID
    said_at: datetime
    is_ours: bool
    channel: str
    address_id: UUID
    author_name: str
    is_automatic: bool
    subject: str
    text: str
    language: str
    provider_id: str
    state: str
    attachments: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Pass:
    """A link mailed to an address."""

    id: UUID
    address_id: UUID
    chat_id: UUID | None
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unread:
    """An answer in a chat that nobody read, and where its customer wants it."""

    message_id: UUID
    case_id: UUID
    chat_id: UUID
    account_id: UUID
    mail_id: UUID
    language: str
    text: str
    attachments: list[dict[str, Any]]


# Tokens ----------------------------------------------------------------------------------------------------------


def key_of(secret_key: bytes) -> bytes:
    """The key tokens are made with, from that of the installation."""
    return hmac.new(secret_key, b"fadeno chats 1", hashlib.sha256).digest()


def token_of(key: bytes, token: Token) -> str:
    """A token as a browser keeps it."""
    raw = token.account_id.bytes + token.chat_id.bytes + token.person_id.bytes
    return _signed(key, b"chat", raw)


def read_token(key: bytes, text: str) -> Token:
    """A token a browser brings.

    Raises:
        NotYours: we did not make it.
    """
    raw = _opened(key, b"chat", text, 48)
    return Token(UUID(bytes=raw[:16]), UUID(bytes=raw[16:32]), UUID(bytes=raw[32:]))


def signed_id(key: bytes, what: str, id: UUID, *more: object) -> str:
    """An id nobody else can name: a mailed link, or the address of an attachment until a day (`more`)."""
    return _signed(key, _about(what, more), id.bytes)


def read_id(key: bytes, what: str, text: str, *more: object) -> UUID:
    """The id in a signed one.

    Raises:
        NotYours: we did not make it, or not for this.
    """
    return UUID(bytes=_opened(key, _about(what, more), text, 16))


def _about(what: str, more: tuple[object, ...]) -> bytes:
    return "\0".join((what, *map(str, more))).encode()


def _signed(key: bytes, what: bytes, raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw + _mac(key, what, raw)).decode().rstrip("=")


def _opened(key: bytes, what: bytes, text: str, length: int) -> bytes:
    try:
        both = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)) if len(text) < 200 else b""
    except (binascii.Error, ValueError):
        raise NotYours from None
    raw, mac = both[:length], both[length:]
    if len(both) != length + _MAC_BYTES or not hmac.compare_digest(mac, _mac(key, what, raw)):
        raise NotYours
    return raw


def _mac(key: bytes, what: bytes, raw: bytes) -> bytes:
    return hmac.new(key, what + b"\0" + raw, hashlib.sha256).digest()[:_MAC_BYTES]


# Identities ------------------------------------------------------------------------------------------------------


class _Head(msgspec.Struct):
    alg: str


class _Claims(msgspec.Struct):
    sub: str
    exp: float
    email: str = ""
    email_verified: bool = False
    name: str = ""


_head, _claims = msgspec.json.Decoder(_Head), msgspec.json.Decoder(_Claims)


def read_identity(secret: str, text: str, now: datetime) -> Identity:
    """Who a JSON Web Token (HS256) signed by the site's server says is signed in.

    Raises:
        NotYours: it is not signed with the account's secret, is over, or is valid for more than a week.

    Source: RFC 7519 sections 4.1 and 7.2, RFC 7515 section 5.2, OpenID Connect Core section 5.1; 2026-11-24.
    """
    parts = text.split(".")
    if not secret or len(parts) != 3 or len(text) > _LONGEST_IDENTITY_CHARS:
        raise NotYours("The identity is not signed as docs/web-chat.md says.")
    try:
        head, claims = _head.decode(_unpacked(parts[0])), _claims.decode(_unpacked(parts[1]))
        given = _unpacked(parts[2])
    except (ValueError, msgspec.DecodeError):
        raise NotYours("The identity is not signed as docs/web-chat.md says.") from None
    made = hmac.new(secret.encode(), f"{parts[0]}.{parts[1]}".encode(), hashlib.sha256).digest()
    if head.alg != "HS256" or not hmac.compare_digest(given, made):
        raise NotYours("The identity is not signed with the secret of this chat.")
    if not now.timestamp() - _SKEW.total_seconds() < claims.exp <= (now + _LONGEST_LIFE + _SKEW).timestamp():
        raise NotYours("The identity is over, or valid for more than a week: sign it anew with each page.")
    if not claims.sub.strip():
        raise NotYours("The identity names nobody.")
    return Identity(claims.sub, claims.email, claims.email_verified, claims.name[:200])


def _unpacked(part: str) -> bytes:
    return base64.b64decode(part.encode("ascii") + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)


# Sites -----------------------------------------------------------------------------------------------------------


def sites_of(text: str) -> frozenset[str]:
    """The origins an account names; what is no origin such as https://www.example.com lets nobody in."""
    found = set()
    for one in text.replace(",", " ").split()[:MOST_SITES]:
        parts = urlsplit(one)
        if one == "*":
            found.add(one)
        elif parts.scheme in ("http", "https") and parts.hostname:
            found.add(f"{parts.scheme}://{parts.netloc}".lower())
    return frozenset(found)


def is_allowed(sites: frozenset[str], origin: str) -> bool:
    """Whether a page of this origin may show the chat."""
    return "*" in sites or origin.lower() in sites
