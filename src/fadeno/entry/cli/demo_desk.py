"""The desk of the sample company: accounts that reach nobody, areas, and cases played by the verbs of real ones."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from fadeno import access, content, conversations, customers, files, promises, switchboard
from fadeno.access import SYSTEM, Actor
from fadeno.app import App
from fadeno.conversations import Answer, Area, Attached, DeskMember, Incoming
from fadeno.customers import Evidence, Mention
from fadeno.db import Tx
from fadeno.entry.sample import Person, desk
from fadeno.entry.sample.desk import Told, Turn
from fadeno.events import Matter
from fadeno.kit import clock, ids
from fadeno.kit.errors import FadenoError
from fadeno.kit.money import Money
from fadeno.promises import NewPromise
from fadeno.switchboard import Account

MAILBOX, CHAT = "Lumo mail", "lumo.example"
PAUSE_S = (4, 9)
_HOUR_S = 3600
_MAIL = {"address": "hello@lumo.example", "smtp_host": "localhost:25"}
_CHATS = UUID("7d3f0f5e-5b0c-4b51-9a55-1f6a3f0f7c11")
_AREAS = (
    Area("service", first_s=4 * _HOUR_S, next_s=8 * _HOUR_S, resolve_s=40 * _HOUR_S, asks_rating="everywhere"),
    Area("sales", first_s=2 * _HOUR_S, next_s=4 * _HOUR_S, asks_rating="everywhere"),
    Area("shop", first_s=8 * _HOUR_S),
)
_LANGUAGES = {"mirjana@lumo.example": ["sr", "hu", "en", "ru"], "reka@lumo.example": ["hu", "de", "en"]}
_STAGES = ("lead", "talking", "offered", "won")


class Desk:
    """Everything a case is played with: who answers, by which account, and the two files there are."""

    def __init__(
        self, app: App, accounts: dict[str, Account], members: list[Actor], kept: dict[str, files.Kept]
    ) -> None:
        self.app = app
        self.accounts = accounts
        self.members = members
        self.kept = kept


async def set_up(app: App) -> Desk:
    """Accounts, hours, targets and who answers, as far as they are not there yet."""
    kept = {name: await files.put(app.shelf, desk.content_of(name, date(2026, 11, 2))) for name in desk.FILES}
    async with app.db.transaction() as tx:
        there = {one.name: one for one in await switchboard.accounts(tx)}
        if MAILBOX not in there:
            mail = await switchboard.add(tx, SYSTEM, app.vault, channel="email", name=MAILBOX, credentials=_MAIL)
            there[MAILBOX] = await switchboard.change(tx, SYSTEM, app.vault, mail.id, is_test=True)
            there[CHAT] = await switchboard.add(
                tx, SYSTEM, app.vault, channel="webchat", name=CHAT, credentials={"sites": "https://lumo.example"}
            )
            await _hours(tx)
        known = await access.all_members(tx, SYSTEM)
        everybody = [Actor("member", one.id, one.name, role=one.role) for one in known]
        members = [one for one in everybody if access.may(one, "change", "cases")]
        if not await conversations.desk_members(tx):
            for one in known:
                if any(one.id == member.id for member in members):
                    spoken = _LANGUAGES.get(one.email, [])
                    await conversations.set_desk_member(tx, SYSTEM, DeskMember(one.id, languages=spoken, most_open=30))
    return Desk(app, there, members, kept)


async def _hours(tx: Tx) -> None:
    if not await content.calendars(tx):
        hours = "Mo-Fr 08:00-20:00; Sa 09:00-14:00"
        await content.create_calendar(tx, SYSTEM, name="Lumo", hours=hours, zone="Europe/Belgrade", is_main=True)
    for area in _AREAS:
        await conversations.set_area(tx, SYSTEM, area)


async def play(
    desk_: Desk, seed: int, customers_: int, first: int, until: datetime, done: Callable[[int], None]
) -> None:
    """Play the cases from number `first` on, each in one transaction, as if everything happened when it did."""
    for number in range(first, desk.CASES):
        if desk_.app.stopping.is_set():
            return
        one = desk.told(seed, number, customers_, until)
        await desk_.app.db.retrying(lambda tx, one=one: _played(tx, desk_, one))
        done(number + 1)
    desk_.app.live.poke()


async def _played(tx: Tx, desk_: Desk, one: Told) -> None:
    now = tx.now
    owner = desk_.members[one.number % len(desk_.members)]
    case_id = None
    for nth, turn in enumerate(one.turns):
        tx.now = turn.at
        if turn.who in ("mail", "chat"):
            case_id = await _hears(tx, desk_, one, turn, case_id)
            if nth == 0:
                await _filed(tx, one, case_id, owner)
        elif case_id is not None:
            await _says(tx, desk_, one, turn, case_id, owner)
    if case_id is not None:
        await _ends(tx, one, case_id, owner)
    tx.now = now


async def _hears(tx: Tx, desk_: Desk, one: Told, turn: Turn, case_id: UUID | None) -> UUID:
    account = desk_.accounts[MAILBOX if turn.who == "mail" and one.person.email else CHAT]
    id = ids.new_id()
    who = [Mention(*said) for said in _addresses(one.person, account.channel)]
    (placed,) = await customers.place(tx, [Evidence(id, account.source_id, tx.now, tuple(who), "letter")])
    letter = Incoming(
        id, account.id, account.channel, placed.address_id, placed.customer_id, tuple(placed.other_address_ids),
        account.source_id, 2, tx.now, signed_case=case_id, author_name=one.person.name,
        subject=one.title if account.channel == "email" else "", text=turn.text, language=one.person.language,
        matter=None if case_id else Matter("topic", f"{one.matter} {one.number}"), area=one.area,
        attachments=await _attached(tx, desk_, turn, id, one.number),
    )  # fmt: skip
    heard = await conversations.hear(tx, letter)
    return heard.case_id or id


def _addresses(who: Person, channel: str) -> list[tuple[str, str, int]]:
    mail = [("email", who.email, 2)] if who.email else []
    if channel == "email":
        return mail
    user = [("user", who.user_id, 2)] if who.user_id else []
    return [("chat", uuid5(_CHATS, str(who.index)).hex, 2), *user, *mail]


async def _attached(tx: Tx, desk_: Desk, turn: Turn, message_id: UUID, number: int) -> tuple[Attached, ...]:
    if not turn.file:
        return ()
    kept, name = desk_.kept[turn.file], desk.FILES[turn.file][0].format(n=4471 + number)
    await files.keep(tx, kept, room="conversations", object_id=message_id, name=name)
    return (Attached(kept.hash.hex(), name, kept.media_type, kept.size_bytes),)


async def _filed(tx: Tx, one: Told, case_id: UUID, owner: Actor) -> None:
    if one.title != (await conversations.case(tx, case_id)).title:
        await conversations.entitle(tx, SYSTEM, case_id, one.title)
    if one.is_taken and owner.id is not None:
        await conversations.assign(tx, SYSTEM, case_id, owner.id)
    if one.number % 9 == 2:
        await conversations.prioritise(tx, owner, case_id, 1 + one.number % 2)
    await conversations.tag(tx, owner, case_id, add=[one.matter])
    if one.area == "sales":
        value = Money(120_00 + 9_700 * (one.number % 13), "EUR")
        stage = "won" if one.fate == "solved" else _STAGES[one.number % 3]
        expected = (tx.now + timedelta(days=9)).date()
        await conversations.expect(tx, owner, case_id, value=value, stage=stage, expected_on=expected)


async def _says(tx: Tx, desk_: Desk, one: Told, turn: Turn, case_id: UUID, owner: Actor) -> None:
    if turn.who == "noted":
        await conversations.note(tx, owner, case_id, turn.text)
        return
    case = await conversations.case(tx, case_id)
    files_ = await _attached(tx, desk_, turn, waiting := ids.new_id(), one.number)
    answer = Answer(turn.text, case.last_said, undo_s=0, attachments=files_)
    said = await conversations.answer(tx, owner, case_id, answer)
    if files_:
        there = (await files.attachments(tx, "conversations", [waiting])).get(waiting, [])
        at, to = ("conversations", waiting), ("conversations", said.id)
        await files.hand_over(tx, [file.id for file in there], from_=at, to=to)
    for state in ("sent", "delivered", "read")[: 1 + (one.number + len(turn.text)) % 3]:
        await conversations.fared(tx, said.id, state, at=tx.now + timedelta(seconds=20))
    await promises.answered(tx, case_id, said.said_at)
    if turn.promise:
        kind, hours = ("call_back", 20) if turn.promise == "call" else ("answer_by", 24)
        new = NewPromise(
            kind, case_id, case.address_id, tx.now + timedelta(hours=hours), case_number=case.number, owner_id=owner.id,
            area=case.area, said=turn.text, message_id=said.id,
        )  # fmt: skip
        await promises.make(tx, owner, new)


async def _ends(tx: Tx, one: Told, case_id: UUID, owner: Actor) -> None:
    tx.now += timedelta(minutes=7)
    if one.fate == "solved":
        for promise in await promises.in_case(tx, case_id, only_open=True):
            await promises.keep(tx, owner, promise.id)
        await conversations.set_state(tx, owner, case_id, "solved")
        if one.stars:
            tx.now += timedelta(minutes=9)
            await conversations.rate(tx, case_id, one.stars, "webchat")
    elif one.fate == "off":
        await conversations.set_state(tx, owner, case_id, "waiting_until", until=clock.now() + timedelta(hours=15))


# From now on -----------------------------------------------------------------------------------------------------


async def go_on(desk_: Desk, seed: int, customers_: int, rest: Callable[[float], Awaitable[bool]]) -> None:
    """Let people go on writing, and our own answering most of them, until `rest` says that it is over."""
    cases: dict[int, UUID] = {}
    for one, is_over in desk.live(seed, customers_, ids.new_id().hex, clock.now()):
        if await rest(PAUSE_S[0] + secrets.randbelow((PAUSE_S[1] - PAUSE_S[0]) * 1000) / 1000):
            return
        try:
            cases[one.number] = await desk_.app.db.retrying(
                lambda tx, one=one, is_over=is_over: _lived(tx, desk_, one, cases.get(one.number), is_over)
            )
        except FadenoError:
            continue  # a person was quicker, or forgot them: the matter ends here
        desk_.app.live.poke()


async def _lived(tx: Tx, desk_: Desk, one: Told, case_id: UUID | None, is_over: bool) -> Any:
    (turn,) = one.turns
    owner = desk_.members[1 + one.number % (len(desk_.members) - 1)]
    if turn.who in ("mail", "chat"):
        case_id = await _hears(tx, desk_, one, turn, case_id)
        if (await conversations.case(tx, case_id)).title != one.title:
            await conversations.entitle(tx, SYSTEM, case_id, one.title)
    elif case_id is not None:
        await conversations.take(tx, owner, case_id)
        await _says(tx, desk_, one, turn, case_id, owner)
    if is_over and case_id is not None:
        await conversations.set_state(tx, owner, case_id, "solved")
    return case_id
