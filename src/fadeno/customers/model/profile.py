"""What is known about a customer: computed from what was said through each of their addresses."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec

from fadeno.customers.model.contacts import without_contacts
from fadeno.kit import addresses, text

NAME_TRAITS = ("name", "firstName", "lastName", "first_name", "last_name", "fullName", "company")
_LABEL_KINDS = ("email", "phone", "whatsapp", "user")
_FREE_MAIL = frozenset(
    {
        "gmail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com", "aol.com",
        "gmx.de", "gmx.net", "web.de", "mail.ru", "yandex.ru", "proton.me", "qq.com", "163.com",
    }
)  # fmt: skip
_NAMELESS = "\U0010fffd"  # comes after all letters under `COLLATE "C"`, and stands in no key
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_encode = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True, slots=True)
class Said:
    """One value of a trait, as one source said it of one address."""

    address_id: UUID
    name: str
    value: Any
    source_id: int
    proven: int
    said_at: datetime
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Trait:
    """A trait with the value that wins and the values that lost."""

    name: str
    value: Any
    said: Said
    others: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Consent:
    """One line of the consent ledger: through this address, for this purpose, yes or no."""

    address_id: UUID
    purpose: str
    granted: bool
    said_at: datetime
    said_by: str
    source_id: int | None
    proof: str
    event_id: UUID | None


@dataclass(frozen=True, slots=True)
class Allowed:
    """Whether a customer may be addressed for a purpose, and the line that decides."""

    purpose: str
    granted: bool
    decided_by: Consent


@dataclass(frozen=True, slots=True)
class Label:
    """What a customer is called in lists, and the keys it is found by."""

    name: str | None
    label: str
    search_keys: list[str]
    sort_key: str


def value_hash(value: Any) -> UUID:
    """A digest by which equal values are known; an object's keys in any order."""
    return UUID(value_digest(value))


def value_digest(value: Any) -> str:
    """The same as text."""
    return blake2b(_encode(value), digest_size=16).hexdigest()


def traits(said: Iterable[Said]) -> list[Trait]:
    """Which value of each trait wins.

    The rule: the most proven value wins (attested, then observed, then claimed); among equally proven ones the
    latest said; among those said in the same moment the one of the smallest event id. All others stay visible.
    """
    by_name: dict[str, list[Said]] = {}
    for one in said:
        by_name.setdefault(one.name, []).append(one)
    found = []
    for name in sorted(by_name):
        first, *others = sorted(by_name[name], key=lambda s: (-s.proven, -s.said_at.timestamp(), s.event_id.int))
        losing = tuple(o for o in others if o.value != first.value)
        found.append(Trait(name, first.value, first, losing))
    return found


def allowed(ledger: Iterable[Consent]) -> list[Allowed]:
    """What may be done: per address the latest word counts (of two at one moment the no), per customer any no wins."""
    latest: dict[tuple[UUID, str], Consent] = {}
    for line in ledger:
        key = (line.address_id, line.purpose)
        there = latest.get(key)
        if there is None or (line.said_at, not line.granted) > (there.said_at, not there.granted):
            latest[key] = line
    decided: dict[str, Consent] = {}
    for line in latest.values():
        there = decided.get(line.purpose)
        if there is None or _outranks(line, there):
            decided[line.purpose] = line
    return [Allowed(purpose, decided[purpose].granted, decided[purpose]) for purpose in sorted(decided)]


def _outranks(line: Consent, there: Consent) -> bool:
    if line.granted != there.granted:
        return not line.granted
    return (line.said_at, line.address_id.int) > (there.said_at, there.address_id.int)


def label(held: Sequence[tuple[str, str]], known: Sequence[Trait]) -> Label:
    """What a customer is called: their name, else the best address; and everything they are found by."""
    return called(held, {trait.name: trait.value for trait in known})


def called(held: Sequence[tuple[str, str]], said: Mapping[str, Any]) -> Label:
    """The same from the values that won."""
    values = {name: value for name, value in said.items() if isinstance(value, str) and value.strip()}
    first = values.get("firstName") or values.get("first_name") or ""
    last = values.get("lastName") or values.get("last_name") or ""
    parts = (last, first) if _company["language"].partition("-")[0] in _FAMILY_FIRST else (first, last)
    name = values.get("name") or values.get("fullName") or " ".join(filter(None, parts)) or None
    ordered = sorted(held)
    shown = name or next((v for kind in _LABEL_KINDS for k, v in ordered if k == kind), None)
    shown = shown or next((v for k, v in ordered if k not in ("cookie", "device", "chat")), "")
    texts = [t for t in (name, first, last, values.get("company")) if t]
    keys = dict.fromkeys(text.search_keys(texts))
    for kind, value in ordered[:40]:
        keys.update(dict.fromkeys(_address_keys(kind, value)))
    name, shown = name[:200] if name else None, shown[:200]
    return Label(name, shown, list(keys)[: text.MAX_KEYS], sort_key(name, shown))


_company = {"language": ""}
_FAMILY_FIRST = frozenset({"hu", "ja", "ko", "vi", "zh"})  # a name that comes in parts is put together so


def order_as(language: str) -> None:
    """From now on customers are ordered as this language does it; the process says so once, when it starts."""
    _company["language"] = language


def ordered_as() -> str:
    """The language whose order customers are kept in."""
    return _company["language"]


def sort_key(name: str | None, shown: str) -> str:
    """What orders a customer of this name and label: people with names, then those called by an address or a number."""
    key = text.sort_key(shown[:200], _company["language"])
    if not shown or (name and key and _is_said(name)):
        return key
    return f"{_NAMELESS}{key}"


def _is_said(name: str) -> bool:
    """Whether somebody is called so: an address or a number that a source gives as a name is none."""
    return any(map(str.isalpha, name)) and ("@" not in name or without_contacts(name) == name)


def _address_keys(kind: str, value: str) -> Iterable[str]:
    """Words of an address; its beginning is found without keys, by the address itself."""
    if kind == "email":
        local, _, domain = value.rpartition("@")
        parts = [local] if domain in _FREE_MAIL else [local, domain.split(".")[0]]
    elif kind in addresses.PHONE_KINDS:
        return text.phone_keys(value)
    else:
        parts = [value]
    return text.word_keys(" ".join(_LETTERS.findall(part)[:4]) for part in parts)
