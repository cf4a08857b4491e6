"""What happened last, for a list of customers: the same as each one's own thread says."""

from random import Random

from fadeno import customers
from fadeno.access import SYSTEM
from fadeno.customers.reads.latest import _LOOKED_AT
from tests.customers.test_deciding import happens, who


async def _agree_with_threads(tx) -> int:
    everybody = set((await who(tx)).values())
    found = await customers.latest(tx, everybody)
    for id_ in everybody:
        items, _ = await customers.thread(tx, id_, limit=_LOOKED_AT)
        assert (id_ in found) == bool(items)
        if items:
            assert found[id_].item == items[0]
            came = [one.channel for one in reversed(items)]
            assert list(found[id_].channels) == [c for n, c in enumerate(came) if n == 0 or came[n - 1] != c]
    return len(found)


async def test_a_list_says_what_each_thread_says_also_while_the_log_is_rewritten(tx):
    random = Random(7)
    for minute in range(60):
        who_it_is = random.randrange(6)
        cookie = f"c{who_it_is}-{random.randrange(3)}"
        await happens(tx, ("user", f"u{who_it_is}"), ("cookie", cookie), minute=minute)
    assert await _agree_with_threads(tx) == 6
    a, b, c, *_ = sorted(set((await who(tx)).values()))
    merged = await customers.merge(tx, SYSTEM, [a, b])
    assert await _agree_with_threads(tx) == 5
    person = await customers.person(tx, merged.after[0].id)
    await customers.split(tx, SYSTEM, person.id, [person.addresses[0].id])
    await customers.merge(tx, SYSTEM, [person.id, c])
    assert await _agree_with_threads(tx) >= 4


async def test_nobody_is_asked_for_nothing(tx):
    assert await customers.latest(tx, []) == {}
