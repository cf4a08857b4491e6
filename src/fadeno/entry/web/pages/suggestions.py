"""Customers who may be one person, the likeliest first: looked at side by side, confirmed or refused."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import customers
from fadeno.access import Actor
from fadeno.customers import MOST, MOST_OF_A_HOUSEHOLD, POINTS, Likely, Side
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import channels, page, pairs, values
from fadeno.entry.web.pages.customers import seeing
from fadeno.entry.web.pages.customers.deciding import decided

_AT_ONCE = 12
_MOST_DECIDED = 50
_FILTERS = (
    "linked", "same_name", "name_sounds_alike", "name_a_slip_away", "name_in_short", "same_number",
    "email_a_slip_away", "same_birthday", "same_street",
)  # fmt: skip
_WHY_NOT = ("limit", "protected")


# Looking ---------------------------------------------------------------------------------------------------------


@get("/suggestions", include_in_schema=False)
async def list_suggestions(request: Request) -> Response:
    """Pairs that wait for somebody to look, the likeliest first."""
    asked = request.query_params
    after, reason = asked.get("after", "")[:200] or None, asked.get("reason", "")
    chosen = asked.get("sure", "")
    reason = reason if reason in _FILTERS else ""
    least, most = between(chosen)
    async with door.opened(request, "see", "customers") as (tx, actor):
        found, more = await customers.likely(
            tx, least=least, most=most, reason=reason or None, after=after, limit=_AT_ONCE
        )
        return await page.inside(
            request,
            tx,
            actor,
            "suggestions/list.html",
            icons=("merge", "split"),
            more=more,
            after=after,
            chosen=chosen if chosen in dict(pairs.LEVELS) else "",
            reason=reason,
            levels=[word for word, _ in pairs.LEVELS],
            filters=_FILTERS,
            certain=await customers.count_likely(tx, pairs.LEVELS[0][1]),
            least_certain=pairs.LEVELS[0][1],
            done=asked.get("done", "") if asked.get("done") in ("confirm", "refuse", "undo") else "",
            action=as_id(asked.get("action", "")),
            **await shown(tx, actor, found),
        )


def between(word: str) -> tuple[int, int]:
    """The certainties that are called so; all for any other word."""
    most = 100
    for name, least in pairs.LEVELS:
        if name == word:
            return least, most
        most = least - 1
    return 0, 100


async def shown(tx: Tx, actor: Actor, found: Sequence[Likely]) -> dict[str, Any]:
    """What a list of pairs needs."""
    sides = await customers.sides(tx, {id_ for pair in found for id_ in (pair.one, pair.other)})

    def read(name: str, value: Any) -> str:
        if not seeing.sees_contacts(actor) and customers.is_contact(name):
            return "…"
        return seeing.address_shown(actor, name, values.said(name, seeing.words_shown(actor, value)))

    return {
        "pairs": found,
        "rows_of": {pair.id: pairs.compared(sides[pair.one], sides[pair.other], read) for pair in found},
        "level": pairs.level,
        "points": POINTS,
        "most": MOST,
        "most_of_a_household": MOST_OF_A_HOUSEHOLD,
        "why": {
            pair.id: [(code, _why(code, sides[pair.one], sides[pair.other])) for code in pair.reasons] for pair in found
        },
        "held_off": _held_off,
        **_saying(actor),
    }


def _saying(actor: Actor) -> dict[str, Any]:
    return {
        "label_shown": lambda label: seeing.label_shown(actor, label),
        "kind_shown": seeing.kind_shown,
        "family": channels.family,
        "icon_of": channels.icon,
    }


def _why(code: str, one: Side, other: Side) -> str:
    """The message that says a reason; a name that is the same in another script is told so."""
    scripts = {_is_latin(name) for side in (one, other) if (name := side.known.get("name"))}
    return "same_name_script" if code == "same_name" and len(scripts) > 1 else code


def _is_latin(name: Any) -> bool:
    return all(c < "\u0250" for c in str(name) if c.isalpha())


def _held_off(reason: str | None) -> tuple[str, str]:
    """Why evidence was left out, as (word, kind of address); empty where there is none."""
    word, _, kind = (reason or "").partition(":")
    return (word if word in _WHY_NOT else "other" if word else ""), kind


def as_id(text: str) -> str:
    """An id as it was given; empty where it is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""


# Deciding --------------------------------------------------------------------------------------------------------


@post("/suggestions/{pair_id:uuid}/confirm", include_in_schema=False)
async def confirm(request: Request, pair_id: FromPath[UUID]) -> Response | Redirect:
    """They are one person."""
    done = await decided(request, lambda tx, actor: customers.confirm_likely(tx, actor, pair_id))
    return await _answer(request, pair_id, "confirm", done.action_id)


@post("/suggestions/{pair_id:uuid}/refuse", include_in_schema=False)
async def refuse(request: Request, pair_id: FromPath[UUID]) -> Response | Redirect:
    """They are two, whatever evidence comes."""
    done = await decided(request, lambda tx, actor: customers.refuse_likely(tx, actor, pair_id))
    return await _answer(request, pair_id, "refuse", done.action_id)


@post("/suggestions/{pair_id:uuid}/undo/{action_id:uuid}", include_in_schema=False)
async def undo(request: Request, pair_id: FromPath[UUID], action_id: FromPath[UUID]) -> Response | Redirect:
    """Take back what was said of a pair: it waits again."""
    done = await decided(request, lambda tx, actor: customers.undo(tx, actor, action_id))
    if (await request.form()).get("from") == "decided":
        return Redirect("/suggestions/decided?done=undo", status_code=303)
    return await _answer(request, pair_id, "undo", done.action_id)


async def _answer(request: Request, pair_id: UUID, done: str, action_id: UUID | None) -> Response | Redirect:
    """The pair as it stands now in the list it was decided in, or the list anew."""
    if request.headers.get("hx-request") != "true":
        return Redirect(f"/suggestions?done={done}&action={action_id}", status_code=303)
    async with door.opened(request, "see", "customers") as (tx, actor):
        waiting = await customers.some_likely(tx, [pair_id])
        latest = await customers.decided_likely(tx, limit=_MOST_DECIDED)
        return await page.inside(
            request,
            tx,
            actor,
            "suggestions/answer.html",
            pair_id=pair_id,
            said=next((one for one in latest if one.id == pair_id), None),
            done=done,
            action=action_id,
            **await shown(tx, actor, waiting),
        )


# Looking back --------------------------------------------------------------------------------------------------


@get("/suggestions/decided", include_in_schema=False)
async def list_decided(request: Request) -> Response:
    """What was said of pairs lately, each with its undoing."""
    asked = request.query_params
    async with door.opened(request, "see", "customers") as (tx, actor):
        return await page.inside(
            request,
            tx,
            actor,
            "suggestions/decided.html",
            said=await customers.decided_likely(tx, limit=_MOST_DECIDED),
            rounds=await customers.rounds(tx),
            done="undo" if asked.get("done") == "undo" else "",
            **_saying(actor),
        )


routes = [list_suggestions, confirm, refuse, undo, list_decided]
