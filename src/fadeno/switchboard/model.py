"""Shapes of accounts and parcels, and what may be said of an account. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from fadeno.channels import Credential, Label
from fadeno.kit.errors import Conflict, Invalid, NotFound

UNDERSTAND = "parcel"  # kinds of jobs: understanding what came in
CARRY = "message"  # and carrying what goes out
BODY_LIMIT_BYTES = 52 * 1024 * 1024
MOST_NAME_CHARS = 60
MOST_OPTION_CHARS = 4000
_LANGUAGE = re.compile(r"|[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_AREA = re.compile(r"[a-z][a-z0-9_]{0,31}")
Health = Literal["unknown", "works", "fails"]


@dataclass(frozen=True, slots=True)
class Account:
    """What we speak through on a channel. Its secrets are no part of it.

    Attributes:
        address: what customers see it come from.
        source_id: under which source its events are kept.
        area: who answers what comes in.
        language: in which customers are greeted where theirs is not known; empty = the company's.
        options: settings that are no secret, by the names of the channel's credentials.
        cursor: how far it was read, in the words of what reads it.
    """

    id: UUID
    channel: str
    name: str
    address: str
    source_id: int
    is_on: bool
    is_test: bool
    area: str
    language: str
    options: dict[str, str]
    cursor: dict[str, Any]
    health: Health
    health_at: datetime | None
    health_words: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """A body that came in, without its content."""

    id: UUID
    account_id: UUID
    received_at: datetime
    state: str
    reason: str
    detail: str
    letters: int
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Traffic:
    """What passes over an account, and what does not get through.

    Attributes:
        failed_in: bodies that could not be read; nobody decided about them yet.
        failed_out: what was given up on its way out.
        stopped_at: since when nothing leaves, as the provider does not answer; None where it does.
        next_at: when it is tried again.
    """

    last_in_at: datetime | None = None
    waiting_in: int = 0
    failed_in: int = 0
    waiting_out: int = 0
    failed_out: int = 0
    stopped_at: datetime | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Went:
    """What became of a message on its way out.

    Attributes:
        state: sent, or delivered where the channel says so at once; failed; unknown = it may have left.
        words: the provider's own.
    """

    state: Literal["sent", "delivered", "failed", "unknown"]
    provider_id: str = ""
    words: str = ""


def lane_out(account_id: UUID) -> str:
    """The lane of what leaves by an account."""
    return f"account:{account_id}"


class NoAccount(NotFound):
    """There is no such account of a channel."""

    code = "no_account"
    hint = "`fadeno channels list` shows which there are."


class NameTaken(Conflict):
    """An account of that name exists already."""

    code = "account_exists"


class AccountOff(Conflict):
    """This account is switched off."""

    code = "account_off"


class NoParcel(NotFound):
    """No such parcel waits."""

    code = "no_parcel"


def checked(label: Label, name: str, area: str, language: str, given: Mapping[str, str]) -> None:
    """See that an account can be made of this.

    Raises:
        Invalid: `field` names what is missing, too long or not known.
    """
    if not name.strip() or len(name) > MOST_NAME_CHARS:
        raise Invalid(f"Give it a name of at most {MOST_NAME_CHARS} characters.", field="name", word="no_name")
    if not _LANGUAGE.fullmatch(language):
        raise Invalid("A language is written as hu or sr-Latn.", field="language", word="bad_choice")
    if not _AREA.fullmatch(area):
        raise Invalid("An area is written in small letters.", field="area", word="bad_choice")
    known = {one.name: one for one in label.credentials}
    for unknown in sorted(set(given) - set(known)):
        said = f"{label.title} knows no {unknown[:40]!r}; it takes {', '.join(known)}."
        raise Invalid(said, field=unknown, word="unknown_credential", known=", ".join(known))
    for one in label.credentials:
        _check_credential(one, given.get(one.name, ""))


def _check_credential(one: Credential, value: str) -> None:
    if one.needed and not value.strip():
        raise Invalid(f"{one.name} is missing: {one.about}.", field=one.name, word="credential_missing")
    if len(value) > MOST_OPTION_CHARS or "\0" in value or ("\n" in value.strip() and not one.secret):
        raise Invalid(f"{one.name} can't be kept as given.", field=one.name, word="bad_credential")
    if one.choices and value.strip() and value.strip() not in one.choices:
        choices = ", ".join(one.choices)
        said = f"{one.name} is one of {choices}."
        raise Invalid(said, field=one.name, word="bad_credential_choice", choices=choices)
    strange = [site[:80] for site in value.split() if not _is_origin(site)] if one.form == "origins" else []
    if strange:
        said = f"Write a site as https://shop.example.com, without a path; {strange[0]!r} is none."
        raise Invalid(said, field=one.name, word="bad_origin", site=strange[0])


def _is_origin(site: str) -> bool:
    """Whether a browser would name a site so, or it is the sign for any."""
    try:
        parts = urlsplit(site)
        named = bool(parts.hostname) and (parts.port or True)
    except ValueError:
        return False
    bare = not (parts.path or parts.query or parts.fragment or parts.username or parts.password)
    return site == "*" or bool(parts.scheme in ("http", "https") and named and bare and site.isascii())


def parted(label: Label, given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What of the credentials is no secret, and what is; empty ones are left out."""
    secret = {one.name for one in label.credentials if one.secret}
    kept = {name: value.strip() for name, value in given.items() if value.strip()}
    return {n: v for n, v in kept.items() if n not in secret}, {n: v for n, v in kept.items() if n in secret}
