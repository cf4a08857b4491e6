"""What the house and an adapter say to each other: labels, letters, drafts, requests, and how an adapter says no."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from fadeno.kit.errors import FadenoError

Kind = Literal[
    "message", "receipt", "reaction", "bounce", "complaint", "auto", "edited", "withdrawn", "echo", "notice", "unknown"
]
Family = Literal["message", "mail", "voice", "short", "web", "place", "paper"]
Status = Literal["sent", "delivered", "read", "delayed", "failed"]
NOTHING: Mapping[str, str] = MappingProxyType({})
URL = ":url"  # among the headers: the address a body was posted to; no client can send such a name
RECEIVED_AT = ":received-at"  # and when, in seconds since 1970, where somebody was there to look at a clock
_MAX_WAIT_S = 24 * 3600
_TRY_AGAIN = frozenset({408, 425, 429})


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a channel carries at most; 0 where it carries none of it. The frame holds them, adapters need not.

    Attributes:
        recipients: at once; what goes to more is for the adapter to part, or is refused where it can't.
        attachments: in one message; `attachments_bytes` is what all of them may weigh together.
        body_bytes: of what comes in.
        reply_window_s: how long after the customer's last word we may still answer freely; None = always.
    """

    text_chars: int
    subject_chars: int = 0
    recipients: int = 1
    attachments: int = 0
    attachments_bytes: int = 0
    body_bytes: int = 1 << 20
    sends_per_s: float = 1.0
    reply_window_s: int | None = None


class Credential(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing an account of the channel must be given.

    Attributes:
        choices: what it may be; empty = anything.
        form: `origins` are sites as a browser names them, with blanks between; `*` is any.
        seldom: most accounts do without it; pages show it when asked.
    """

    name: str
    about: str
    secret: bool = False
    needed: bool = True
    choices: tuple[str, ...] = ()
    form: Literal["text", "origins"] = "text"
    seldom: bool = False


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a channel can, as its `channel.toml` says it; whoever needs to know asks this and never the channel's name.

    Attributes:
        address_kind: the kind of address it reaches, as in `kit.addresses`.
        transport: how what `write` gives is carried away.
        reads: the kinds of letters its bodies can hold.
        receipts: what it tells of a message that left.
        idempotency: whether the provider knows a second copy: by a key it takes, by the id we give, or not at all.
        signature: the header that proves a body's sender; empty where nothing does.
        signs: what it proves: that the `body` is as it was sent, or, as a shared `token`, only who sends.
        headers: others it takes to check or read a body.
        account_key: the credential by which the provider names the account a letter is for; empty where a body is
            always for the account it was brought to.
        public_address: whether the provider must reach us from outside.
        proof: whether the channel vouches that who sends owns the address (observed), or anybody may write anything.
        owner: who answers for the adapter.
        sources: pages its facts come from, with the day they were read.
    """

    name: str
    title: str
    about: str
    family: Family
    address_kind: str
    transport: Literal["http", "smtp", "none"]
    owner: str
    limits: Limits
    reads: tuple[Kind, ...] = ("message",)
    writes: tuple[Literal["text", "html", "subject", "attachments", "copies"], ...] = ("text",)
    receipts: tuple[Status, ...] = ()
    idempotency: Literal["key", "message_id", "none"] = "none"
    signature: str = ""
    signs: Literal["body", "token"] = "body"
    headers: tuple[str, ...] = ()
    account_key: str = ""
    public_address: Literal["needed", "optional", "never"] = "never"
    proof: Literal["claimed", "observed"] = "claimed"
    sources: tuple[str, ...] = ()
    credentials: tuple[Credential, ...] = ()


@dataclass(frozen=True, slots=True)
class Party:
    """One who sends or receives, as the body names them. A claim: only the channel's own proof makes it more.

    Attributes:
        address: as it was written; empty where only a name was.
    """

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a letter or goes with a draft.

    Attributes:
        type: what it is said to be, such as `image/png`.
        content: the file; None where it has to be fetched from `url`, or by what the provider calls it.
        provider_id: what the provider calls it, for the adapter's `fetch`.
        content_id: by which the HTML names it (`cid:…`).
        is_inline: it is shown within the text.
    """

    name: str
    type: str
    size_bytes: int
    content: bytes | None = field(default=None, repr=False)
    content_id: str = ""
    is_inline: bool = False
    url: str = field(default="", repr=False)
    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A calendar entry that came with a letter.

    Attributes:
        method: what it asks for: REQUEST, REPLY, CANCEL, PUBLISH …
        begins, ends: ISO 8601 with its offset, without one where the time zone is unknown; a day where it has no time.
    """

    uid: str
    method: str
    title: str
    begins: str
    ends: str
    place: str = ""
    organiser: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a report says of one recipient.

    Attributes:
        code: the provider's own code, such as `5.1.1`.
        words: the provider's own words.
        is_final: nothing will change it; the address does not work.
    """

    address: str
    status: Status
    code: str = ""
    words: str = ""
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """One thing an adapter read out of a body.

    Attributes:
        kind: `message` is what a person said, `unknown` too, in a way the adapter does not know; `receipt`, `bounce`,
            `complaint` and `reaction` speak of something said before, `edited` and `withdrawn` change it; `echo` we
            said ourselves elsewhere; `auto` was written by a machine: it opens no case and is never answered;
            `notice` is the provider's own word, of a customer's number or of our account.
        provider_id: names it for ever within its account; the same body gives the same.
        text: all of it as text; `visible` is what was newly written, without what it quotes, signature and disclaimer,
            which are `quoted`.
        html: as it came; unsafe until `safe_html` has seen it.
        occurred_at: when it was written, as it says itself (UTC).
        status: what a receipt or bounce says became of ours.
        why: what made it no ordinary message, in words of the adapter.
        concerns: provider ids of what we sent that this speaks of.
        reply_to_ids: provider ids of what this answers, the nearest first; they are claims.
        reply_to: where the sender wants answers; a claim.
        hints: what may help to judge it and proves nothing.
        faults: what was wrong with the body and was read nevertheless.
        account: what the provider calls the account it is for (see `Label.account_key`).
        details: all the channel said of it, in the channel's own words, so that nothing is lost.
    """

    kind: Kind
    provider_id: str
    text: str = ""
    visible: str = ""
    quoted: str = ""
    html: str = ""
    subject: str = ""
    sender: Party | None = None
    recipients: tuple[Party, ...] = ()
    copies: tuple[Party, ...] = ()
    reply_to: tuple[Party, ...] = ()
    occurred_at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    status: Status | None = None
    why: str = ""
    outcomes: tuple[Outcome, ...] = ()
    concerns: tuple[str, ...] = ()
    reply_to_ids: tuple[str, ...] = ()
    hints: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    faults: tuple[str, ...] = ()
    account: str = ""
    details: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Account:
    """The account of a channel a draft leaves by.

    Attributes:
        address: what the other side sees it come from.
        options: what is no secret, by the names of the label's credentials.
        secrets: what is; never shown by `repr`.
    """

    address: str
    name: str = ""
    options: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    secrets: Mapping[str, str] = field(default_factory=lambda: NOTHING, repr=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be said, before the channel gives it its shape.

    Attributes:
        key: ours, for ever the same for the same message: what is sent twice under it arrives once where the channel
            can tell (see `Label.idempotency`).
        written_at: when (UTC).
        reply_to: where answers shall go, such as an address that names the case.
        reply_to_id: provider id of what this answers.
        thread_ids: provider ids of what was said before, the oldest first.
        automatic: what made it if no person did: `replied` (an answer nobody typed) or `generated` (a notice).
        leave_url: where the reader stops getting such; for what goes to many.
    """

    key: str
    recipients: tuple[Party, ...]
    text: str
    written_at: datetime
    html: str = ""
    subject: str = ""
    copies: tuple[Party, ...] = ()
    hidden_copies: tuple[Party, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    reply_to: Party | None = None
    reply_to_id: str = ""
    thread_ids: tuple[str, ...] = ()
    automatic: Literal["", "replied", "generated"] = ""
    leave_url: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail with whom it is from and for, to be handed to a mail server."""

    provider_id: str
    sender: str
    recipients: tuple[str, ...]
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a provider's HTTP API.

    Attributes:
        provider_id: what names the message where we name it ourselves; empty where the provider's answer does.
        url: may hold a secret, as some providers want it so; never shown by `repr`.
        uploads: a word of our own that stands in the requests after this one for the id its answer gives; empty where
            it is a message and no mere file for one.
    """

    provider_id: str
    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=lambda: NOTHING, repr=False)
    content: bytes = field(default=b"", repr=False)
    uploads: str = ""


Request = Envelope | Call


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider's HTTP API said to a request.

    Attributes:
        at: when (UTC); a `Retry-After` may name a day and hour.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)
    at: datetime


class Unreadable(FadenoError):
    """This body is nothing the channel sends."""

    code = "channel_unreadable"


class Refused(FadenoError):
    """The channel does not take this."""

    code = "channel_refused"
    status = 422


class TryLater(FadenoError):
    """The channel can't take this now.

    Attributes:
        after_s: seconds to wait at least, as the provider asked; None where it did not say.
    """

    code = "channel_try_later"
    status = 503

    def __init__(self, message: str | None = None, *, after_s: float | None = None) -> None:
        super().__init__(message)
        self.after_s = after_s


def judge_http(status: int, headers: Mapping[str, str], words: str, now: datetime) -> None:
    """What a provider's HTTP answer means.

    Args:
        words: the provider's words, for whoever reads why it was not sent.
        now: for a `Retry-After` that names a day and hour.

    Raises:
        TryLater: 408, 425, 429 or 5xx; try again after `after_s`.
        Refused: any other but 2xx; trying again changes nothing.
    """
    if 200 <= status < 300:
        return
    said = f"{status} {words[:500]}".strip()
    if status in _TRY_AGAIN or status >= 500:
        asked = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
        raise TryLater(said, after_s=_seconds(asked, now))
    raise Refused(said)


def judge_smtp(code: int, words: str) -> None:
    """What a mail server's reply means.

    Raises:
        TryLater: 4xx, or 421 before it hung up.
        Refused: 5xx, or no reply code at all.

    Source: RFC 5321 section 4.2.1, 2026-11-24.
    """
    if 200 <= code < 400:
        return
    said = f"{code} {words[:500]}".strip()
    if 400 <= code < 500:
        raise TryLater(said)
    raise Refused(said)


def _seconds(asked: str, now: datetime) -> float | None:
    """`Retry-After` as seconds. Source: RFC 9110 section 10.2.3, 2026-11-24."""
    asked = asked.strip()[:64]
    if asked.isascii() and asked.isdigit():
        return float(min(int(asked), _MAX_WAIT_S))
    try:
        then = parsedate_to_datetime(asked)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return min(max((then - now).total_seconds(), 0.0), float(_MAX_WAIT_S))
