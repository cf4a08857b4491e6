"""The one table of keys, and the one of acts: the palette, the sheet of keys and the scripts read them here."""

from dataclasses import dataclass

from fadeno import access
from fadeno.access import Actor
from fadeno.entry.web.rail import Room


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys that do something.

    Attributes:
        keys: pressed one after the other; `Ctrl+K` at once.
        word: of the message that says what they do (`frame.keys.<word>`).
        where: a selector of what must be on the page for them to do anything; empty where they always do.
        is_single: whether a member can turn them off, because they act without Ctrl or Alt.
    """

    keys: tuple[str, ...]
    word: str
    where: str = ""
    is_single: bool = True


@dataclass(frozen=True, slots=True)
class Act:
    """Something the palette can do or go to.

    Attributes:
        word: of the message that names it (`frame.act.<word>`); of a room, `frame.room.<word>`.
        needs: verb and kind one must be allowed; none where everybody may.
    """

    word: str
    path: str
    icon: str
    needs: tuple[str, str] | None = None


SHORTCUTS = (
    Shortcut(("Ctrl+K",), "palette", is_single=False),
    Shortcut(("?",), "sheet"),
    Shortcut(("/",), "search", "[data-key='/']"),
    Shortcut(("J", "K"), "walk", ".walk, #desk"),
    Shortcut(("↓", "↑"), "walk_arrows", ".walk, #desk", is_single=False),
    Shortcut(("Enter",), "open", ".walk, #desk", is_single=False),
    Shortcut(("Y",), "same", "[data-press='y']"),
    Shortcut(("N",), "apart", "[data-press='n']"),
    Shortcut(("R",), "reply", "#composer"),
    Shortcut(("N",), "note", "#composer"),
    Shortcut(("Ctrl+Enter",), "send", "#composer", is_single=False),
    Shortcut(("Alt+P",), "promise", "#composer", is_single=False),
    Shortcut(("A",), "take", "#desk [data-press='a']"),
    Shortcut(("E",), "settle", "#desk [data-press='e']"),
    Shortcut(("O",), "reopen", "#desk [data-press='o']"),
    Shortcut(("T",), "tag", "#desk [data-press='t']"),
    Shortcut(("X",), "choose", "#bulk"),
    Shortcut(("C",), "customer", "#side"),
    Shortcut(("U",), "undo", ".toast form, .pairs .told button, .pairs [data-press='y']"),
    Shortcut(("Esc",), "leave", "[data-escape]", is_single=False),
)
ACTS = (
    Act("import", "/imports", "upload", ("change", "imports")),
    Act("add_source", "/sources#new", "plus", ("change", "sources")),
    Act("invite", "/members#invite", "plus", ("manage", "members")),
    Act("make_key", "/keys#new", "plus", ("manage", "keys")),
    Act("language", "/account#look", "settings"),
    Act("password", "/account#password", "lock"),
)


def acts_of(actor: Actor | None) -> list[Act]:
    """The acts a viewer may do."""
    return [act for act in ACTS if actor and (act.needs is None or access.may(actor, *act.needs))]


def going(rooms: list[Room]) -> list[Shortcut]:
    """The keys that go to the rooms one sees."""
    return [Shortcut(("G", room.letter.upper()), f"room.{room.key}") for room in rooms if room.letter]
