"""The first steps: each is ticked off by what is really there, and the list can be put away."""

import re

import httpx

from fadeno.access import SYSTEM, add_member
from fadeno.app import App
from tests.entry.test_pages_customers import PASSWORD, Says, _token, _words, manager, marketing, says

__all__ = ["manager", "marketing", "says"]


def _done(page: httpx.Response) -> str:
    return re.search(r"(\d) of (\d) done", _words(page))[0]


async def test_steps_tick_themselves_off(app: App, manager: httpx.AsyncClient, says: Says):
    first = await manager.get("/customers")
    assert _done(first) == "1 of 3 done"  # a source is there, but nothing was heard of it
    assert "Invite a colleague" not in _words(first)  # a manager can't
    await says("track", userId="u-1", event="X")
    assert _done(await manager.get("/customers")) == "2 of 3 done"
    form = {"_csrf": _token(first), "zone": "Europe/Budapest", "look": "all"}
    await manager.post("/account/look", data=form)
    assert "Getting started" not in _words(await manager.get("/customers"))


async def test_the_list_can_be_put_away_by_each_for_oneself(app: App, manager: httpx.AsyncClient):
    page = await manager.get("/customers")
    after = await manager.post("/account/begin", data={"_csrf": _token(page)})
    assert "Getting started" not in _words(after)
    assert "Customers appear as soon as a source tells of them." in _words(after)
    assert 'action="/account/begin"' in after.text.partition('class="toast"')[2]  # undone where it was done
    back = await manager.post("/account/begin", data={"_csrf": _token(page), "again": "yes"})
    assert "Getting started" in _words(back)
    await manager.post("/account/begin", data={"_csrf": _token(page)})
    async with app.db.transaction() as tx:
        await add_member(tx, SYSTEM, "other@lumo.example", "Other", "manager", PASSWORD)
    await manager.post("/sign-out", data={"_csrf": _token(page)})
    door = await manager.get("/sign-in")
    form = {"_csrf": _token(door), "email": "other@lumo.example", "password": PASSWORD}
    assert "Getting started" in _words(await manager.post("/sign-in", data=form))


async def test_who_can_do_none_of_it_is_told_to_wait(marketing: httpx.AsyncClient):
    read = _words(await marketing.get("/customers"))
    assert "Getting started" not in read
    assert "Nobody here yet" in read
