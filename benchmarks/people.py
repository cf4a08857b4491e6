"""A made-up company of any size, written into an empty database with COPY.

Every customer has a browser, a user id, an e-mail address, a telephone, three traits, a consent and twenty events
spread over the months; a few have ten thousand browsers, a few very many events. Tables and months are filled in
transactions that make or empty them, so nothing is written twice (no WAL) and rows come frozen, as they are after some
time of use.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import psycopg
from psycopg import sql

from fadeno.kit import ids, text

MONTHS = 12
EVENTS_EACH = 20
ADDRESSES_EACH = 4
LARGE = 3  # people with very many addresses
LARGE_ADDRESSES = 10_000
BUSY = 3  # people with four addresses and very many events
SPECIAL_EVENTS = 20_000  # of each of them
CHUNKS = 1000  # of a month
STEP = 611_953  # prime: walks through all customers in an order that jumps
BORN_MS = 1_750_000_000_000
ROWS_A_WRITE = 4_000
MOST_MEMORY = "SET LOCAL maintenance_work_mem = '512MB'"

EVENT_COLUMNS = (
    "id, source_id, channel, kind, name, address_id, customer_id, occurred_at, received_at, message_id, body"
)
_EVENT = (
    b"%012x7%03x8%015x\t1\tweb\ttrack\tProduct Viewed\t%b\t%b\t%b\t%b\tshop-%016x\t"
    b'{"type":"track","event":"Product Viewed","messageId":"shop-%016x","userId":"u%d","properties":{"product_id":"p%d"'
    b',"name":"Lamp Ilka, linen shade, 40 cm","price":%d.95,"currency":"EUR","category":"lamps",'
    b'"url":"https://shop.example/lamps/ilka"},"context":{"library":{"name":"analytics-python","version":"2.4.0"},'
    b'"locale":"hu-HU","page":{"path":"/lamps/ilka","title":"Lamp Ilka"}}}\n'
)
_FIRST = [a + b for a in ("an", "be", "da", "el", "fi", "gi", "ho", "il", "jo", "ka", "li", "mi", "no", "pe", "ra")
          for b in ("na", "lena", "rik", "do", "mara", "vid", "sa", "bert", "line", "ton", "vi", "kos")]  # fmt: skip
_LAST = [a + b + c for a in ("ba", "de", "fo", "gra", "hu", "ki", "lo", "mül", "ne", "pro", "sza", "ti", "we")
         for b in ("bo", "ler", "man", "ri", "ssen", "to", "va", "zin", "ko", "da")
         for c in ("", "s", "berg", "ek", "ler", "mann", "ova", "ski", "stein", "y", "nagy", "ini")]  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How many ordinary customers, each with twenty events."""

    customers: int

    @property
    def special(self) -> range:
        """The numbers of the people of many addresses, then of those of many events."""
        return range(self.customers, self.customers + LARGE + BUSY)

    @property
    def events(self) -> int:
        """All events, those of the special people too."""
        return self.customers * EVENTS_EACH + (LARGE + BUSY) * SPECIAL_EVENTS


def address_id(customer: int, n: int) -> bytes:
    """The birth id of a customer's n-th address; the 0th gives the customer their id."""
    return b"%012x7%03x8%015x" % (BORN_MS + customer * 4 + (n >> 12), n & 0xFFF, customer << 16 | n)


def _scattered(n: int) -> int:
    """128 bits that look random, always the same for a number."""
    return (n + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 128)


def name_of(customer: int) -> tuple[str, str]:
    """First and last name; the most frequent ones are borne by some per cent and some per mille."""
    dice = _scattered(customer)
    first, last = (dice >> 96) / 2**32, ((dice >> 64) & 0xFFFFFFFF) / 2**32
    return _FIRST[int(len(_FIRST) * first**1.5)].title(), _LAST[int(len(_LAST) * last**1.5)].title()


def email_of(customer: int) -> str:
    """The customer's e-mail address."""
    first, last = name_of(customer)
    return f"{first}.{last}{customer}@example.com".lower().replace("ü", "ue")


def phone_of(customer: int) -> str:
    """The customer's telephone number."""
    return f"+36{(20, 30, 70)[customer % 3]}{1_000_000 + customer * 7919 % 9_000_000}"


def addresses_of(customer: int, size: Size) -> int:
    """How many addresses a customer has."""
    return LARGE_ADDRESSES if size.customers <= customer < size.customers + LARGE else ADDRESSES_EACH


# Rows in COPY's text form -----------------------------------------------------------------------------------------


def _addresses(size: Size, part: range) -> Iterator[bytes]:
    for c in part:
        yield b"%b\tcookie\t%032x\t2\t1\n" % (address_id(c, 0), _scattered(c << 16))
        yield b"%b\tuser\tu%d\t3\t1\n" % (address_id(c, 1), c)
        yield b"%b\temail\t%b\t3\t1\n" % (address_id(c, 2), email_of(c).encode())
        yield b"%b\tphone\t%b\t3\t1\n" % (address_id(c, 3), phone_of(c).encode())
        for n in range(4, addresses_of(c, size)):
            yield b"%b\tcookie\t%032x\t2\t1\n" % (address_id(c, n), _scattered(c << 16 | n))


def _groupings(size: Size, part: range) -> Iterator[bytes]:
    for c in part:
        id_ = address_id(c, 0)
        for n in range(addresses_of(c, size)):
            yield b"%b\t%b\t%b\n" % (address_id(c, n), id_, b"t" if n in (1, 2, 3) else b"f")


def _links(size: Size, part: range) -> Iterator[bytes]:
    for c in part:
        user = address_id(c, 1)
        for n in range(addresses_of(c, size)):
            if n != 1:
                a, b = (address_id(c, n), user) if n == 0 else (user, address_id(c, n))
                key = _scattered(c << 20 | n)
                yield b"%032x\t%b\t%b\tidentify\t3\t%032x\t1\t2026-01-01\n" % (key, a, b, key)


def _customers(size: Size, part: range) -> Iterator[bytes]:
    for c in part:
        first, last = name_of(c)
        keys = " ".join({*_keys(first), *_keys(last), *_keys("example"), *text.phone_keys(phone_of(c))})
        row = f"{addresses_of(c, size)}\t{{user,email,phone}}\t3\t{first} {last}\t{first} {last}\t{keys}"
        yield b"%b\t%b\t%b\n" % (address_id(c, 0), row.encode(), text.sort_key(f"{first} {last}").encode())


@cache
def _keys(word: str) -> list[str]:
    return text.search_keys([word])


def _traits(size: Size, part: range) -> Iterator[bytes]:
    for c in part:
        first, last = name_of(c)
        for name, value in (("city", f"City {c % 997}"), ("name", f"{first} {last}"), ("plan", f"plan-{c % 5}")):
            key = _scattered(c << 4 | len(value))
            line = f'{name}\t1\t{key:032x}\t"{value}"\t3\t2026-01-01\t{key:032x}\n'
            yield b"%b\t%b" % (address_id(c, 1), line.encode())


def _consents(size: Size, part: range) -> Iterator[bytes]:
    for c in part:
        yield b"%032x\t%b\tnewsletter\tt\t2026-01-01\tshop\t1\tticked on the order page\n" % (
            _scattered(c << 3), address_id(c, 2),
        )  # fmt: skip


TABLES = {
    "address": ("id, kind, value, proven, source_id", _addresses),
    "grouping": ("address_id, customer_id, is_telling", _groupings),
    "link": ("id, a, b, rule, strength, event_id, source_id, occurred_at", _links),
    "customer": ("id, address_count, kinds, anchors, name, label, search_keys, sort_key", _customers),
    "trait": ("address_id, name, source_id, value_hash, value, proven, said_at, event_id", _traits),
    "consent": ("id, address_id, purpose, granted, said_at, said_by, source_id, proof", _consents),
}


def _events(size: Size, month: int, start: datetime, length: timedelta) -> Iterator[bytes]:
    """A month of events in order of time: the walk through all customers goes on, special people in between."""
    first, after = (size.customers * EVENTS_EACH * m // MONTHS for m in (month, month + 1))
    special = (LARGE + BUSY) * SPECIAL_EVENTS // MONTHS
    for chunk in range(CHUNKS):
        moment = start + length * chunk / CHUNKS
        ms = int(moment.timestamp() * 1000)
        minute = f"{moment:%Y-%m-%d %H:%M}:".encode()
        rows = range(first + (after - first) * chunk // CHUNKS, first + (after - first) * (chunk + 1) // CHUNKS)
        extra = range(special * chunk // CHUNKS, special * (chunk + 1) // CHUNKS)
        whose = itertools.chain(
            ((r, (r * STEP + r // size.customers) % size.customers, 0) for r in rows),
            ((r + size.events, *_special(size, r)) for r in extra),
        )
        for i, (row, c, n) in enumerate(whose):
            at = b"%b%02d.%03d+00" % (minute, i % 60, i // 60 % 1000)
            yield _EVENT % (
                ms + i, i & 0xFFF, row, address_id(c, n), address_id(c, 0), at, at, row, row, c, row % 5000, row % 900,
            )  # fmt: skip


def _special(size: Size, row: int) -> tuple[int, int]:
    """Which special person a row is of, and through which of their addresses it came."""
    customer = size.special[row % len(size.special)]
    return customer, row * 7919 % addresses_of(customer, size)


# Writing ----------------------------------------------------------------------------------------------------------


def _copy(connection: psycopg.Connection, target: str, columns: str, rows: Iterator[bytes]) -> None:
    statement = f"COPY {target} ({columns}) FROM STDIN (FREEZE)"
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        while block := b"".join(itertools.islice(rows, ROWS_A_WRITE)):
            copy.write(block)


def fill_table(url: str, name: str, size: Size) -> None:
    """One table of who is who."""
    columns, rows = TABLES[name]
    fill_rows(url, "customers", name, columns, rows(size, range(size.customers + LARGE + BUSY)))


def fill_rows(url: str, schema: str, name: str, columns: str, rows: Iterator[bytes]) -> None:
    """One table, its indexes taken away meanwhile."""
    table = sql.Identifier(schema, name)
    with psycopg.connect(url) as connection:
        connection.execute(MOST_MEMORY)
        connection.execute(sql.SQL("TRUNCATE {}").format(table))
        made = connection.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), conname, pg_get_constraintdef(c.oid)"
            " FROM pg_index LEFT JOIN pg_constraint c ON c.conindid = indexrelid AND c.conrelid = indrelid"
            " WHERE indrelid = %s::regclass",
            (table.as_string(connection),),
        ).fetchall()
        alter = f"ALTER TABLE {table.as_string(connection)}"
        for index, _, constraint, _ in made:
            connection.execute(
                (f"{alter} DROP CONSTRAINT {constraint}" if constraint else f"DROP INDEX {index}").encode()
            )
        _copy(connection, table.as_string(connection), columns, rows)
        for _, definition, constraint, clause in made:
            connection.execute((f"{alter} ADD CONSTRAINT {constraint} {clause}" if constraint else definition).encode())
        connection.execute(sql.SQL("ANALYZE {}").format(table))


def months(now: datetime) -> list[tuple[int, int]]:
    """The twelve months before this one, as year and month."""
    last = now.year * 12 + now.month - 1
    return [divmod(m, 12) for m in range(last - MONTHS, last)]


def fill_month(url: str, size: Size, month: int, now: datetime) -> None:
    """One month of the log, then made a part of it."""
    year, number = months(now)[month]
    first, after = datetime(year, number + 1, 1, tzinfo=UTC), datetime(*_following(year, number), 1, tzinfo=UTC)
    table = f"events.event_{year}_{number + 1:02d}"
    with psycopg.connect(url) as connection:
        connection.execute(MOST_MEMORY)
        connection.execute(f"CREATE TABLE {table} (LIKE events.event INCLUDING DEFAULTS)".encode())
        _copy(connection, table, EVENT_COLUMNS, _events(size, month, first, after - first))
        connection.execute(f"ALTER TABLE {table} ADD PRIMARY KEY (id)".encode())
        connection.execute(f"CREATE INDEX ON {table} (customer_id, occurred_at DESC, id DESC)".encode())
        connection.execute(f"ANALYZE {table}".encode())
    with psycopg.connect(url, autocommit=True) as connection:
        bounds = f"FOR VALUES FROM ('{ids.first_id_at(first)}') TO ('{ids.first_id_at(after)}')"
        connection.execute(f"ALTER TABLE events.event ATTACH PARTITION {table} {bounds}".encode())


def _following(year: int, month: int) -> tuple[int, int]:
    year, month = divmod(year * 12 + month + 1, 12)
    return year, month + 1
