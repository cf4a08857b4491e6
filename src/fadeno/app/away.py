"""What customers are told by itself while nobody is there, and the promise that lies in it."""

from datetime import datetime, timedelta
from uuid import UUID

from fadeno import content, conversations, promises
from fadeno.access import SYSTEM
from fadeno.app.joining import App
from fadeno.channels import Letter
from fadeno.content import Saying
from fadeno.conversations import Answer, Case, Heard, Message
from fadeno.db import Tx
from fadeno.promises import NewPromise
from fadeno.switchboard import Account

MOST_TOLD = 3  # times a customer is told in one closing, however many cases they open: a forged sender floods nobody
_LATELY = 50
_NO_TIME = timedelta(0)


async def tell_away(tx: Tx, app: App, account: Account, letter: Letter, heard: Heard) -> Message | None:
    """Tell whoever wrote that nobody is there and by when they are answered, once a case and closing.

    It goes the way they wrote, and what it says is promised. None where somebody is there, or they know already.
    """
    if heard.case_id is None or letter.kind != "message":
        return None
    case = await conversations.case(tx, heard.case_id)
    language = case.language or account.language or app.settings.language
    calendar_id = await _calendar_of(tx, case.area)
    saying = await content.away_now(tx, language, account.channel, calendar_id=calendar_id)
    if saying is None or not saying.text or await _is_told(tx, case, calendar_id):
        return None
    said = Answer(saying.text, case.last_said, undo_s=0, is_automatic=True)
    told = await conversations.answer(tx, SYSTEM, case.id, said)
    await _promise(tx, case, saying, told)
    return told


async def away_here(tx: Tx, app: App, account: Account, language: str) -> Saying | None:
    """What whoever writes to an account now would be told because nobody is there; None while somebody is."""
    calendar_id = await _calendar_of(tx, account.area)
    language = language or account.language or app.settings.language
    return await content.away_now(tx, language, account.channel, calendar_id=calendar_id)


async def _promise(tx: Tx, case: Case, saying: Saying, told: Message) -> None:
    if saying.due_at is None or told.address_id is None:
        return
    new = NewPromise(
        "answer_by", case.id, told.address_id, saying.due_at, case_number=case.number, owner_id=case.owner_id,
        area=case.area, said=saying.text, message_id=told.id, basis=saying.basis,
    )  # fmt: skip
    await promises.make(tx, SYSTEM, new)


async def _calendar_of(tx: Tx, area: str) -> UUID | None:
    of = {one.key: one.calendar for one in await conversations.areas(tx)}
    return UUID(of[area]) if of.get(area) else None


async def _is_told(tx: Tx, case: Case, calendar_id: UUID | None) -> bool:
    """Whether they were told in this closing: in this case, or so often in others that it is enough."""
    kept = await content.calendar_for(tx, calendar_id=calendar_id)
    if kept is None or case.customer_id is None:
        return True

    def is_now(at: datetime) -> bool:
        return content.working_time_between(kept.calendar, at, tx.now) == _NO_TIME

    page, _ = await conversations.stream(tx, case.id, limit=_LATELY)
    if any(one.is_automatic and one.direction == "out" and is_now(one.said_at) for one in page):
        return True
    made = await promises.to_customer(tx, case.customer_id)
    if any(one.case_id == case.id and one.kind == "answer_by" and one.state == "open" for one in made):
        return True  # a time is promised already
    return sum(one.made_kind == "system" and is_now(one.made_at) for one in made) >= MOST_TOLD
