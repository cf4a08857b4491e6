"""SQL stays at home, every query fits the schema, and no query lies about unused."""

import re

import psycopg
import pytest

from fadeno.db import migrate, schema
from fadeno.db.sql import Query
from tests.conftest import TestServer
from tests.house import sql
from tests.house.rules import SOURCE

ALL = list(sql.queries())
UTILITY = re.compile(r"(LOCK|LISTEN|UNLISTEN|NOTIFY|SET)\b")  # run, as they can't be prepared, and rolled back


def test_a_trespass_is_told_from_a_neighbourly_look():
    assert sql.trespasses("customers", "SELECT a.id FROM customers.address a JOIN events.event e ON true") == []
    assert sql.trespasses("customers", "SELECT extract(epoch FROM e.at) FROM events.event e -- intake.parcel") == []
    assert sql.trespasses("customers", "UPDATE events.event SET customer_id = %(id)s")
    assert sql.trespasses("customers", "WITH x AS (DELETE FROM events.arrival RETURNING id) SELECT id FROM x")
    assert sql.trespasses("events", "SELECT id FROM customers.address")
    assert sql.trespasses("events", "SELECT id FROM events.event, intake.parcel")


def test_sql_stays_at_home():
    faults = [
        f"{path.relative_to(SOURCE)} {query.name}: {fault}"
        for room, path, query in ALL
        for fault in sql.trespasses(room, query.text)
    ]
    assert not faults, "\n".join(faults)


def test_a_migration_changes_only_the_schema_it_is_named_after():
    faults = []
    for migration in migrate.migrations():
        room = migration.name.split("_")[1]
        faults += [f"{migration.name}: {fault}" for fault in sql.trespasses(room, migration.text)]
    assert not faults, "\n".join(faults)


def test_a_schema_has_a_room_and_a_floor():
    assert sql.schemas() <= sql.floors().keys()


def test_queries_spell_their_columns_out():
    starred = [
        f"{path.relative_to(SOURCE)} {query.name}"
        for _, path, query in ALL
        if re.search(r"(select|returning|,)\s+(\w+\.)?\*", query.text, re.IGNORECASE)
    ]
    assert not starred, "\n".join(starred)


def test_every_query_is_used():
    texts: dict[str, str] = {}
    for room, _, _ in ALL:
        texts.setdefault(room, "\n".join(p.read_text("utf-8") for p in (SOURCE / room).rglob("*.py")))
    unused = [f"{room}: {query.name}" for room, _, query in ALL if not re.search(rf"\.{query.name}\b", texts[room])]
    assert not unused, "\n".join(unused)


def test_every_query_fits_the_schema(shared_url: str):
    faults = []
    with psycopg.connect(shared_url, autocommit=True) as connection:
        for room, _, query in ALL:
            try:
                with connection.transaction(force_rollback=True):
                    connection.execute(query.text if UTILITY.match(query.text) else prepared(query))
                    connection.execute("DEALLOCATE ALL")
            except psycopg.Error as error:
                faults.append(f"{room} {query.name}: {error}")
    assert not faults, "\n\n".join(faults)


def test_a_misspelt_column_does_not_fit(shared_url: str):
    with psycopg.connect(shared_url, autocommit=True) as connection, pytest.raises(psycopg.errors.UndefinedColumn):
        connection.execute(prepared(Query("x", "p", "SELECT nmae FROM db.migration WHERE name = %(name)s")))


def test_the_schema_page_is_what_the_migrations_make(test_server: TestServer, shared_url: str):
    with psycopg.connect(test_server.admin) as connection:
        if connection.info.server_version < 180000:
            pytest.skip("needs PostgreSQL 18, whose spelling schema.sql is in: run it without FADENO_TEST_POSTGRES")
    assert schema.FILE.read_text("utf-8") == schema.read(shared_url), "run `make schema`, and read the difference"


def prepared(query: Query) -> bytes:
    """The PREPARE of a query: each named parameter one number, as the driver sends it."""
    numbers: dict[str, int] = {}

    def number(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%"
        return f"${numbers.setdefault(match[1], len(numbers) + 1)}"

    return b"PREPARE q AS " + re.sub(r"%%|%\((\w+)\)[sbt]", number, query.text).encode()
