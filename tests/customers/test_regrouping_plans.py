"""Naming, grouping anew and taking back look only at whom they are about: plans of 20,000 people without statistics."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from fadeno.customers.model import NAME_TRAITS
from fadeno.customers.store.statements import Q, array
from tests.conftest import TestServer

PEOPLE, ASKED = 20_000, 1_500
BODY = '{"traits": {"city": "Ulm"}}'
FILLED = (
    "INSERT INTO customers.address (id, kind, value, proven)"
    " SELECT md5(x || n)::uuid, 'email', x || n, 2 FROM generate_series(1, %(people)s) n, unnest(ARRAY['a', 'b']) x",
    "INSERT INTO customers.grouping SELECT md5(x || n)::uuid, md5('a' || n)::uuid, true"
    " FROM generate_series(1, %(people)s) n, unnest(ARRAY['a', 'b']) x",
    "INSERT INTO customers.customer (id, address_count)"
    " SELECT md5('a' || n)::uuid, 2 FROM generate_series(1, %(people)s) n",
    "INSERT INTO customers.trait (address_id, name, source_id, value_hash, value, proven, said_at, event_id)"
    " SELECT md5('a' || n)::uuid, name, 1, md5('v' || n)::uuid, '1', 2, now(), md5('e' || n)::uuid"
    " FROM generate_series(1, %(people)s) n, unnest(ARRAY['firstName', 'lastName', 'city']) name",
    "INSERT INTO customers.link (id, a, b, rule, strength, occurred_at)"
    " SELECT md5('l' || n)::uuid, least(md5('a' || n)::uuid, md5('b' || n)::uuid),"
    " greatest(md5('a' || n)::uuid, md5('b' || n)::uuid), 'identify', 2, now() FROM generate_series(1, %(people)s) n",
    "INSERT INTO events.event (id, source_id, channel, kind, address_id, other_address_ids, customer_id, occurred_at,"
    " received_at, body)"
    " SELECT md5('e' || n)::uuid, 1, 'sheet', 'identify', md5('a' || n)::uuid, ARRAY[md5('b' || n)::uuid],"
    " md5('a' || n)::uuid, now(), now(), %(body)s FROM generate_series(1, %(people)s) n",
)


@pytest.fixture(scope="module")
def fresh(test_server: TestServer, template: str) -> Iterator[str]:
    """As it stands in the middle of a first import: very many of a kind, and nobody has counted them yet."""
    name = test_server.clone(template)
    with psycopg.connect(test_server.url(name), autocommit=True) as connection:
        for table in ("address", "grouping", "customer", "link", "trait"):
            connection.execute(f"ALTER TABLE customers.{table} SET (autovacuum_enabled = off)")
        connection.execute("ALTER TABLE events.event_rest SET (autovacuum_enabled = off)")
        for statement in FILLED:
            connection.execute(statement.encode(), {"people": PEOPLE, "body": BODY})
    yield test_server.url(name)
    test_server.drop(name)


@pytest.mark.parametrize(
    ("name", "about", "of"),
    [
        ("area_links", "ids", "a"),
        ("area_addresses", "ids", "a"),
        ("links_said_elsewhere", "ids", "l"),
        ("unspoken", "address_ids", "a"),
        ("name_traits", "ids", "a"),
    ],
)
def test_nobody_else_is_looked_at(fresh: str, name: str, about: str, of: str) -> None:
    with psycopg.connect(fresh) as connection:
        asked = "SELECT array_agg(md5(%s || n)::uuid) FROM generate_series(1, %s) n"
        (ids,) = connection.execute(asked, (of, ASKED)).fetchone() or ([],)
        params: dict[str, Any] = {about: array(ids), "names": array(NAME_TRAITS)}
        rows = connection.execute(f"EXPLAIN {getattr(Q, name).text}".encode(), params).fetchall()
        plan = "\n".join(line for (line,) in rows)
    for table in ('"grouping"', "address", "customer", "link", "trait", "event_rest"):
        assert f"Seq Scan on {table} " not in plan, plan
