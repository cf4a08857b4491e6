"""Which field a column holds: by the words above it and by what stands in it, with a confidence and the reasons."""

from functools import lru_cache
from typing import NamedTuple

from fadeno.sheets import headers
from fadeno.sheets.contents import Content
from fadeno.sheets.fields import FIELDS, TARGETS, WHILE_GUESSING, Field, plain
from fadeno.sheets.model import Guess

ENOUGH = 0.5
_SURE = 0.99
_SEEN = 3
_FEW_TELL = 0.4  # one or two values can't unsay a header, but decide between two fields
_FEW = 0.3
_CLEAR = 0.9
_MOSTLY = 0.6
_LESS = 0.4
_MOST = 6
_LEAST = 0.05
_CLEAR_KIND, _CLEAR_WHOLE_KIND = 0.3, 0.1
_DAYS = frozenset(("happened_at", "created_at"))
_AMOUNTS = frozenset(("unit_price", "line_total", "order_total"))
# Field without a header's help: which content finds it, how sure that is, and in which kinds of files.
_BY_CONTENT: tuple[tuple[str, str, float, tuple[str, ...]], ...] = (
    ("email", "email", 0.92, TARGETS),
    ("phone", "phone", 0.8, TARGETS),
    ("gtin", "gtin", 0.9, TARGETS),
    ("country", "country", 0.75, TARGETS),
    ("currency", "currency", 0.85, TARGETS),
    ("picture_url", "picture", 0.85, TARGETS),
    ("url", "url", 0.7, TARGETS),
    ("company", "company", 0.7, ("customers",)),
    ("name", "name", 0.6, ("customers",)),
    ("postcode", "postcode", 0.35, ("customers",)),
    ("ordered_at", "date", 0.55, ("orders",)),
    ("happened_at", "date", 0.6, ("events", "messages")),
    ("birth_date", "long_ago", 0.6, ("customers",)),
    ("birth_date", "date", 0.35, ("customers",)),
    ("created_at", "date", 0.4, ("customers",)),
    ("customer_id", "numbered", 0.52, ("customers",)),
    ("product_no", "numbered", 0.52, ("products", "stock")),
    ("product_no", "article", 0.6, ("products", "stock")),
    ("product_name", "called", 0.6, ("products", "stock")),
    ("unit_price", "priced", 0.52, ("products",)),
    ("order_no", "rising", 0.6, ("orders",)),
    ("line_total", "money", 0.55, ("orders",)),
    ("unit_price", "money", 0.55, ("products",)),
    ("unit_price", "decimals", 0.4, ("products", "orders")),
    ("order_no", "code", 0.3, ("orders",)),
    ("product_no", "code", 0.3, ("products", "stock")),
    ("product_name", "wordy", 0.35, ("products", "orders", "stock")),
    ("text", "wordy", 0.4, ("messages",)),
    ("newsletter", "bool", 0.25, ("customers",)),
)


class Seen(NamedTuple):
    """A column as it was looked at."""

    at: int
    header: str
    content: Content


class Belief(NamedTuple):
    """What a file's columns hold if it is of one kind.

    Attributes:
        best: column -> its field. guesses: column -> all that were considered, likeliest first.
        weight: how much speaks for this kind. missing: required fields that no column holds.
    """

    target: str
    best: dict[int, Guess]
    guesses: dict[int, list[Guess]]
    weight: float
    missing: tuple[str, ...]


def believe(columns: list[Seen], target: str, said: dict[int, str | None]) -> Belief:
    """The fields of the columns if the file is of that kind; what the caller said stands."""
    guesses = {column.at: _guesses(column, target) for column in columns}
    best = {at: Guess(field, 1.0, (("said",),)) for at, field in said.items() if field}
    taken = {guess.field for guess in best.values()}
    header = {column.at: plain(column.header).replace(" ", "_") for column in columns}
    ranked = sorted(  # of equals the one that bears the field's very name
        ((guess, at) for at, listed in guesses.items() if at not in said for guess in listed),
        key=lambda item: (-item[0].confidence, header[item[1]] != item[0].field, item[1]),
    )
    for guess, at in ranked:
        if guess.confidence >= ENOUGH and at not in best and guess.field not in taken:
            best[at] = guess
            taken.add(guess.field)
    if "name" in taken and len(taken & {"given_name", "family_name"}) == 1:
        _part_name(columns, best, taken)
    elif "name" not in taken and len(taken & {"given_name", "family_name"}) == 1:
        _whole_name(columns, best, taken)
    missing = tuple(missing_of(target, taken))
    return Belief(target, best, guesses, _weight(target, best, missing), missing)


def is_clear(columns: list[Seen], belief: Belief, confidence: float) -> bool:
    """Whether the likeliest kind of file may be taken for it unasked: of a kind's whole columns less is enough."""
    if belief.target == "customers" and _is_of_others(columns, belief):
        return False
    return confidence >= (_CLEAR_KIND if belief.missing else _CLEAR_WHOLE_KIND)


def _is_of_others(columns: list[Seen], belief: Belief) -> bool:
    """Whether people are listed by their numbers as suppliers, staff or carriers, and not as customers."""
    if any(guess.field == "customer_id" for guess in belief.best.values()):
        return False
    return any(column.content.distinct == 1 and headers.is_of_others(column.header) for column in columns[:2])


def rank(columns: list[Seen], said: dict[int, str | None]) -> list[tuple[Belief, float]]:
    """The beliefs for all kinds of files with the confidence in each, likeliest first."""
    columns = _with_products(columns)
    beliefs = _told_apart([believe(columns, target, _of(target, said)) for target in TARGETS])
    whole = sum(belief.weight**2 for belief in beliefs) or 1.0
    found = [(belief, belief.weight**2 / whole * min(1.0, belief.weight / 4)) for belief in beliefs]
    return sorted(found, key=lambda item: -item[1])


def _told_apart(beliefs: list[Belief]) -> list[Belief]:
    """A whole list of products with prices is one, whatever it says of their stock."""
    priced = any(
        belief.target == "products"
        and not belief.missing
        and any(guess.field == "unit_price" and guess.confidence > _CLEAR for guess in belief.best.values())
        for belief in beliefs
    )
    return [
        belief._replace(weight=belief.weight * _LESS)
        if priced and belief.target == "stock"
        else belief._replace(weight=_LEAST)
        if not _tells_more_than_a_day(belief)
        else belief
        for belief in beliefs
    ]


def _tells_more_than_a_day(belief: Belief) -> bool:
    """Whether more than a day speaks for a kind: of orders a number, how many for how much, or a header."""
    found = {guess.field for guess in belief.best.values()}
    if any(guess.reasons[0][0] != "content" for guess in belief.best.values()):
        return True
    if belief.target == "orders":
        return "order_no" in found or ("quantity" in found and bool(found & _AMOUNTS))
    return not found <= _DAYS


def _with_products(columns: list[Seen]) -> list[Seen]:
    """Where products are numbered, texts that never come twice are their names, the last amounts their prices."""
    if not any(column.content.share("article") >= _CLEAR for column in columns):
        return columns
    named = next((one.at for one in columns if one.content.distinct > _CLEAR and one.content.share("wordy") > _FEW), -1)
    most = max(column.content.count for column in columns)
    full = [one.at for one in columns if one.content.share("decimals") >= _CLEAR and one.content.count == most]
    told = {named: "called", full[-1] if full else -1: "priced"}
    return [
        column._replace(content=column.content._replace(shares={**column.content.shares, told[column.at]: 1.0}))
        if column.at in told
        else column
        for column in columns
    ]


def _part_name(columns: list[Seen], best: dict[int, Guess], taken: set[str]) -> None:
    """Where one part of the name has a column of its own, a column of single words called "name" holds the other."""
    other = "family_name" if "given_name" in taken else "given_name"
    for column in columns:
        guess = best.get(column.at)
        if guess and guess.field == "name" and guess.confidence < 1.0 and column.content.share("wordy") < _FEW:
            best[column.at] = Guess(other, guess.confidence, guess.reasons)
            taken.add(other)
            taken.discard("name")


def _whole_name(columns: list[Seen], best: dict[int, Guess], taken: set[str]) -> None:
    """A word for a part of the name that also means all of it means all where no column holds the other part."""
    for column in columns:
        guess = best.get(column.at)
        is_part = guess is not None and guess.field in ("given_name", "family_name") and guess.confidence < 1.0
        if guess and is_part and headers.may_be_whole_name(column.header) and column.content.share("wordy") >= _MOSTLY:
            best[column.at] = Guess("name", guess.confidence, guess.reasons)
            taken.add("name")
            taken.discard(guess.field)


def _of(target: str, said: dict[int, str | None]) -> dict[int, str | None]:
    names = {field.name for field in FIELDS[target]}
    return {at: field for at, field in said.items() if field is None or field in names}


def missing_of(target: str, found: set[str], *, is_said: bool = False) -> list[str]:
    """What a file of a kind needs and no column holds.

    Args:
        is_said: somebody said that it is of this kind, so it need not show it.
    """
    missing = [field.name for field in FIELDS[target] if field.required and field.name not in found]
    groups: dict[str, list[str]] = {}
    for field in FIELDS[target]:
        if field.one_of and not (is_said and field.one_of == WHILE_GUESSING):
            groups.setdefault(field.one_of, []).append(field.name)
    return missing + ["|".join(names) for names in groups.values() if not found & set(names)]


def _weight(target: str, best: dict[int, Guess], missing: tuple[str, ...]) -> float:
    telling = {field.name: field.telling for field in FIELDS[target]}
    whole = sum(telling[guess.field] * guess.confidence for guess in best.values())
    return max(_LEAST, whole * 0.45 ** len(missing))


def _guesses(column: Seen, target: str) -> list[Guess]:
    found = [guess for field in FIELDS[target] if (guess := _guess(column, field, target))]
    return sorted(found, key=lambda guess: -guess.confidence)[:_MOST]


def _guess(column: Seen, field: Field, target: str) -> Guess | None:
    said, reason = headers.named_by(column.header, field.name)
    if said:
        fits = _fits(column.content, field)
        reasons = [reason]
        confidence = said
        if fits is not None and column.content.count:
            fits = fits if column.content.count >= _SEEN else max(fits, _FEW_TELL)
            confidence = said * (0.3 + 0.7 * min(1.0, fits / 0.6)) + 0.04 * (fits >= 0.6)
            reasons.append(("content_fits" if fits >= 0.6 else "content_differs", field.kind, _percent(fits)))
        return Guess(field.name, round(min(confidence, _SURE), 3), tuple(reasons))
    sure, kind = _by_content(column.content, field.name, target)
    if sure < 0.2 or (field.kind == "phone" and _is_no_phone(column.header)):
        return None
    says = column.header and not headers.is_meaningless(column.header)
    if says and sure < 0.7 and not (field.name == "order_no" and plain(column.header) == "name"):  # as shops export
        sure *= 0.8  # there is a header, and it says nothing of the kind
    return Guess(field.name, round(sure, 3), (("content", kind, _percent(column.content.share(kind))),))


def _is_no_phone(header: str) -> bool:
    """Whether a header says of numbers that look like phones that they are none."""
    is_phone = any(headers.named_by(header, name)[0] for name in ("phone", "mobile"))
    return headers.is_fax(header) or (headers.is_known(header) and not is_phone)


def _by_content(content: Content, field: str, target: str) -> tuple[float, str]:
    best, kind = 0.0, ""
    if content.count < _SEEN:
        return best, kind
    for wanted, sure in _content_rules(field, target):
        share = content.share(wanted)
        if share >= 0.7:
            value = sure * share * _plausible(field, content)
            if value > best:
                best, kind = value, wanted
    return best, kind


@lru_cache(maxsize=1024)
def _content_rules(field: str, target: str) -> tuple[tuple[str, float], ...]:
    return tuple((kind, sure) for name, kind, sure, targets in _BY_CONTENT if name == field and target in targets)


def _plausible(field: str, content: Content) -> float:
    """Lowers what the look of values alone suggests where their variety speaks against it."""
    if field == "order_no":
        return 1.0 if content.distinct > 0.2 and content.chars > 3 else 0.3
    if field == "country" and content.chars <= 3.5:
        return 0.8 if content.distinct * content.count >= _SEEN else 0.4
    if field in ("name", "text", "product_name"):
        return 1.0 if content.distinct > 0.3 else 0.4
    return 1.0


def _fits(content: Content, field: Field) -> float | None:
    """The share of values that can be the field's; None when its values may look like anything."""
    share = content.share
    numeric = max(share("number"), share("money"))
    match field.kind:
        case "email" | "country" | "currency" | "bool" | "url":
            return share(field.kind)
        case "gtin":
            return max(share("gtin"), 0.7 * share("code") if content.chars >= 7 else 0.0)
        case "phone":
            return max(share("phone"), share("digits"), 0.75 * share("code") * (content.chars >= 6))
        case "date" | "datetime":
            return max(share("date"), 0.5 * share("code") * (4.5 < content.chars < 8.5))
        case "number" | "money":
            return numeric if field.kind == "number" else max(numeric, share("decimals"))
        case "postcode":
            return max(share("postcode"), share("code") * 0.8)
        case "name":
            odd = max(numeric, share("email"), share("date"), share("url"), 0.8 * share("code"))
            single = 1 - share("wordy")
            return 1.0 - max(odd, 0.4 * (single if field.name == "name" else 1 - single) * (content.chars > 2))
        case "id":
            return _fits_id(content)
        case "language":
            return max(share("language"), 0.6 * (content.chars < 14) * (1 - numeric))
        case _:
            return _fits_text(content, field)


def _fits_id(content: Content) -> float:
    odd = max(content.share("wordy"), content.share("email"), content.share("date"), content.share("decimals"))
    named = content.share("name") * (0.8 if content.chars > 8 else 0.2)
    return 1.0 - max(odd, named, content.share("country") * (content.chars > 3), content.share("company"))


def _fits_text(content: Content, field: Field) -> float | None:
    odd = max(content.share("email"), content.share("date"), content.share("money"))
    if field.name in ("salutation", "gender") and content.chars > 10:
        return 0.2
    if field.name in ("channel", "payment", "brand", "category", "agent", "subject", "region"):
        odd = max(odd, content.share("number"))
    if field.name in ("product_name", "street", "city", "company", "text", "description", "status", "event"):
        odd = max(odd, content.share("number"), 0.7 * content.share("code") * (content.share("wordy") < 0.2))
    if field.name in ("sender", "recipient"):
        odd = content.share("date")
    return 1.0 - odd


def _percent(share: float) -> str:
    return str(round(100 * share))
