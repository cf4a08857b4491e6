"""What members do to cases at the desk: whose they are, what they wait for, how they are filed; each can be undone."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath

from fadeno import commerce, conversations
from fadeno.access import Actor
from fadeno.conversations import Together, View
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import channels, page
from fadeno.entry.web.pages.desk import naming
from fadeno.entry.web.pages.desk.asking import asked, id_of
from fadeno.kit import money
from fadeno.kit.errors import Invalid
from fadeno.kit.money import Money

_MOST_SPLIT = 200
_NOBODY = UUID(int=0)


# One case --------------------------------------------------------------------------------------------------------


@post("/desk/{case_id:uuid}/change", include_in_schema=False)
async def change(request: Request, case_id: FromPath[UUID]) -> Response:
    """Do to a case what the form says; told with its undoing."""
    form = await request.form()
    async with door.opened(request, "change", "cases") as (tx, actor):
        done = await _changed(request, tx, actor, case_id, form)
        return await _told(request, tx, actor, done, case_id)


async def _changed(request: Request, tx: Tx, actor: Actor, case_id: UUID, form: FormMultiDict) -> str:
    """What was done, in a word."""
    given = {name: str(form[name]).strip() for name in form}
    match given:
        case {"take": _}:
            await conversations.take(tx, actor, case_id)
            return "taken"
        case {"owner_id": owner}:
            await conversations.assign(tx, actor, case_id, id_of(owner, "owner") if owner else None)
            return "assigned" if owner else "unassigned"
        case {"area": area}:
            await conversations.hand(tx, actor, case_id, area)
            return "handed"
        case {"state": state}:
            until = await _moment(request, tx, actor, given.get("until", "")) if state == "waiting_until" else None
            await conversations.set_state(tx, actor, case_id, state, until=until)
            return f"state_{state}"
        case {"follow": is_on}:
            await conversations.follow(tx, actor, case_id, is_on=is_on == "yes")
            return "followed" if is_on == "yes" else "unfollowed"
    await _filed(tx, actor, case_id, given)
    return "changed"


async def _filed(tx: Tx, actor: Actor, case_id: UUID, given: dict[str, str]) -> None:
    match given:
        case {"priority": priority}:
            is_number = priority.isascii() and priority.isdigit() and len(priority) < 3
            await conversations.prioritise(tx, actor, case_id, int(priority) if is_number else 0)
        case {"title": title}:
            await conversations.entitle(tx, actor, case_id, title)
        case {"add_tag": name}:
            await conversations.tag(tx, actor, case_id, add=[name])
        case {"remove_tag": name}:
            await conversations.tag(tx, actor, case_id, remove=[name])
        case {"stage": _}:
            await _expected(tx, actor, case_id, given)
        case _:
            raise Invalid("Say what is to be otherwise.", field="form", word="bad_choice")


async def _expected(tx: Tx, actor: Actor, case_id: UUID, given: dict[str, str]) -> None:
    value: Money | None = None
    if amount := given.get("amount", ""):
        try:
            value = money.of(Decimal(amount.replace(",", ".").replace(" ", "")), given.get("currency", "").upper())
        except InvalidOperation:
            raise Invalid("Write an amount in figures.", field="amount", word="bad_choice") from None
    try:
        on = date.fromisoformat(given["expected_on"]) if given.get("expected_on") else None
    except ValueError:
        raise Invalid("Write a date.", field="expected_on", word="bad_choice") from None
    await conversations.expect(tx, actor, case_id, value=value, stage=given["stage"] or None, expected_on=on)


async def _moment(request: Request, tx: Tx, actor: Actor, said: str) -> datetime:
    """A moment as a form says it, on the viewer's clock."""
    try:
        local = datetime.fromisoformat(said)
    except ValueError:
        raise Invalid("Say a time to come until which it waits.", field="until", word="bad_until") from None
    zone = page.times(request, await page.look_of(tx, actor)).zone
    return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)


async def _told(request: Request, tx: Tx, actor: Actor, done: str, case_id: UUID) -> Response:
    """What was done, with its undoing where an act of this very moment says how."""
    (*_, act) = (await conversations.acts(tx, case_id, limit=1))[0] or (None,)
    is_mine = act is not None and act.made_at == tx.now and act.actor_id == actor.id
    return await told(request, tx, actor, done, f"/desk/acts/{act.id}/undo" if act and is_mine else "")


async def told(
    request: Request, tx: Tx, actor: Actor, done: str, undo: str, *, n: int = 0, go: UUID | None = None
) -> Response:
    """A word at the foot of the page, and a wink to the script that something is otherwise now."""
    answer = await page.inside(request, tx, actor, "desk/told.html", told=done, undo=undo, n=n)
    detail: dict[str, Any] = {"go": str(go)} if go else {}
    answer.headers["HX-Trigger"] = msgspec.json.encode({"desk:done": detail}).decode()
    return answer


@post("/desk/acts/{act_id:uuid}/undo", include_in_schema=False)
async def undo(request: Request, act_id: FromPath[UUID]) -> Response:
    """Take back what was done to a case."""
    async with door.opened(request, "change", "cases") as (tx, actor):
        case = await conversations.undo(tx, actor, act_id)
        return await told(request, tx, actor, "undone", "", go=case.id)


@post("/desk/{case_id:uuid}/link", include_in_schema=False)
async def link(request: Request, case_id: FromPath[UUID]) -> Response:
    """Say that a case has to do with an order or another case, by their numbers; or that it hasn't, by their ids."""
    form = await request.form()
    async with door.opened(request, "change", "cases") as (tx, actor):
        kind, is_on = str(form.get("kind", "")), form.get("is_on", "yes") == "yes"
        other = (
            id_of(form.get("id"), "id") if form.get("id") else await _numbered(tx, kind, str(form.get("number", "")))
        )
        await conversations.link(tx, actor, case_id, kind, other, is_on=is_on)
        return await _told(request, tx, actor, "linked" if is_on else "unlinked", case_id)


async def _numbered(tx: Tx, kind: str, number: str) -> UUID:
    typed = number.strip().removeprefix("#")
    if kind == "case" and typed.isascii() and typed.isdigit():
        return (await conversations.numbered(tx, int(typed))).id
    found, _ = await commerce.orders(tx, number=typed, limit=2) if kind == "order" and typed else ([], None)
    if len(found) != 1 and not (found and found[0].number == typed):
        raise Invalid("There is nothing of that number.", field="number", word="bad_choice")
    return found[0].id


# Two of one, one of two ------------------------------------------------------------------------------------------


@get("/desk/{case_id:uuid}/merge", include_in_schema=False)
async def look_at_merge(request: Request, case_id: FromPath[UUID]) -> Response:
    """The cases of the same customer that a case can go into, each as it stands."""
    async with door.opened(request, "change", "cases") as (tx, actor):
        case = await conversations.case(tx, case_id)
        others, _ = await conversations.cases_of(tx, case.customer_id, limit=20) if case.customer_id else ([], None)
        others = [one for one in others if one.id != case.id and one.stand != "gone"]
        return await page.inside(
            request, tx, actor, "desk/merge.html", case=case, others=others, channel_name=naming.channel_name
        )


@post("/desk/{case_id:uuid}/merge", include_in_schema=False)
async def merge(request: Request, case_id: FromPath[UUID]) -> Response:
    """Make one case of two; the one that takes the messages is opened."""
    form = await request.form()
    async with door.opened(request, "change", "cases") as (tx, actor):
        into = await conversations.merge(tx, actor, case_id, id_of(form.get("into"), "into"))
        ((act, *_), _) = await conversations.acts(tx, into.id, limit=1)
        return await told(request, tx, actor, "merged", f"/desk/acts/{act.id}/undo", go=into.id)


@get("/desk/{case_id:uuid}/split", include_in_schema=False)
async def look_at_split(request: Request, case_id: FromPath[UUID]) -> Response:
    """The messages of a case, to choose those that are about something else."""
    async with door.opened(request, "change", "cases") as (tx, actor):
        case = await conversations.case(tx, case_id)
        found, _ = await conversations.stream(tx, case.id, limit=_MOST_SPLIT)
        return await page.inside(
            request, tx, actor, "desk/split.html", case=case, messages=found[::-1], family=channels.family,
            icon_of=channels.icon, channel_name=naming.channel_name,
        )  # fmt: skip


@post("/desk/{case_id:uuid}/split", include_in_schema=False)
async def split(request: Request, case_id: FromPath[UUID]) -> Response:
    """Make two cases of one; the new one is opened."""
    form = await request.form()
    async with door.opened(request, "change", "cases") as (tx, actor):
        wanted = [id_of(one, "messages") for one in form.getall("message", [])]
        made = await conversations.split(tx, actor, case_id, wanted, title=str(form.get("title", "")))
        ((act, *_), _) = await conversations.acts(tx, case_id, limit=1)
        return await told(request, tx, actor, "split", f"/desk/acts/{act.id}/undo", go=made.id)


# Many at once ----------------------------------------------------------------------------------------------------


@post("/desk/together", include_in_schema=False)
async def change_together(request: Request) -> Response:
    """Change the chosen cases alike; taken back at once."""
    form = await request.form()
    async with door.opened(request, "change", "cases") as (tx, actor):
        ids = [id_of(one, "cases") for one in form.getall("case", [])]
        done = await conversations.change_together(tx, actor, ids, _together(actor, form))
        said = "together" if not done.refused else "together_refused"
        return await told(request, tx, actor, said, f"/desk/together/{done.id}/undo", n=len(done.changed))


def _together(actor: Actor, form: FormMultiDict) -> Together:
    what, _, value = str(form.get("what", "")).partition(":")
    match what:
        case "owner":
            mine = actor.id if value == "me" else id_of(value, "owner") if value else _NOBODY
            return Together(owner_id=mine)
        case "state" if value in ("open", "solved", "waiting_customer"):
            return Together(state=value)
        case "priority" if value in ("1", "2", "3", "4"):
            return Together(priority=int(value))
        case "tag" if form.get("tag"):
            return Together(add_tags=(str(form["tag"]),))
    raise Invalid("Say what is to be otherwise.", field="what", word="bad_choice")


@post("/desk/together/{id:uuid}/undo", include_in_schema=False)
async def undo_together(request: Request, id: FromPath[UUID]) -> Response:
    """Take back what was changed of many cases at once."""
    async with door.opened(request, "change", "cases") as (tx, actor):
        done = await conversations.undo_together(tx, actor, id)
        return await told(request, tx, actor, "together_undone", "", n=len(done.changed))


@post("/desk/views", include_in_schema=False)
async def save_view(request: Request) -> Response:
    """Keep the list that is looked at under a name."""
    form = await request.form()
    async with door.opened(request, "change", "cases") as (tx, actor):
        view: View = asked(request, actor).view
        await conversations.save_view(tx, actor, str(form.get("name", "")), view, is_shared=bool(form.get("is_shared")))
        return await told(request, tx, actor, "view_saved", "")


@post("/desk/views/{view_id:uuid}/remove", include_in_schema=False)
async def remove_view(request: Request, view_id: FromPath[UUID]) -> Response:
    """Keep a list no longer."""
    async with door.opened(request, "change", "cases") as (tx, actor):
        await conversations.remove_view(tx, actor, view_id)
        return await told(request, tx, actor, "view_removed", "")


# Being there -----------------------------------------------------------------------------------------------------


@post("/desk/seen", include_in_schema=False)
async def seen(request: Request) -> Response:
    """The member is at the desk."""
    async with door.opened(request, "see", "cases") as (tx, actor):
        await conversations.seen(tx, actor)
        return Response(b"", status_code=204)


@post("/desk/duty", include_in_schema=False)
async def set_duty(request: Request) -> Response:
    """Whether the member is given cases now; the rest of what they answer stays."""
    form = await request.form()
    async with door.opened(request, "change", "cases") as (tx, actor):
        if actor.kind != "member" or actor.id is None:
            raise Invalid("Only a member can be on duty.", field="duty", word="bad_choice")
        is_on = form.get("duty") == "yes"
        mine = await naming.desk_member(tx, actor.id)
        await conversations.set_desk_member(tx, actor, replace(mine, is_on_duty=is_on))
        return await told(request, tx, actor, "on_duty" if is_on else "off_duty", "")


@get("/desk/nudges", include_in_schema=False)
async def show_nudges(request: Request) -> Response:
    """What the member should hear of, and has not."""
    async with door.opened(request, "see", "cases") as (tx, actor):
        there = await conversations.nudges(tx, actor.id) if actor.kind == "member" and actor.id else []
        return await page.inside(request, tx, actor, "desk/nudges.html", nudges=there)


@post("/desk/nudges/heard", include_in_schema=False)
async def hear_nudges(request: Request) -> Response:
    """The member has heard of all up to one."""
    form = await request.form()
    async with door.opened(request, "change", "cases") as (tx, actor):
        await conversations.hear_nudges(tx, actor, id_of(form.get("upto"), "upto"))
        return await told(request, tx, actor, "heard", "")


routes = [
    change, undo, link, look_at_merge, merge, look_at_split, split, change_together, undo_together, save_view,
    remove_view, seen, set_duty, show_nudges, hear_nudges,
]  # fmt: skip
