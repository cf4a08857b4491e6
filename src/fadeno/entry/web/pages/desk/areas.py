"""Who answers for what at the desk, and how soon: areas with their targets, members with what they answer."""

from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import access, content, conversations
from fadeno.access import Actor
from fadeno.conversations import Area, DeskMember
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import page
from fadeno.entry.web.pages.desk import naming
from fadeno.kit.errors import FadenoError, Invalid

# Fields of a form in the unit people think in -> seconds of it.
_UNITS_S = {"first_s": 60, "next_s": 60, "resolve_s": 3600, "next_channel_s": 60}
_MOST_DIGITS = 7
_RATINGS = ("nowhere", "chat", "everywhere")


@get("/areas", include_in_schema=False)
async def show_areas(request: Request) -> Response:
    """Areas and members of the desk."""
    async with door.opened(request, "see", "cases") as (tx, actor):
        return await _show(request, tx, actor)


@post("/areas/{key:str}", include_in_schema=False)
async def set_area(request: Request, key: FromPath[str]) -> Response | Redirect:
    """Say how an area is called and how soon it answers."""
    form = await request.form()
    async with door.opened(request, "manage", "cases") as (tx, actor):
        try:
            await conversations.set_area(tx, actor, _area(key, form))
        except FadenoError as error:
            return await _show(request, tx, actor, error=error)
    return Redirect("/areas?saved=yes", status_code=303)


def _area(key: str, form: FormMultiDict) -> Area:
    times = {name: _number(form, name) for name in _UNITS_S}
    return Area(
        key, name=str(form.get("name", "")), calendar=str(form.get("calendar", "")),
        is_routed=form.get("is_routed") == "yes", reopen_days=_number(form, "reopen_days") or 0,
        is_next_taken=form.get("is_next_taken") == "yes", asks_rating=str(form.get("asks_rating", "chat")),
        **{name: n * _UNITS_S[name] if n else None for name, n in times.items()},
    )  # fmt: skip


def _number(form: FormMultiDict, name: str) -> int | None:
    said = str(form.get(name, "")).strip()
    if said and not (said.isascii() and said.isdigit() and len(said) <= _MOST_DIGITS):
        raise Invalid("Write a whole number.", field=name, word="bad_choice")
    return int(said) if said else None


@post("/areas/members/{member_id:uuid}", include_in_schema=False)
async def set_member(request: Request, member_id: FromPath[UUID]) -> Response | Redirect:
    """Say what a member answers."""
    form = await request.form()
    async with door.opened(request, "manage", "cases") as (tx, actor):
        member = DeskMember(
            member_id, areas=[str(one) for one in form.getall("area", [])], languages=_listed(form, "languages"),
            skills=_listed(form, "skills"), is_on_duty=form.get("is_on_duty") == "yes",
        )  # fmt: skip
        try:
            most = _number(form, "most_open")
            await conversations.set_desk_member(tx, actor, replace(member, most_open=20 if most is None else most))
        except FadenoError as error:
            return await _show(request, tx, actor, error=error)
    return Redirect(f"/areas?{urlencode({'saved': 'yes'})}#members", status_code=303)


def _listed(form: FormMultiDict, name: str) -> list[str]:
    return [one.strip() for one in str(form.get(name, "")).replace(";", ",").split(",") if one.strip()]


async def _show(request: Request, tx: Tx, actor: Actor, error: FadenoError | None = None) -> Response:
    known = {one.member_id: one for one in await conversations.desk_members(tx)}
    people = await naming.people(tx)
    areas = await conversations.areas(tx)
    return await page.inside(
        request,
        tx,
        actor,
        "desk/areas.html",
        status=error.status if error else 200,
        error=error,
        areas=areas,
        area_name=naming.area_name,
        ratings=_RATINGS,
        area_names={one.key: naming.area_name(one) for one in areas},
        calendars=[(str(one.id), one.name) for one in await content.calendars(tx)],
        members=[(name, known.get(id_) or DeskMember(id_)) for id_, name in people.items()],
        in_unit=lambda name, seconds: seconds // _UNITS_S[name] if seconds else "",
        may_manage=access.may(actor, "manage", "cases"),
        saved=request.query_params.get("saved") == "yes",
    )


routes = [show_areas, set_area, set_member]
