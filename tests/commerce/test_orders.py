"""Orders as sources say them: once, corrected, without a customer, of whoever the address is now."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadeno import commerce, customers
from fadeno.access import SYSTEM
from fadeno.commerce import NewLine, NewOrder
from fadeno.commerce.model.orders import order_row
from fadeno.kit.ids import new_id
from fadeno.kit.money import Money
from tests.customers.test_placing import said

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHOP, WEB = 1, 2


def lamp(quantity: str = "1", price: str = "19.90", text: str = "Lamp") -> NewLine:
    return NewLine("L-1", text, Decimal(quantity), Decimal(price))


def an_order(number: str = "A-1", *lines: NewLine, **more) -> NewOrder:
    return NewOrder(number, more.pop("currency", "EUR"), placed_at=more.pop("placed_at", NOON), lines=lines, **more)


async def keep(tx, *orders: NewOrder, source_id: int = SHOP, **more) -> list[commerce.Kept]:
    return await commerce.keep_orders(tx, source_id, orders, said_in=more.pop("said_in", new_id()), **more)


async def address(tx, user: str) -> UUID:
    (placed,) = await customers.place(tx, [said(("user", user, 3))])
    return placed.address_id


async def test_the_same_again_changes_nothing_and_a_correction_changes_just_that(tx):
    two = lamp("2"), lamp("2")
    (first,) = await keep(tx, an_order("A-1", *two, state="placed"))
    (again,) = await keep(tx, an_order("A-1", *two, state="placed"))
    assert (first.outcome, again.outcome, again.id) == ("new", "unchanged", first.id)
    (changed,) = await keep(tx, an_order("A-1", lamp("2"), lamp("-1"), state="shipped"))
    assert changed.outcome == "changed"
    assert changed.changes == {"state": ("placed", "shipped"), "lines": (2, 2)}
    found = await commerce.order(tx, first.id)
    assert [line.quantity for line in found.lines] == [2, -1]
    assert found.total == Money(1990, "EUR")


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"channel": "web"}, "placed"),
        ({"channel": "till"}, "delivered"),
        ({"channel": "Till", "state": "ready"}, "ready"),
        ({"channel": "till", "shipping_minor": 500}, "placed"),
        ({"channel": "till", "total_minor": -1990}, "refunded"),
    ],
)
async def test_what_a_till_sells_is_handed_over_at_once(tx, said: dict, state: str):
    (kept,) = await keep(tx, an_order("R-1", lamp(), **said))
    assert (await commerce.order(tx, kept.id)).state == state


async def test_two_equal_lines_are_two_lines(tx):
    (kept,) = await keep(tx, an_order("A-1", lamp(), lamp()))
    assert [line.ordinal for line in (await commerce.order(tx, kept.id)).lines] == [1, 2]


async def test_what_a_source_says_nothing_of_stays(tx):
    (kept,) = await keep(tx, an_order("A-1", lamp(), place="Buda", shipping_minor=500))
    (changed,) = await keep(tx, NewOrder("A-1", state="Canceled"))
    assert changed.changes == {"state": ("placed", "cancelled")}
    found = await commerce.order(tx, kept.id)
    assert (found.place, found.shipping, found.line_count) == ("Buda", Money(500, "EUR"), 1)


async def test_an_older_word_changes_nothing(tx):
    await keep(tx, an_order("A-1", lamp(), state="delivered"), said_at=NOON)
    (kept,) = await keep(tx, an_order("A-1", lamp(), state="shipped"), said_at=NOON - timedelta(hours=1))
    assert kept.outcome == "older"
    assert (await commerce.order(tx, kept.id)).state == "delivered"


async def test_of_one_number_twice_in_a_call_the_later_counts(tx):
    first, second, other = await keep(tx, an_order("1", lamp()), an_order("1", lamp("3")), an_order("2", lamp()))
    assert (first.outcome, second.outcome, other.outcome) == ("new", "changed", "new")
    assert (await commerce.order(tx, first.id)).total == Money(5970, "EUR")


async def test_a_bad_order_is_refused_with_why_and_harms_no_other(tx):
    kept = await keep(
        tx,
        an_order("  "),
        an_order("A-2", lamp(), currency="EURO"),
        NewOrder("A-3"),
        an_order("A-4", lamp("NaN")),
        an_order("A-5", lamp(), address_id=new_id()),
        an_order("A-6", lamp(text="a\0b\ud800\t\\\n")),
    )
    assert [one.outcome for one in kept] == ["refused"] * 5 + ["new"]
    assert [one.field for one in kept[:5]] == ["number", "currency", "currency", "quantity", "address_id"]
    assert all(one.why for one in kept[:5])
    assert (await commerce.order(tx, kept[5].id)).lines[0].text == "ab?\t\\"


async def test_an_order_of_nobody_is_recorded_and_makes_no_customer(tx):
    before = await customers.search(tx, "")
    (kept,) = await keep(tx, an_order("A-1", lamp()))
    assert (await commerce.order(tx, kept.id)).customer_id is None
    assert await customers.search(tx, "") == before


async def test_an_order_follows_its_address_through_merge_and_split(tx):
    anna, bea = await address(tx, "anna"), await address(tx, "bea")
    await keep(tx, an_order("A-1", lamp(), address_id=anna), an_order("B-1", lamp(), address_id=bea))
    done = await customers.merge(tx, SYSTEM, [anna, bea])
    assert await numbers_of(tx, anna) == await numbers_of(tx, bea) == {"A-1", "B-1"}
    await customers.undo(tx, SYSTEM, done.action_id)
    assert (await numbers_of(tx, anna), await numbers_of(tx, bea)) == ({"A-1"}, {"B-1"})


async def numbers_of(tx, customer_id: UUID) -> set[str]:
    found, _ = await commerce.orders(tx, customer_id=customer_id)
    return {one.number for one in found}


async def test_an_order_is_found_by_its_number_in_any_source_however_it_is_typed(tx):
    await keep(tx, an_order("2026/00-17", lamp()), an_order("2026/00-18", lamp()))
    await keep(tx, an_order("2026 0017", lamp()), source_id=WEB)
    found, _ = await commerce.orders(tx, number="#2026-0017")
    assert {(one.source_id, one.number) for one in found} == {(SHOP, "2026/00-17"), (WEB, "2026 0017")}
    assert len((await commerce.orders(tx, number="2026"))[0]) == 3


@pytest.mark.parametrize("of_one", [True, False])
async def test_pages_hold_every_order_once(tx, of_one):
    anna = await address(tx, "anna")
    await keep(tx, *[an_order(str(n), lamp(), address_id=anna, placed_at=NOON + timedelta(n // 3)) for n in range(10)])
    seen, place = [], None
    while True:
        page, place = await commerce.orders(tx, customer_id=anna if of_one else None, before=place, limit=3)
        seen += [one.number for one in page]
        if place is None:
            break
    assert sorted(seen, key=int) == [str(n) for n in range(10)]
    assert len(page) == 1


async def test_amounts_are_added_per_currency_and_cancelled_orders_are_not(tx):
    anna = await address(tx, "anna")
    await keep(
        tx,
        an_order("1", lamp("2"), address_id=anna),
        an_order("2", address_id=anna, total_minor=500),
        an_order("3", lamp("1", "7990"), currency="HUF", address_id=anna),
        an_order("4", lamp(), address_id=anna, state="cancelled"),
    )
    assert [(one.total, one.orders) for one in await commerce.spent(tx, anna)] == [
        (Money(4480, "EUR"), 2),
        (Money(799_000, "HUF"), 1),
    ]


async def test_an_order_whose_source_can_not_add_is_shown_with_the_difference(tx):
    parts = {"shipping_minor": 500, "discount_minor": 100, "tax_minor": 20}
    even, uneven, untold = await keep(
        tx,
        an_order("1", lamp(), total_minor=1990 + 500 - 100 + 20, **parts),
        an_order("2", lamp(), total_minor=2500, tax_included=True, **parts),
        an_order("3", lamp(), total_minor=1),
    )
    assert [(await commerce.order(tx, kept.id)).off_by for kept in (even, uneven, untold)] == [
        Money(0, "EUR"),
        Money(2500 - 1990 - 500 + 100, "EUR"),
        None,
    ]


@given(
    st.lists(
        st.builds(
            NewLine,
            product=st.none() | st.text(max_size=20),
            text=st.none() | st.text(max_size=50),
            quantity=st.decimals(-1000, 1000, places=3),
            unit_price=st.none() | st.decimals(-1000, 1000, places=4),
            total_minor=st.none() | st.integers(-(10**9), 10**9),
        ),
        max_size=5,
    )
)
def test_any_lines_make_whole_rows_of_copy(lines):
    row, written = order_row(NewOrder("1", "EUR", lines=lines))
    assert row["line_count"] == len(written) == len(lines)
    assert all(text.count("\t") == 5 and text.count("\n") == 1 and text.endswith("\n") for text in written)
    assert order_row(NewOrder("1", "EUR", lines=lines)) == (row, written)


async def test_a_customers_orders_of_a_number_are_found_beyond_the_first_page(tx):
    anna = await address(tx, "anna")
    old = an_order("X-9", lamp(), address_id=anna, placed_at=NOON - timedelta(1))
    await keep(tx, old, *[an_order(f"A-{n}", lamp(), address_id=anna) for n in range(5)])
    found, more = await commerce.orders(tx, customer_id=anna, number="x9", limit=2)
    assert ([one.number for one in found], more) == (["X-9"], None)


async def test_the_end_of_a_number_finds_an_order_after_those_that_begin_so(tx):
    await keep(tx, *(an_order(number, lamp()) for number in ("LU-2026-00447", "447-1", "447", "LU-2026-04470")))
    found = [order.number for order in await commerce.orders_found(tx, "447")]
    assert found == ["447", "447-1", "LU-2026-00447"]
    assert [order.number for order in await commerce.orders_found(tx, "00447")] == ["LU-2026-00447"]
    assert await commerce.orders_found(tx, "026") == [], "a middle is no end"


async def test_the_very_number_comes_first_then_the_newest_that_begin_so(tx):
    later = [an_order(f"10-{n}", lamp(), placed_at=NOON + timedelta(days=n)) for n in range(1, 5)]
    await keep(tx, an_order("10", lamp()), *later)
    found = await commerce.orders_found(tx, "#10", limit=3)
    assert [order.number for order in found] == ["10", "10-4", "10-3"]
    assert await commerce.orders_found(tx, "\0") == await commerce.orders_found(tx, "11") == []
