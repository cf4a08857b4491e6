"""Lists that are asked for page by page: one item more than is shown tells whether there are others."""

from collections.abc import Sequence
from typing import Any

from fadeno.kit.errors import Invalid

MOST = 200


def checked(limit: int) -> int:
    """How many items of a list somebody wants at once.

    Raises:
        Invalid: a page holds 1 to 200 items.
    """
    if not 1 <= limit <= MOST:
        raise Invalid(f"A page has 1 to {MOST} items.", field="limit", word="bad_limit", most=MOST)
    return limit


def cut(found: Sequence[Any], limit: int) -> tuple[Sequence[Any], str | None]:
    """What is shown of a list asked for with one item more, and after which id the next page begins."""
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else None


def answer(found: Sequence[Any], limit: int) -> dict[str, Any]:
    """The same as the API says it."""
    items, following = cut(found, limit)
    return {"items": items, "next": following}
