"""Saved answers: what one need not write anew, found by a shortcut or by words. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fadeno.kit.errors import Conflict, Invalid, NotFound
from fadeno.kit.text import words

MOST_ANSWERS = 5_000
_SHORTCUT = re.compile(r"[\w-]{1,40}")
_AREA = re.compile(r"[a-z][a-z0-9_]{0,31}")
_MOST_AREAS = 40


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """A text one can put into an answer.

    Attributes:
        shortcut: what brings it while one types, without its slash.
        owner_id: the member whose own it is; None = everybody's.
        areas: those it is for; none = all.
        texts: language tag -> text with places for values.
    """

    id: UUID
    shortcut: str
    name: str
    owner_id: UUID | None
    areas: list[str]
    texts: dict[str, str]
    version: int
    use_count: int
    used_at: datetime | None
    changed_at: datetime


class NoSavedAnswer(NotFound):
    """There is no such saved answer."""

    code = "no_saved_answer"


class ShortcutTaken(Conflict):
    """Another saved answer has this shortcut."""

    code = "shortcut_taken"


def checked_shortcut(shortcut: str) -> str:
    """A shortcut, in small letters, without its slash.

    Raises:
        Invalid: it has spaces or signs in it, or is too long.
    """
    shortcut = shortcut.strip().removeprefix("/").casefold()
    if not _SHORTCUT.fullmatch(shortcut):
        raise Invalid("Use letters, digits and dashes, at most 40.", field="shortcut", word="bad_shortcut")
    return shortcut


def checked_areas(areas: Iterable[str]) -> list[str]:
    """Keys of areas, each once.

    Raises:
        Invalid: one is no key of an area.
    """
    found = list(dict.fromkeys(areas))
    if len(found) > _MOST_AREAS or not all(_AREA.fullmatch(area) for area in found):
        raise Invalid("Name areas by their keys, as service.", field="areas", word="bad_choice")
    return found


def answers_found(answers: Iterable[SavedAnswer], q: str, *, area: str = "", language: str = "") -> list[SavedAnswer]:
    """Those that fit what somebody typed, the best first; all of the area for nothing typed.

    A shortcut goes before a name, a name before the text, one in the language wanted before others, among equals the
    one used most.
    """
    typed = q.strip().removeprefix("/").casefold()
    asked, short = words(typed), language.partition("-")[0]
    found = []
    for answer in answers:
        if area and answer.areas and area not in answer.areas:
            continue
        if (rank := _rank(answer, typed, asked)) is not None:
            is_other = bool(short) and short not in {tag.partition("-")[0] for tag in answer.texts}
            found.append((rank, is_other, -answer.use_count, answer.shortcut, answer))
    return [one[-1] for one in sorted(found, key=lambda one: one[:4])]


def _rank(answer: SavedAnswer, typed: str, asked: list[str]) -> int | None:
    if not typed or answer.shortcut == typed:
        return 0
    if answer.shortcut.startswith(typed):
        return 1
    if not asked:
        return None
    if _begin(words(answer.name), asked):
        return 2
    everything = words(f"{answer.shortcut} {answer.name} {' '.join(answer.texts.values())}")
    return 3 if _begin(everything, asked) else None


def _begin(there: list[str], asked: list[str]) -> bool:
    return all(any(word.startswith(beginning) for word in there) for beginning in asked)
