"""Who is erased is forgotten in every room, however many addresses they came by."""

import asyncio
import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fadeno import access, conversations, customers, imports, intake, sources
from fadeno import app as house
from fadeno.app import App, forgetting
from fadeno.conversations import Incoming
from fadeno.customers import Evidence, Mention
from fadeno.imports import Options
from fadeno.kit.ids import new_id
from tests.intake.make import parcel

AT = datetime(2026, 1, 1, tzinfo=UTC)
MANY = 120


def _seen_on(cookie: str) -> Evidence:
    return Evidence(new_id(), 1, AT, (Mention("user", "anna-77", 3), Mention("cookie", cookie, 2)), "same_event")


async def test_the_last_of_very_many_addresses_is_forgotten_in_quarantine_and_files(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(forgetting, "ADDRESSES_AT_ONCE", 50)
    async with app.db.transaction() as tx:
        shop = await sources.create(tx, access.SYSTEM, "shop")
        await customers.place(tx, [_seen_on(f"browser-{n:04}") for n in range(MANY)])
        anna = await customers.find(tx, "user", "anna-77")
    last = f"browser-{MANY - 1:04}"
    await app.gate.submit(parcel(shop, f'{{"type": "page", "note": "{last}"}}'.encode(), b'{"type": "page"}'))
    list_ = tmp_path / "list.csv"
    with list_.open("w", newline="") as file:
        csv.writer(file).writerows([["E-mail", "Note"], ["ben@ley.example", "x"], ["anna at home", last]])
    made = await imports.receive(app.db, app.vault, access.SYSTEM, shop, list_, "list.csv", "customers", Options())
    await imports.bring_in(app.db, app.vault, access.SYSTEM, made.id)

    async def kept() -> str:
        async with app.db.transaction() as tx:
            waiting = [(await intake.quarantined(tx, app.vault, held.id)).raw for held in await intake.quarantine(tx)]
            refused = [row.cells async for row in imports.refused(tx, app.vault, made.id)]
        assert len(waiting) == 2
        return f"{waiting} {refused}"

    assert (await kept()).count(last) == 2
    async with app.db.transaction() as tx:
        await house.erase_customer(app, tx, access.SYSTEM, anna)
    assert last not in await kept()


@pytest.mark.parametrize("who", ["known", "with more"])
async def test_erasing_somebody_who_writes_at_that_moment_waits_for_them_and_neither_for_ever(app: App, who: str):
    """What comes in takes the customer and then the case; so does erasing, and none of them loses a deadlock."""

    def seen(*more: Mention) -> Evidence:
        return Evidence(new_id(), 1, AT, (Mention("email", "anna@home.example", 2), *more), "letter")

    def letter(placed: customers.Placed) -> Incoming:
        return Incoming(new_id(), new_id(), "email", placed.address_id, placed.customer_id, text="Hi", subject="Lamp")

    async with app.db.transaction() as tx:
        (placed,) = await customers.place(tx, [seen()])
        heard = await conversations.hear(tx, letter(placed))

    async def erase() -> None:
        async with app.db.transaction() as tx:
            await house.erase_customer(app, tx, access.SYSTEM, placed.customer_id)

    async with app.db.transaction() as tx:
        more = (Mention("phone", "+36301234567", 2),) if who == "with more" else ()
        (again,) = await customers.place(tx, [seen(*more)])
        assert await customers.stays(tx, again.customer_id)
        erasing = asyncio.create_task(erase())
        await asyncio.sleep(0.2)
        assert (await conversations.hear(tx, letter(again))).case_id == heard.case_id
    await asyncio.wait_for(erasing, 10)
    async with app.db.transaction() as tx:
        page, _ = await conversations.stream(tx, heard.case_id)
        assert [one.text for one in page] == ["", ""]
        assert not await customers.stays(tx, again.customer_id)
        (new,) = await customers.place(tx, [seen()])
        assert new.customer_id != placed.customer_id
