"""One spelling for every address, so that the same address is always the same text.

An address is a kind and a value: `email` `anna@example.com`, `phone` `+4930123456`, `user` `u-17`,
`crm:sap` `4711`. What is folded is only what the one who gives out the address says is the same.
"""

import re
import unicodedata
from functools import lru_cache

import idna
import phonenumbers

from fadeno.kit.errors import Invalid

MAX_VALUE_CHARS = 256
MAX_EMAIL_CHARS = 254
PHONE_KINDS = frozenset({"phone", "sms", "whatsapp", "signal", "viber"})
_BARE_DIGITS_ARE_INTERNATIONAL = frozenset({"whatsapp", "signal", "viber"})
_KIND = re.compile(r"[a-z][a-z0-9_]{0,31}(:[a-z0-9][a-z0-9_.-]{0,31})?")
_DOMAIN = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

# Domains whose operator says what reaches the same mailbox: a tag after "+", some ignored characters.
_SAME_DOMAIN = {"googlemail.com": "gmail.com"}
_IGNORED = {"gmail.com": ".", "proton.me": ".-_", "protonmail.com": ".-_", "pm.me": ".-_"}
_PLUS_TAGS = frozenset(
    {
        "gmail.com", "outlook.com", "hotmail.com", "live.com", "icloud.com", "me.com", "mac.com",
        "fastmail.com", "proton.me", "protonmail.com", "pm.me",
    }
)  # fmt: skip


class BadAddress(Invalid):
    """This can't be an address of that kind."""

    code = "bad_address"


def split(text: str) -> tuple[str, str]:
    """`email:x@y` or `crm:sap:4711` as (kind, value), not yet normalised.

    Raises:
        BadAddress: there is no kind; write it as `kind:value`.
    """
    kind, colon, value = text.partition(":")
    if kind == "crm" and ":" in value:
        name, colon, value = value.partition(":")
        kind = f"crm:{name}"
    if not colon or not value.strip() or not _KIND.fullmatch(kind):
        raise BadAddress("An address is written kind:value, such as email:anna@example.com.", field="address")
    return kind, value


def normalise(kind: str, value: str, region: str | None = None) -> str:
    """The one spelling of an address.

    Args:
        kind: `email`, `phone`, `user`, `cookie`, `crm:<source>` …
        value: as it came.
        region: two-letter country whose numbers are meant when a phone number has no country code.

    Raises:
        BadAddress: it can't be one; leave it out or ask again.
    """
    if not is_kind(kind):
        raise BadAddress(f"{kind[:40]!r} is not a kind of address.", field="address")
    if kind == "email":
        return _email(value)
    if kind in PHONE_KINDS:
        return _phone(value, region, kind in _BARE_DIGITS_ARE_INTERNATIONAL)
    return _plain(value)


@lru_cache(maxsize=1024)
def is_kind(kind: str) -> bool:
    """Whether a word can name a kind of address."""
    return bool(_KIND.fullmatch(kind))


def _clean(value: str) -> str:
    if value.isascii() and value.isprintable():
        return value.strip()
    if _CONTROL.search(value):
        raise BadAddress("An address can't hold control characters.", field="address")
    return unicodedata.normalize("NFKC", value).strip()


def _plain(value: str) -> str:
    value = _clean(value)
    if not value or len(value) > MAX_VALUE_CHARS:
        raise BadAddress(f"An address has 1 to {MAX_VALUE_CHARS} characters.", field="address")
    return value


@lru_cache(maxsize=65_536)
def _email(value: str) -> str:
    value = _clean(value)
    if len(value) > 2 * MAX_EMAIL_CHARS:
        raise BadAddress("This is too long for an e-mail address.", field="address")
    if value[:7].lower() == "mailto:":
        value = value[7:]
    local, at, domain = value.strip("<> ").lower().rpartition("@")
    if not at or not local or any(c.isspace() for c in local) or "@" in local.strip('"'):
        raise BadAddress("This is not an e-mail address.", field="address")
    domain = _domain(domain.rstrip("."))
    domain = _SAME_DOMAIN.get(domain, domain)
    if domain in _PLUS_TAGS:
        local = local.partition("+")[0] or local
    for ignored in _IGNORED.get(domain, ""):
        local = local.replace(ignored, "") or local
    if len(local) + len(domain) + 1 > MAX_EMAIL_CHARS:
        raise BadAddress("This is too long for an e-mail address.", field="address")
    return f"{local}@{domain}"


def _domain(domain: str) -> str:
    if _DOMAIN.fullmatch(domain):
        return domain
    try:
        return idna.encode(domain, uts46=True, transitional=False).decode()
    except (idna.IDNAError, UnicodeError) as fault:
        raise BadAddress("The part after @ is not a domain.", field="address") from fault


@lru_cache(maxsize=65_536)
def _phone(value: str, region: str | None, bare_is_international: bool) -> str:
    value = _clean(value)
    if len(value) > 64:
        raise BadAddress("This is too long for a phone number.", field="address")
    if value[:4].lower() == "tel:":
        value = value[4:]
    if bare_is_international and value.isdigit() and not value.startswith("0"):
        value = f"+{value}"
    number = _parsed(value, region)
    if number is None and value.startswith("00"):
        number = _parsed(f"+{value[2:]}", None)
    if number is None:
        raise BadAddress(
            "This is not a phone number.",
            field="address",
            hint="Give it with its country code, such as +49 30 123456.",
        )
    spelled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{spelled};ext={number.extension}" if number.extension else spelled


def _parsed(value: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(value, region.upper() if region else None)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None
