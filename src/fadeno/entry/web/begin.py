"""The first steps with a new fadeno: each ticks itself off by what is really there, and the list can be put away."""

from dataclasses import dataclass

from fadeno import access, customers, intake, sources
from fadeno.access import SYSTEM, Actor, Asked
from fadeno.app import App
from fadeno.db import Tx
from fadeno.entry.web import rail

_DECIDED = ("merge", "refuse")


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps.

    Attributes:
        word: of the messages that say what it is and why (`customers.begin.<word>`, `…_why`, `…_act`).
        path: where it is done.
        other: where it is done in another way (`customers.begin.<word>_other`); empty where there is one way.
    """

    word: str
    icon: str
    path: str
    is_done: bool
    other: str = ""


async def steps(app: App, tx: Tx, actor: Actor) -> list[Step]:
    """What is to be done and what is done; nothing where all is, for whoever put the list away, and who can do none."""
    if not access.may(actor, "change", "sources") or actor.kind != "member":
        return []
    me = await access.oneself(tx, actor)
    if me.begin_closed:
        return []
    known = await sources.all_sources(tx)
    heard = any(one.accepted for one in (await intake.accounts_by_source(tx)).values())
    is_anybody = heard or bool((await customers.search(tx, limit=1))[0])
    path = f"/sources/{known[0].id}" if known else "/sources#new"
    found = [
        Step("source", "source", "/sources#new", bool(known)),
        Step("send", "upload", "/imports", is_anybody, other=path),
        Step("language", "settings", "/account#look", bool(me.language or me.zone)),
    ]
    if access.may(actor, "manage", "members"):
        others = len(await access.members(tx, SYSTEM, limit=2)) > 1
        found.append(Step("invite", "people", "/members#invite", others))
    if "suggestions" in await rail.kinds(app, tx):
        found.append(Step("decide", "merge", "/suggestions", await _has_decided(tx)))
    return found if any(not step.is_done for step in found) else []


async def _has_decided(tx: Tx) -> bool:
    return any([await access.audit(tx, SYSTEM, Asked(verb=verb), limit=1) for verb in _DECIDED])
