"""What the values of a column look like, without looking at its header: the share of each kind."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from fadeno.kit import money
from fadeno.sheets import dates
from fadeno.sheets.cells import clean, gtin_fits, is_nothing
from fadeno.sheets.countries import country_code
from fadeno.sheets.fields import plain, word_list
from fadeno.sheets.model import Broken, Priced, Raw, shown

LOOKED_AT = 500
_MOSTLY = 0.9
_CODE_CHARS = 3.5
_FEW_ORDERS = 0.2
_BORN_BEFORE = 2008  # most who buy are older; of what is in a sheet, most else is younger
_MAX_CHARS = 320  # longer texts are texts; and no pattern gets the time to go wrong on them
_EMAIL = re.compile(r"(mailto:)?<?[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]{2,}>?", re.IGNORECASE)
_URL = re.compile(r"(https?://|www\.)\S+\.\S+", re.IGNORECASE)
_PICTURE = re.compile(r"\.(jpe?g|png|gif|webp|svg|avif)(\?|$)", re.IGNORECASE)
_PHONE = re.compile(r"(tel:)?[+(]?\(?\+?[\d(][\d\s()/.\-\u2011]{5,22}\d( ?(ext|x|доб)\.? ?\d{1,5})?", re.IGNORECASE)
_COUNTED = re.compile(r"(19|20)\d{2}[-/. ]\d{3,9}|\d{1,9}[-/.]((19|20)\d{2}|\d{1,4})|\d{2,3}[-/]\d{5,}")
_POSTCODE = re.compile(
    r"\d{3,6}|\d{3} \d{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{5}-\d{3,4}|\d{4} ?[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d"
    r"|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]{1,2}-\d{4,5}|[A-Z]\d[\dW][ -]?[A-Z0-9]{4}|[A-Z]\d{4}[A-Z]{3}|\d{7}",
    re.IGNORECASE,
)
_CODE = re.compile(r"#?[A-Za-zА-Яа-я]{0,6}[-_/#.]?\d[\w./-]{0,24}", re.UNICODE)
_COMPANY = re.compile(
    r"(?<!\w)(gmbh|ag|kg|ug|ltd|llc|inc|plc|corp|s\.?a\.?s?|s\.?r\.?l|sarl|s\.?l|lda|ltda|kft|zrt|bt|nyrt|d\.?o\.?o|a\.?d|ооо|оао|зао|пао|ип"
    r"|co|company|société|عمال|شركة)\.?(?!\w)",
    re.IGNORECASE,
)
_PERSON = re.compile(r"[^\W\d_][\w'’.\-]*(,? [^\W\d_][\w'’.\-]*){1,4}")
_LANGUAGE = re.compile(r"[a-z]{2}([-_][A-Z]{2})?")
_FRACTION = re.compile(r"\d*[.,]\d+")
_DECIMALS = re.compile(r"(?:\d|^)[.,]\d{2}(?:\d{2})?(?!\d)")
_ARTICLE = re.compile(r"([A-Z]{1,5})[-._/]?(?=[A-Z\d]*\d)[A-Z\d]{2,8}([-._/][A-Z\d]{1,6}){0,2}")
_ARTICLE_KINDS = 3  # as many groups of products as tell them from orders, which all begin alike


class Content(NamedTuple):
    """What a column's values are like.

    Attributes:
        count: values looked at. distinct: share of different ones. chars: mean length.
        shares: kind -> share of the values that can be read as it; also `company`, `picture`, `code`, `wordy`;
            `numbered` where codes are all different, `rising` where they rise from row to row, `long_ago` of dates,
            `article` where letters that differ stand before digits and hardly any comes twice.
    """

    count: int = 0
    distinct: float = 0.0
    chars: float = 0.0
    shares: Mapping[str, float] = MappingProxyType({})

    def share(self, kind: str) -> float:
        """The share of one kind."""
        return self.shares.get(kind, 0.0)


def content_of(cells: list[Raw]) -> Content:
    """What the values of a column are like; empty ones do not count."""
    values = [cell for cell in cells if not _empty(cell)][:LOOKED_AT]
    if not values:
        return Content()
    found: Counter[str] = Counter()
    texts = []
    for value in values:
        text = clean(shown(value))
        texts.append(text)
        found.update(_kinds(value, text))
    count = len(values)
    shares = {kind: times / count for kind, times in found.items()}
    distinct = len(set(texts)) / count
    if "name" in shares and distinct < 0.1 and count > 30:
        shares["name"] *= 0.3
    shares |= _counted(texts, shares, distinct) | _articles(texts, distinct)
    return Content(count, distinct, sum(map(len, texts)) / count, shares)


def _articles(texts: list[str], distinct: float) -> dict[str, float]:
    """Numbers of products, such as AR-5381."""
    found = [match[1] for text in texts if (match := _ARTICLE.fullmatch(text))]
    is_told = distinct > _MOSTLY and len(set(found)) >= _ARTICLE_KINDS
    return {"article": len(found) / len(texts)} if is_told else {}


def _counted(texts: list[str], shares: Mapping[str, float], distinct: float) -> dict[str, float]:
    """What codes tell by how they follow each other: customers are all different, orders rise."""
    code = shares.get("code", 0.0)
    other = max(shares.get(kind, 0.0) for kind in ("date", "gtin", "phone", "digits", "decimals"))
    chars = sum(map(len, texts)) / len(texts)
    if code < _MOSTLY or other > 1 - _MOSTLY or chars < _CODE_CHARS or any(map(_FRACTION.fullmatch, texts)):
        return {}
    steps = [(len(after), after) >= (len(before), before) for before, after in pairwise(texts)]
    rising = sum(steps) / max(len(steps), 1)
    return {"numbered": code if distinct == 1 else 0.0, "rising": code * rising if distinct > _FEW_ORDERS else 0.0}


def decimal_of(texts: list[str]) -> tuple[str | None, int, bool]:
    """The mark that parts decimals in a column, how many cells contradict it, and whether some cell could be both."""
    votes: Counter[str] = Counter()
    doubt = False
    for text in texts:
        told = _mark(text)
        if told == "?":
            doubt = True
        elif told:
            votes[told] += 1
    if not votes:
        return None, 0, doubt
    mark = votes.most_common(1)[0][0]
    return mark, sum(votes.values()) - votes[mark], doubt


def currency_in(cells: list[Raw], header: str) -> str | None:
    """The currency a column's amounts are in: by the header (`Price (EUR)`), or by their formats and signs."""
    for piece in re.split(r"[\s()\[\]/,:]+", header):
        code = money.currency_of(piece)
        if code and (piece.isupper() or not piece.isascii() or piece in money.SIGNS):
            return code
    votes: Counter[str] = Counter()
    for cell in cells[:LOOKED_AT]:
        if isinstance(cell, Priced):
            votes[cell.currency] += 1
        elif isinstance(cell, str) and (found := _amount(cell)) and found.currency:
            votes[found.currency] += 1
    return votes.most_common(1)[0][0] if votes else None


def _empty(cell: Raw) -> bool:
    return cell is None or (isinstance(cell, str) and (not cell.strip() or is_nothing(cell.strip())))


def _kinds(value: Raw, text: str) -> set[str]:
    if isinstance(value, Broken):
        return set()
    if isinstance(value, bool):
        return {"bool"}
    if isinstance(value, date | datetime):
        return {"date", "long_ago"} if value.year < _BORN_BEFORE else {"date"}
    kinds = _textual(text) if isinstance(value, str) else _numeric(value, text)
    if (plain(text) or text) in word_list("yes") | word_list("no"):
        kinds.add("bool")
    return kinds


def _numeric(value: Raw, text: str) -> set[str]:
    kinds = {"number"}
    if isinstance(value, Priced):
        kinds.add("money")
    elif isinstance(value, float) and not value.is_integer():
        kinds.add("decimals")
    if isinstance(value, int):
        kinds.add("code")
        kinds.update(kind for kind, fits in (("gtin", gtin_fits(text)), ("postcode", 3 < len(text) < 7)) if fits)
        if 9 <= len(text) <= 13 and not gtin_fits(text):
            kinds.add("digits")
    return kinds


def _textual(text: str) -> set[str]:
    if len(text) > _MAX_CHARS:
        return {"wordy"}
    if _EMAIL.fullmatch(text):
        return {"email"}
    if _URL.fullmatch(text):
        return {"url", "picture"} if _PICTURE.search(text) else {"url"}
    kinds: set[str] = set()
    digits = sum(character.isdigit() for character in text)
    if digits:
        kinds |= _with_digits(text, digits)
    else:
        kinds |= _without_digits(text)
    if len(text) < 40 and country_code(text):
        kinds.add("country")
    if " " in text and digits * 2 < len(text):
        kinds.add("wordy")
    return kinds


def _with_digits(text: str, digits: int) -> set[str]:
    kinds: set[str] = set()
    shape = dates.shape(text) if len(text) <= 40 else None
    if shape:
        kinds |= {"date", "long_ago"} if _is_long_ago(text) else {"date"}
    if amount := _amount(text):
        kinds.add("number")
        kinds.update(("money",) if amount.sign else ("decimals",) if _DECIMALS.search(text) else ())
    fits = gtin_fits(text)
    if fits:
        kinds.add("gtin")
    if _POSTCODE.fullmatch(text):
        kinds.add("postcode")
    if _CODE.fullmatch(text):
        kinds.add("code")
    if 7 <= digits <= 15 and not shape and not fits and _PHONE.fullmatch(text):
        kinds.update(("phone",) if _dialled(text) else ("digits",) if text.isdigit() else ())
    return kinds


def _dialled(text: str) -> bool:
    """Whether digits are parted as people part numbers to dial, and not as orders are counted: 2024-00017."""
    return text[0] in "+(0" or (not text.isdigit() and not _COUNTED.fullmatch(text))


def _is_long_ago(text: str) -> bool:
    try:
        return dates.moment(text, None).year < _BORN_BEFORE
    except dates.NoDate:
        return False


def _without_digits(text: str) -> set[str]:
    kinds: set[str] = set()
    if _COMPANY.search(text):
        kinds.add("company")
    elif len(text) < 60 and _PERSON.fullmatch(text) and _is_titled(text):
        kinds.add("name")
    if len(text) == 3 and text.isupper() and text in money.EXPONENTS:
        kinds.add("currency")
    if _LANGUAGE.fullmatch(text):
        kinds.add("language")
    return kinds


def _is_titled(text: str) -> bool:
    """Whether every longer word begins as names do; scripts without capitals always do."""
    words = [word for word in re.split(r"[\s,]+", text) if len(word) > 3 or word[:1].isupper()]
    return bool(words) and all(not word[0].islower() for word in words) and not text.isupper()


def _amount(text: str) -> money.Amount | None:
    try:
        return money.read_amount(text)
    except money.NoAmount:
        return None


def _mark(text: str) -> str | None:
    """`.` or `,` where the number tells its decimal mark, `?` where it could be both, None where it has none."""
    text = re.sub(r"[^\d.,٫٬]", "", text).replace("٫", ".").strip(".,")
    dot, comma = text.rfind("."), text.rfind(",")
    if dot >= 0 and comma >= 0:
        return "." if dot > comma else ","
    mark = "." if dot >= 0 else "," if comma >= 0 else None
    if mark is None:
        return None
    other = "," if mark == "." else "."
    if text.count(mark) > 1:
        return other
    whole, _, rest = text.partition(mark)
    return "?" if len(rest) == 3 and 1 <= len(whole) <= 3 and whole != "0" else mark
