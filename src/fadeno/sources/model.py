"""What a source is."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from fadeno.kit.errors import Conflict, Invalid, NotFound

KINDS = ("server", "browser")
# What a path in an event may be declared to hold: an address kind, or a field of the event itself.
MAPPABLE = ("email", "phone", "user", "cookie", "device", "card", "userId", "anonymousId", "event", "channel")
# Past one rhythm a source is overdue, past as many as this it is silent.
SILENT_RHYTHMS = 3
Freshness = Literal["fresh", "overdue", "silent"]
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_PATH = re.compile(r"[A-Za-z0-9_$-]{1,64}(\.[A-Za-z0-9_$-]{1,64}){0,7}")
_REGION = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Source:
    """A system we read from. `mapping` says of a path in its events what it holds."""

    id: int
    name: str
    kind: str
    region: str
    enabled: bool
    mapping: dict[str, str]
    rhythm_s: int | None
    created_at: datetime

    def freshness(self, last_at: datetime | None, now: datetime) -> Freshness | None:
        """How it keeps its rhythm; None where nothing is expected of it.

        Args:
            last_at: when it was last heard; None = never, then it is expected since it is known.
        """
        if not self.enabled or self.rhythm_s is None:
            return None
        age, rhythm = now - (last_at or self.created_at), timedelta(seconds=self.rhythm_s)
        if age <= rhythm:
            return "fresh"
        return "overdue" if age <= SILENT_RHYTHMS * rhythm else "silent"


class UnknownSource(NotFound):
    """There is no source by that name."""

    code = "unknown_source"
    hint = "List the sources with `fadeno sources list`, or create one."


class NameTaken(Conflict):
    """A source of that name exists already."""

    code = "source_exists"


def can_be_name(name: str) -> bool:
    """Whether a source can have that name: a-z, 0-9, - and _, up to 63."""
    return _NAME.fullmatch(name) is not None


def checked(name: str, kind: str, region: str, mapping: dict[str, str], rhythm_s: int | None) -> None:
    """See that a source can be kept as said.

    Raises:
        Invalid: one of the values can't be; `field` names it.
    """
    if not can_be_name(name):
        raise Invalid("A source's name is made of a-z, 0-9, - and _, up to 63.", field="name", word="source_name")
    if kind not in KINDS:
        raise Invalid(f"A source is one of: {', '.join(KINDS)}.", field="kind", word="bad_choice")
    if not _REGION.fullmatch(region):
        raise Invalid(
            "A region is a country code of two capital letters; ZZ = none.", field="region", word="bad_region"
        )
    if rhythm_s is not None and rhythm_s <= 0:
        raise Invalid("A rhythm is a number of seconds above zero.", field="rhythm_s", word="bad_rhythm")
    for path, target in mapping.items():
        if not _PATH.fullmatch(path):
            raise Invalid(
                f"{path!r} is no path such as properties.customer_email.", field="mapping", word="bad_path", path=path
            )
        if target not in MAPPABLE:
            known = ", ".join(MAPPABLE)
            raise Invalid(
                f"{path} can hold one of: {known}.", field="mapping", word="bad_target", path=path, known=known
            )
