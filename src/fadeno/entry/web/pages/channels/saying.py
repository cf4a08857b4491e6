"""How accounts, what they are given and how they fare are said on the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar.datastructures import FormMultiDict
from markdown_it import MarkdownIt
from markupsafe import Markup

from fadeno import channels, conversations, switchboard
from fadeno.channels import Adapter, Label
from fadeno.db import Tx
from fadeno.entry.web import channels as looked
from fadeno.entry.web import words
from fadeno.entry.web.pages.desk import naming
from fadeno.switchboard import Account, Traffic

_GIVEN = "c_"  # what stands before the names of credentials in a form
LATER = ("broken", "check", "clock", "warn")  # what a part that comes later may show
# How an account fares, the worst first: switched off is nobody's fault, but nothing comes in.
OFF, STOPPED, FAILS, UNTRIED, WORKS = "off", "stopped", "fails", "untried", "works"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing an account is given, as a form asks for it.

    Attributes:
        is_kept: a secret is there; it is never shown.
    """

    name: str
    title: str
    about: str
    value: str
    secret: bool
    needed: bool
    choices: tuple[tuple[str, str], ...]
    seldom: bool
    is_kept: bool
    is_long: bool


def look() -> dict[str, Any]:
    """How channels are drawn and called."""
    return {"family": looked.family, "icon_of": looked.icon, "channel_name": naming.channel_name, "stand": stand}


def stand(account: Account, traffic: Traffic) -> str:
    """How an account fares in one word."""
    if not account.is_on:
        return OFF
    if traffic.stopped_at:
        return STOPPED
    known = channels.adapters().get(account.channel)
    is_ours = known is not None and known.label.transport == "none"  # nothing leaves the house: there is nothing to try
    return {"works": WORKS, "fails": FAILS}.get(account.health, WORKS if is_ours else UNTRIED)


def fields(label: Label, given: Mapping[str, str], kept: frozenset[str] = frozenset()) -> list[Field]:
    """What an account of a channel is given; secrets are shown to nobody.

    Args:
        given: what stands in the form.
        kept: the names of secrets that are there.
    """
    return [
        Field(
            one.name, _said("credential", label.name, one.name, one.name.replace("_", " ")),
            _said("about", label.name, one.name, one.about), "" if one.secret else given.get(one.name, ""),
            one.secret, one.needed, tuple((choice, _choice(one.name, choice)) for choice in one.choices),
            one.seldom, one.name in kept, one.form == "origins",
        )
        for one in label.credentials
    ]  # fmt: skip


def _said(family: str, channel: str, name: str, otherwise: str) -> str:
    """Our words for a thing of a channel of ours; of others' channels, theirs."""
    key = f"channels.{family}.{channel}.{name}"
    return words.say(words.spoken(), key) if words.has(words.spoken(), key) else otherwise


def _choice(name: str, choice: str) -> str:
    key = f"channels.choice.{name}.{choice}"
    return words.say(words.spoken(), key) if words.has(words.spoken(), key) else choice


def given(form: FormMultiDict) -> dict[str, str]:
    """The credentials a form was filled with."""
    return {
        name.removeprefix(_GIVEN): value
        for name, value in form.items()
        if name.startswith(_GIVEN) and isinstance(value, str)
    }


def guide(adapter: Adapter) -> Markup:
    """How an account of a channel is connected, as its adapter says it; nothing in it runs."""
    file = adapter.folder / "README.md"
    text = file.read_text("utf-8") if file.is_file() else ""
    _, _, body = text.partition("\n")  # without its title, which the page has already
    return Markup(MarkdownIt("commonmark", {"html": False}).render(body))  # noqa: S704 - HTML in it is not read


async def areas(tx: Tx) -> list[tuple[str, str]]:
    """The areas that may answer, each with what it is called."""
    return [(one.key, naming.area_name(one)) for one in await conversations.areas(tx)]


def offered() -> list[Label]:
    """The channels an account can be made of."""
    return [one.label for one in channels.adapters().values()]


async def fares(tx: Tx, found: list[Account]) -> list[tuple[Account, Traffic]]:
    """Accounts with how they fare, by name; what needs somebody comes first."""
    passing = await switchboard.traffic(tx, found)
    rows = [(one, passing.get(one.id, Traffic())) for one in found]
    return sorted(rows, key=lambda row: (not _needs_somebody(*row), row[0].name.casefold()))


def _needs_somebody(account: Account, traffic: Traffic) -> bool:
    return stand(account, traffic) in (STOPPED, FAILS) or bool(traffic.failed_in or traffic.failed_out)
