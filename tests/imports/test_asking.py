"""A file that can be read is never a dead end: what is missing is asked for, and the answer goes on with it."""

from datetime import timedelta

import pytest

from fadeno import access, imports
from fadeno.db import Database
from fadeno.imports import Import, Options
from fadeno.kit.seal import Seal
from tests.imports.conftest import Receive

ORDERS = b"Order No;Date;E-mail;Quantity;Unit price\nA-1;2026-03-01;anna@posta.example;2;9,50\n"
NAMELESS = b"Colour;Remark\nred;likes tea\nblue;likes coffee\ngreen;likes milk\n"


async def handed(db: Database, vault: Seal, raw: bytes, target: str | None = None) -> Import:
    async def pieces():
        yield raw

    async with db.transaction() as tx:
        id_ = await imports.hand_in(tx, access.SYSTEM, 1, "list.csv", target, (), Options())
    await imports.take_in(db, vault, id_, pieces(), is_given_over=True)
    with pytest.raises((imports.NeedsCurrency, imports.UnclearKind, imports.WrongKind, imports.Unreadable)):
        await imports.look_through(db, vault, id_)
    return await now(db, id_)


async def now(db: Database, id_) -> Import:
    async with db.transaction() as tx:
        return await imports.get(tx, id_)


async def answered(db: Database, vault: Seal, made: Import, target: str | None = None, **said) -> Import:
    async with db.transaction() as tx:
        await imports.understand(tx, made.id, target or made.target, Options(**said))
    return await imports.look_through(db, vault, made.id)


async def test_a_currency_nobody_said_is_asked_for(receive: Receive, db: Database, vault: Seal):
    made = await handed(db, vault, ORDERS)
    assert (made.state, made.fault["code"], made.fault["field"]) == ("asking", "import_needs_currency", "currency")
    assert made.tables[0].column("unit_price")
    async with db.transaction() as tx:
        with pytest.raises(imports.NotNow):
            await imports.start(tx, access.SYSTEM, made.id)
    made = await answered(db, vault, made, currency="EUR")
    assert (made.state, made.fault, made.rows_total) == ("ready", None, 1)


async def test_columns_nobody_recognised_can_be_said(receive: Receive, db: Database, vault: Seal):
    made = await handed(db, vault, NAMELESS, "customers")
    assert (made.state, made.fault["code"]) == ("asking", "import_wrong_kind")
    assert [column.header for column in made.tables[0].columns] == ["Colour", "Remark"]
    made = await answered(db, vault, made, mapping={"Colour": "customer_id"})
    assert (made.state, made.tables[0].column("customer_id").header) == ("ready", "Colour")


async def test_what_the_rows_of_such_a_file_are_is_asked_once(receive: Receive, db: Database, vault: Seal):
    made = await handed(db, vault, NAMELESS)
    assert (made.state, made.fault["code"]) == ("asking", "import_unclear_kind")
    await answered(db, vault, made, "customers", mapping={"Colour": "customer_id"})
    await imports.bring_in(db, vault, access.SYSTEM, made.id)
    again = await receive([["Colour", "Remark"], ["grey", "likes cake"]], None)
    assert (again.target, again.tables[0].column("customer_id").header) == ("customers", "Colour")
    said = {"Colour": "product_no", "Remark": "product_name"}
    other = await receive([["Colour", "Remark"], ["grey", "likes cake"]], "products", mapping=said)
    assert other.target == "products"


async def test_what_was_said_wrongly_keeps_the_form(receive: Receive, db: Database, vault: Seal):
    made = await handed(db, vault, ORDERS)
    with pytest.raises(imports.Unreadable):
        await answered(db, vault, made, sheets=("March",), currency="EUR")
    made = await now(db, made.id)
    assert (made.state, made.fault["code"]) == ("asking", "sheet_no_such_sheet")
    assert made.tables[0].column("unit_price")
    assert (await answered(db, vault, made, currency="EUR")).state == "ready"


async def test_a_file_whose_processes_die_is_given_up_after_three(receive: Receive, db: Database, vault: Seal):
    made = await receive([["Name", "E-Mail"], ["Bo", "bo@posta.example"]])

    async def taken_up(*, is_orderly: bool) -> bool:
        async with db.transaction() as tx:
            tx.now += timedelta(minutes=5)
            found = await imports.wanted(tx, 5)
            for id_ in found:
                await imports.leave(tx, id_, is_orderly=is_orderly)
        return bool(found)

    assert [await taken_up(is_orderly=True) for _ in range(4)] == [True] * 4
    assert [await taken_up(is_orderly=False) for _ in range(4)] == [True, True, True, False]
    made = await now(db, made.id)
    assert (made.state, made.fault["code"]) == ("failed", "import_gave_up")
    async with db.transaction() as tx:
        await imports.start(tx, access.SYSTEM, made.id)
        await imports.leave(tx, made.id, is_orderly=False, ran_out_of_memory=True)
    made = await now(db, made.id)
    assert (made.state, made.fault["code"]) == ("failed", "import_memory")
    async with db.transaction() as tx:
        await imports.start(tx, access.SYSTEM, made.id)
    assert (await imports.look_through(db, vault, made.id)).state == "ready"
