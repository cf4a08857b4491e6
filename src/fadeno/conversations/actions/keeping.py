"""What every verb needs: a case held still, its area and calendar, and writing it with its due times."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fadeno import access, content
from fadeno.conversations import store
from fadeno.conversations.model import (
    Always,
    Area,
    Case,
    Gone,
    NoCase,
    WorkingTime,
    folded,
    in_short,
    stand_of,
    timed,
    words_of,
)
from fadeno.conversations.model.clock import OnCalendar
from fadeno.db import Tx

_ALWAYS = Always()
_KINDS = {
    "waits_until": datetime.fromisoformat,
    "solved_at": datetime.fromisoformat,
    "owner_id": UUID,
    "expected_on": date.fromisoformat,
}


async def held(tx: Tx, *ids: UUID) -> list[Case]:
    """These cases, taken until the end of the transaction, in the order given.

    Raises:
        NoCase: one is not there.
        Gone: one was merged into another; go on in that one.
    """
    await store.lock_cases(tx, set(ids))
    found = await store.cases_by_id(tx, ids)
    if len(found) < len(ids):
        raise NoCase(field="case")
    for case in found:
        if case.merged_into is not None:
            raise Gone(field="case", hint=f"Go on in the case {await store.where_now(tx, case.id)}.")
    return found


async def are_members(tx: Tx, ids: Collection[UUID]) -> bool:
    """Whether all of these are members now who may see cases: nobody else can work on one, or read what names them."""
    if not ids:
        return True
    roles = set(access.allowed("see", "cases"))
    return {one.id for one in await access.all_members(tx, access.SYSTEM) if one.role in roles}.issuperset(ids)


async def area_of(tx: Tx, key: str) -> Area:
    """An area with its targets; one nobody set up has none."""
    return (await store.areas(tx)).get(key) or Area(key)


async def clock_of(tx: Tx, area: Area) -> WorkingTime:
    """The calendar an area's due times are counted on; without any, every hour counts."""
    kept = await content.calendar_for(tx, calendar_id=calendar_of(area))
    return OnCalendar(kept.calendar) if kept else _ALWAYS


def calendar_of(area: Area) -> UUID | None:
    """The calendar of its own an area has."""
    return UUID(area.calendar) if area.calendar else None


async def write(tx: Tx, case: Case, **changes: Any) -> Case:
    """Write a case with these changes and the due times that follow; the case as it stands then."""
    case = replace(case, **changes)
    area = await area_of(tx, case.area)
    case = timed(case, area, await clock_of(tx, area), tx.now)
    await store.write_case(tx, case)
    return replace(case, version=case.version + 1, stand=stand_of(case))


async def refolded(tx: Tx, case: Case) -> Case:
    """The case as its present messages make it, not yet written."""
    return folded(case, await store.sayings(tx, case.id))


def restored(before: Mapping[str, Any]) -> dict[str, Any]:
    """What was kept of a case, as it is written again."""
    return {
        name: _KINDS[name](value) if value is not None and name in _KINDS else value for name, value in before.items()
    }


async def add(tx: Tx, row: dict[str, Any], *, quoted: str = "", html: str = "") -> int:
    """Keep a message with what it is found by; its position."""
    row = {"has_original": bool(quoted or html), "has_html": bool(html), **row}
    position = await store.add_message(tx, row)
    if quoted or html:
        await store.add_original(tx, row["id"], quoted, html)
    names = [str(file["name"]) for file in row["attachments"]]
    await store.add_finding(tx, position, row["case_id"], words_of([row["subject"], row["text"], *names]))
    return position


def words(subject: str, text: str, attachments: Any) -> str:
    """What lists show of a message."""
    return in_short(text) or in_short(subject) or ", ".join(file["name"] for file in attachments)[:200]
