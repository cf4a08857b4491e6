"""What must not be kept: characters no database takes, and secrets people type where they don't belong."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from fadeno.intake import national_ids

MOST_KEYS = 1000
DEEPEST = 64
MASK = "•••"

_CARD = re.compile(r"(?<![\w.-])[2-6](?:[ -]?\d){12,18}(?![\w.-])")
_RAW_CARD = re.compile(rb"(?<![\w.-])[2-6](?:[ -]?\d){12,18}(?![\w.-])")
_NAMES = (
    r"pass(?:word|wd|phrase)?|pwd|pin(?:_?code)?|cvv2?|cvc2?|csc|secret|ssn|jmbg"
    r"|(?:(?:credit|debit|bank|payment)_?)?(?:card|cc)_?(?:number|no|num)|national_?id"
)
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_SECRET_NAME = re.compile(f"(?:{_NAMES})", re.IGNORECASE)
_RAW_NAME = re.compile(rf'"(?:{_NAMES})"\s*:'.encode(), re.IGNORECASE)
_KNOWN_NUMBER = re.compile(
    r"(?i)(order|tracking|track|invoice|shipment|parcel|gtin|ean|sku|product|message|_?id$|ids$|number$)"
)
# In text, the word nearest before a number says what it is.
NEAR_CHARS = 30
_BEFORE_NUMBER = re.compile(
    r"(?i)(?P<order>order|track|parcel|package|shipment|invoice|receipt|barcode|rendel|csomag|sz[aá]mla|porudžb|narudž"
    r"|pošilj|račun|bestell|sendung|rechnung|commande|colis|facture|pedido|envío|factura|ordine|spedizione|fattura"
    r"|zamówieni|przesyłk|comand|colet)"
    r"|card|visa|master|kártya|kartic|karte|carte|tarjeta|carta|kart[aęy]|pay|fizet|zahl"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


class TooBig(ValueError):
    """An object with too many keys, nested too deeply, or a number nobody can have meant."""


def decode(raw: bytes) -> Any:
    """Read one event's JSON; NUL and lone surrogates become U+FFFD.

    Raises:
        ValueError: it is no JSON, or holds NaN or an infinity.
        TooBig: it is nested too deeply, or has a number too large, to be anything a person meant.
    """
    suspicious = b"\\u0000" in raw or b"\\ud" in raw or b"\\uD" in raw
    if not suspicious:
        try:
            return msgspec.json.decode(raw)
        except RecursionError:
            raise TooBig(f"nested deeper than {DEEPEST}") from None
        except msgspec.DecodeError as error:
            if "out of range" in str(error):  # whole numbers are kept exactly, of whatever size till then
                raise TooBig("a number too large to be kept") from None
            raise ValueError(str(error)) from None
    try:
        said = json.loads(raw, parse_constant=_no_constant, parse_int=_whole, parse_float=_fraction)
        return _washed(said, 0)
    except RecursionError:
        raise TooBig(f"nested deeper than {DEEPEST}") from None


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON value")


def _whole(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:
        raise TooBig("a number too large to be kept") from None


def _fraction(written: str) -> float:
    if math.isinf(number := float(written)):
        raise TooBig("a number too large to be kept")
    return number


def _washed(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise TooBig(f"nested deeper than {DEEPEST}")
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value).replace("\x00", "\ufffd")
    if isinstance(value, dict):
        return {_washed(k, depth): _washed(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list):
        return [_washed(v, depth + 1) for v in value]
    return value


def check_size(value: Any, depth: int = 0) -> None:
    """See that an event is no monster.

    Raises:
        TooBig: too many keys in one object, or nested too deeply.
    """
    if depth > DEEPEST:
        raise TooBig(f"nested deeper than {DEEPEST}")
    if isinstance(value, dict):
        if len(value) > MOST_KEYS:
            raise TooBig(f"an object with {len(value)} keys; {MOST_KEYS} is the most")
        value = value.values()
    elif not isinstance(value, list):
        return
    for item in value:
        if isinstance(item, dict | list):
            check_size(item, depth + 1)


def may_be_too_big(raw: bytes) -> bool:
    """Whether it is worth looking for too many keys or levels; counting brackets is a hundred times quicker."""
    return raw.count(b":") > MOST_KEYS or raw.count(b"{") + raw.count(b"[") > DEEPEST


def may_hold_secrets(raw: bytes) -> bool:
    """Whether it is worth walking this event for secrets: no false no, seldom a false yes.

    Every event passes here, so what can be found by plain byte search is asked first.
    """
    low = raw.lower()
    if national_ids.may_hold_one(low) or (_may_hold_secret_name(low) and _RAW_NAME.search(raw)):
        return True
    if b"0000000000000" not in raw.translate(_DIGITS, b" -"):
        return False
    return any(_is_card(re.sub(rb"\D", b"", found[0]).decode()) for found in _RAW_CARD.finditer(raw))


def _may_hold_secret_name(low: bytes) -> bool:
    # Written out: a generator over the beginnings took ten times as long.
    return (
        b'"pass' in low
        or b'"pwd' in low
        or b'"pin' in low
        or b'"cv' in low
        or b'"csc' in low
        or b'"secret' in low
        or b'"ssn' in low
        or b'"jmbg' in low
        or b'"card' in low
        or b'"cc' in low
        or b'"credit' in low
        or b'"debit' in low
        or b'"bank' in low
        or b'"payment' in low
        or b'"nat' in low
    )


def masked(event: Any) -> Any:
    """The same event with card numbers, passwords, PINs and national ids masked; known order numbers stay."""
    return _masked(event, "", frozenset(_known_numbers(event, known=False)))


def _known_numbers(value: Any, *, known: bool) -> Iterator[str]:
    """The digits of every number that stands under the name of an order, a parcel, a product …"""
    if isinstance(value, dict):
        for name, inner in value.items():
            is_known = _KNOWN_NUMBER.search(name) and not _SECRET_NAME.fullmatch(name)  # card_number is neither
            yield from _known_numbers(inner, known=bool(is_known))
    elif isinstance(value, list):
        for inner in value:
            yield from _known_numbers(inner, known=known)
    elif known and isinstance(value, str | int):
        yield _digits(str(value))


def _masked(value: Any, name: str, known: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {k: _masked(v, k, known) for k, v in value.items()}
    if isinstance(value, list):
        return [_masked(v, name, known) for v in value]
    if value is None or isinstance(value, bool):
        return value
    if _SECRET_NAME.fullmatch(name):
        return MASK
    if _KNOWN_NUMBER.search(name):
        return value
    if isinstance(value, str):
        return _masked_text(value, known)
    if isinstance(value, int) and _is_card(str(value)) and str(value) not in known:
        return _mask_digits(str(value))
    return value


def _masked_text(text: str, known: frozenset[str] = frozenset()) -> str:
    text = _CARD.sub(lambda found: _mask_card(found, known), text)
    return national_ids.masked(text, MASK) if national_ids.may_hold_one(text.lower().encode()) else text


def _mask_card(found: re.Match[str], known: frozenset[str]) -> str:
    digits = _digits(found[0])
    if not _is_card(digits):
        return found[0]
    words = list(_BEFORE_NUMBER.finditer(found.string, max(0, found.start() - NEAR_CHARS), found.start()))
    is_known = bool(words[-1]["order"]) if words else digits in known
    return found[0] if is_known else _mask_digits(digits)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _mask_digits(digits: str) -> str:
    return MASK + digits[-4:]


def _is_card(digits: str) -> bool:
    """Luhn, and a first digit card networks use; 10 % of random digits pass Luhn alone.

    Source: ISO/IEC 7812-1 (Luhn, major industry identifiers), https://www.iso.org/standard/70484.html, read 2026-11-23.
    """
    if not 13 <= len(digits) <= 19 or digits[0] not in "23456":
        return False
    total = sum(int(d) for d in digits[-1::-2])
    total += sum(sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])
    return total % 10 == 0


def shown(raw: bytes) -> str:
    """A raw event as a person may see it: secrets masked, odd bytes made visible."""
    try:
        return json.dumps(masked(decode(raw)), ensure_ascii=False, indent=2)
    except ValueError:
        return _masked_text(raw.decode("utf-8", "backslashreplace"))
