"""What is known of customers and products, as the viewer's language writes it."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

import msgspec
from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton
from babel.numbers import format_decimal

from fadeno.commerce import Product
from fadeno.entry.web import words

_MOST_CHARS = 300
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_COUNTRIES = frozenset({"country", "country_code", "nationality"})
_TONGUES = frozenset({"language", "locale"})
_PLACES = "0.############"  # no thousands apart: many a number known of somebody is a name
_LETTERS = re.compile(r"[^\W\d_]+")
_WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_OF_HOURS = frozenset({*_WEEK, "PH", "off", "closed"})
# The parts of an address, in the order most of our countries write them.
_PARTS = (("street",), ("postal_code", "city"), ("state", "region"), ("country",))


def country(code: str) -> str:
    """What a country is called; the code where it is none."""
    return str(words.locale(words.spoken()).territories.get(code.upper(), code)) if len(code) == 2 else code


def tongue(tag: str) -> str:
    """What a language is called, with its script or country where they are named; the tag where it is none."""
    try:
        named = Locale.parse(tag.replace("_", "-"), sep="-").get_display_name(words.locale(words.spoken()))
    except (ValueError, UnknownLocaleError):
        return tag
    return named or tag


def trait(name: str) -> str:
    """What something known of a customer is called; what no catalogue names, in the words of its source."""
    plain = _plain(name)
    key = f"customers.trait.{plain}"
    return str(words.say(words.spoken(), key)) if words.has(words.spoken(), key) else plain.replace("_", " ").strip()


def said(name: str, value: Any) -> str:
    """A value known of a customer, in one line."""
    if isinstance(value, Mapping) and (written := _address(value)):
        return written
    if value is None or isinstance(value, bool):
        return str(words.say(words.spoken(), f"customers.value.{str(value).lower()}"))
    if isinstance(value, float):
        return format_decimal(value, format=_PLACES, locale=words.locale(words.spoken()))
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        return msgspec.json.encode(value).decode()[:_MOST_CHARS]
    return _text(_plain(name), value[:_MOST_CHARS])


def cell(field: str, text: str) -> str:
    """What stands in a cell of a sheet of ours, where it is a word of ours in the viewer's language."""
    families = {"status": "commerce.state", "place_kind": "commerce.kind", "active": "imports.yes_no"}
    return words.called(words.spoken(), families[field], text) if field in families and text else text


def product(one: Product) -> str:
    """What a product is called in the viewer's language and script; else as its source calls it."""
    lang = words.spoken()
    script = words.locale(lang).script
    tags = (f"{lang.partition('-')[0]}-{script}" if script else lang, lang, lang.partition("-")[0])
    return next((one.names[tag] for tag in tags if one.names.get(tag)), one.label)


def hours(text: str) -> str:
    """Opening hours as OpenStreetMap writes them, their days in the viewer's language; all else word for word.

    Source: https://wiki.openstreetmap.org/wiki/Key:opening_hours (2026-11-23).
    """
    if not {*_LETTERS.findall(text)} <= _OF_HOURS:
        return text
    lang = words.spoken()
    days = words.locale(lang).days["stand-alone"]["abbreviated"]
    called = {code: days[place] for place, code in enumerate(_WEEK)}
    return _LETTERS.sub(lambda code: called.get(code[0]) or words.called(lang, "commerce.hours", code[0].lower()), text)


def _plain(name: str) -> str:
    return _HUMP.sub("_", name).lower().replace(" ", "_").replace("-", "_")


def _text(name: str, value: str) -> str:
    if name in _COUNTRIES:
        return country(value)
    if name in _TONGUES:
        return tongue(value)
    if _DAY.fullmatch(value):
        try:
            noon = datetime.combine(date.fromisoformat(value), time(12))
            return str(format_skeleton("yMMMd", noon, locale=words.locale(words.spoken())))
        except ValueError:
            return value
    return value


def _address(value: Mapping[str, Any]) -> str:
    """An address in one line; empty where the parts are none we know."""
    known = {_plain(str(name)): str(part) for name, part in value.items() if isinstance(part, str | int)}
    known["postal_code"] = known.pop("postcode", "") or known.get("postal_code", "")
    lines = (" ".join(filter(None, (_text(n, known.pop(n, "")) for n in names))) for names in _PARTS)
    written = words.beside(words.spoken(), list(lines))
    return "" if any(known.values()) else written
