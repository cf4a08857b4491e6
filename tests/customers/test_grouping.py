"""Who is one person is a pure function of the set of evidence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from fadeno.customers.model import Address, Link, Ruling, group, limit_of, link_id

START = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = ("user", "email", "email", "cookie", "cookie", "crm:sap")


def an_address(number: int, kind: str, **more) -> Address:
    return Address(UUID(int=number + 1), kind, **more)


def a_link(a: Address, b: Address, strength: int = 2, minute: int = 0, rule: str = "same_event") -> Link:
    one, other = sorted((a.id, b.id))
    return Link(
        link_id((a.kind, str(a.id)), (b.kind, str(b.id)), rule), one, other, rule, strength,
        START + timedelta(minutes=minute),
    )  # fmt: skip


def together(number: int, *ids: UUID, minute: int = 0) -> Ruling:
    return Ruling(UUID(int=10_000 + number), "together", ids, (), False, START + timedelta(minutes=minute))


def apart(number: int, one: tuple[UUID, ...], other: tuple[UUID, ...], minute: int = 0, held: bool = True) -> Ruling:
    return Ruling(UUID(int=10_000 + number), "apart", one, other, held, START + timedelta(minutes=minute))


@st.composite
def evidence(draw, most: int = 9):
    """Addresses, links and rulings of a small world full of conflicts."""
    count = draw(st.integers(2, most))
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=count, max_size=count))
    addresses = [
        an_address(
            n, kind, proven=draw(st.integers(1, 3)), blocked=draw(st.sampled_from([None] * 9 + ["no_value"])),
            shared=draw(st.sampled_from([None] * 8 + [True, False])),
        )
        for n, kind in enumerate(kinds)
    ]  # fmt: skip
    links = {}
    for _ in range(draw(st.integers(0, 2 * count))):
        a, b = draw(st.lists(st.sampled_from(addresses), min_size=2, max_size=2, unique_by=lambda x: x.id))
        link = a_link(a, b, draw(st.integers(1, 3)), draw(st.integers(0, 5)), draw(st.sampled_from("xy")))
        links[link.id] = link
    rulings = []
    for number in range(draw(st.integers(0, 3))):
        some = draw(st.lists(st.sampled_from(addresses), min_size=2, unique_by=lambda x: x.id))
        ids = tuple(x.id for x in some)
        minute = draw(st.integers(0, 5))
        if draw(st.booleans()):
            rulings.append(together(number, *ids, minute=minute))
        else:
            cut = draw(st.integers(1, len(ids) - 1))
            rulings.append(apart(number, ids[:cut], ids[cut:], minute, draw(st.booleans())))
    return addresses, list(links.values()), rulings


@given(evidence(), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_evidence_comes_in_does_not_matter(world, random):
    addresses, links, rulings = world
    before = group(addresses, links, rulings)
    for things in (addresses, links, rulings):
        random.shuffle(things)
    assert group(addresses, links, rulings) == before


@given(evidence())
@settings(max_examples=100, deadline=None)
def test_blocked_and_shared_addresses_join_nobody(world):
    addresses, links, rulings = world
    answer = group(addresses, links, rulings)
    sizes = {}
    for customer in answer.customer_of.values():
        sizes[customer] = sizes.get(customer, 0) + 1
    for address in addresses:
        if address.blocked or address.id in answer.shared:
            assert sizes[answer.customer_of[address.id]] == 1


@given(evidence())
@settings(max_examples=100, deadline=None)
def test_evidence_alone_never_breaks_a_limit(world):
    addresses, links, _ = world
    answer = group(addresses, links, [])
    count = {}
    for address in addresses:
        key = (answer.customer_of[address.id], address.kind)
        count[key] = count.get(key, 0) + 1
    assert all(limit_of(kind) is None or n <= limit_of(kind) for (_, kind), n in count.items())


@given(evidence())
@settings(max_examples=100, deadline=None)
def test_what_a_member_keeps_apart_stays_apart_unless_a_later_word_joins_it(world):
    addresses, links, rulings = world
    answer = group(addresses, links, rulings)
    out = {a.id for a in addresses if a.blocked} | answer.shared
    for ruling in rulings:
        if ruling.verb == "apart" and ruling.id not in answer.void:
            one = {answer.customer_of[i] for i in ruling.one if i not in out}
            other = {answer.customer_of[i] for i in ruling.other if i not in out}
            assert not one & other


@given(evidence())
@settings(max_examples=100, deadline=None)
def test_every_link_is_either_kept_within_a_customer_or_left_out_with_a_reason(world):
    addresses, links, rulings = world
    answer = group(addresses, links, rulings)
    for link in links:
        is_one = answer.customer_of[link.a] == answer.customer_of[link.b]
        assert is_one == (link.id not in answer.left_out)
    assert all(answer.customer_of[c] == c for c in answer.customer_of.values())
    assert all(c.int <= i.int for i, c in answer.customer_of.items())


@given(evidence())
@settings(max_examples=100, deadline=None)
def test_a_merge_that_is_undone_leaves_what_was_there_before(world):
    addresses, links, rulings = world
    before = group(addresses, links, rulings)
    merge = together(77, addresses[0].id, addresses[-1].id, minute=9)
    merged = group(addresses, links, [*rulings, merge])
    one, other = (merged.customer_of[addresses[i].id] for i in (0, -1))
    assert (
        one == other
        or merge.id in merged.void
        or {addresses[0].id, addresses[-1].id} & (merged.shared | {a.id for a in addresses if a.blocked})
    )
    assert group(addresses, links, rulings) == before


def test_a_user_id_belongs_to_one_person_and_the_earlier_link_stays():
    cookie, anna, ben = an_address(0, "cookie"), an_address(1, "user"), an_address(2, "user")
    early, late = a_link(cookie, anna, minute=1), a_link(cookie, ben, minute=2)
    answer = group([cookie, anna, ben], [late, early], [])
    assert answer.customer_of[cookie.id] == answer.customer_of[anna.id] != answer.customer_of[ben.id]
    assert answer.left_out == {late.id: "limit:user"}


def test_a_late_stronger_link_regroups():
    cookie, anna, ben = an_address(0, "cookie"), an_address(1, "user"), an_address(2, "user")
    weak, strong = a_link(cookie, anna, 1, minute=1), a_link(cookie, ben, 3, minute=9)
    answer = group([cookie, anna, ben], [weak, strong], [])
    assert answer.customer_of[cookie.id] == answer.customer_of[ben.id]
    assert answer.left_out == {weak.id: "limit:user"}


def test_a_claim_never_joins_two_known_people():
    user, mail = an_address(0, "user"), an_address(1, "email", proven=3)
    claim = a_link(user, mail, 1)
    assert group([user, mail], [claim], []).left_out == {claim.id: "protected"}
    assert not group([user, replace(mail, proven=1)], [claim], []).left_out


def test_a_tablet_used_by_four_people_stops_joining_and_the_people_stay():
    tablet = an_address(0, "cookie")
    users = [an_address(n, "user") for n in range(1, 5)]
    links = [a_link(tablet, user) for user in users]
    three = group([tablet, *users[:3]], links[:3], [])
    assert not three.shared
    four = group([tablet, *users], links, [])
    assert four.shared == {tablet.id}
    assert set(four.left_out.values()) == {"shared"}
    said = group([replace(tablet, shared=False), *users], links, [])
    assert not said.shared


def test_a_member_may_bring_two_user_ids_together_and_machines_may_not_add_a_third():
    cookie, anna, ben, eve = (an_address(n, k) for n, k in enumerate(("cookie", "user", "user", "user")))
    links = [a_link(cookie, anna, minute=1), a_link(cookie, eve, minute=2)]
    answer = group([cookie, anna, ben, eve], links, [together(1, anna.id, ben.id)])
    assert answer.customer_of[anna.id] == answer.customer_of[ben.id] != answer.customer_of[eve.id]


def test_both_sides_of_a_split_stay_whole_though_the_link_between_them_is_gone():
    hub, *leaves = (an_address(n, "email" if n == 0 else "cookie") for n in range(5))
    links = [a_link(hub, leaf) for leaf in leaves]
    split = apart(1, (hub.id,), tuple(leaf.id for leaf in leaves))
    answer = group([hub, *leaves], links, [split])
    assert len({answer.customer_of[leaf.id] for leaf in leaves}) == 1
    assert answer.customer_of[hub.id] != answer.customer_of[leaves[0].id]


def test_the_latest_word_of_a_member_wins():
    a, b = an_address(0, "user"), an_address(1, "user")
    merge, split, again = together(1, a.id, b.id), apart(2, (a.id,), (b.id,), 1), together(3, a.id, b.id, minute=2)
    assert len(set(group([a, b], [], [merge]).customer_of.values())) == 1
    assert len(set(group([a, b], [], [merge, split]).customer_of.values())) == 2
    assert len(set(group([a, b], [], [merge, split, again]).customer_of.values())) == 1
