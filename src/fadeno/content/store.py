"""One thin function per query of what the company says."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from fadeno.content.model.answers import SavedAnswer
from fadeno.content.model.calendar import Calendar, KeptCalendar, Said, SpecialDays
from fadeno.content.model.texts import KeptText, Version
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
        **{name: getattr(said, name) for name in Said.__dataclass_fields__ if name != "special_days"},
        special_days=Jsonb(msgspec.to_builtins(said.special_days)),
        now=tx.now,
    )


async def hold_names(tx: Tx, kind: str) -> None:
    await tx.run(Q.hold_names, kind=kind)


async def name_taken(tx: Tx, said: Said) -> bool:
    return bool(await tx.value(Q.name_taken, id=said.id, name=said.name, place_id=said.place_id))


async def remove_calendar(tx: Tx, id_: UUID) -> int:
    return await tx.run(Q.remove_calendar, id=id_)


async def texts(tx: Tx) -> list[KeptText]:
    return await tx.all(Q.texts, into=KeptText)


async def texts_of(tx: Tx, kind: str, channel: str, calendar_id: UUID | None) -> list[KeptText]:
    return await tx.all(Q.texts_of, into=KeptText, kind=kind, channel=channel, calendar_id=calendar_id)


async def keep_text(
    tx: Tx, id_: UUID, kind: str, channel: str, calendar_id: UUID | None, texts: dict[str, str]
) -> tuple[UUID, int]:
    row = await tx.one(
        Q.keep_text, id=id_, kind=kind, channel=channel, calendar_id=calendar_id, texts=Jsonb(texts), now=tx.now
    )
    return row.id, row.version


async def add_text_version(tx: Tx, id_: UUID, version: int, texts: dict[str, str], said_by: str) -> None:
    await tx.run(Q.add_text_version, id=id_, version=version, texts=Jsonb(texts), said_by=said_by, now=tx.now)


async def text_versions(tx: Tx, id_: UUID) -> list[Version]:
    return [
        Version(row.version, "", row.texts, row.said_by, row.said_at) for row in await tx.all(Q.text_versions, id=id_)
    ]


async def saved_answers(tx: Tx, member_id: UUID | None, limit: int) -> list[SavedAnswer]:
    return await tx.all(Q.saved_answers, into=SavedAnswer, member_id=member_id, limit=limit)


async def saved_answer(tx: Tx, id_: UUID) -> SavedAnswer | None:
    return await tx.maybe(Q.saved_answer, into=SavedAnswer, id=id_)


async def shortcut_taken(tx: Tx, answer: SavedAnswer) -> bool:
    return bool(await tx.value(Q.shortcut_taken, id=answer.id, shortcut=answer.shortcut, owner_id=answer.owner_id))


async def keep_answer(tx: Tx, answer: SavedAnswer, said_by: str) -> None:
    await tx.run(
        Q.keep_answer, id=answer.id, shortcut=answer.shortcut, name=answer.name, owner_id=answer.owner_id,
        areas=answer.areas, texts=Jsonb(answer.texts), version=answer.version, now=tx.now,
    )  # fmt: skip
    await tx.run(
        Q.add_answer_version, id=answer.id, version=answer.version, name=answer.name, texts=Jsonb(answer.texts),
        said_by=said_by, now=tx.now,
    )  # fmt: skip


async def answer_versions(tx: Tx, id_: UUID) -> list[Version]:
    rows = await tx.all(Q.answer_versions, id=id_)
    return [Version(row.version, row.name, row.texts, row.said_by, row.said_at) for row in rows]


async def remove_answer(tx: Tx, id_: UUID) -> None:
    await tx.run(Q.remove_answer, id=id_, now=tx.now)


async def note_used(tx: Tx, id_: UUID) -> None:
    await tx.run(Q.note_used, id=id_, now=tx.now)
