"""Lists of events and of messages: each row stands on the thread of whom it names."""

from fadeno import app, commerce, customers, intake
from fadeno.db import Database
from tests.imports.conftest import Bring, Take
from tests.imports.test_customers import balanced, counts


async def thread(db: Database, kind: str, value: str) -> list[customers.Item]:
    async with db.transaction() as tx:
        return (await customers.thread(tx, await customers.find(tx, kind, value)))[0]


async def test_events_stand_on_the_thread_when_they_happened(bring: Bring, take_back: Take, db: Database):
    head = ["Event", "Timestamp", "E-mail", "Name", "Channel", "Note"]
    rows = [head, ["Workshop visited", "2026-03-01 18:30", "anna@posta.example", "Anna", "counter", "liked it"],
            ["Workshop visited", "2026-03-01 18:30", "bo@posta.example", "Bo", "", ""],
            ["Workshop visited", "2099-03-01 18:30", "bo@posta.example", "Bo", "", ""]]  # fmt: skip
    made = await bring(rows, "events", zone="Europe/Budapest")
    assert counts(made) == (2, 0, 0, 1)
    (item,) = await thread(db, "email", "anna@posta.example")
    assert (item.name, item.channel) == ("Workshop visited", "counter")
    assert item.occurred_at.isoformat() == "2026-03-01T17:30:00+00:00"
    assert item.body["properties"] == {"note": "liked it"}
    assert counts(await bring(rows, "events", zone="Europe/Budapest")) == (0, 0, 2, 1)
    await take_back(made.id)
    async with db.transaction() as tx:
        assert await customers.find(tx, "email", "anna@posta.example") is None
    assert await balanced(db)


async def test_messages_are_theirs_or_ours(bring: Bring, db: Database):
    head = ["Date", "From", "To", "Direction", "Message"]
    rows = [head, ["2026-03-01 10:00", "+49 30 1234567", "shop", "in", "Where is my parcel?"],
            ["2026-03-01 10:05", "shop", "+49 30 1234567", "out", "On its way."]]  # fmt: skip
    made = await bring(rows, "messages", zone="Europe/Berlin")
    assert counts(made) == (2, 0, 0, 0)
    said = [(item.name, item.body["properties"]["text"]) for item in await thread(db, "phone", "+49301234567")]
    assert said == [("Message Sent", "On its way."), ("Message Received", "Where is my parcel?")]
    assert await balanced(db)


async def test_orders_that_events_tell_of_are_orders_and_go_with_them(bring: Bring, take_back: Take, db: Database):
    intake.listen(app.WITH)
    head = ["Event", "Timestamp", "E-mail", "Order", "total", "currency"]
    rows = [head, ["Order Completed", "2026-03-01 18:30", "anna@posta.example", "A-1", "12.00", "EUR"],
            ["Order Cancelled", "2026-03-02 10:00", "anna@posta.example", "A-1", "", ""]]  # fmt: skip

    async def orders() -> list[tuple[str, str | None]]:
        async with db.transaction() as tx:
            found, _ = await commerce.orders(tx, number="A-1")
        return [(str(order.total), order.state) for order in found]

    mapping = {"total": None, "currency": None}
    made = await bring(rows, "events", zone="UTC", mapping=mapping)
    assert await orders() == [("12.00 EUR", "cancelled")]
    assert counts(await bring(rows, "events", zone="UTC", mapping=mapping)) == (0, 0, 2, 0)
    assert await orders() == [("12.00 EUR", "cancelled")]
    await take_back(made.id)
    assert await orders() == []
    assert await balanced(db)
