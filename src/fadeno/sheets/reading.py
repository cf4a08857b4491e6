"""A sheet looked at, and its rows read as typed values: the two verbs of this room."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice

from fadeno.sheets import columns, contents, dates, layout
from fadeno.sheets.book import Sheet
from fadeno.sheets.cells import is_nothing
from fadeno.sheets.countries import country_code, zeroed_chars
from fadeno.sheets.fields import FIELDS, TARGETS, field_of
from fadeno.sheets.model import (
    Column,
    Format,
    Guess,
    Notice,
    Raw,
    RawRow,
    Row,
    Table,
    Unreadable,
    letter,
    shown,
)
from fadeno.sheets.typed import plans, typed

SAMPLE_ROWS = 2_000
_SAMPLES = 5
_TOLD_ROWS = 10
_RAW_CHARS = 200


def look(
    sheet: Sheet,
    *,
    target: str | None = None,
    mapping: Mapping[str, str | None] | None = None,
    header_row: int | None = None,
    currency: str | None = None,
) -> Table:
    """What the sheet seems to hold: its header, each column's field and format, the kind of file it is.

    Args:
        target: the kind the caller says it is; guessed when None, and left empty where nothing tells it.
        mapping: column, by header or letter, -> field, or None to keep it under its header; others are guessed.
        header_row: as Excel shows it, 0 for none; found when None.
        currency: what amounts are in that say nothing of it.

    Raises:
        Unreadable: there are no rows, or `mapping` names a column or field that is not there.
    """
    if target is not None and target not in TARGETS:
        raise Unreadable("no_such_field", detail=f"A file is one of {', '.join(TARGETS)}.")
    stream = sheet.rows()
    sample = list(islice(stream, SAMPLE_ROWS))
    if not sample:
        raise Unreadable("no_rows")
    at = layout.header_at(sample) if header_row is None else _place(sample, header_row)
    header = layout.headers(sample, at, sheet.merged if at > 0 else ())
    body = sample[at + 1 :]
    if not body:
        raise Unreadable("no_rows")
    below = {at: [row.cells[at] if at < len(row.cells) else None for row in body] for at in range(_width(body, header))}
    seen = [
        columns.Seen(at, header[at] if at < len(header) else "", contents.content_of(values))
        for at, values in below.items()
    ]
    said = _said(mapping or {}, seen, target)
    ranked = columns.rank(seen, said)
    belief = _belief(target, seen, ranked)
    made, notices = _columns(seen, below, belief, said, _Rest(stream, sheet), currency)
    if any(column.field == "currency" for column in made):
        notices = [notice for notice in notices if notice.code != "currency_unknown"]
    notices.extend(_lost_zeros(made, body))
    if target and belief.missing and ranked[0][0].target != target and not ranked[0][0].missing:
        notices.append(Notice("wrong_kind", data={"said": target, "seems": ranked[0][0].target}))
    return Table(
        sheet=sheet.name,
        header_row=sample[at].number if at >= 0 else 0,
        first_row=body[0].number,
        columns=tuple(made),
        target=belief.target,
        targets=tuple((one.target, round(confidence, 3)) for one, confidence in ranked),
        missing=belief.missing,
        notices=tuple(notices),
    )


def read(sheet: Sheet, table: Table) -> Iterator[Row]:
    """The rows of the sheet as the table says, one by one; a cell that can't be understood is a fault of its row.

    Rows of totals, repeated headers and notes come too, with `left_out` set and no values.

    Raises:
        Unreadable: the file is damaged or breaks a limit further down; `row` says where.
    """
    planned = plans(table)
    header = [column.header for column in table.columns]
    raws: Iterator[RawRow] = (row for row in sheet.rows() if row.number >= table.first_row and row.cells)
    if spans := _spans(sheet, table):
        raws = _unmerged(raws, spans)
    head = list(islice(raws, 200))
    usual = layout.usual_cells(head)
    for raw, why in layout.marked(_chained(head, raws), header, usual):
        if why:
            yield Row(raw.number, {}, {"": " | ".join(filter(None, map(shown, raw.cells)))[:_RAW_CHARS]}, (), why)
            continue
        row = typed(raw, planned)
        if row.values or row.extra or row.faults:
            yield row


class _Rest:
    """The rows after the sample, read only if a column's format is still in doubt, and then once."""

    def __init__(self, stream: Iterator[RawRow], sheet: Sheet) -> None:
        self.stream = stream
        self.sheet = sheet
        self.rows_read = 0

    def texts(self, wanted: set[int]) -> Iterator[tuple[int, str]]:
        """The texts of some columns, as (column, text)."""
        for row in self.stream:
            self.rows_read += 1
            for at in wanted:
                if at < len(row.cells) and isinstance(row.cells[at], str):
                    yield at, row.cells[at]


def _belief(target: str | None, seen: list[columns.Seen], ranked: list[tuple[columns.Belief, float]]) -> columns.Belief:
    """What is believed of the columns: of the kind somebody said, else of the likeliest, if it is clear."""
    if target is not None:
        said = next(one for one, _ in ranked if one.target == target)
        found = {guess.field for guess in said.best.values()}
        return said._replace(missing=tuple(columns.missing_of(target, found, is_said=True)))
    likeliest, confidence = ranked[0]
    if columns.is_clear(seen, likeliest, confidence):
        return likeliest
    return columns.Belief("", {}, {column.at: [] for column in seen}, 0.0, ())


def _chained(head: list[RawRow], rest: Iterable[RawRow]) -> Iterator[RawRow]:
    yield from head
    yield from rest


def _place(rows: list[RawRow], number: int) -> int:
    if number == 0:
        return -1
    found = next((at for at, row in enumerate(rows) if row.number == number), None)
    if found is None:
        raise Unreadable("no_rows")
    return found


def _width(body: list[RawRow], header: list[str]) -> int:
    filled = max((len(header) - 1 - at for at, text in enumerate(reversed(header)) if text), default=-1) + 1
    return max(filled, max(len(row.cells) for row in body))


def _said(mapping: Mapping[str, str | None], seen: list[columns.Seen], target: str | None) -> dict[int, str | None]:
    said: dict[int, str | None] = {}
    for name, field in mapping.items():
        wanted = name.strip()
        at = next((column.at for column in seen if column.header.strip() == wanted), None)
        if at is None:
            at = next((column.at for column in seen if letter(column.at) == wanted.upper()), None)
        if at is None:
            raise Unreadable("no_such_column", detail=f"“{wanted[:60]}” is not one of them.")
        known = [target] if target else list(FIELDS)
        if field is not None and not any(field_of(kind, field) for kind in known):
            raise Unreadable("no_such_field", detail=_instead_of(field, known))
        said[at] = field
    return said


def _instead_of(field: str, targets: list[str]) -> str:
    """Says that a field is none, and which there are: all of a kind, or those most like it of all kinds."""
    there = list(dict.fromkeys(one.name for kind in targets for one in FIELDS[kind] if one.telling))
    if len(targets) == 1:
        return f"“{field[:60]}” is not one of them. {targets[0].capitalize()} have {', '.join(there)}."
    like = " or ".join(get_close_matches(field[:60].lower(), there, cutoff=0.5))
    return f"“{field[:60]}” is not one of them." + (f" Did you mean {like}?" if like else "")


def _columns(
    seen: list[columns.Seen],
    below: dict[int, list[Raw]],
    belief: columns.Belief,
    said: dict[int, str | None],
    rest: _Rest,
    currency: str | None,
) -> tuple[list[Column], list[Notice]]:
    kinds = {column.at: _kind(column, belief) for column in seen}
    texts = {at: [cell for cell in below[at] if isinstance(cell, str)] for at in kinds}
    _settle(kinds, texts, rest)
    usual = _usual_mark(kinds, texts, rest.sheet)
    made, notices = [], []
    for column in seen:
        if not column.header and not column.content.count:
            continue
        guess = belief.best.get(column.at)
        kind = kinds[column.at]
        format = _format(kind, texts[column.at], below[column.at], column.header, currency, usual)
        notices.extend(_doubts(column, format, texts[column.at]))
        others = [other for other in belief.guesses[column.at] if not guess or other.field != guess.field]
        made.append(_column(column, guess, others, format, below[column.at]))
    return made, notices


def _column(
    column: columns.Seen, guess: Guess | None, others: list[Guess], format: Format, values: list[Raw]
) -> Column:
    full = [text for cell in values if cell is not None and (text := shown(cell)) and not is_nothing(text)]
    texts = dict.fromkeys(text[:80] for text in full)
    return Column(
        at=column.at,
        letter=letter(column.at),
        header=column.header,
        field=guess.field if guess else None,
        confidence=guess.confidence if guess else 0.0,
        reasons=guess.reasons if guess else (),
        others=tuple(others),
        format=format,
        samples=tuple(islice(texts, _SAMPLES)),
        filled=round(len(full) / max(len(values), 1), 3),
    )


def _kind(column: columns.Seen, belief: columns.Belief) -> str:
    guess = belief.best.get(column.at)
    field = field_of(belief.target, guess.field) if guess else None
    return field.kind if field else "text"


def _settle(kinds: dict[int, str], texts: dict[int, list[str]], rest: _Rest) -> None:
    """Reads on through the whole column where the sample leaves open which comes first, day or month, or which mark."""
    open_columns = {at for at, kind in kinds.items() if _in_doubt(kind, texts[at])}
    if not open_columns:
        return
    for at, text in rest.texts(open_columns):
        telling = dates.shape(text) in ("dmy", "mdy") if kinds[at] in ("date", "datetime") else _tells(text)
        if telling:
            texts[at].append(text)
            open_columns.discard(at)
            if not open_columns:
                return


def _in_doubt(kind: str, texts: list[str]) -> bool:
    if kind in ("date", "datetime"):
        return dates.order_of(texts)[0] is None and any(dates.shape(text) == "either" for text in texts)
    if kind in ("number", "money"):
        mark, _, doubt = contents.decimal_of(texts)
        return mark is None and doubt
    return False


def _tells(text: str) -> bool:
    return contents.decimal_of([text])[0] is not None


def _lost_zeros(made: list[Column], body: list[RawRow]) -> Iterator[Notice]:
    """Columns in whose looked-at rows numbers stand that may have begun with zeros, or with a plus."""
    for column in made:
        texts = {row.number: shown(row.cells[column.at]) for row in body if column.at < len(row.cells)}
        digits = {number: text for number, text in texts.items() if text.isdigit()}
        if any(text[0] == "0" for text in digits.values()):
            continue  # they are kept here
        if column.format.kind == "postcode":
            rows = _short_postcodes(digits, _countries(made, body))
        elif column.format.kind == "phone":
            rows = [number for number, text in digits.items() if 6 < len(text) < 12]
            rows = rows if 2 * len(rows) >= sum(map(bool, texts.values())) else []
        else:
            continue
        if rows:
            data: dict[str, str | int] = {"header": column.header, "count": len(rows)}
            yield Notice("zeros_may_be_lost", column.letter, tuple(rows[:_TOLD_ROWS]), data)


def _short_postcodes(digits: dict[int, str], countries: dict[int, str]) -> list[int]:
    """The rows whose postcode is one digit short: of its country's, or of the longest where no country is said."""
    unsaid = {number: text for number, text in digits.items() if number not in countries}
    longest = max(map(len, unsaid.values()), default=0)
    short = [number for number, text in unsaid.items() if len(text) == longest - 1]
    short = short if longest > 4 and len(short) * 2 <= len(unsaid) else []
    said = [number for number, text in digits.items() if len(text) + 1 == zeroed_chars(countries.get(number))]
    return sorted(short + said)


def _countries(made: list[Column], body: list[RawRow]) -> dict[int, str]:
    """Row -> the code of the country it says."""
    column = next((column for column in made if column.field == "country"), None)
    if not column:
        return {}
    told = {row.number: shown(row.cells[column.at]) for row in body if column.at < len(row.cells)}
    return {number: code for number, text in told.items() if (code := country_code(text))}


def _usual_mark(kinds: dict[int, str], texts: dict[int, list[str]], sheet: Sheet) -> str | None:
    """The decimal mark of the sheet's other numbers; a csv parted by semicolons has the comma free for it."""
    for at, kind in kinds.items():
        mark = contents.decimal_of(texts[at])[0] if kind in ("number", "money") else None
        if mark:
            return mark
    dialect = sheet.dialect
    return "," if dialect and dialect.delimiter == ";" else None


def _format(
    kind: str, texts: list[str], values: list[Raw], header: str, currency: str | None, usual: str | None
) -> Format:
    if kind in ("date", "datetime"):
        return Format(kind, order=dates.order_of(texts)[0])
    if kind in ("number", "money"):
        found = contents.currency_in(values, header) or currency if kind == "money" else None
        return Format(kind, decimal=contents.decimal_of(texts)[0] or usual, currency=found)
    return Format(kind)


def _doubts(column: columns.Seen, format: Format, texts: list[str]) -> Iterator[Notice]:
    name = letter(column.at)
    if format.kind in ("date", "datetime"):
        order, against = dates.order_of(texts)
        if order is None and any(dates.shape(text) == "either" for text in texts):
            yield Notice("date_order_unsure", name, data={"header": column.header, "order": order or "dmy"})
        elif against:
            yield Notice("date_orders_mixed", name, data={"header": column.header, "count": against})
    elif format.kind in ("number", "money"):
        mark, against, doubt = contents.decimal_of(texts)
        if mark is None and doubt:
            yield Notice("decimal_mark_unsure", name, data={"header": column.header, "mark": format.decimal or ""})
        elif against:
            yield Notice("decimal_marks_mixed", name, data={"header": column.header, "count": against})
        if format.kind == "money" and format.currency is None:
            yield Notice("currency_unknown", name, data={"header": column.header})


def _spans(sheet: Sheet, table: Table) -> dict[int, list[tuple[int, int]]]:
    """Row -> (column, last row) of the cells merged downward from it."""
    found: dict[int, list[tuple[int, int]]] = {}
    for top, left, bottom, _ in sheet.merged:
        if table.first_row <= top < bottom:
            found.setdefault(top, []).append((left, bottom))
    return found


def _unmerged(rows: Iterable[RawRow], spans: dict[int, list[tuple[int, int]]]) -> Iterator[RawRow]:
    """The rows with the value of a merged cell in each row it spans."""
    lasting: dict[int, tuple[int, Raw]] = {}
    for row in rows:
        cells = row.cells
        for at, (last, value) in list(lasting.items()):
            if row.number > last:
                del lasting[at]
            elif at >= len(cells) or cells[at] in (None, ""):
                cells.extend([None] * (at + 1 - len(cells)))
                cells[at] = value
        for at, last in spans.get(row.number, ()):
            if at < len(cells) and cells[at] is not None:
                lasting[at] = (last, cells[at])
        yield row
