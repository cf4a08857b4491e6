"""The desk: lists of cases, search through messages, a very long case opened, due times counted anew."""

import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.figure import Figure, percentile, short
from benchmarks.served import serving
from fadeno import access, content, conversations
from fadeno.access import Actor
from fadeno.content import Calendar
from fadeno.conversations import Area, Case, Filters, View
from fadeno.conversations.model import times_of
from fadeno.conversations.model.clock import OnCalendar
from fadeno.conversations.model.finding import PIECE
from fadeno.db import Database, Tx

CASES, OPEN, MESSAGES, LONG = 200_000, 100_000, 500_000, 5_000  # of a goal at 1 M, 100,000, 5 M and 5,000
WORDS, WORDS_EACH = 50_000, 20
TIMES_EACH = 60
OWNERS = [UUID(int=n) for n in range(1, 41)]
ADA = Actor("member", OWNERS[0], "Ada", role="agent")
_FILLED = (
    "SELECT setseed(0.5)",
    # As ours are: in the order of time.
    "CREATE FUNCTION pg_temp.case_id(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT (lpad(to_hex("
    "   1790000000000 - n * 7000), 12, '0') || '7' || left(md5('c' || n), 3) || '8'"
    "   || right(md5('c' || n), 15))::uuid $$",
    "INSERT INTO customers.grouping SELECT md5('a' || n)::uuid, md5('a' || n)::uuid, true"
    " FROM generate_series(1, %(people)s) n",
    # A tenth of the owners' cases are nobody's; a rare tag on one case of 5,000, a common one on every second.
    "INSERT INTO conversations.case (id, address_id, title, area, state, owner_id, priority, tags, language, opened_at,"
    "   due_at, first_due_at, waiting_since, last_at, last_words, last_in, last_said, channels, message_count, marks)"
    " SELECT pg_temp.case_id(n), md5('a' || n %% %(people)s)::uuid, 'w' || n %% 997, area, state, owner, 3, tags,"
    "   'hu', at, due, due, at, at, 'words', n, n, '{email}', 5,"
    "   array_to_tsvector(ARRAY['w' || n %% 997, '#number:' || n, '#area:' || area, '#priority:3',"
    "     '#owner:' || coalesce(owner::text, 'nobody'), '#channel:email', '#language:hu'] || tagged)"
    " FROM (SELECT n, (ARRAY['service', 'sales', 'marketing', 'shop'])[1 + n %% 4] AS area,"
    "   CASE WHEN n <= %(open)s THEN 'open' ELSE 'solved' END AS state,"
    "   CASE WHEN n %% 10 = 0 THEN NULL ELSE lpad(to_hex(1 + n %% 40), 32, '0')::uuid END AS owner,"
    "   CASE WHEN n %% 5000 = 0 THEN '{rare,often}'::text[] WHEN n %% 2 = 0 THEN '{often}' ELSE '{}' END AS tags,"
    "   CASE WHEN n %% 5000 = 0 THEN '{#tag:rare,#tag:often}'::text[] WHEN n %% 2 = 0 THEN '{#tag:often}' ELSE '{}' END"
    "     AS tagged,"
    "   now() - n * interval '7 seconds' AS at, now() + (n %% 9973) * interval '1 minute' AS due"
    "   FROM generate_series(%(cases)s, 1, -1) n) x",
    "INSERT INTO conversations.message (id, case_id, said_at, direction, channel, address_id, author_kind, text)"
    " SELECT md5('m' || n)::uuid, pg_temp.case_id(CASE WHEN n <= %(long)s THEN 1 ELSE 1 + n %% %(cases)s END),"
    "   now() - (%(messages)s - n) * interval '1 second', 'in', 'email', md5('a' || n %% %(people)s)::uuid, 'customer',"
    "   repeat('Where is my lamp? ', 12)"
    " FROM generate_series(1, %(messages)s) n ORDER BY n",
    # Words as languages have them: the n-th as often as 1/n.
    "INSERT INTO conversations.finding (position, case_id, words)"
    " SELECT m.position, m.case_id, ("
    "   SELECT array_to_tsvector(array_agg(DISTINCT 'w' || floor((%(words)s + 0 * g) ^ random())))"
    "   FROM generate_series(1, %(each)s) g WHERE m.position > 0)"
    " FROM conversations.message m",
    "ANALYZE",
)


async def run(folder: Path) -> list[Figure]:
    """Fill a house with cases and messages, then ask what a desk asks."""
    async with serving(folder / "desk") as served:
        await _fill(served.url)
        base = Database(served.url, size=2)
        await base.open()
        try:
            return [await _lists(base), await _search(base), await _opening(base), await _walk(base), _times()]
        finally:
            await base.close()


async def _fill(url: str) -> None:
    sizes = {
        "people": CASES // 4, "cases": CASES, "open": OPEN, "messages": MESSAGES, "long": LONG, "words": WORDS,
        "each": WORDS_EACH,
    }  # fmt: skip
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for n in range(MESSAGES // PIECE + 2):
            make = "SELECT conversations.make_finding(%s, %s::bigint, %s::bigint)"
            await connection.execute(make, (f"finding_{n:06d}", n * PIECE, (n + 1) * PIECE))
        for statement in _FILLED:
            await connection.execute(statement.encode(), sizes if "%(" in statement else None)
        await connection.execute("VACUUM conversations.finding")


async def _took(base: Database, ask: Callable[[Tx], Awaitable[Any]]) -> float:
    async with base.transaction() as tx:
        began = time.perf_counter()
        await ask(tx)
        return (time.perf_counter() - began) * 1000


def _figure(what: str, took: dict[str, list[float]], goal_ms: int) -> Figure:
    every = [ms for values in took.values() for ms in values]
    p50, p99 = percentile(every, 0.5), percentile(every, 0.99)
    said = ", ".join(f"{name} {percentile(values, 0.99):.0f} ms" for name, values in took.items())
    return Figure(
        what, f"p50 {p50:.1f} ms, p99 {p99:.1f} ms", f"p99 ≤ {goal_ms} ms", p99 <= goal_ms, f"p99 each: {said}"
    )


async def _lists(base: Database) -> Figure:
    views = {
        "mine": View("mine", ADA.id), "area": View("area", ADA.id, area="sales"), "all": View("all", ADA.id),
        "unassigned": View("unassigned", ADA.id), "due": View("due", ADA.id), "solved": View("solved", ADA.id),
        "rare tag": View("all", ADA.id, tag="rare"), "common tag": View("all", ADA.id, tag="often"),
        "a title": View("all", ADA.id, q="w123"), "solved, rare tag": View("solved", ADA.id, tag="rare"),
    }  # fmt: skip
    took: dict[str, list[float]] = {}
    for name, view in views.items():
        took[name] = [
            await _took(base, lambda tx, view=view: conversations.cases_in(tx, view)) for _ in range(TIMES_EACH)
        ]
    took["counts"] = [await _took(base, lambda tx: conversations.counts(tx, ADA)) for _ in range(TIMES_EACH)]
    return _figure(f"pages of the desk's lists, {short(OPEN)} open cases of {short(CASES)}", took, 100)


async def _search(base: Database) -> Figure:
    dice = random.Random(7)
    asked = {
        "one word": lambda: f"w{int(WORDS ** dice.random())}",
        "two words": lambda: f"w{int(WORDS ** dice.random())} w{int(WORDS ** dice.random())}",
        "a beginning": lambda: f"w{dice.randrange(10, 100)}",
        "a word nobody wrote": lambda: f"x{dice.randrange(10**6)}",
    }
    took: dict[str, list[float]] = {}
    for name, words in asked.items():
        took[name] = []
        for _ in range(TIMES_EACH):
            q = words()
            took[name].append(await _took(base, lambda tx, q=q: conversations.found(tx, q)))
    filters = Filters(area="sales", since=datetime.now(UTC) - timedelta(days=2))
    took["filtered"] = []
    for _ in range(TIMES_EACH):
        q = f"w{int(WORDS ** dice.random())}"
        took["filtered"].append(await _took(base, lambda tx, q=q: conversations.found(tx, q, filters)))
    return _figure(f"full-text search through {short(MESSAGES)} messages", took, 150)


async def _opening(base: Database) -> Figure:
    async def opened(tx: Tx) -> None:
        case = await conversations.case(tx, long_id)
        await conversations.stream(tx, case.id, limit=100)
        await conversations.around(tx, case.id)

    async with base.transaction() as tx:
        cursor = await tx.connection.execute("SELECT id FROM conversations.case ORDER BY opened_at DESC LIMIT 1")
        (long_id,) = await cursor.fetchone() or (None,)
    took = {"opened": [await _took(base, opened) for _ in range(TIMES_EACH)]}
    return _figure(f"a case of {LONG:,} messages opened, its last hundred read", took, 100)


async def _walk(base: Database) -> Figure:
    async with base.transaction() as tx:
        await content.create_calendar(tx, access.SYSTEM, name="Desk", hours="Mo-Fr 09:00-17:00", zone="Europe/Budapest")
        for key in ("service", "sales", "marketing", "shop"):
            await conversations.set_area(tx, access.SYSTEM, Area(key, first_s=4 * 3600))
    began, cpu, steps, is_more = time.perf_counter(), time.process_time(), 0, True
    while is_more:
        async with base.transaction() as tx:
            is_more = await conversations.retime(tx)
        steps += is_more
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return Figure(
        f"due times of {short(OPEN)} open cases counted anew and written, a calendar having changed",
        f"{seconds:.1f} s in {steps} transactions",
        note=f"{cpu:.1f} s of it counting; the rest is PostgreSQL writing every case's row and index entries",
    )


def _times() -> Figure:
    clock = OnCalendar(Calendar("Mo-Fr 09:00-12:30,13:00-17:00", "Europe/Budapest", country="HU"))
    at, area = datetime(2026, 3, 2, 9, tzinfo=UTC), Area("service", first_s=4 * 3600)
    blank = dict.fromkeys(Case.__dataclass_fields__)
    cases = [
        Case(**{**blank, "state": "open", "opened_at": then, "waiting_since": then})
        for then in (at + timedelta(seconds=97 * n) for n in range(100_000))
    ]
    began = time.process_time()
    for case in cases:
        times_of(case, area, clock, at)
    seconds = time.process_time() - began
    return Figure("due times of 100,000 cases counted", f"{seconds:.2f} s of processor time", "≤ 2 s", seconds <= 2)
