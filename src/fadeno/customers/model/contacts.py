"""Showing a customer to those who may know of them but not how to reach them."""

import re
from typing import Any

_CONTACT_WORDS = frozenset(
    {
        "email", "emails", "mail", "phone", "phones", "phonenumber", "telephone", "telefon", "tel", "mobile", "cell",
        "cellphone", "msisdn", "whatsapp", "telegram", "viber", "signal", "skype", "messenger", "instagram", "facebook",
        "address", "adresse", "street", "line1", "line2", "fax", "ip",
    }
)  # fmt: skip
# Said of an address without being one: `email_verified`, `address_id`, `phone_type`.
_ABOUT = frozenset(
    {"id", "ids", "count", "kind", "kinds", "type", "status", "state", "subject", "campaign", "template"}
)
_NAME_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")
_EMAIL = re.compile(r"[^\s@<>,;:\"']{1,64}@[^\s@<>,;:\"']{1,255}")
_PHONE = re.compile(r"\+\d[\d\s/().-]{6,}\d")
# As people of one country write it: with a nought before, of nine digits or more, and no date nor a part of one.
_NATIONAL = re.compile(r"(?<![\w.,:+-])\(?(?!0[.,]|\d\d?[./-]\d\d?[./-]\d{4})0(?:[\s/().-]{0,2}\d){8,13}(?!\w)")
_NO_PHONES = frozenset(
    {
        "gtin", "ean", "upc", "sku", "barcode", "number", "ordernumber", "orderid", "productid", "variantid",
        "transactionid",
    }
)  # fmt: skip
HIDDEN = "…"


# Events that hold words of what was said with a customer in a case, and the names they go by.
_SPOKEN = frozenset({"message", "case", "rating", "promise"})
_WORDS = ("text", "subject", "title")


def without_words(value: Any) -> Any:
    """Events with the words of messages, ratings and promises made unreadable: for who may not see cases."""
    match value:
        case {"kind": str(kind), "body": {"properties": dict(said)}} if kind in _SPOKEN:
            hidden = {name: HIDDEN for name in _WORDS if said.get(name)}
            return value | {"body": value["body"] | {"properties": said | hidden}}
        case dict():
            return {name: without_words(one) for name, one in value.items()}
        case list() | tuple():
            return [without_words(one) for one in value]
    return value


def masked(kind: str, value: str) -> str:
    """An address as those see it who may not contact anybody: enough to tell two apart, too little to write to."""
    if kind == "email":
        local, at, domain = value.rpartition("@")
        return f"{local[:1]}{HIDDEN}{at}{domain}"
    return f"{value[:2]}{HIDDEN}{value[-2:]}" if len(value) > 6 else HIDDEN


def without_contacts(value: Any) -> Any:
    """What was said, with e-mail addresses, phone numbers and places made unreadable."""
    match value:
        case {"kind": str(kind), "value": str(shown)}:
            return _each(value) | {"value": masked(kind, shown)}
        case {"type": str(kind), "id": str(shown)} if is_contact(kind):
            return _each(value) | {"id": masked(kind, shown)}
        case {"name": str(name), "value": said} if is_contact(name):
            lost = {key: empty for key, empty in (("said", None), ("others", [])) if key in value}
            return _each(value) | {"value": HIDDEN if said is not None else None} | lost
        case dict():
            return _each(value)
        case list() | tuple():
            return [without_contacts(v) for v in value]
        case str():
            return _NATIONAL.sub(HIDDEN, _without_signs(value))
    return value


def _each(said: dict[Any, Any]) -> dict[Any, Any]:
    return {without_contacts(key): _named(str(key), value) for key, value in said.items()}


def _named(name: str, value: Any) -> Any:
    if value is not None and not isinstance(value, bool) and is_contact(name):
        return HIDDEN
    if isinstance(value, str) and name.replace("_", "").lower() in _NO_PHONES:
        return _without_signs(value)  # a number of goods may look like one of a country
    return without_contacts(value)


def _without_signs(text: str) -> str:
    """Without what its own signs tell to be an address, `@` or `+`."""
    return _PHONE.sub(HIDDEN, _EMAIL.sub(HIDDEN, text))


def is_contact(name: str) -> bool:
    """Whether a value of this name says how to reach somebody: `email`, `mobilePhone`, `home_address`, `line_1`."""
    parts = [part.lower() for part in _NAME_PARTS.findall(name[:200])]
    if not parts or parts[-1] in _ABOUT:
        return False
    return name.replace("_", "").lower() in _CONTACT_WORDS or not _CONTACT_WORDS.isdisjoint(parts)
