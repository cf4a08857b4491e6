"""Giving cases to members of the desk: those without an owner, and those whose owner left while a customer waits."""

from datetime import timedelta
from uuid import UUID

from fadeno import content
from fadeno.access import SYSTEM
from fadeno.conversations import store
from fadeno.conversations.actions import changing, keeping
from fadeno.conversations.model import Area
from fadeno.conversations.model.routing import Waiting, routed
from fadeno.conversations.store import routing
from fadeno.db import Tx

AT_ONCE = 100
AWAY_AFTER = timedelta(minutes=30)  # not seen for so long, an owner is away
DUE_WITHIN = timedelta(minutes=30)


async def route(tx: Tx) -> bool:
    """Give cases of areas that are routed to members who fit; whether there may be more.

    The most urgent and longest waiting first. Nobody is given more than they take at once; where the area's calendar
    is closed, cases wait for the morning. Where a customer waits and the owner went off duty, or is away while an
    answer is nearly due, whoever fits takes over; if nobody does, the owner keeps it. Why is told on the thread.
    """
    if not await routing.hold_routing(tx):
        return False
    areas = {key: area for key, area in (await store.areas(tx)).items() if area.is_routed}
    is_open = {key: await _is_open(tx, area) for key, area in areas.items()}
    if not any(is_open.values()):
        return False
    ids = await routing.to_route(tx, AT_ONCE)
    ids += await routing.to_hand_over(tx, tx.now - AWAY_AFTER, tx.now + DUE_WITHIN, AT_ONCE)
    cases = [case for case in await store.cases_by_id(tx, ids) if is_open.get(case.area)]
    desk, loads = await routing.desk_members(tx), await routing.loads(tx)
    known = await routing.last_owners(tx, [case.id for case in cases])
    given = 0
    for case in cases:
        others = [member for member in desk if member.member_id != case.owner_id]
        waiting = Waiting(case.id, case.area, case.language, case.tags, known.get(case.id))
        chosen = routed(waiting, others, loads, tx.now)
        if chosen.owner_id is not None:
            await _give(tx, case.id, chosen.owner_id, "owner_left" if case.owner_id else chosen.because)
            loads[chosen.owner_id] = loads.get(chosen.owner_id, 0) + 1
            given += 1
    return given >= AT_ONCE


async def _is_open(tx: Tx, area: Area) -> bool:
    kept = await content.calendar_for(tx, calendar_id=keeping.calendar_of(area))
    return kept is None or content.is_open(kept.calendar, tx.now)


async def _give(tx: Tx, case_id: UUID, owner_id: UUID, because: str) -> None:
    await changing.change(tx, SYSTEM, case_id, "assign", because, owner_id=owner_id)
    await store.nudge(tx, case_id, [owner_id], "assigned")
