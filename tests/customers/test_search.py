"""Customers are found as one types, by name and by any address."""

import pytest

from fadeno import customers
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
        ("nobody", ""), ("", "u1 u2 u3 u4"), ("\0", "u1 u2 u3 u4"), ("%", ""), ("'; drop table", ""),
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
