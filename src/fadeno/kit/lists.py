"""Lists as they are asked for: by what somebody typed, and page by page.

Where the next page begins is said in words of the list itself, the order of its last item and its id: nothing is kept
between two pages, and what comes or goes meanwhile shifts nothing.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fadeno.kit.errors import Invalid

MOST_TYPED_CHARS = 256
FIRST = ("", UUID(int=0))
LATEST = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))
_SEPARATOR = "~"
_NOBODY_HAS = "\ufffd"  # what no text in the database holds becomes a character nobody is found by


def typed(said: str) -> str:
    """What somebody typed, as the database takes it, 256 characters at most; empty only if nothing was typed."""
    return kept(said).strip()[:MOST_TYPED_CHARS]


def kept(said: str) -> str:
    """The same letters, as the database takes them."""
    return said.replace("\0", _NOBODY_HAS).encode("utf-8", "replace").decode()


def by_key(key: str, id_: UUID) -> str:
    """The place of an item in a list that is ordered by a key."""
    return f"{id_}{_SEPARATOR}{key}"


def after_key(place: str | None) -> tuple[str, UUID]:
    """The key and id that `by_key` made a place of; before all for none.

    Raises:
        Invalid: it did not.
    """
    if not place:
        return FIRST
    id_, separator, key = kept(place).partition(_SEPARATOR)
    try:
        if not separator:
            raise ValueError
        return key, UUID(id_)
    except ValueError:
        raise Invalid("`after` is the `next` of the page before.", field="after") from None


def by_time(moment: datetime, id_: UUID) -> str:
    """The place of an item in a list that is ordered by time."""
    return f"{moment.isoformat()}_{id_}"


def at_time(place: str, field: str) -> tuple[datetime, UUID]:
    """The moment and id that `by_time` made a place of, or any moment alone.

    Args:
        place: what was given.
        field: under which name.

    Raises:
        Invalid: it is neither.
    """
    moment, _, id_ = place.partition("_")
    try:
        at = datetime.fromisoformat(moment.replace(" ", "+"))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)), UUID(id_) if id_ else UUID(int=0)
    except ValueError:
        raise Invalid(f"`{field}` is a time, or the `next` of the page before.", field=field) from None


def before_time(place: str | None) -> tuple[datetime, UUID]:
    """The same of a list that has the latest first; after all for none."""
    return at_time(place, "before") if place else LATEST


def cut(rows: list[Any], limit: int) -> tuple[list[Any], Any | None]:
    """What is shown of a list asked for with one item more, and the last of it where there are others."""
    return rows[:limit], rows[limit - 1] if len(rows) > limit else None
