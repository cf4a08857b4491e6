"""The sample company: the same for a seed, understood by the intake, and full of what really happens."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest

from fadeno import access, commerce, customers, imports, intake, settings, sources
from fadeno import app as house
from fadeno.app import App
from fadeno.entry import sample
from fadeno.entry.cli.demo import count_again, hand_in, stock_up
from fadeno.entry.sample import Sent, company, sheets, shelf, world
from fadeno.imports import Options
from fadeno.intake import Bad, Letter
from fadeno.kit import clock
from fadeno.sources import Source
from tests.conftest import TestServer

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PEOPLE = 150
HISTORY = sample.history(1, PEOPLE, NOW)
FIRST = sample.history(1, 12, NOW)
SOURCES = {
    name: Source(number, name, kind, region, True, {}, rhythm_s, NOW)
    for number, (name, kind, region, rhythm_s) in enumerate(sample.SOURCES, 1)
}


def _read(sent: Sent) -> Letter | Bad:
    return intake.read_event(sent.raw, {}, SOURCES[sent.source], sent.received_at)


READ = [_read(sent) for sent in HISTORY]
LETTERS = [one for one in READ if isinstance(one, Letter)]


def test_the_same_seed_and_moment_make_the_same_company() -> None:
    assert sample.history(1, 20, NOW) == sample.history(1, 20, NOW)
    assert sample.history(1, 20, NOW) != sample.history(2, 20, NOW)


def test_more_customers_add_to_the_same_ones() -> None:
    few = {sent.raw for sent in sample.history(1, 10, NOW)}
    added = {sent.raw for sent in sample.history(1, 20, NOW, first=10)}
    both = {sent.raw for sent in sample.history(1, 20, NOW)}
    assert few | added == both
    assert not few & added


ORDERS = [
    said["properties"]
    for sent, read in zip(HISTORY, READ, strict=True)
    if isinstance(read, Letter) and (said := json.loads(sent.raw)).get("event") == "Order Completed"
]


def test_orders_come_to_what_their_lines_do_at_prices_the_stock_system_knows() -> None:
    known = {(price.product, price.currency, price.amount) for price in shelf.prices(NOW.date())}
    for order in ORDERS:
        lines = order["products"]
        goods = sum(line["quantity"] * Decimal(str(line["price"])) for line in lines)
        assert Decimal(str(order["total"])) == goods + order.get("shipping", 0)
        for line in lines:
            assert (line["sku"], order["currency"], Decimal(str(line["price"]))) in known
        assert order["shop"] in {place.key for place in shelf.places()}
    assert len({order["currency"] for order in ORDERS}) == 5


def test_every_order_has_a_number_of_its_own() -> None:
    buyers = defaultdict(set)
    for index in range(PEOPLE):
        for step in _steps(index):
            if step.event.get("event") == "Order Completed":
                buyers[step.event["properties"]["order_id"]].add(index)
    assert len(buyers) > PEOPLE
    assert all(len(who) == 1 for who in buyers.values())


def test_what_is_promised_for_a_day_comes_on_that_day() -> None:
    promised = 0
    for index in range(8):
        said = None
        for step in _steps(index):
            properties = step.event.get("properties", {})
            local = step.at + timedelta(hours=sample.person(1, index).country.hours)
            if step.event.get("event") == "Message Sent":
                language = world.spoken(properties["language"])
                days = [world.in_script(day, properties["language"]) for day in world.DAYS[language]]
                said = next((at for at, day in enumerate(days) if day in properties["text"]), said)
            if step.event.get("event") == "Order Delivered" and said is not None:
                assert local.weekday() == said
                promised, said = promised + 1, None
    assert promised


def test_nobody_shares_a_number_but_the_household_its_line() -> None:
    for indexes in (range(300), range(4900, 5100)):
        people = [sample.person(1, index) for index in indexes]
        numbers = Counter(n for one in people for n in (one.phone, one.second_phone) if n)
        assert max(numbers.values()) == 1
    assert not sample.person(1, 99_999).phone


def test_stock_is_what_messages_say_and_gtins_end_on_the_right_digit() -> None:
    assert all(commerce.gtin(one.gtin) for one in world.GOODS)
    assert len({one.gtin for one in world.GOODS}) == len({one.sku for one in world.GOODS}) == len(world.GOODS)
    there = {(one.product, one.place): int(one.quantity) for one in shelf.stock(1)}
    assert all(there[thing.sku, "Lumo Szeged"] == shelf.count(1, thing, "Lumo Szeged") for thing in world.GOODS)


def _steps(index: int) -> list[sample.Step]:
    return company._life(1, sample.person(1, index), NOW)


def test_every_event_is_understood_or_meant_to_be_bad() -> None:
    bad = Counter(one.reason for one in READ if isinstance(one, Bad))
    assert bad == {
        "no_id": 2, "absurd_time": 2, "unknown_type": 2, "no_event_name": 1, "too_large": 1, "malformed_json": 1,
    }  # fmt: skip


def test_nothing_happened_after_now_and_much_of_it_lately() -> None:
    assert max(sent.received_at for sent in HISTORY) <= NOW
    days = Counter((NOW - sent.received_at).days // 30 for sent in HISTORY)
    assert days[0] > days[1] > 0
    assert days[3] > 0


def test_people_come_to_shops_and_phone_in_the_day() -> None:
    for letter in LETTERS:
        if letter.channel in ("till", "phone", "counter") and letter.kind == "track":
            assert 6 <= letter.evidence.occurred_at.hour < 20


def test_clocks_are_wrong_tills_are_late_and_things_are_sent_twice() -> None:
    assert any(letter.is_late for letter in LETTERS)
    assert any(letter.is_skewed for letter in LETTERS)
    assert max(Counter(letter.key for letter in LETTERS).values()) == 2


def test_a_wrong_clock_is_put_right() -> None:
    step = sample.Step("web-shop", NOW, {"type": "page", "name": "Home", "anonymousId": "c1", "context": {}})
    letter = _read(sample.sent(step, NOW, clock_off_s=4000))
    assert isinstance(letter, Letter)
    assert abs(letter.evidence.occurred_at - NOW) < timedelta(seconds=2)


def test_all_channels_and_languages_are_there() -> None:
    assert {letter.channel for letter in LETTERS} >= {
        "web", "app", "till", "counter", "phone", "whatsapp", "email", "chat", "server",
    }  # fmt: skip
    told = Counter(json.loads(letter.body).get("properties", {}).get("language") for letter in LETTERS)
    assert set(told) >= {"sr-Cyrl", "sr-Latn", "hu", "de", "ru", "ar", "en", "pt"}


def test_journeys_cross_channels() -> None:
    channels = defaultdict(set)
    for letter in LETTERS:
        if letter.evidence.mentions[0].value in ("u-10200", "+381645550102", "jelica.markovicpetrovic@posta.example"):
            channels["Jelica"].add(letter.channel)
    assert channels["Jelica"] >= {"web", "whatsapp", "email", "server"}


@pytest.mark.parametrize("language", world.LANGUAGES)
def test_every_language_says_the_same_things(language: str) -> None:
    english, lines = world.LINES["en"], world.LINES[language]
    assert {side: set(lines[side]) for side in ("said", "answered")} == {
        side: set(english[side]) for side in ("said", "answered")
    }
    for texts in (texts for side in lines.values() for texts in side.values()):
        for text in texts:
            assert set(re.findall(r"{(\w+)}", text)) <= {"order", "thing", "shop", "work", "day", "count"}
    assert all(language in thing.called for thing in world.GOODS)


def test_there_is_much_to_read() -> None:
    lines = {
        text for sides in world.LINES.values() for side in sides.values() for texts in side.values() for text in texts
    }
    assert len(lines) >= 150


def test_names_in_latin_are_spelled_letter_by_letter() -> None:
    assert world.latin("Љубица Џамбић, ЊЕГОШЕВА 5") == "Ljubica Džambić, NJEGOŠEVA 5"
    assert world.russian_latin("Юлия Щербакова") == "Yuliya Shcherbakova"


def test_what_comes_next_is_new_in_every_run_and_about_the_same_people() -> None:
    one = [step.event["messageId"] for step in islice(sample.onwards(1, 20, "a", NOW), 200)]
    other = [step.event["messageId"] for step in islice(sample.onwards(1, 20, "b", NOW), 200)]
    assert len(set(one) | set(other)) == 400
    assert not set(one) & {letter.message_id for letter in LETTERS}
    for step in islice(sample.onwards(1, 20, "c", NOW), 300):
        assert isinstance(_read(sample.sent(step, NOW, NOW)), Letter)


# In the house ----------------------------------------------------------------------------------------------------


NEW_ROWS = (60, 33, 136)


def test_while_one_watches_nothing_comes_that_is_promised_for_another_day() -> None:
    promised = {}
    for step in islice(sample.onwards(1, 8, "d", NOW), 1500):
        said = step.event.get("properties", {})
        order = said.get("order_id")
        if step.event.get("event") == "Order Delivered":
            assert order not in promised
        if step.event.get("event") == "Message Sent":
            days = [world.in_script(d, said["language"]) for d in world.DAYS[world.spoken(said["language"])]]
            promised |= {order: said["text"]} if any(day in said["text"] for day in days) else {}
    assert promised


async def _known(app: App) -> dict[str, Source]:
    async with app.db.transaction() as tx:
        return {source.name: source for source in await sources.all_sources(tx)}


async def _settled(app: App) -> dict[str, Source]:
    async with app.db.transaction() as tx:
        return {
            name: await sources.create(tx, access.SYSTEM, name, kind=kind, region=region)
            for name, kind, region, _ in sample.SOURCES
        }


def _settings(data_dir: Path) -> settings.Settings:
    return replace(settings.load({}, data_dir=data_dir), secret_key=b"k" * 32)  # the journal is sealed with it


@pytest.fixture(scope="session")
def company_made(test_server: TestServer, furnished: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The whole company, loaded once."""

    async def load(url: str) -> None:
        app = await house.start(_settings(tmp_path_factory.mktemp("company")), url)
        known = await _settled(app)
        await stock_up(app, known, 1, NOW)
        await hand_in(app, known, HISTORY)
        await app.stop()

    return test_server.made_for_this_run("company", furnished, load)


@pytest.fixture
async def lumo(test_server: TestServer, company_made: str, tmp_path: Path) -> AsyncIterator[App]:
    """A house with the whole company in it."""
    name = test_server.clone(company_made)
    app = await house.start(_settings(tmp_path), test_server.url(name))
    yield app
    await app.stop()
    test_server.drop(name)


async def test_the_accounts_add_up_and_the_same_load_changes_nothing(lumo: App) -> None:
    async with lumo.db.transaction() as tx:
        once = await intake.accounts_by_source(tx)
        assert (await intake.check(tx))[1] == []
    assert sum(book.received for book in once.values()) == len(HISTORY)
    assert sum(book.quarantined for book in once.values()) == 9
    await hand_in(lumo, await _known(lumo), HISTORY)
    async with lumo.db.transaction() as tx:
        twice = await intake.accounts_by_source(tx)
        assert (await intake.check(tx))[1] == []
    for source_id, book in twice.items():
        before = once[source_id]
        assert (book.accepted, book.quarantined) == (before.accepted, before.quarantined)
        assert book.received == 2 * before.received


async def test_households_stay_two_people_and_a_shop_tablet_belongs_to_nobody(lumo: App) -> None:
    async with lumo.db.transaction() as tx:
        for index in range(PEOPLE):
            one = sample.person(1, index)
            if one.house is None:
                continue
            other = sample.person(1, one.house)
            here, there = [await customers.find(tx, "user", user) for user in (one.user_id, other.user_id)]
            assert here is None or there is None or here != there
        people = {await customers.find(tx, "user", f"u-{10200 + index}") for index in range(PEOPLE)}
        for shop in ("novi-sad", "szeged", "leipzig"):
            assert await customers.find(tx, "device", f"tablet-{shop}-1") not in people | {None}


async def test_a_journey_across_channels_is_one_thread(lumo: App) -> None:
    async with lumo.db.transaction() as tx:
        found = {
            await customers.find(tx, kind, value)
            for kind, value in (
                ("user", "u-10200"),
                ("phone", "+381645550102"),
                ("whatsapp", "+381645550102"),
                ("email", "jelica.markovicpetrovic@posta.example"),
                ("card", "LK-7731-0042"),
                ("crm:old", "00318-K"),
            )
        }
    assert len(found) == 1


async def test_orders_stand_with_their_buyers_and_name_things_and_places_that_are_known(lumo: App) -> None:
    async with lumo.db.transaction() as tx:
        found, more = [], None
        while True:
            page, more = await commerce.orders(tx, before=more, limit=200)
            found += await commerce.with_lines(tx, page)
            if more is None:
                break
        assert {one.state for one in found} >= {
            "placed", "shipped", "delivered", "refunded", "partly refunded", "cancelled",
        }  # fmt: skip
        assert {one.state for one in found if one.channel == "till"} == {"delivered"}
        assert all(one.customer_id and one.place_id for one in found)
        assert all(line.product_id and line.picture for one in found for line in one.lines)
        assert not [one for one in found if one.off_by and one.off_by.minor]
        assert (await commerce.check(tx))[1] == []
        assert await commerce.known_kinds(tx) == {"orders", "products", "places"}
    await stock_up(lumo, await _known(lumo), 1, NOW)


async def test_what_is_sold_lowers_what_there_is(app: App) -> None:
    known = await _settled(app)
    await stock_up(app, known, 1, NOW)
    sku, place = world.GOODS[0].sku, next(shelf.shops())[1].place
    sold = {"shop": place, "products": [{"sku": sku, "quantity": 2}]}

    async def left() -> dict[str | None, Decimal]:
        async with app.db.transaction() as tx:
            ((one,), _) = await commerce.products(tx, q=sku)
            return {there.place: there.quantity for there in await commerce.stock(tx, one.id)}

    depot, before = world.DEPOTS["warehouse"]["name"], await left()
    for n, more in enumerate(({}, {"delivery": "post"}, {"event": "Order Shipped"})):
        event = {"event": "Order Completed", "properties": sold} | more | {"properties": sold | more}
        await count_again(app, known, event, NOW + timedelta(hours=n + 1))
    assert await left() == before | {place: max(before[place] - 2, Decimal(0)), depot: before[depot] - 2}


async def test_the_sheets_come_in_as_they_are_and_a_second_time_change_nothing(app: App, tmp_path: Path) -> None:
    known = await _settled(app)
    await stock_up(app, known, 1, NOW)
    await hand_in(app, known, FIRST)
    async with app.db.transaction() as tx:
        old = await sources.create(tx, access.SYSTEM, "old-till", region="HU")
    paths = sheets.write_all(tmp_path, 1, NOW.date())
    # Customers: one row is there twice, one says nobody's address.
    for path, target, new, refused in zip(paths, ("customers", "products", "orders"), NEW_ROWS, (1, 0, 0), strict=True):
        for expected in ((new, 0), (0, new)):
            options = Options(zone="Europe/Belgrade", currency="HUF")
            made = await imports.receive(app.db, app.vault, access.SYSTEM, old, path, path.name, None, options)
            assert made.target == target
            done = await imports.bring_in(app.db, app.vault, access.SYSTEM, made.id)
            assert (done.rows_new, done.rows_changed, done.rows_refused) == (expected[0], 0, refused), path.name
            assert done.rows_unchanged == expected[1]
    async with app.db.transaction() as tx:
        told, _ = await commerce.orders(tx, number="ТЕЛ", limit=200)
    assert len(told) == 70
    assert all(one.customer_id and one.off_by is None for one in told)


async def test_those_who_may_be_one_person_are_found(lumo: App) -> None:
    async with lumo.db.transaction() as tx:
        while await customers.find_likely(tx):
            pass
    async with lumo.db.transaction() as tx:
        found, _ = await customers.likely(tx)
    assert len(found) >= 5


async def test_a_live_event_arrives_now(app: App) -> None:
    known = await _settled(app)
    step = next(sample.onwards(1, 20, "now", clock.now()))
    at = clock.now()
    await hand_in(app, known, [replace(sample.sent(step, at, at), received_at=at)])
    async with app.db.transaction() as tx:
        assert sum(book.accepted for book in (await intake.accounts_by_source(tx)).values()) == 1
