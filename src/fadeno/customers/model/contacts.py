"""Showing a customer to those who may know of them but not how to reach them."""

import re
from typing import Any

_CONTACT_NAMES = frozenset(
    {
        "email", "e-mail", "mail", "phone", "phone_number", "phonenumber", "mobile", "whatsapp", "telegram", "address",
        "street", "fax", "ip",
    }
)  # fmt: skip
_EMAIL = re.compile(r"[^\s@<>,;:\"']{1,64}@[^\s@<>,;:\"']{1,255}")
_PHONE = re.compile(r"\+\d[\d\s/().-]{6,}\d")
HIDDEN = "…"


def masked(kind: str, value: str) -> str:
    """An address as those see it who may not contact anybody: enough to tell two apart, too little to write to."""
    if kind == "email":
        local, at, domain = value.rpartition("@")
        return f"{local[:1]}{HIDDEN}{at}{domain}"
    return f"{value[:2]}{HIDDEN}{value[-2:]}" if len(value) > 6 else HIDDEN


def without_contacts(value: Any) -> Any:
    """What was said, with e-mail addresses, phone numbers and places made unreadable."""
    match value:
        case dict():
            return {
                k: HIDDEN if v is not None and str(k).lower() in _CONTACT_NAMES else without_contacts(v)
                for k, v in value.items()
            }
        case list():
            return [without_contacts(v) for v in value]
        case str():
            return _PHONE.sub(HIDDEN, _EMAIL.sub(HIDDEN, value))
    return value


def is_contact(name: str) -> bool:
    """Whether a trait of this name says how to reach somebody."""
    return name.lower() in _CONTACT_NAMES
