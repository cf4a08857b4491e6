"""One thin function per query of what the company says."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from fadeno.content.model.calendar import Calendar, KeptCalendar, Said, SpecialDays
from fadeno.db import Queries, Tx

Q = Queries(__package__)


async def calendars(tx: Tx) -> list[KeptCalendar]:
    return [_kept(row) for row in await tx.all(Q.calendars)]


async def calendar(tx: Tx, id_: UUID) -> KeptCalendar | None:
    row = await tx.maybe(Q.calendar, id=id_)
    return _kept(row) if row else None


def _kept(row: Any) -> KeptCalendar:
    told = Calendar(
        row.hours, row.zone or "UTC", row.country, row.region, row.on_holidays, _special_days(row.special_days)
    )
    return KeptCalendar(
        row.id,
        row.name,
        row.place_id,
        row.place_name,
        row.own_hours,
        row.is_main,
        row.answer_within_min,
        told,
        row.texts,
    )


def _special_days(rows: list[dict[str, str]]) -> tuple[SpecialDays, ...]:
    return tuple(
        SpecialDays(date.fromisoformat(row["from_on"]), date.fromisoformat(row["to_on"]), row["hours"], row["name"])
        for row in rows
    )


async def said_here(tx: Tx, id_: UUID) -> Said | None:
    row = await tx.maybe(Q.said_here, id=id_)
    return Said(**{**row._asdict(), "special_days": _special_days(row.special_days)}) if row else None


async def has_main(tx: Tx) -> bool:
    return bool(await tx.value(Q.has_main))


async def unmark_main(tx: Tx) -> None:
    await tx.run(Q.unmark_main)


async def keep_calendar(tx: Tx, said: Said) -> None:
    await tx.run(
        Q.keep_calendar,
        **{name: getattr(said, name) for name in Said.__dataclass_fields__ if name not in ("special_days", "texts")},
        special_days=Jsonb(msgspec.to_builtins(said.special_days)),
        texts=Jsonb(said.texts),
        now=tx.now,
    )


async def name_taken(tx: Tx, said: Said) -> bool:
    return bool(await tx.value(Q.name_taken, id=said.id, name=said.name, place_id=said.place_id))


async def remove_calendar(tx: Tx, id_: UUID) -> int:
    return await tx.run(Q.remove_calendar, id=id_)
