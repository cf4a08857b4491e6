"""People nobody has heard of are written down the short way, and stand as if they had come the long one."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fadeno import customers
from fadeno.customers import Evidence, Mention
from fadeno.customers.actions import newcomers
from fadeno.kit.ids import new_id
from tests.customers.test_placing import EXAMPLES, said

START = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = ["user", "cookie", "email", "phone", "crm:sap", "card"]
VALUES = st.sampled_from([*"abcdefghijkl", "undefined", "back\\slash", "élan"])
TRAITS = st.dictionaries(
    st.sampled_from(["name", "firstName", "lastName", "company", "city", "tab\tbed", "long" * 60 + "1", "long" * 60]),
    st.none()
    | st.integers(0, 2)
    | st.booleans()
    | st.sampled_from(["", "Anna", "Ćirić", 'a "b" \\ c\n\td', "O'Neill"]),
    max_size=4,
)
CONSENTS = st.lists(
    st.tuples(st.sampled_from(["newsletter", "calls"]), st.booleans(), st.sampled_from(["list.csv", "tab\there"])),
    max_size=2,
)


@st.composite
def _event(draw) -> Evidence:
    mentions = draw(st.lists(st.tuples(st.sampled_from(KINDS), VALUES, st.integers(1, 3)), min_size=1, max_size=4))
    return Evidence(
        event_id=new_id(),
        source_id=draw(st.integers(1, 2)),
        occurred_at=START + timedelta(minutes=draw(st.integers(0, 3))),
        mentions=tuple(Mention(*one) for one in mentions),
        rule=draw(st.sampled_from(["identify", "same_event"])),
        traits=draw(TRAITS),
        traits_proven=draw(st.integers(1, 3)),
        consents=tuple(draw(CONSENTS)),
    )


async def everything(tx) -> dict[str, Any]:
    """All that is known, every address under its kind and value and not under the id it happened to get."""
    names = "SELECT id, kind || ' ' || value FROM customers.address"
    name = dict(await (await tx.connection.execute(names)).fetchall())
    found: dict[str, Any] = {}
    for table, columns in {
        "address": "id, proven, verified_at, blocked, shared, shared_by, source_id",
        "grouping": "address_id, is_telling, (SELECT array_agg(address_id) FROM customers.grouping o"
        " WHERE o.customer_id = t.customer_id)",
        "customer": "(SELECT array_agg(address_id) FROM customers.grouping o WHERE o.customer_id = t.id),"
        " address_count, array(SELECT unnest(kinds) ORDER BY 1), anchors, has_claims, is_contested, rulings,"
        " name, label, search_keys::text, sort_key",
        "link": "id, array[a, b], rule, strength, event_id, source_id, occurred_at, reason, retracted_by",
        "trait": "address_id, name, source_id, value_hash, value::text, proven, said_at, event_id",
        "consent": "id, address_id, purpose, granted, said_at, said_by, source_id, proof, event_id",
    }.items():
        rows = await (await tx.connection.execute(f"SELECT {columns} FROM customers.{table} t")).fetchall()
        found[table] = sorted(repr([_named(cell, name) for cell in row]) for row in rows)
    return found


def _named(cell: Any, name: dict) -> Any:
    if isinstance(cell, list):
        return sorted(str(name.get(one, one)) for one in cell)
    return name.get(cell, cell)


def _shown(placed: list[customers.Placed]) -> list[Any]:
    """Who is one with whom among events."""
    return [[one.customer_id == other.customer_id for other in placed] for one in placed]


async def _place_introduced(tx, evidence: list[Evidence]) -> list[customers.Placed]:
    """As a process does that was handed all introductions by another one."""
    introduced = {n: made for n, one in enumerate(evidence) if (made := customers.introduce(one, tx.now))}
    places = list(introduced)
    done = {places[n] for n in await customers.welcome(tx, list(introduced.values()))}
    placed = {n: introduced[n].ids for n in done}
    found = {n: customers.Placed(first, others, first) for n, (first, *others) in placed.items()}
    rest = [n for n in range(len(evidence)) if n not in done]
    found.update(zip(rest, await customers.place(tx, [evidence[n] for n in rest]) if rest else [], strict=True))
    return [found[n] for n in range(len(evidence))]


@given(st.lists(_event(), min_size=1, max_size=5), st.lists(_event(), min_size=1, max_size=6))
@settings(EXAMPLES, max_examples=30)
async def test_the_short_way_leaves_everything_as_the_long_one_does(tx, before, evidence):
    stood = []
    for place in (customers.place, customers.place_many, _place_introduced):
        async with tx.connection.transaction(force_rollback=True):
            await customers.place(tx, before)
            placed = await place(tx, evidence)
            stood.append((_shown(placed), await everything(tx)))
    assert stood[0] == stood[1] == stood[2]


async def test_most_rows_of_a_list_go_the_short_way(tx):
    known, *new = [
        said(("crm:crm", str(n), 3), ("email", f"p{n}@x.de", 2), ("phone", f"+4930{n:07}", 2), traits={"name": "Anna"})
        for n in range(5)
    ]
    await customers.place(tx, [known])
    again = said(("crm:crm", "4", 3), ("cookie", "c1", 2))
    placed = await newcomers.settle(tx, [known, *new, again])
    assert [one is not None for one in placed] == [False, True, True, True, False, False]
    first = placed[1]
    assert first.customer_id == first.address_id
    assert len(first.other_address_ids) == 2
    assert first.customer_id == await customers.find(tx, "email", "p1@x.de")
