"""Which list of cases the desk shows, as it stands in its address."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request

from fadeno.access import Actor
from fadeno.conversations import KINDS, NARROWED_BY, PRIORITIES, View
from fadeno.kit.errors import Invalid

_MOST_CHARS = 256


@dataclass(frozen=True, slots=True)
class Asked:
    """A list that is looked at.

    Attributes:
        after: the place in it where the page begins; empty = its beginning.
    """

    view: View
    after: str = ""

    @property
    def said(self) -> dict[str, str]:
        """What names the list in an address of ours, without the place in it."""
        found = {"view": self.view.kind}
        found |= {name: str(value) for name in NARROWED_BY if (value := getattr(self.view, name))}
        return found

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        return urlencode(self.said)

    @property
    def narrows(self) -> int:
        """By how many things the list is narrowed besides words and the area that makes it."""
        made_of = ("q", "area") if self.view.kind == "area" else ("q",)
        return sum(bool(getattr(self.view, name)) for name in NARROWED_BY if name not in made_of)


def asked(request: Request, actor: Actor) -> Asked:
    """The list an address names; one that is named wrongly is that of all open cases."""
    given = {name: request.query_params.get(name, "")[:_MOST_CHARS] for name in ("view", "after", *NARROWED_BY)}
    member_id = actor.id if actor.kind == "member" else None
    kind = given["view"] if given["view"] in KINDS else "mine" if member_id else "all"
    if kind == "area" and not given["area"]:
        kind = "all"
    priority = int(given["priority"]) if given["priority"] in map(str, PRIORITIES) else None
    view = View(
        kind, member_id, given["area"], _id(given["owner_id"]), given["channel"], given["tag"], given["language"],
        priority, given["q"],
    )  # fmt: skip
    return Asked(view, request.query_params.get("after", "")[:_MOST_CHARS])


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def id_of(text: object, field: str) -> UUID:
    """An id from a form.

    Raises:
        Invalid: it is none.
    """
    try:
        return UUID(str(text))
    except ValueError:
        raise Invalid("That is no id.", field=field, word="bad_choice") from None
