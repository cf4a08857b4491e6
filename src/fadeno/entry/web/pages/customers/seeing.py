"""What every page of customers needs: what this viewer may read of addresses and words."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any
from uuid import UUID

import phonenumbers
from babel.numbers import format_decimal

from fadeno import access, customers, sources
from fadeno.access import Actor
from fadeno.customers import Apart, Item
from fadeno.db import Tx
from fadeno.entry.web import words
from fadeno.kit.errors import Invalid
from fadeno.kit.money import EXPONENTS, format_money, of

_LONG_ID_CHARS = 20
_NUMBER = re.compile(r"\+\d{7,15}")
MOST_MONEY_PLACES = "#,##0.##"


def sees_contacts(actor: Actor) -> bool:
    """Whether the viewer may know how to reach people."""
    return access.may(actor, "see", "contacts")


def address_shown(actor: Actor, kind: str, value: str) -> str:
    """An address as people read it, masked for those who may not contact anybody."""
    if kind in ("cookie", "device") and len(value) > _LONG_ID_CHARS:
        return f"…{value[-6:]}"
    return spaced(value) if sees_contacts(actor) else customers.masked(kind, value)


def label_shown(actor: Actor, label: str) -> str:
    """What a customer is called; it may be an address."""
    return spaced(label) if sees_contacts(actor) else customers.without_contacts(label)


def kind_shown(kind: str) -> str:
    """What a kind of address is called; `crm:sap` names its own system."""
    family, _, system = kind.partition(":")
    key = f"customers.kind.{family}"
    said = str(words.say(words.spoken(), key)) if words.has(words.spoken(), key) else family
    return f"{said} {system}".strip()


def spaced(value: str) -> str:
    """A telephone number in groups as its country writes it; everything else as it is."""
    if not _NUMBER.fullmatch(value):
        return value
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def words_shown(actor: Actor, said: Any) -> Any:
    """Words or bodies, ways to reach anybody taken out for those who may not contact anybody."""
    return said if sees_contacts(actor) else customers.without_contacts(said)


async def told_apart(tx: Tx, actor: Actor, ids: Sequence[UUID], q: str = "") -> dict[UUID, tuple[str, ...]]:
    """What tells customers of one name apart, as this viewer may read it: the town, and an address.

    Args:
        q: what was typed, so that whoever was found by an address is shown with it.
    """
    found = await customers.told_apart(tx, ids, q)
    return {id_: _apart(actor, one) for id_, one in found.items()}


def _apart(actor: Actor, one: Apart) -> tuple[str, ...]:
    town = "" if one.is_of_address and not sees_contacts(actor) else words_shown(actor, one.town)
    address = address_shown(actor, one.kind, one.value) if one.value else ""
    return tuple(filter(None, (town, address)))


def listed(more: Iterable[str], *, but: str) -> str:
    """What tells somebody apart in a line, without what they are called already."""
    return words.beside(words.spoken(), (one for one in more if one != but))


def item_shown(actor: Actor, item: Item) -> Item:
    """An event as the viewer may read it."""
    is_heard = access.may(actor, "see", "cases")
    if is_heard and sees_contacts(actor):
        return item
    body = item.body if is_heard else customers.without_words({"kind": item.kind, "body": item.body})["body"]
    name, body = words_shown(actor, item.name), words_shown(actor, body)
    return Item(
        item.id, item.kind, name, item.channel, item.source_id,
        item.occurred_at, item.received_at, item.address_id, body,
    )  # fmt: skip


async def source_names(tx: Tx) -> dict[int, str]:
    """What each source is called."""
    return {source.id: source.name for source in await sources.all_sources(tx)}


def money(amount: Any, currency: Any) -> str:
    """An amount as the language writes it; of a currency nobody knows, the number with its code."""
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        return ""
    locale = words.locale(words.spoken())
    if currency in EXPONENTS:
        with suppress(Invalid, ArithmeticError):
            return format_money(of(Decimal(str(amount)), currency), str(locale))
    written = format_decimal(amount, format=MOST_MONEY_PLACES, locale=locale)
    return f"{written} {currency}" if isinstance(currency, str) and len(currency) <= 8 else written
