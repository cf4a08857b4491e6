"""Customers who may be one person are found by what is known of them, said why, and decided by members."""

from datetime import timedelta
from uuid import UUID

import pytest

from fadeno import customers
from fadeno.access import SYSTEM
from fadeno.customers.model import NoLink, Said, traits
from fadeno.customers.model.likeness import LEAST, MOST_OF_A_HOUSEHOLD, likeness
from fadeno.customers.model.portrait import portrait
from fadeno.kit.ids import new_id
from tests.customers.test_placing import START, said

HOME = {"address": {"street": "Fő utca 1.", "postalCode": "1011", "city": "Budapest"}}
BORN = {"birthday": "1980-01-02"}
ELSEWHERE = {"address": {"street": "Kis utca 7.", "postalCode": "6720", "city": "Szeged"}}


def of(name: str, *held: str, **more):
    """A portrait of somebody of this name who holds these addresses."""
    said = [Said(UUID(int=1), key, value, 1, 2, START, new_id()) for key, value in {"name": name, **more}.items()]
    return portrait(UUID(int=1), [tuple(one.split(":", 1)) for one in held], traits(said))


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (of("Anna Szűcs"), of("Szucs Anna"), {"same_name", "rare_name"}),
        (of("Јелица Петровић", "phone:+38111"), of("Jelica Petrović", "whatsapp:+38111"),
         {"same_name", "same_number", "rare_name"}),
        (of("Müller Tom", birthday="1980-01-02"), of("Tom Mueller", birthday="1980-01-02"),
         {"name_sounds_alike", "same_birthday"}),
        (of("عمر حسن", "email:omar.hassan@a.example"), of("Omar Hassan", "email:omar.hassan@b.example"),
         {"name_sounds_alike", "same_email_name"}),
        (of("Tom Schneider", "phone:+4930"), of("Tom Schnedier", "sms:+4930", **HOME),
         {"name_a_slip_away", "same_number"}),
        (of("Tóth Katalin", "email:katalin21@a.example"), of("KATALIN T.", "email:katlain21@a.example"),
         {"name_in_short", "email_a_slip_away"}),
        (of("Tom Schmidt", "phone:+4930"), of("", "whatsapp:+4930"), {"same_number", "nameless"}),
        (of("Tom Schmidt", "email:tom.schmidt@a.de", **HOME), of("", "email:tom.schmidt@b.de", "phone:+4930", **HOME),
         {"same_email_name", "same_street", "same_postcode", "same_city"}),
    ],
)  # fmt: skip
def test_what_speaks_for_one_person_is_said(one, other, reasons):
    how = likeness(one, other, 2)
    assert how is not None
    assert set(how.reasons) == reasons
    assert LEAST <= how.certainty < 100
    assert set(likeness(other, one, 2).reasons) == reasons


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (of("Anna Szűcs", "phone:+361", **HOME), of("Béla Szűcs", "whatsapp:+361", **HOME)),
        (of("Martin Berg", "phone:+361", **HOME), of("Martina Berg", "phone:+361", **HOME)),
        (of("Mario Berg", "phone:+361", **HOME), of("Maria Berg", "phone:+361", **HOME)),
        (of("Jan Novák", "phone:+361", **HOME), of("Jana Nováková", "phone:+361", **HOME)),
        (of("Anna Szűcs", birthday="1950-01-01", **HOME), of("Anna Szűcs", birthday="1980-01-01", **HOME)),
        (of("Anna Szűcs", **HOME), of("Anna Szűcs", **ELSEWHERE)),
        (of("Anna Szűcs", "user:1", "phone:+361", **HOME), of("Hanna Szűcs", "user:2", "sms:+361", **HOME)),
        (of("Mila Berg", "phone:+361", **HOME), of("Milan Berg", "sms:+361", **HOME)),
        (of("Marina Berg", "phone:+361", **HOME), of("Marija Berg", "sms:+361", **HOME)),
        (of("Aleksandar Berg", "phone:+361", **HOME), of("Aleksandra Berg", "sms:+361", **HOME)),
        (of("Anna Szűcs", "user:1", "email:anna1@a.example"), of("Anna Szűcs", "user:2", "email:szucsi@a.example")),
        (of("Anna Nagy", "email:nagyanna12@a.example"), of("Anna Nagy", "email:nagyanna21@a.example")),
        (of("", "email:info@a.example"), of("", "email:info@b.example")),
        (of("Anna"), of("Anna")),
        (of(""), of("")),
    ],
)  # fmt: skip
def test_a_household_an_office_and_a_namesake_are_not_one_person(one, other):
    assert likeness(one, other, 2) is None


def test_a_frequent_name_alone_says_too_little():
    assert likeness(of("Anna Nagy"), of("Anna Nagy"), 2) is not None
    assert likeness(of("Anna Nagy"), of("Anna Nagy"), 9) is None
    assert likeness(of("Anna Nagy", **HOME), of("Anna Nagy", **HOME), 9) is not None


# In the database ---------------------------------------------------------------------------------------------------


async def come(tx, *people: tuple[str, dict]) -> list[UUID]:
    """People of one user id each, with what is said of them."""
    found = []
    for n, (name, more) in enumerate(people):
        mentions = [("user", f"p{n}", 3)] + [(kind, more.pop(kind), 2) for kind in ("email", "phone") if kind in more]
        (placed,) = await customers.place(tx, [said(*mentions, traits={"name": name, **more}, minute=n)])
        found.append(placed.customer_id)
    return found


async def look(tx) -> list[customers.Likely]:
    while await customers.find_likely(tx):
        pass
    return (await customers.likely(tx))[0]


async def test_likely_pairs_are_found_and_the_likeliest_comes_first(tx):
    anna, anna_too, bea, omar, omar_too = await come(
        tx,
        ("Anna Szűcs", {"phone": "+3612345678", **HOME}), ("Szucs Anna", {"email": "a@x.example", **HOME}),
        ("Bea Szűcs", {"email": "b@x.example", **HOME}), ("Omar Sharif", BORN | {}), ("Омар Шариф", BORN | {}),
    )  # fmt: skip
    pairs = await look(tx)
    assert [{p.one, p.other} for p in pairs] == [{anna, anna_too}, {omar, omar_too}]
    assert pairs[0].certainty > pairs[1].certainty
    assert "same_birthday" in pairs[1].reasons
    first, after = await customers.likely(tx, limit=1)
    second, end = await customers.likely(tx, limit=1, after=after)
    assert ([*first, *second], end) == (pairs, None)
    assert (await customers.likely(tx, least=pairs[0].certainty))[0] == pairs[:1]
    assert bea not in {p.one for p in pairs} | {p.other for p in pairs}


async def test_a_confirmed_pair_is_one_customer_until_that_is_undone(tx):
    one, other = await come(tx, ("Anna Szűcs", BORN | {}), ("Szucs Anna", BORN | {}))
    (pair,) = await look(tx)
    done = await customers.confirm_likely(tx, SYSTEM, pair.id)
    assert await customers.customer_of(tx, one) == await customers.customer_of(tx, other)
    assert await look(tx) == []
    assert [(d.verb, d.action_id) for d in await customers.decided_likely(tx)] == [("merge", done.action_id)]
    with pytest.raises(NoLink):
        await customers.confirm_likely(tx, SYSTEM, pair.id)
    undone = await customers.undo(tx, SYSTEM, done.action_id)
    assert await customers.customer_of(tx, one) != await customers.customer_of(tx, other)
    assert await look(tx) == [pair]
    assert await customers.decided_likely(tx) == []
    await customers.undo(tx, SYSTEM, undone.action_id)
    assert await look(tx) == []


async def test_a_mailbox_parted_from_its_people_is_not_suggested_to_any_of_them(tx):
    await customers.place(tx, [said(("email", "home@x.de", 3), traits={"name": "Anna Szűcs", **BORN})])
    await customers.place(
        tx, [said(("user", "u1", 3), ("email", "home@x.de", 3), traits={"name": "Anna Szűcs", **BORN})]
    )
    (other,) = await come(tx, ("Szucs Anna", BORN | {}))
    mailbox = await customers.find_address(tx, "email", "home@x.de")
    assert len(await look(tx)) == 1
    await customers.set_shared(tx, SYSTEM, mailbox, True)
    anna = await customers.find(tx, "user", "u1")
    assert anna != await customers.find(tx, "email", "home@x.de")
    assert [{pair.one, pair.other} for pair in await look(tx)] == [{anna, other}]
    await customers.set_shared(tx, SYSTEM, mailbox, None)
    assert len(await look(tx)) == 1


async def test_a_refusal_taken_back_lets_the_pair_wait_again(tx):
    await come(tx, ("Anna Szűcs", BORN | {}), ("Szucs Anna", BORN | {}))
    (pair,) = await look(tx)
    done = await customers.refuse_likely(tx, SYSTEM, pair.id)
    assert await look(tx) == []
    await customers.undo(tx, SYSTEM, done.action_id)
    assert await look(tx) == [pair]
    assert await customers.likely_of(tx, pair.one) == await customers.likely_of(tx, pair.other) == [pair]


async def test_evidence_that_was_left_out_is_weighed_with_all_else(tx):
    """Two accounts with one mailbox: of one person who has two, or of a household."""
    for user, name, mailbox in (
        ("u1", "Anna Szűcs", "a"),
        ("u2", "Szucs Anna", "a"),
        ("u3", "Béla Berg", "b"),
        ("u4", "Cili Berg", "b"),
    ):
        await customers.place(tx, [said(("user", user, 3), traits={"name": name})])
        await customers.place(tx, [said(("user", user, 3), ("email", f"{mailbox}@x.example", 3))])
    own, household = await look(tx)
    assert own.held_off == household.held_off == "limit:user"
    assert {"linked", "same_name", "other_account"} <= set(own.reasons)
    assert {"linked", "other_name"} <= set(household.reasons)
    assert household.certainty <= MOST_OF_A_HOUSEHOLD < LEAST < own.certainty
    await customers.refuse(tx, SYSTEM, household.link_id)
    assert await look(tx) == [own]


async def test_who_is_not_alike_any_more_is_not_asked_about(tx):
    await come(tx, ("Anna Szűcs", BORN | {}), ("Szucs Anna", BORN | {}))
    tx.now += timedelta(hours=1)
    assert len(await look(tx)) == 1
    await customers.place(tx, [said(("user", "p1", 3), traits={"name": "Bea Kis"}, minute=9)])
    assert await look(tx) == []


async def test_a_refused_pair_is_kept_apart_and_never_suggested_again(tx):
    one, other = await come(tx, ("Anna Szűcs", BORN | {}), ("Szucs Anna", BORN | {}))
    (pair,) = await look(tx)
    await customers.refuse_likely(tx, SYSTEM, pair.id)
    await customers.place(tx, [said(("user", "p0", 3), ("email", "anna@x.example", 2), minute=8)])
    await customers.place(tx, [said(("user", "p1", 3), ("email", "anna@x.example", 2), minute=9)])
    assert await customers.customer_of(tx, one) != await customers.customer_of(tx, other)
    for _ in range(3):
        assert await look(tx) == []


async def test_all_above_a_certainty_are_confirmed_at_once(tx):
    ids = await come(
        tx,
        ("Anna Szűcs", HOME | {}),
        ("Szucs Anna", HOME | {}),
        ("Anna Szucs", HOME | {}),
        ("Bea Kis", BORN | {}),
        ("Kiss Bea", BORN | {}),
    )
    assert len(await look(tx)) == 4
    done, more = await customers.confirm_all_likely(tx, SYSTEM, 80)
    assert not more
    assert len(done) == 2, "the third pair of three is one customer by then"
    owners = [await customers.customer_of(tx, id_) for id_ in ids]
    assert len(set(owners[:3])) == 1
    assert len(set(owners)) == 3
    assert len(await look(tx)) == 1


async def test_a_name_of_many_is_not_compared_with_all(tx):
    await come(tx, *(("Anna Nagy", {}) for _ in range(40)))
    assert await look(tx) == []


async def test_a_customer_named_later_is_looked_at_again_bit_by_bit(tx):
    await come(tx, ("Anna Szűcs", BORN | {}), ("", BORN | {}))
    tx.now += timedelta(hours=1)
    assert await look(tx) == []
    await customers.place(tx, [said(("user", "p1", 3), traits={"name": "Szűcs Anna"}, minute=9)])
    assert len(await look(tx)) == 1
