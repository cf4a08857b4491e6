"""Taking imports back whole, in any order; forgetting and handing out a customer's orders; what is checked."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fadeno import commerce, customers
from fadeno.access import SYSTEM
from fadeno.commerce import NewLine, NewOrder, NewPlace, NewPrice, NewProduct, NewStock
from fadeno.kit.ids import new_id
from tests.customers.test_placing import said

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHOP, OTHER = 1, 2
TABLES = ("product", "place", "price", "stock", "order", "line")


async def everything(tx) -> dict[str, list]:
    """All rows of all tables, but when and in which call they were said."""
    found = {}
    for table in TABLES:
        cursor = await tx.connection.execute(f"SELECT to_jsonb(t) - 'said_at' - 'said_in' FROM commerce.{table} t")
        found[table] = sorted((row[0] for row in await cursor.fetchall()), key=str)
    return found


async def without_ids(tx) -> dict[str, list]:
    """The same, things called by what their sources call them."""
    cursor = await tx.connection.execute(
        "SELECT 'order', number, state, line_count::text,"
        " (SELECT string_agg(l.text || l.quantity, ',' ORDER BY ordinal) FROM commerce.line l WHERE l.order_id = o.id)"
        " FROM commerce.order o"
        " UNION ALL SELECT 'product', key, name, category, search_keys::text FROM commerce.product"
        " UNION ALL SELECT 'stock', p.key, s.quantity::text, NULL, NULL FROM commerce.stock s"
        " JOIN commerce.product p ON p.id = s.product_id"
    )
    return sorted(await cursor.fetchall(), key=str)


async def bring(tx, import_id, version: int) -> None:
    """An import of a little of everything, some of which other versions say otherwise."""
    word = {"said_in": import_id, "is_import": True}
    number = Decimal(version)
    lamp = NewProduct(sku="L", name=f"Lamp {version}")
    await commerce.keep_products(tx, SHOP, [lamp, NewProduct(sku=f"P{version}")], **word)
    await commerce.keep_places(tx, SHOP, [NewPlace("buda", hours=f"Mo {version}")], **word)
    price = NewPrice("L", number, "EUR", place="buda", valid_from=date(2026, 1, 1))
    await commerce.keep_prices(tx, SHOP, [price, NewPrice("L", Decimal(1), "HUF")], **word)
    await commerce.keep_stock(tx, SHOP, [NewStock("L", number, place="buda")], **word)
    lines = [NewLine("L", f"Lamp {version}", number, Decimal(10))] * version
    same = NewOrder("same", "EUR", placed_at=NOON, lines=[NewLine("L", "Lamp")])
    await commerce.keep_orders(
        tx, SHOP, [NewOrder("1", "EUR", placed_at=NOON, lines=lines), NewOrder(f"own {version}", "EUR"), same], **word
    )


async def take_back(tx, import_id, limit: int = 2) -> None:
    while not (await commerce.withdraw(tx, SYSTEM, import_id, limit=limit)).is_done:
        pass


async def test_an_import_taken_back_leaves_everything_as_it_was(tx):
    empty = await everything(tx)
    first, second = new_id(), new_id()
    await bring(tx, first, 1)
    before = await everything(tx)
    await bring(tx, second, 2)
    assert (await everything(tx))["order"] != before["order"]
    await take_back(tx, second)
    assert await everything(tx) == before
    await take_back(tx, first)
    assert await everything(tx) == empty == {table: [] for table in TABLES}
    assert (await commerce.check(tx))[1] == []


async def test_an_import_taken_back_after_a_later_one_leaves_only_the_later_ones_word(tx):
    first, second = new_id(), new_id()
    await bring(tx, first, 1)
    await bring(tx, second, 2)
    await take_back(tx, first)
    found, _ = await commerce.orders(tx)
    assert {one.number for one in found} == {"1", "own 2"}
    await take_back(tx, second)
    assert not any((await everything(tx)).values())


@st.composite
def _told_and_undone(draw) -> tuple[list[int], list[int]]:
    versions = draw(st.lists(st.integers(0, 2), min_size=2, max_size=4))
    order = draw(st.permutations(range(len(versions))))
    return versions, order[: draw(st.integers(1, len(order)))]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_told_and_undone())
async def test_what_is_left_is_what_the_imports_that_stand_say(tx, told):
    """Undoing in any order equals never having said it, for things each import says anew."""
    versions, undone = told
    imports = [(new_id(), version) for version in versions]
    async with tx.connection.transaction(force_rollback=True):
        for one in imports:
            await say(tx, *one)
        for at in undone:
            await take_back(tx, imports[at][0])
        found = await without_ids(tx)
        assert (await commerce.check(tx))[1] == []
    async with tx.connection.transaction(force_rollback=True):
        for at, one in enumerate(imports):
            if at not in undone:
                await say(tx, *one)
        assert found == await without_ids(tx)


async def say(tx, import_id, version: int) -> None:
    """What no other import says in the same words: so that none rests on another's."""
    mark = f"{version} {import_id}"
    word = {"said_in": import_id, "is_import": True}
    await commerce.keep_products(tx, SHOP, [NewProduct(sku="L", name=mark, category=mark)], **word)
    lines = [NewLine("L", mark, Decimal(version))] * (version + 1)
    await commerce.keep_orders(tx, SHOP, [NewOrder("1", "EUR", state=mark[:50], placed_at=NOON, lines=lines)], **word)


async def test_what_an_event_said_since_stays(tx):
    import_id = new_id()
    await bring(tx, import_id, 1)
    await commerce.keep_orders(tx, SHOP, [NewOrder("1", state="shipped")], said_in=new_id())
    await take_back(tx, import_id)
    found, _ = await commerce.orders(tx)
    assert [(one.number, one.state) for one in found] == [("1", "shipped")]


async def test_a_product_that_prices_of_others_need_stays_until_they_go(tx):
    import_id, others = new_id(), new_id()
    brought = [NewProduct(sku="L"), NewProduct(sku="M")]
    await commerce.keep_products(tx, SHOP, brought, said_in=import_id, is_import=True)
    await commerce.keep_prices(tx, OTHER, [NewPrice("L", Decimal(1), "EUR")], said_in=others, is_import=True)
    await take_back(tx, import_id, limit=1)
    assert (await commerce.check(tx))[1] == []
    assert [one.sku for one in (await commerce.products(tx))[0]] == ["L"]
    await take_back(tx, others)
    assert (await commerce.products(tx))[0] == []


async def anna_with_an_order(tx, **more):
    (placed,) = await customers.place(tx, [said(("user", "anna", 3))])
    lines = [NewLine("L", "Lamp, engraved for Anna", Decimal(2), Decimal(5))]
    order = NewOrder("A-1", "EUR", address_id=placed.address_id, lines=lines)
    (kept,) = await commerce.keep_orders(tx, SHOP, [order], said_in=new_id(), **more)
    return placed.customer_id, order, kept.id


async def test_an_erased_customers_orders_keep_numbers_and_amounts_and_no_words_for_good(tx):
    anna, order, id_ = await anna_with_an_order(tx, is_import=True)
    import_id = new_id()
    await commerce.keep_orders(tx, SHOP, [NewOrder("A-1", state="paid")], said_in=import_id, is_import=True)
    assert await commerce.erase(tx, SYSTEM, anna) == 1
    await take_back(tx, import_id)
    (again,) = await commerce.keep_orders(tx, SHOP, [order], said_in=new_id(), is_import=True)
    assert again.outcome == "unchanged"
    found = await commerce.order(tx, id_)
    assert (found.number, found.total.minor, found.line_count) == ("A-1", 1000, 1)
    assert found.erased_at
    for table in (*TABLES, "before"):
        cursor = await tx.connection.execute(f"SELECT count(*) FROM commerce.{table} t WHERE t::text LIKE '%Anna%'")
        assert (await cursor.fetchone())[0] == 0
    assert (await commerce.check(tx))[1] == []


async def test_all_orders_of_a_customer_are_handed_out_with_their_lines(tx):
    anna, _, _ = await anna_with_an_order(tx)
    (order,) = await commerce.export(tx, anna)
    assert (order["number"], order["lines"][0]["text"]) == ("A-1", "Lamp, engraved for Anna")


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        ("DELETE FROM commerce.order", "has no order"),
        ("DELETE FROM commerce.line", "has 0 lines and counts 1"),
        ("UPDATE commerce.line SET total_minor = 7", "they come to 7"),
        ("UPDATE commerce.order SET address_id = gen_random_uuid()", "names an address"),
        ("DELETE FROM commerce.place", "of no product or place"),
        ("DELETE FROM commerce.product", "of no product or place"),
    ],
)
async def test_a_fault_in_the_data_is_found(tx, harm, fault):
    await bring(tx, new_id(), 1)
    await anna_with_an_order(tx)
    assert (await commerce.check(tx))[1] == []
    await tx.connection.execute(harm)
    assert any(fault in said for said in (await commerce.check(tx))[1])
