"""Customers who may be one person, the likeliest first: looked at side by side, confirmed or refused."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import customers
from fadeno.access import Actor
from fadeno.customers import Likely, Side
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import channels, page, pairs
from fadeno.entry.web.pages.customers import seeing
from fadeno.entry.web.pages.customers.deciding import decided
from fadeno.kit.errors import Invalid

_AT_ONCE = 12
_MOST_MERGED = 20
_LEAST_MERGED = 70
_MOST_DECIDED = 50
AGAINST = frozenset(
    {"other_name", "other_birthday", "several_names", "other_postcode", "other_account", "other_number", "other_email"}
)
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
            more=more,
            after=after,
            chosen=chosen if chosen in dict(pairs.LEVELS) else "",
            reason=reason,
            levels=[word for word, _ in pairs.LEVELS],
            filters=_FILTERS,
            certain=await customers.count_likely(tx, pairs.LEVELS[0][1]),
            least_certain=pairs.LEVELS[0][1],
            done=asked.get("done", "") if asked.get("done") in ("confirm", "refuse", "undo") else "",
            action=_uuid(asked.get("action", "")),
            **await _shown(tx, actor, found),
        )


def between(word: str) -> tuple[int, int]:
    """The certainties that are called so; all for any other word."""
    most = 100
    for name, least in pairs.LEVELS:
        if name == word:
            return least, most
        most = least - 1
    return 0, 100


async def _shown(tx: Tx, actor: Actor, found: Sequence[Likely]) -> dict[str, Any]:
    """What a list of pairs needs."""
    sides = await customers.sides(tx, {id_ for pair in found for id_ in (pair.one, pair.other)})

    def shown(name: str, value: Any) -> str:
        if not seeing.sees_contacts(actor) and customers.is_contact(name):
            return "…"
        return seeing.address_shown(actor, name, str(seeing.words_shown(actor, value)))

    return {
        "pairs": found,
        "rows_of": {pair.id: pairs.compared(sides[pair.one], sides[pair.other], shown) for pair in found},
        "level": pairs.level,
        "against": AGAINST,
        "why": {pair.id: [_why(code, sides[pair.one], sides[pair.other]) for code in pair.reasons] for pair in found},
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


def _uuid(text: str) -> str:
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
            **await _shown(tx, actor, waiting),
        )


# Many at once ----------------------------------------------------------------------------------------------------


@get("/suggestions/merge", include_in_schema=False)
async def show_many(request: Request) -> Response:
    """The pairs of at least a certainty, before they are merged."""
    async with door.opened(request, "merge", "customers") as (tx, actor):
        least = _least(request.query_params.get("least", ""))
        found, more = await customers.likely(tx, least=least, limit=_MOST_MERGED)
        shown = await _shown(tx, actor, found)
        return await page.inside(
            request, tx, actor, "suggestions/merge.html", least=least, more=more is not None, **shown
        )


@post("/suggestions/merge", include_in_schema=False)
async def merge_many(request: Request) -> Redirect:
    """Merge the pairs that are ticked, each an action of its own."""
    ids = [UUID(id_) for id_ in map(str, (await request.form()).getall("pair", [])) if _uuid(id_)][:_MOST_MERGED]
    async with door.opened(request, "merge", "customers") as (_, actor):
        pass
    if not ids:
        raise Invalid("Tick at least one pair.", field="pair", word="bad_choice")
    done = await request.app.state.fadeno.db.retrying(lambda tx: customers.confirm_these_likely(tx, actor, ids))
    return Redirect(f"/suggestions/decided?done=merged&n={len(done)}", status_code=303)


def _least(text: str) -> int:
    least = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else pairs.LEVELS[0][1]
    return min(max(least, _LEAST_MERGED), 100)


@get("/suggestions/decided", include_in_schema=False)
async def list_decided(request: Request) -> Response:
    """What was said of pairs lately, each with its undoing."""
    asked = request.query_params
    n = asked.get("n", "")
    async with door.opened(request, "see", "customers") as (tx, actor):
        return await page.inside(
            request,
            tx,
            actor,
            "suggestions/decided.html",
            said=await customers.decided_likely(tx, limit=_MOST_DECIDED),
            done=asked.get("done", "") if asked.get("done") in ("merged", "undo") else "",
            n=int(n) if n.isascii() and n.isdigit() and len(n) < 4 else 0,
            **_saying(actor),
        )


routes = [list_suggestions, confirm, refuse, undo, show_many, merge_many, list_decided]
