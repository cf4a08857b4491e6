"""The desk itself: the page, one case with its stream, and the customer beside it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import access, conversations, events, files, promises, switchboard
from fadeno.access import Actor
from fadeno.conversations import Case, Message
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import assets, channels, page
from fadeno.entry.web.pages.customers import seeing
from fadeno.entry.web.pages.desk import beside, coming, lines, listing, naming
from fadeno.entry.web.pages.desk.asking import asked
from fadeno.kit.errors import Invalid

PAGE = 50
_MOST_AT_ONCE = 200
_MOST_ACTS = 200
_ICONS = (
    "attach", "back", "broken", "calendar", "check", "clock", "desk", "down", "end", "eye", "filter", "flag", "guard",
    "handoff", "kept", "knot", "link", "merge", "more", "note", "open", "orders", "people", "plus", "risk", "saved",
    "search", "send", "split", "thread", "undo", "warn", "x",
)  # fmt: skip
_LIVE = "desk_live.js"
_BEGINNING = (datetime.min.replace(tzinfo=UTC), 0)


@get("/desk", include_in_schema=False)
async def show_desk(request: Request) -> Response:
    """The desk with no case open yet."""
    async with door.opened(request, "see", "cases") as (tx, actor):
        return await _page(request, tx, actor, {"current": None})


@get("/desk/{case_id:uuid}", include_in_schema=False)
async def show_case(request: Request, case_id: FromPath[UUID]) -> Response:
    """One case at the desk; alone where a script puts it into a desk that stands already."""
    async with door.opened(request, "see", "cases") as (tx, actor):
        case = await conversations.case(tx, case_id)
        if case.merged_into is not None:
            return Redirect(f"/desk/{await conversations.where_now(tx, case_id)}", status_code=303)
        await access.note(tx, actor, "see", "case", case.id)
        opened = {"current": case.id, **await _opened(request, tx, actor, case)}
        if request.headers.get("hx-request") == "true":
            return await page.inside(request, tx, actor, "desk/case.html", **opened)
        return await _page(request, tx, actor, opened)


@get("/desk/numbered/{number:int}", include_in_schema=False)
async def show_numbered(request: Request, number: FromPath[int]) -> Redirect:
    """The case people call by a number."""
    async with door.opened(request, "see", "cases") as (tx, _):
        return Redirect(f"/desk/{(await conversations.numbered(tx, number)).id}", status_code=303)


@get("/desk/{case_id:uuid}/thread", include_in_schema=False)
async def show_thread(request: Request, case_id: FromPath[UUID]) -> Response:
    """A part of the stream: what is older than `before`, or everything down to `through`, anew."""
    before, through = (request.query_params.get(name, "")[:100] or None for name in ("before", "through"))
    async with door.opened(request, "see", "cases") as (tx, actor):
        case = await conversations.case(tx, case_id)
        if case.merged_into is not None:
            return await _moved(tx, case)
        said = await _stream(request, tx, actor, case, before, through)
        return await page.inside(request, tx, actor, "desk/thread.html", case=case, **said)


@get("/desk/{case_id:uuid}/around", include_in_schema=False)
async def show_around(request: Request, case_id: FromPath[UUID]) -> Response:
    """What stands above and beside the stream, anew."""
    async with door.opened(request, "see", "cases") as (tx, actor):
        case = await conversations.case(tx, case_id)
        if case.merged_into is not None:
            return await _moved(tx, case)
        near = {**await beside.around(request, tx, actor, case), **await composing(tx, actor, case)}
        return await page.inside(request, tx, actor, "desk/around.html", **near)


async def _moved(tx: Tx, case: Case) -> Response:
    """Whoever reads a case while it goes into another one goes along, with what they are writing."""
    now = await conversations.where_now(tx, case.id)
    return Response(b"", headers={"HX-Redirect": f"/desk/{now}", "X-Case-Now": str(now)}, media_type="text/html")


async def _page(request: Request, tx: Tx, actor: Actor, opened: dict[str, Any]) -> Response:
    # Asked for before anything is read, so that nothing falls between the page and its live stream.
    position = await events.last_position(tx)
    shown = await listing.listed(request, tx, actor, asked(request, actor)) | opened
    live_script = _LIVE if _LIVE in assets.all_assets() else ""
    icons = (*channels.ICONS, *_ICONS)
    return await page.inside(
        request, tx, actor, "desk/desk.html", icons=icons, position=position, live_script=live_script, **shown
    )


async def _opened(request: Request, tx: Tx, actor: Actor, case: Case) -> dict[str, Any]:
    """All of a case: stream, composer, customer."""
    drafted = await conversations.draft(tx, case.id, actor.id) if actor.kind == "member" and actor.id else None
    return {
        **await _stream(request, tx, actor, case),
        **await beside.around(request, tx, actor, case),
        **await composing(tx, actor, case),
        "draft": drafted,
        "asked": asked(request, actor),
    }


async def _stream(
    request: Request, tx: Tx, actor: Actor, case: Case, before: str | None = None, through: str | None = None
) -> dict[str, Any]:
    until, down_to = _place(before, "before"), _place(through, "through")
    found, older = await conversations.stream(tx, case.id, before=before, limit=_MOST_AT_ONCE if through else PAGE)
    while down_to and older and _place_of(found[-1]) > down_to:
        page_, older = await conversations.stream(tx, case.id, before=older, limit=_MOST_AT_ONCE)
        found += page_
    kept = [one for one in found if down_to is None or _place_of(one) >= down_to]
    if len(kept) < len(found):
        found, older = kept, through
    acts, _ = await conversations.acts(tx, case.id, limit=_MOST_ACTS)
    merged = await conversations.came_into(tx, case.id)
    clock = page.times(request, await page.look_of(tx, actor))
    people = await naming.people(tx)
    return {
        "lines": lines.lines(
            found,
            acts,
            await promises.in_case(tx, case.id, *merged),
            clock,
            is_beginning=older is None,
            until=until[0] if until else None,
        ),
        "older": older,
        "attached": await files.attachments(tx, "conversations", [one.id for one in found if one.attachments]),
        "people_by_text": {str(id_): name for id_, name in people.items()},
        "areas": await naming.areas(tx),
        "label": await _label(tx, actor, case),
        "ahead": coming.saying(clock),
        "place_of": conversations.place_of,
        "words_shown": lambda said: seeing.words_shown(actor, said),
        **naming.looks(),
    }


async def _label(tx: Tx, actor: Actor, case: Case) -> str:
    return next(iter((await naming.customer_names(tx, actor, [case.customer_id])).values()), "")


def _place(said: str | None, field: str) -> tuple[datetime, int] | None:
    """A place in a stream as an address says it; `all` is before everything."""
    if not said:
        return None
    if said == "all":
        return _BEGINNING
    moment, _, position = said.partition("_")
    try:
        at = datetime.fromisoformat(moment.replace(" ", "+"))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)), int(position or 0)
    except ValueError:
        raise Invalid("That is no place in the stream.", field=field, word="bad_choice") from None


def _place_of(message: Message) -> tuple[datetime, int]:
    return message.said_at, message.position


async def composing(tx: Tx, actor: Actor, case: Case) -> dict[str, Any]:
    """What the composer of a case needs."""
    ways = await conversations.ways(tx, case.id) if access.may(actor, "see", "contacts") else []
    return {
        "ways": ways,
        "way": next((one for one in ways if one.is_proposed), None),
        "address_said": lambda kind, value: naming.address_said(actor, kind, value),
        "lately": await conversations.lately_sent(tx, case.customer_id) if case.customer_id else [],
        "is_speaking": bool(await switchboard.accounts(tx)),
        "member_names": {str(id_): name for id_, name in (await naming.people(tx)).items()},
    }


routes = [show_desk, show_case, show_numbered, show_thread, show_around]
