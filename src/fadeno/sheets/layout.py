"""Where in a sheet the header and the rows are, and which rows are none: titles above, totals and notes below."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from functools import cache

from fadeno.sheets import dates
from fadeno.sheets.fields import plain, word_list
from fadeno.sheets.headers import is_known
from fadeno.sheets.model import Broken, Raw, RawRow, shown

LOOKED_AT = 60
MAX_HEADER_CHARS = 120
_MAX_HELD = 20
_NOTE_SPACES = 3
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"[-+(]?[\d٠-٩][\d٠-٩\s.,'/:%)-]*")


def header_at(rows: list[RawRow]) -> int:
    """The place in `rows` of the header, -1 when the sheet has none."""
    looked = rows[:LOOKED_AT]
    if not looked:
        return -1
    width = _width(looked)
    best, best_score = -1, 0.0
    for at, row in enumerate(looked[:40]):
        score = _score(row, looked[at + 1 :], width)
        if score > best_score + 1e-9:
            best, best_score = at, score
    return best


def headers(rows: list[RawRow], at: int, merged: Iterable[tuple[int, int, int, int]]) -> list[str]:
    """The text above each column; where the header row is empty, or one header spans columns, that of the row above."""
    if at < 0:
        return []
    own = [shown(cell).strip() for cell in rows[at].cells]
    number = rows[at].number
    above = rows[at - 1] if at and rows[at - 1].number == number - 1 else None
    upper = [shown(cell).strip() for cell in above.cells] if above else []
    spans = [area for area in merged if above and area[0] == above.number]
    if len([cell for cell in upper if cell]) < 2 and not spans:
        upper = []
    for _, left, bottom, right in spans:
        text = upper[left] if left < len(upper) else ""
        for column in range(left + 1, min(right, len(own) - 1) + 1):
            if text and bottom < number and column < len(own) and own[column]:
                own[column] = f"{text} {own[column]}"
        if text and right > left and bottom < number and left < len(own) and own[left]:
            own[left] = f"{text} {own[left]}"
    width = max(len(own), len(upper))
    own.extend([""] * (width - len(own)))
    return [text or (upper[column] if column < len(upper) else "") for column, text in enumerate(own)]


def is_value(cell: Raw) -> bool:
    """Whether a cell looks like a value and not like a header: a number, a date, an address."""
    if cell is None:
        return False
    if isinstance(cell, Broken | int | float | date | datetime | time):
        return True
    text = cell.strip()
    if "@" in text or _NUMBER.fullmatch(text) or len(text) > MAX_HEADER_CHARS:
        return True
    return bool(_DIGIT.search(text)) and dates.shape(text) is not None


def marked(rows: Iterable[RawRow], header: list[str], usual: int) -> Iterator[tuple[RawRow, str | None]]:
    """Every row with why it is left out, None for most.

    A row that may be a total is held back until it is known that only such rows follow.

    Args:
        usual: how many cells most rows fill.
    """
    held: list[tuple[RawRow, str]] = []
    titles = [text.strip() for text in header]
    title = next((text for text in titles if text), "")
    for row in rows:
        cells = row.cells
        first = cells[0] if cells else None
        # Most rows: full, and beginning with a value of their own.
        if first and len(cells) - cells.count(None) - cells.count("") >= usual and not _is(first, title) and not held:
            yield row, None
            continue
        kind = _doubt(row, titles, title, usual)
        if kind == "header":
            yield row, kind
        elif kind:
            held.append((row, kind))
            if len(held) > _MAX_HELD:
                yield held.pop(0)[0], None
        else:
            for kept, _ in held:
                yield kept, None
            held.clear()
            yield row, None
    yield from held


def usual_cells(rows: list[RawRow]) -> int:
    """How many cells most rows fill."""
    counts = Counter(_filled(row) for row in rows)
    return counts.most_common(1)[0][0] if counts else 0


def _doubt(row: RawRow, titles: list[str], title: str, usual: int) -> str | None:
    cells = row.cells
    first = next((cell for cell in cells if cell is not None and cell != ""), None)
    if first is None:
        return None
    filled = _filled(row)
    if (cells[0] is None or cells[0] == "") and is_value(first):
        # Sums under their columns, with nothing before them.
        numbers = filled * 2 <= usual and all(is_value(cell) for cell in cells if cell is not None and cell != "")
        return "total" if numbers and usual > 2 else None
    kind = None
    if not isinstance(first, str):
        return None
    if filled > 1 and _is(first, title) and _repeats(cells, titles):
        kind = "header"
    elif 1 < usual > filled and _is_total(first):
        kind = "total"
    elif usual > 2 and filled == 1 and (first.count(" ") >= _NOTE_SPACES or first.startswith("*")):
        kind = "note"
    return kind if kind and not is_value(first) else None


def _is(cell: Raw, title: str) -> bool:
    return cell.__class__ is str and cell.strip() == title


def _repeats(cells: list[Raw], titles: list[str]) -> bool:
    return [shown(cell).strip() for cell in cells[: len(titles)]] == titles[: len(cells)]


def _is_total(text: str) -> bool:
    text = text[:80]
    if text.isascii() and not _may_be_total().search(text.lower()):
        return False
    folded = plain(text)
    words = word_list("totals")
    return folded in words or any(folded.startswith(f"{word} ") for word in words)


@cache
def _may_be_total() -> re.Pattern[str]:
    """What a text without accents has in it if it begins with the word of a total, however that is written."""
    return re.compile("|".join(["'", *sorted({word.split()[0] for word in word_list("totals")})]))


def _filled(row: RawRow) -> int:
    return len(row.cells) - row.cells.count(None) - row.cells.count("")


def _width(rows: list[RawRow]) -> int:
    """How many cells a row of the table fills: the most usual number, the larger of two as usual."""
    counts = Counter(_filled(row) for row in rows)
    return max(counts.items(), key=lambda item: (item[1], item[0]))[0]


def _score(row: RawRow, below: list[RawRow], width: int) -> float:
    """How much a row looks like a header; 0 when it does not."""
    cells = [cell for cell in row.cells if cell is not None and cell != ""]
    if not cells or (len(cells) < 2 <= width):
        return 0.0
    values = sum(1 for cell in cells if is_value(cell))
    texts = [cell for cell in cells if isinstance(cell, str)]
    words = sum(1 for text in texts if is_known(text))
    if values > len(cells) / 2 or (values and not words):
        return 0.0
    filled = min(1.0, len(cells) / max(width, 1))
    distinct = len({text.strip().lower() for text in texts}) / len(cells)
    contrast = _contrast(row, below[:20])
    score = 2.0 * words / len(cells) + filled + 0.5 * distinct + contrast - values / len(cells)
    least = 0.5 if words else 0.8
    if filled < least or (not words and contrast < 0.15 and not _like_titles(row, below)):
        return 0.0
    return score if below or words else 0.0


def _contrast(row: RawRow, below: list[RawRow]) -> float:
    """The share of columns whose cells below are values while the one above is not."""
    columns = [at for at, cell in enumerate(row.cells) if cell is not None and cell != "" and not is_value(cell)]
    if not columns or not below:
        return 0.0
    contrasting = 0
    for at in columns:
        cells = [other.cells[at] for other in below if at < len(other.cells) and other.cells[at] not in (None, "")]
        contrasting += bool(cells) and sum(map(is_value, cells)) > len(cells) / 2
    return contrasting / len(columns)


def _like_titles(row: RawRow, below: list[RawRow]) -> bool:
    """Without any known word or contrast: short texts, all different, none of which comes again below."""
    texts = [shown(cell).strip() for cell in row.cells if cell is not None and cell != ""]
    again = {shown(cell).strip() for other in below for cell in other.cells if cell}
    return (
        len(texts) > 1
        and len(set(texts)) == len(texts)
        and all(len(text) <= 30 and not _DIGIT.search(text) for text in texts)
        and not any(text in again for text in texts)
    )
