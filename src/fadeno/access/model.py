"""Who acts, what each role may do, and the rules of passwords, tries and secrets. Pure."""

import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

from fadeno.kit.errors import Conflict, FadenoError, Invalid, NotFound

Kind = Literal["member", "key", "system"]

ROLES = ("admin", "manager", "agent", "marketing", "shop", "analyst")
SCOPES = ("collect", "read", "write", "admin")
VERBS = ("see", "change", "merge", "export", "erase", "manage")
WHAT = (
    "customers",
    "contacts",
    "consent",
    "events",
    "orders",
    "products",
    "calendars",
    "answers",
    "promises",
    "sources",
    "imports",
    "quarantine",
    "members",
    "keys",
    "audit",
    "webhooks",
    "cases",
    "channels",
    "outbox",
)
DENSITIES = ("compact", "normal", "roomy")
THEMES = ("auto", "light", "dark")

# The one table: who may do which verb to what. A line holds the roles and key scopes; `admin` may do all that
# is named here or not. `contacts` are the values of addresses (an e-mail, a number): some see people, not how
# to reach them. `change` of events is to hand new ones in; nobody changes one that is there.
_TABLE = """
see      customers   manager agent marketing shop analyst  read write
change   customers   manager agent shop                    write
merge    customers   manager agent                         write
export   customers   manager
erase    customers   manager
see      contacts    manager agent shop                    read write
change   contacts    manager agent                         write
export   contacts    manager
see      consent     manager agent marketing shop analyst  read write
change   consent     manager agent shop                    write
see      events      manager agent marketing shop analyst  read write
change   events                                            collect write
export   events      manager analyst                       read write
see      orders      manager agent marketing shop analyst  read write
see      products    manager agent marketing shop analyst  read write
see      calendars   manager agent marketing shop analyst  read write
change   calendars   manager
see      answers     manager agent marketing shop analyst  read write
change   answers     manager agent marketing shop          write
manage   answers     manager marketing
see      promises    manager agent marketing shop analyst  read write
change   promises    manager agent shop                    write
see      sources     manager agent marketing analyst       read write
change   sources     manager
see      quarantine  manager                               read write
change   quarantine  manager                               write
see      members     manager
see      audit       manager
see      webhooks    manager
see      imports     manager                               read write
change   imports     manager                               write
see      cases       manager agent shop                    read write
change   cases       manager agent shop                    write
manage   cases       manager
see      channels    manager                               read write
see      outbox      manager                               read write
change   outbox      manager                               write
"""


def _read_table(text: str) -> MappingProxyType[tuple[str, str], frozenset[str]]:
    table = {(verb, what): {"admin"} for verb in VERBS for what in WHAT}
    for line in text.strip().splitlines():
        verb, what, *who = line.split()
        table[verb, what].update(who)
    return MappingProxyType({pair: frozenset(who) for pair, who in table.items()})


PERMISSIONS = _read_table(_TABLE)

LINK_LIFE = timedelta(days=7)
RESET_LIFE = timedelta(hours=24)
SESSION_LIFE = timedelta(days=30)
SESSION_IDLE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)
WAITING_LIFE = timedelta(minutes=10)
DEVICE_LIFE = timedelta(days=180)
SEE_WINDOW_S = 600
STEP_S = 30
RECOVERY_CODES = 10


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a member signed in, a machine with a key, or fadeno itself.

    Attributes:
        language: in which a member wants to be spoken to; empty as their browser asks.
    """

    kind: Kind
    id: UUID | None
    name: str
    role: str | None = None
    scope: str | None = None
    source_id: int | None = None
    session_id: UUID | None = None
    language: str = ""


SYSTEM = Actor("system", None, "fadeno", role="admin")


@dataclass(frozen=True, slots=True)
class Member:
    """A person who works with fadeno."""

    id: UUID
    email: str
    name: str
    role: str
    totp_on: bool
    zone: str
    density: str
    theme: str
    language: str
    single_keys: bool
    begin_closed: bool
    created_at: datetime
    removed_at: datetime | None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A machine's key as it may be shown: never the key itself."""

    id: UUID
    name: str
    prefix: str
    scope: str
    source_id: int | None
    made_by: str
    made_at: datetime
    revoked_at: datetime | None
    used_on: Any


@dataclass(frozen=True, slots=True)
class Session:
    """One browser a member is signed in with."""

    id: UUID
    made_at: datetime
    seen_at: datetime
    ends_at: datetime
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link by which a person becomes a member, once."""

    id: UUID
    email: str
    role: str
    made_by: str
    made_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit trail."""

    id: UUID
    made_at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    verb: str
    object_kind: str
    object_id: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for in the audit trail; empty means all.

    In `q` every word begins a word of the line. `by` is a member's or key's id.
    """

    q: str = ""
    by: str = ""
    verb: str = ""
    object_kind: str = ""
    object_id: str = ""
    from_at: datetime | None = None
    to_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """A list as somebody narrows it again and again.

    Attributes:
        asked: the fields of the page's form, as they were.
    """

    id: UUID
    name: str
    made_by: str
    asked: dict[str, str]
    is_shared: bool
    is_own: bool


class NoFilter(NotFound):
    """There is no such filter of yours."""

    code = "no_filter"


class Unauthenticated(FadenoError):
    """Sign in first, or send a key that is valid."""

    code = "unauthenticated"
    status = 401
    hint = "Sign in, or send an API key as 'Authorization: Bearer KEY'."


class Forbidden(FadenoError):
    """That is not allowed with this role or key."""

    code = "forbidden"
    status = 403


class BadForm(FadenoError):
    """This page was open too long, or the request came from elsewhere."""

    code = "csrf"
    status = 403
    hint = "Go back, reload the page and send it again."


class NoMatch(FadenoError):
    """That did not match."""

    code = "no_match"
    status = 401

    def __init__(self, message: str | None = None, *, left: int | None = None, **more: Any) -> None:
        self.left = left
        if left is not None:
            more |= {"word": "no_match_left", "n": left}
        super().__init__(message, **more)


class TooManyTries(FadenoError):
    """Too many tries."""

    code = "too_many_tries"
    status = 429

    def __init__(self, wait_s: int) -> None:
        self.wait_s = wait_s
        self.retry_after_s = wait_s
        super().__init__(f"Too many tries. Try again in {wait_s} seconds.", word=self.code, n=wait_s)


class LinkSpent(FadenoError):
    """This link was used, withdrawn, or is too old."""

    code = "link_spent"
    status = 410
    hint = "Ask an administrator for a new one."


class SetUpLinkNeeded(FadenoError):
    """The first administrator is made with the link that fadeno printed where it was started."""

    code = "set_up_link"
    status = 403
    hint = "Open that link, or use a browser on the same machine."


class LastAdmin(Conflict):
    """The last administrator must stay one."""

    code = "last_admin"
    hint = "Make somebody else an administrator first."


class AlreadyRuns(Conflict):
    """There are members already: sign in, or ask for an invitation."""

    code = "already_set_up"


def may(actor: Actor, verb: str, what: str) -> bool:
    """Whether the table lets `actor` do `verb` to `what`."""
    allowed = PERMISSIONS.get((verb, what))
    if allowed is None:
        raise ValueError(f"the permission table has no '{verb} {what}'")
    return (actor.scope if actor.kind == "key" else actor.role) in allowed


def require(actor: Actor, verb: str, what: str) -> None:
    """Let pass what the table allows.

    Raises:
        Forbidden: the role or the key's scope does not reach that far.
    """
    if not may(actor, verb, what):
        bound = f"A key of scope '{actor.scope}'" if actor.kind == "key" else f"The role '{actor.role}'"
        raise Forbidden(
            f"{bound} may not {verb} {what}.", hint=f"Allowed: {', '.join(allowed(verb, what))}.", word="forbidden"
        )


def allowed(verb: str, what: str) -> tuple[str, ...]:
    """The roles and scopes that may do it, in the order of the tables."""
    names = dict.fromkeys((*ROLES, *SCOPES))
    return tuple(name for name in names if name in PERMISSIONS[verb, what])


def new_token() -> str:
    """A secret of 256 bits for cookies and one-time links."""
    return secrets.token_urlsafe(32)


def new_key(scope: str) -> str:
    """A secret for machines: 192 random bits after words that say what it is."""
    return f"fdn_{scope}_{secrets.token_hex(24)}"


def shown(plain_key: str) -> str:
    """The part of a key that is kept readable so that a person can tell keys apart."""
    return plain_key[: plain_key.rfind("_") + 7]


def digest(secret: str) -> bytes:
    """What is kept of a high-entropy secret; it needs no salt and no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def form_token(session_token: str) -> str:
    """The token forms of this session carry; it needs the cookie to be made and does not give it away."""
    key = session_token.encode("utf-8", "surrogatepass")
    return hmac.new(key, b"fadeno form", hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two secrets without telling by time how much of them agrees."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def email_key(email: str) -> str:
    """The form in which two spellings of a member's e-mail are the same."""
    return unicodedata.normalize("NFKC", email).replace("\x00", "").strip().casefold()


def checked_email(email: str) -> str:
    """An e-mail fit to sign in with.

    Raises:
        Invalid: it isn't an e-mail address.
    """
    email = unicodedata.normalize("NFC", email).strip()
    local, at, host = email.rpartition("@")
    printable = email.isprintable() and " " not in email
    if not (at and local and "." in host.strip(".") and printable and len(email) <= 254) and not (
        at and local and host == "localhost" and printable
    ):
        raise Invalid("Write a whole e-mail address, as name@company.example.", field="email", word="bad_email")
    return email


def checked_name(name: str, default: str, what: str = "name") -> str:
    """A name people can read on one line.

    Raises:
        Invalid: it is too long or holds characters that can't be shown.
    """
    name = " ".join(unicodedata.normalize("NFC", name).split()) or default
    if len(name) > 100 or not name.isprintable():
        raise Invalid("Use at most 100 letters, digits and signs.", field=what, word="bad_name")
    return name


def checked_role(role: str) -> str:
    """One of the roles.

    Raises:
        Invalid: there is no such role.
    """
    if role not in ROLES:
        raise Invalid(f"Choose a role: {', '.join(ROLES)}.", field="role", word="bad_choice")
    return role


def checked_zone(zone: str) -> str:
    """An IANA time zone, or empty for that of the browser.

    Raises:
        Invalid: there is no such zone.
    """
    if zone and zone not in available_timezones():
        raise Invalid("Choose a time zone from the list.", field="zone", word="bad_choice")
    return zone


_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?")


def checked_language(language: str) -> str:
    """A language tag with or without a script, or empty for what the browser asks.

    Raises:
        Invalid: it is no such tag.
    """
    if language and not _LANGUAGE.fullmatch(language):
        raise Invalid("Choose a language from the list.", field="language", word="bad_choice")
    return language


_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 200


def words(*texts: str) -> list[str]:
    """The words a line is found by, folded, each once."""
    found = dict.fromkeys(w.casefold()[:64] for text in texts for w in _WORD.findall(text))
    return list(found)[:_MOST_WORDS]
