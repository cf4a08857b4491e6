"""Lists that are asked for page by page: one item more than is shown tells whether there are others."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from fadeno.kit.errors import Invalid
from fadeno.kit.seal import Seal, SealBroken

MOST = 200
_ABOUT = "where a page begins"


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


def closed(vault: Seal, mark: str | None) -> str | None:
    """The place in a list where the next page begins, to be handed out: nobody reads a name in it, nor makes one up."""
    return base64.urlsafe_b64encode(vault.seal(mark.encode(), _ABOUT)).decode().rstrip("=") if mark else None


def opened(vault: Seal, given: str | None) -> str | None:
    """The place that `closed` made this of.

    Raises:
        Invalid: it did not.
    """
    if not given:
        return None
    try:
        box = base64.b64decode(given.encode() + b"=" * (-len(given) % 4), b"-_", validate=True)
        return vault.open(box, _ABOUT).decode()
    except (SealBroken, binascii.Error):
        raise Invalid("`after` is the `next` of the page before.", field="after") from None
