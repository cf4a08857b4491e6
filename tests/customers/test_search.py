"""Customers are found as one types, by name in any script and by any address, the best answer first."""

from datetime import timedelta
from uuid import UUID

import pytest

from fadeno import customers
from fadeno.customers.model import order_as
from fadeno.customers.store import walked
from fadeno.kit.ids import first_id_at
from tests.customers.test_placing import said

PEOPLE = [
    ("u1", "Anna Schmidt", "anna.schmidt@example.com", "+493012345678"),
    ("u2", "Ánna Szűcs", "szucs@gmail.com", "+3612345678"),
    ("u3", "Bea Schmitt", "bea@acme.hu", "+3611111111"),
    ("u4", "Ольга Иванова", "olga@gmail.com", "+74951234567"),
]


@pytest.fixture
async def people(tx):
    """Four people, by their user ids."""
    found = {}
    for user, name, email, phone in PEOPLE:
        mentions = (("user", user, 3), ("email", email, 2), ("phone", phone, 2))
        (placed,) = await customers.place(tx, [said(*mentions, traits={"name": name})])
        found[placed.customer_id] = user
    return found


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("a", "u1 u2"), ("anna", "u1 u2"), ("ANN", "u1 u2"), ("schm", "u1 u3"), ("anna schm", "u1"),
        ("schmidt anna", "u1"), ("szucs", "u2"), ("Szűcs", "u2"), ("olga", "u4"), ("ольг", "u4"), ("acme", "u3"),
        ("gmail", ""), ("anna.schmidt@ex", "u1"), ("Anna.Schmidt@Example.com", "u1"), ("345678", "u1 u2"),
        ("+49 30 12345678", "u1"), ("0049 30 12345678", "u1"), ("email:bea@acme.hu", "u3"), ("user:u4", "u4"),
        ("nobody", ""), ("", "u1 u2 u3 u4"), (" \t", "u1 u2 u3 u4"), ("\0", ""), ("%", ""), ("_", ""),
        ("anna%", "u1 u2"), ("\u200b", ""), ("a" * 10_000, ""), ("'; drop table", ""),
    ],
)  # fmt: skip
async def test_what_is_typed_finds(tx, people, typed, expected):
    found, _ = await customers.search(tx, typed)
    assert sorted(people[one.id] for one in found) == expected.split()


async def test_a_birth_id_finds_whoever_it_is_now(tx, people):
    one = next(iter(people))
    assert [f.id for f in (await customers.search(tx, str(one)))[0]] == [one]


async def test_pages_follow_one_another_in_order_of_name(tx, people):
    names, after = [], None
    for _ in range(4):
        (one,), after = await customers.search(tx, limit=1, after=after)
        names.append(one.name)
    assert after is None
    assert names == ["Anna Schmidt", "Ánna Szűcs", "Bea Schmitt", "Ольга Иванова"]


async def test_a_changed_name_is_found_and_the_old_one_is_not(tx, people):
    await customers.place(tx, [said(("user", "u1", 3), traits={"name": "Anna Kovács"}, minute=9)])
    assert (await customers.search(tx, "schmidt"))[0][0].name == "Anna Kovács"  # by the e-mail address
    assert [f.name for f in (await customers.search(tx, "kovacs"))[0]] == ["Anna Kovács"]


async def known(tx, *names: str) -> None:
    """Customers of these names, by one user id each, the last one heard of last."""
    for n, name in enumerate(names):
        await customers.place(tx, [said(("user", f"n{n}", 3), traits={"name": name}, minute=n)])


async def names_found(tx, typed: str, limit: int = 20) -> list[str]:
    return [found.name for found in (await customers.search(tx, typed, limit=limit))[0]]


async def test_the_same_name_in_another_script_follows_the_one_as_typed(tx):
    await known(tx, "عمر السيد", "Омар Шариф", "Omarov Igor", "Omar Sy", "Mara Om")
    assert await names_found(tx, "Omar") == ["Omar Sy", "Omarov Igor", "Омар Шариф", "عمر السيد"]
    assert (await names_found(tx, "عمر"))[0] == "عمر السيد"


@pytest.mark.parametrize("typed", ["Scmhidt", "Schimdt", "Shcmidt", "Schmit", "Schmidtt", "Anna Scmhidt", "scmhidt a"])
async def test_a_slip_of_the_finger_finds_all_the_same(tx, people, typed):
    assert "Anna Schmidt" not in await names_found(tx, "Sxhmidt"), "nobody learned the words yet"
    while await customers.learn_spellings(tx):
        pass
    assert "Anna Schmidt" in await names_found(tx, "Sxhmidt")
    assert "Anna Schmidt" in await names_found(tx, typed)


async def test_long_words_are_forgiven_two_slips_and_short_ones_none(tx):
    await known(tx, "Konstantinopoulos", "Ana", "Petra")
    await customers.learn_spellings(tx)
    assert await names_found(tx, "Konstxntinopuolos") == ["Konstantinopoulos"]
    assert await names_found(tx, "Pxtrx") == []
    assert await names_found(tx, "Axa") == []


async def test_words_nobody_bears_any_more_are_forgotten_and_new_ones_learned(tx, people):
    await customers.learn_spellings(tx)
    assert await names_found(tx, "Schxitt") == ["Bea Schmitt"]
    await customers.place(tx, [said(("user", "u3", 3), traits={"name": "Bea Orosz"}, minute=9)])
    while await customers.forget_spellings(tx):
        pass
    assert await names_found(tx, "Schxitt") == []
    tx.now += timedelta(days=2)
    await customers.learn_spellings(tx)
    assert (await walked(tx, "spellings")).reached == UUID(int=0), "after a day all are looked at again"
    await customers.learn_spellings(tx)
    assert await names_found(tx, "Orsoz") == ["Bea Orosz"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("030 1234", "u1"), ("30 12345678", "u1"), ("0049 30 1234", "u1"), ("5678", "u1 u2"), ("1111111", "u3"),
        ("(0495) 1234567", "u4"), ("+7 495", "u4"), ("8 495 123-45-67", "u4"), ("06 1 234 5678", "u2"),
        ("9999", ""), ("123", ""),
    ],
)  # fmt: skip
async def test_any_four_digits_of_a_number_find_it(tx, people, typed, expected):
    found, _ = await customers.search(tx, typed)
    assert sorted(people[one.id] for one in found) == expected.split()


async def test_digits_must_stand_together(tx):
    await customers.place(tx, [said(("user", "u9", 3), ("phone", "+4912342345", 2))])
    assert (await customers.search(tx, "123423"))[0] != []
    assert (await customers.search(tx, "23412342"))[0] == []


async def test_among_equals_who_was_heard_of_last_comes_first(tx):
    await known(tx, "Anna Abel", "Anna Zahn", "Anna Mohr")
    assert await names_found(tx, "Anna") == ["Anna Mohr", "Anna Zahn", "Anna Abel"]


async def test_pages_of_what_was_found_follow_one_another(tx):
    await known(tx, *(f"Anna {chr(65 + n)}berg" for n in range(7)))
    seen, after = [], None
    while True:
        found, after = await customers.search(tx, "anna", limit=3, after=after)
        seen += [one.name for one in found]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 7


@pytest.fixture
def hungarian():
    """The company's lists are in Hungarian order."""
    order_as("hu")
    yield
    order_as("")


async def test_lists_are_in_the_order_of_the_companys_language(tx, hungarian):
    await known(tx, "Cukor Éva", "Csóka Éva", "Czakó Éva", "Dani Éva")
    assert [found.name[:5] for found in (await customers.search(tx))[0]] == ["Cukor", "Czakó", "Csóka", "Dani "]


async def test_lists_are_ordered_anew_when_the_language_changes(tx, request):
    await known(tx, "Cukor Éva", "Csóka Éva", "Czakó Éva", "Dani Éva")
    assert [found.name[:5] for found in (await customers.search(tx))[0]] == ["Csóka", "Cukor", "Czakó", "Dani "]
    request.getfixturevalue("hungarian")
    while await customers.keep_order(tx):
        pass
    assert [found.name[:5] for found in (await customers.search(tx))[0]] == ["Cukor", "Czakó", "Csóka", "Dani "]
    assert not await customers.keep_order(tx)


async def test_people_with_names_come_before_those_called_by_an_address_page_by_page(tx):
    called = ["Žarko", "Ольга", "عمر", "3M Kft.", "李雷", "𠮷野家", "Anna"]
    numbers = [("phone", "+4912342345"), ("user", "0001"), ("email", "aaa@example.com"), ("user", "Abel")]
    for held in numbers:
        await customers.place(tx, [said((*held, 3))])
    await customers.place(tx, [said(("user", "0002", 3), traits={"name": "bea@example.com"})])
    await known(tx, *called)
    seen, after = [], None
    while not seen or after:
        page, after = await customers.search(tx, limit=2, after=after)
        seen += [one.label for one in page]
    assert len(seen) == len(set(seen)) == 12
    assert set(seen[:7]) == set(called)
    assert seen[7:] == ["0001", "+4912342345", "aaa@example.com", "Abel", "bea@example.com"]


async def test_whoever_was_there_before_names_came_first_is_ordered_anew(tx):
    await customers.place(tx, [said(("phone", "+4912342345", 3))])
    await known(tx, "Anna")
    while await customers.keep_order(tx):
        pass
    await tx.connection.execute("UPDATE customers.customer SET sort_key = '4912342345' WHERE name IS NULL")
    await tx.connection.execute("UPDATE customers.walk SET detail = '' WHERE name = 'order'")
    while await customers.keep_order(tx):
        pass
    assert [found.label for found in (await customers.search(tx))[0]] == ["Anna", "+4912342345"]


STRANGE = ["'", "''':*", "a & b", "!a", "\\", "(", "~an", "#4930", "*", "a:*", "é'é", "%s", "😀", "\u202e"]


@pytest.mark.parametrize("typed", STRANGE)
async def test_nothing_typed_breaks_the_query(tx, people, typed):
    await customers.search(tx, typed)
    await customers.search(tx, f"anna {typed}")


async def test_among_equals_whoever_something_came_of_last_comes_first(tx):
    ids = {}
    for n, name in enumerate(("Anna Abel", "Anna Zahn", "Anna Mohr")):
        (placed,) = await customers.place(tx, [said(("user", f"n{n}", 3), traits={"name": name}, minute=n)])
        ids[name] = placed.customer_id
    for name, ago in (("Anna Zahn", timedelta(days=2)), ("Anna Abel", timedelta(days=1)), ("Anna Mohr", timedelta(90))):
        await happened(tx, ids[name], tx.now - ago)
    assert await names_found(tx, "Anna") == ["Anna Abel", "Anna Zahn", "Anna Mohr"]


async def happened(tx, customer_id: UUID, at) -> None:
    await tx.connection.execute(
        "INSERT INTO events.event"
        " (id, source_id, channel, kind, address_id, customer_id, occurred_at, received_at, body)"
        " VALUES (%s, 1, 'web', 'page', %s, %s, %s, %s, '{}')",
        (first_id_at(at), customer_id, customer_id, at, at),
    )


async def test_a_word_that_very_many_have_finds_some_of_them(tx, monkeypatch):
    await known(tx, *(f"Person{n} Berg" for n in range(30)))
    monkeypatch.setattr("fadeno.customers.reads.search.MOST_FOUND", 5)
    assert len(await names_found(tx, "berg")) == 5
    assert len(await names_found(tx, "бер")) == 5


async def test_two_letters_beside_a_word_find_whoever_is_called_so_or_whose_name_begins_so(tx):
    await known(tx, "Bo Chen", "Chen Boris", "Chen Anna")
    assert await names_found(tx, "chen bo") == ["Bo Chen", "Chen Boris"]
    assert await names_found(tx, "bo chen") == ["Bo Chen"]
    assert await names_found(tx, "chen bor") == ["Chen Boris"]
