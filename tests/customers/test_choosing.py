"""Some of many addresses, chosen by kind, by value, by letters in them."""

from fadeno import customers
from fadeno.customers import Choice
from tests.customers.test_deciding import happens


async def _anna(tx) -> customers.Person:
    for n in range(25):
        await happens(tx, ("user", "u-1"), ("cookie", f"C{n:02}x"), minute=n)
    placed = await happens(tx, ("user", "u-1"), ("email", "anna@posta.example"), minute=30)
    return await customers.person(tx, placed.customer_id)


async def test_what_is_chosen_is_the_union_and_what_is_not_theirs_is_said(tx):
    anna = await _anna(tx)
    assert await customers.address_kinds(tx, anna.id) == [("cookie", 25), ("email", 1), ("user", 1)]
    user = next(one.id for one in anna.addresses if one.kind == "user")
    values = ("c07X", "cookie:C08x", " Anna@Posta.example ", "c99x", "")
    ids, strange = await customers.chosen(tx, anna.id, Choice(values=values, ids=(user,)))
    known = {one.id: one.value for one in (await customers.person(tx, anna.id, limit=100)).addresses}
    assert sorted(known[id_] for id_ in ids) == ["C07x", "C08x", "anna@posta.example", "u-1"]
    assert strange == ["c99x"]
    assert len((await customers.chosen(tx, anna.id, Choice(kinds=("cookie",))))[0]) == 25
    assert await customers.chosen(tx, anna.id, Choice()) == ({}, [])


async def test_nobody_elses_address_is_chosen(tx):
    anna = await _anna(tx)
    other = await happens(tx, ("user", "u-2"), minute=40)
    ids, strange = await customers.chosen(tx, anna.id, Choice(values=("u-2",), ids=(other.address_id,)))
    assert (ids, strange) == ({}, ["u-2"])


async def test_pages_hold_every_address_with_the_letters_once(tx):
    anna = await _anna(tx)
    seen, after = [], None
    while True:
        found, after = await customers.addresses_with(tx, anna.id, "Cookie: c", after=after, limit=7)
        seen += [one.value for one in found]
        if after is None:
            break
    assert sorted(seen) == [f"C{n:02}x" for n in range(25)]
    assert await customers.addresses_with(tx, anna.id, "\0\ud800%") == ([], None)


def test_pasted_lines_are_taken_apart():
    assert customers.of_lines(" a , b\n\nc\r\n") == ["a", "b", "c"]
