"""Asking customers by mail, once a case is solved, how content they were."""

from collections.abc import Mapping
from uuid import UUID

from fadeno import channels, content, conversations
from fadeno.access import SYSTEM
from fadeno.app.joining import App
from fadeno.app.leaving import RATE_LINK, public_address
from fadeno.conversations import Answer, Area, CantBeSent, Case, Gone, ProposedWay
from fadeno.db import Tx

_SEEN = frozenset({"unproven", "test_account"})  # cautions that matter little where they wrote from that address here


async def ask_ratings(tx: Tx, app: App) -> bool:
    """Ask whose case was solved a while ago, while the area's calendar is open; False: it looks again by itself.

    Who is not asked, the case says why: no_way (no mailbox of theirs we may write to), asked_lately, no_text.
    """
    chats = [name for name, one in channels.adapters().items() if one.label.family == "web"]
    cases = await conversations.to_ask(tx, chats)
    areas = {area.key: area for area in await conversations.areas(tx)} if cases else {}
    for case in cases:
        if await _is_open(tx, areas[case.area]):
            await conversations.note_asked(tx, case.id, held=await _asked(tx, app, case, areas))
    return False


async def _is_open(tx: Tx, area: Area) -> bool:
    kept = await content.calendar_for(tx, calendar_id=_calendar_of(area))
    return kept is None or content.is_open(kept.calendar, tx.now)


def _calendar_of(area: Area) -> UUID | None:
    return UUID(area.calendar) if area.calendar else None


async def _asked(tx: Tx, app: App, case: Case, areas: Mapping[str, Area]) -> str:
    """Why a customer was not asked; empty where they were."""
    if await conversations.was_asked_lately(tx, case):
        return "asked_lately"
    way = next((one for one in await conversations.ways(tx, case.id) if _fits(one)), None)
    if way is None:
        return "no_way"
    language = case.language or app.settings.language
    values = {"rating.link": public_address(app) + RATE_LINK, "case.number": str(case.number)}
    calendar_id = _calendar_of(areas[case.area])
    saying = await content.saying(tx, "rating", language, way.channel, calendar_id=calendar_id, values=values)
    if RATE_LINK not in saying.text:
        return "no_text"
    answer = Answer(
        saying.text, case.last_said, account_id=way.account_id, channel=way.channel, address_id=way.address_id,
        subject=case.title, undo_s=0, is_automatic=True,
    )  # fmt: skip
    try:
        async with tx.savepoint():
            await conversations.answer(tx, SYSTEM, case.id, answer)
    except (CantBeSent, Gone):
        return "no_way"
    tx.after_commit(app.live.poke)
    return ""


def _fits(way: ProposedWay) -> bool:
    """A mailbox they wrote from in this case, or one proven to be theirs, that nothing else speaks against."""
    if way.refused or channels.adapter(way.channel).label.family != "mail":
        return False
    return not set(way.cautions) - (_SEEN if "written_here" in way.reasons else {"test_account"})
