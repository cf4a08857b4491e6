"""What stands in the rail: the rooms a member may see, of those that hold anything. What is not used is not shown."""

from dataclasses import dataclass
from time import monotonic

from fadeno import access, commerce, conversations, customers, intake, switchboard
from fadeno.access import Actor
from fadeno.app import App
from fadeno.conversations import View
from fadeno.db import Tx

_KEPT_S = 5.0
_KEY = "kinds"


@dataclass(frozen=True, slots=True)
class Room:
    """An entry of the rail.

    Attributes:
        what: what one must be allowed to see for it.
        only_with: the kinds of things without any of which it is not shown.
        letter: what follows G to go there by keyboard; empty where nothing does.
    """

    key: str
    path: str
    icon: str
    what: str | None
    only_with: tuple[str, ...] = ()
    letter: str = ""


ROOMS = (
    Room("desk", "/desk", "desk", "cases", ("cases",), "w"),
    Room("customers", "/customers", "people", "customers", letter="c"),
    Room("suggestions", "/suggestions", "merge", "customers", ("suggestions",), "d"),
    Room("orders", "/orders", "orders", "orders", ("orders",), "o"),
    Room("products", "/products", "stock", "products", ("products", "places"), "p"),
    Room("sources", "/sources", "source", "sources", letter="s"),
    Room("imports", "/imports", "sheet", "imports", letter="i"),
    Room("quarantine", "/quarantine", "warn", "quarantine", ("quarantine",), "q"),
)
SETTINGS = (
    Room("account", "/account", "settings", None, letter="a"),
    Room("members", "/members", "people", "members", letter="m"),
    Room("channels", "/channels", "chat", "channels", letter="n"),
    Room("areas", "/areas", "desk", "cases", ("cases",)),
    Room("hours", "/hours", "clock", "calendars", letter="h"),
    Room("answers", "/answers", "saved", "answers"),
    Room("texts", "/texts", "content", "answers"),
    Room("keys", "/keys", "lock", "keys", letter="k"),
    Room("audit", "/audit", "eye", "audit", letter="t"),
)


async def kinds(app: App, tx: Tx) -> frozenset[str]:
    """The kinds of things there are any of, as of a few seconds ago."""
    found, until = app.remembered.get(_KEY, (frozenset(), 0.0))
    if monotonic() < until:
        return found
    found = await commerce.known_kinds(tx)
    if (await customers.suggestions(tx, limit=1))[0] or (await customers.likely(tx, limit=1))[0]:
        found |= {"suggestions"}
    if any(one.quarantined for one in (await intake.accounts_by_source(tx)).values()):
        found |= {"quarantine"}
    if await switchboard.accounts(tx) or (await conversations.cases_in(tx, View("all"), limit=1))[0]:
        found |= {"cases"}
    app.remembered[_KEY] = (found, monotonic() + _KEPT_S)
    return found


def shown(rooms: tuple[Room, ...], actor: Actor | None, there: frozenset[str], path: str) -> list[Room]:
    """Those of the rooms this viewer has a use for; where one stands is always shown."""
    return [
        room
        for room in rooms
        if may_see(actor, room) and (not room.only_with or there & {*room.only_with} or is_at(room, path))
    ]


def may_see(actor: Actor | None, room: Room) -> bool:
    """Whether this viewer may see what a room holds."""
    return actor is not None and (room.what is None or access.may(actor, "see", room.what))


def is_at(room: Room, path: str) -> bool:
    """Whether a page belongs to a room."""
    return path == room.path or path.startswith(room.path + "/")
