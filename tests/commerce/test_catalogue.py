"""Products, places, prices and stock as sources say them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadeno import commerce, customers
from fadeno.commerce import NewLine, NewOrder, NewPlace, NewPrice, NewProduct, NewStock, Unusable
from fadeno.kit.ids import new_id

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHOP, WEB = 1, 2


async def products(tx, *said: NewProduct, source_id: int = SHOP, **more) -> list[commerce.Kept]:
    return await commerce.keep_products(tx, source_id, said, said_in=more.pop("said_in", new_id()), **more)


async def places(tx, *said: NewPlace, source_id: int = SHOP, **more) -> list[commerce.Kept]:
    return await commerce.keep_places(tx, source_id, said, said_in=more.pop("said_in", new_id()), **more)


async def prices(tx, *said: NewPrice, source_id: int = SHOP, **more) -> list[commerce.Kept]:
    return await commerce.keep_prices(tx, source_id, said, said_in=more.pop("said_in", new_id()), **more)


async def stock(tx, *said: NewStock, source_id: int = SHOP, **more) -> list[commerce.Kept]:
    return await commerce.keep_stock(tx, source_id, said, said_in=more.pop("said_in", new_id()), **more)


async def test_a_product_said_again_is_unchanged_and_a_corrected_field_is_all_that_changes(tx):
    lamp = NewProduct(
        sku="L-1", name="Lamp", names={"hu": "Lámpa"}, category="Light", picture="https://x.example/l.jpg"
    )
    (first,) = await products(tx, lamp)
    (again,) = await products(tx, lamp)
    (changed,) = await products(tx, NewProduct(sku="L-1", names={"sr": "Лампа"}, picture="", state="discontinued"))
    assert (first.outcome, again.outcome, changed.outcome) == ("new", "unchanged", "changed")
    assert changed.changes == {
        "names": ({"hu": "Lámpa"}, {"hu": "Lámpa", "sr": "Лампа"}),
        "picture": ("https://x.example/l.jpg", None),
        "state": ("current", "discontinued"),
    }
    found = await commerce.product(tx, first.id)
    assert (found.name, found.category, found.picture, found.key) == ("Lamp", "Light", None, "L-1")


async def test_variants_may_come_before_what_they_are_variants_of(tx):
    red, whole = await products(tx, NewProduct(key="L-red", variant_of="L", variant="red"), NewProduct(key="L"))
    assert [one.variant for one in await commerce.variants(tx, whole.id)] == ["red"]
    assert (await commerce.product(tx, red.id)).whole_id == whole.id


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (NewProduct(name="nothing it is called by"), "key"),
        (NewProduct(gtin="4006381333932"), "gtin"),
        (NewProduct(gtin="36000291452"), "gtin"),
        (NewProduct(key="x", picture="javascript:alert(1)"), "picture"),
        (NewProduct(key="x", names={"<b>": "x"}), "names"),
        (NewProduct(key="x", state="gone"), "state"),
        (NewProduct(key="x" * 101), "key"),
    ],
)
async def test_a_bad_product_is_refused_with_why_and_harms_no_other(tx, said, field):
    good, bad = await products(tx, NewProduct(key="good"), said)
    assert (good.outcome, bad.outcome, bad.field) == ("new", "refused", field)
    assert bad.why


def test_a_gtin_is_one_at_every_length():
    assert commerce.gtin("036000291452") == commerce.gtin("0036000291452") == commerce.gtin("0-036000 291452")
    assert commerce.gtin("96385074") == "00000096385074"


@given(st.integers(0, 10**13 - 1), st.integers(1, 9), st.integers(0, 12))
def test_one_wrong_digit_of_a_gtin_is_seen(body, by, at):
    weighed = sum(int(d) * (3 if n % 2 == 0 else 1) for n, d in enumerate(f"{body:013}"))
    good = f"{body:013}{-weighed % 10}"
    assert commerce.gtin(good) == good
    wrong = good[:at] + str((int(good[at]) + by) % 10) + good[at + 1 :]
    with pytest.raises(Unusable):
        commerce.gtin(wrong)


async def test_a_product_is_found_by_any_code_and_by_words_in_any_script(tx):
    await products(
        tx,
        NewProduct(sku="LMP-01", gtin="4006381333931", name="Настолна лампа", category="Light"),
        NewProduct(sku="CHR-01", name="Chair's \\ 'leg'", variant="oak"),
    )

    async def found(q: str) -> list[str]:
        return [one.sku for one in (await commerce.products(tx, q=q))[0]]

    for typed in ("lmap", "lapma", "lamppa", "lihgt"):
        assert await found(typed) == ["LMP-01"], "a slip of the finger"
    assert await found("lmp01") == ["LMP-01"]
    for part in ("4006381333931", "40063", "3813", "333931"):
        assert await found(part) == ["LMP-01"], part
    for typed in ("LMP-01", "lampa", "nastol", "лам", "light", "lmp-0", "lamp nast"):
        assert await found(typed) == ["LMP-01"], typed
    assert await found("leg chair") == await found("oak") == ["CHR-01"]
    assert await found("") == ["CHR-01", "LMP-01"]
    for typed in ("sofa", "'", "\\", "a\0", ":* & |", "\ud800", "!"):
        await found(typed)


async def test_as_one_types_the_same_word_comes_before_its_beginning_and_what_only_sounds_alike(tx):
    await products(
        tx,
        NewProduct(key="1", name="Alma sofa"), NewProduct(key="2", name="Lampshade"), NewProduct(key="3", name="Lamp"),
        NewProduct(key="4", name="Лампа"), NewProduct(key="HX-007 1234", name="Big table", gtin="4006381333931"),
    )  # fmt: skip

    async def found(q: str) -> list[str]:
        return [one.name for one in await commerce.products_found(tx, q, limit=3)]

    assert (await found("lamp"))[0] == "Lamp"
    assert (await found("лампа"))[0] == (await found("lampa"))[0] == "Лампа"
    assert await found("lampsh") == ["Lampshade"]
    assert await found("4006381333931") == await found("0071234") == await found("1333") == ["Big table"]


async def test_pages_of_products_hold_each_once(tx):
    await products(tx, *(NewProduct(key=str(n), name=f"Lamp {n // 3}") for n in range(10)))
    for q in ("", "lamp"):
        seen, after = [], None
        while True:
            page, after = await commerce.products(tx, q=q, after=after, limit=3)
            seen += [one.key for one in page]
            if after is None:
                break
        assert sorted(seen, key=int) == [str(n) for n in range(10)]


async def test_prices_by_place_and_day_with_more_places_than_the_currency_has(tx):
    (screw,) = await products(tx, NewProduct(sku="S"))
    await places(tx, NewPlace("buda", name="Buda", hours="Mo-Fr 9-18; bank holidays: closed", country="hu"))
    new_year = date(2026, 1, 1)
    said = (
        NewPrice("S", Decimal("0.0349"), "EUR"),
        NewPrice("S", Decimal("12"), "HUF", place="buda", valid_from=new_year, valid_to=date(2026, 1, 31)),
        NewPrice("S", Decimal("13"), "HUF", place="buda", valid_from=date(2026, 2, 1)),
    )
    assert [one.outcome for one in await prices(tx, *said)] == ["new"] * 3
    assert [one.outcome for one in await prices(tx, *said)] == ["unchanged"] * 3
    (longer,) = await prices(tx, NewPrice("S", Decimal("12"), "HUF", place="buda", valid_from=new_year))
    assert longer.changes == {"valid_to": (date(2026, 1, 31), None)}
    found = await commerce.prices(tx, screw.id)
    assert [(one.place, one.amount, one.currency) for one in found] == [
        ("Buda", 13, "HUF"),
        ("Buda", 12, "HUF"),
        (None, Decimal("0.0349"), "EUR"),
    ]
    assert [one.holds_on(date(2026, 1, 15)) for one in found] == [False, True, True]


async def test_a_product_of_many_shops_takes_no_prices_from_the_next_nor_from_everywhere(tx):
    tea, cup = (one.id for one in await products(tx, NewProduct(sku="T"), NewProduct(sku="C")))
    shops = [f"s{n}" for n in range(4)]
    await places(tx, *(NewPlace(shop) for shop in shops))
    for sku in "TC":
        of_shops = [NewPrice(sku, Decimal(2), "EUR", place=shop) for shop in shops]
        await prices(tx, *of_shops, NewPrice(sku, Decimal(1), "EUR"))
        await stock(tx, *(NewStock(sku, Decimal(5), place=shop, said_at=NOON) for shop in shops))
    found = await commerce.prices(tx, tea, cup, most=3)
    assert [[one.place for one in found if one.product_id == of] for of in (tea, cup)] == [["s0", "s1", None]] * 2
    there = await commerce.stock(tx, tea, cup, most=3)
    assert [[one.place for one in there if one.product_id == of] for of in (tea, cup)] == [["s0", "s1", "s2"]] * 2


async def test_prices_of_a_day_are_the_latest_of_each_place_and_currency_everywheres_first(tx):
    (tea,) = await products(tx, NewProduct(sku="T"))
    await places(tx, NewPlace("buda"))
    last, now, next_ = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
    await prices(
        tx,
        NewPrice("T", Decimal(1), "EUR"), NewPrice("T", Decimal(2), "EUR", valid_from=last),
        NewPrice("T", Decimal(3), "EUR", valid_from=next_), NewPrice("T", Decimal(4), "HUF", valid_to=last),
        NewPrice("T", Decimal(5), "EUR", place="buda", valid_from=now, valid_to=now),
    )  # fmt: skip
    assert [one.amount for one in await commerce.prices_on(tx, now, tea.id)] == [2, 5]
    assert [one.amount for one in await commerce.prices_on(tx, last, tea.id)] == [2, 4]
    assert [one.amount for one in await commerce.prices_on(tx, next_, tea.id, most=1)] == [3]


async def test_prices_and_stock_of_what_is_not_known_are_refused(tx):
    await products(tx, NewProduct(sku="S"))
    said = await prices(tx, NewPrice("T", Decimal(1), "EUR"), NewPrice("S", Decimal(1), "EUR", place="nowhere"))
    counted = await stock(tx, NewStock("T", Decimal(1)), NewStock("S", Decimal("Infinity")), NewStock("S", Decimal(2)))
    assert [one.field for one in said] == ["product", "place"]
    assert [(one.outcome, one.field) for one in counted[:2]] == [("refused", "product"), ("refused", "quantity")]
    assert counted[2].outcome == "new"


async def test_a_later_count_of_stock_counts_and_one_that_is_the_same_is_still_fresher(tx):
    (thing,) = await products(tx, NewProduct(gtin="4006381333931"))
    await places(tx, NewPlace("depot", kind="warehouse"), source_id=WEB)
    for quantity, hour, outcome in (("5", 0, "new"), ("4.5", 2, "changed"), ("7", 1, "older"), ("4.5", 3, "unchanged")):
        at = NOON + timedelta(hours=hour)
        counted = NewStock("4006381333931", Decimal(quantity), place="depot", said_at=at)
        (kept,) = await stock(tx, counted, source_id=WEB)
        assert kept.outcome == outcome
    (found,) = await commerce.stock(tx, thing.id)
    assert (found.quantity, found.said_at, found.place) == (Decimal("4.5"), NOON + timedelta(hours=3), "depot")


async def test_an_order_finds_the_product_and_place_it_names_also_when_they_come_later(tx):
    line = NewLine("4006381333931", None, Decimal(1), Decimal(2))
    (kept,) = await commerce.keep_orders(tx, SHOP, [NewOrder("1", "EUR", place="buda", lines=[line])], said_in=new_id())
    assert (await commerce.order(tx, kept.id)).lines[0].text == "4006381333931"
    (other,) = await products(tx, NewProduct(gtin="4006381333931", name="Pen"), source_id=WEB)
    await places(tx, NewPlace("buda", name="Other Buda"), source_id=WEB)
    found = await commerce.order(tx, kept.id)
    assert (found.lines[0].text, found.lines[0].product_id, found.place_name) == ("Pen", other.id, "Other Buda")
    (own,) = await places(tx, NewPlace("buda", name="Buda"))
    assert (await commerce.order(tx, kept.id)).place_id == own.id


async def test_products_and_places_are_in_the_order_of_the_companys_language_also_after_it_changed(tx, request):
    async def shown() -> list[list[str]]:
        found = (await commerce.products(tx))[0], (await commerce.places(tx))[0]
        return [[one.name for one in page] for page in found]

    names = ("Cukor", "Csoki", "Cékla", "Dió")
    await products(tx, *(NewProduct(key=name, name=name) for name in names))
    await places(tx, *(NewPlace(key=name, name=name) for name in names))
    assert await shown() == [["Cékla", "Csoki", "Cukor", "Dió"]] * 2
    request.addfinalizer(lambda: customers.order_as(""))
    customers.order_as("hu")
    while await commerce.keep_order(tx):
        pass
    assert await shown() == [["Cékla", "Cukor", "Csoki", "Dió"]] * 2
    await products(tx, NewProduct(key="Cs", name="Csalán"))
    assert (await shown())[0] == ["Cékla", "Cukor", "Csalán", "Csoki", "Dió"], "what comes is in the new order at once"
