"""The reader of one mailbox: what is new is put down with how far was read, in one transaction; then it waits."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import structlog

from fadeno.db import Database
from fadeno.intake import Journal
from fadeno.kit import clock
from fadeno.kit.errors import FadenoError
from fadeno.kit.seal import Seal
from fadeno.switchboard import actions, mailbox, reads
from fadeno.switchboard.carrying import AccountFails, Signed
from fadeno.switchboard.mailbox import Mailbox, Place
from fadeno.switchboard.model import Account, AccountOff, NoAccount
from fadeno.switchboard.reading import fetching
from fadeno.switchboard.reading.faults import CantRead
from fadeno.switchboard.reading.fetching import Folder, Lying
from fadeno.switchboard.reading.line import Line, connected
from fadeno.switchboard.reading.signing_in import signed_in
from fadeno.switchboard.tokens import SignInAgain

RENEW_S = 9 * 60.0  # servers may end a quiet line after 29 minutes, and what stands between forgets it after ten
# Dovecot does not tell of what comes in the moment before it is asked to: so it is asked to for longer and longer
# times, and what fell into such a moment is found soon. Seen with 2.3.19, 2026-11-24.
FIRST_REST_S = 1.0
SEVERAL_S = 60.0  # one folder tells by itself; the others are looked at so often
ASK_S = 30.0  # a server that can't tell
AGAIN_S = (2, 5, 15, 60, 180, 300)
PERSON_S = (60, 300, 900, 1800)  # asking with a wrong password too often locks an account
STEADY_S = 60
AT_ONCE = 50
GROUP_BYTES = 4 * 1024 * 1024
TRIES = 4  # after so many broken readings one mail is passed over, and shown

_EVER = datetime.min.replace(tzinfo=UTC)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tools:
    """What a reader works with.

    Attributes:
        signed: gives the token of an account that signs in by one.
    """

    db: Database
    vault: Seal
    journal: Journal
    signed: Signed
    allow_private: bool


class _Overtaken(Exception):
    """Somebody else read on meanwhile: what is known of the mailbox is read anew."""


@dataclass(slots=True)
class _Reader:
    """One mailbox while it is read.

    Attributes:
        broke_at: mails at which the line broke, by folder and number, and how often.
        swept: it was read through at least once on this line.
        rest_s: how long the server was last asked to tell of what comes.
    """

    tools: Tools
    account_id: UUID
    box: Mailbox
    places: dict[str, Place] = field(default_factory=dict)
    broke_at: dict[tuple[str, int], int] = field(default_factory=dict)
    swept: bool = False
    rest_s: float = 0


async def keep_reading(tools: Tools, account_id: UUID, box: Mailbox) -> None:
    """Read a mailbox until this is cancelled; whatever its server does is said in the account's health."""
    reader, failures = _Reader(tools, account_id, box), 0
    while True:
        began, reader.swept = time.monotonic(), False
        try:
            await _read_on(reader)
        except (AccountOff, NoAccount):
            return
        except Exception as error:  # whatever it is, it ends no other reader
            words, steps = _told(error)
            log.info("a mailbox is not read", account=str(account_id), error=type(error).__name__, at=failures)
            if words and not reader.swept:  # a line that ends after it worked is nothing to tell of
                await _note(tools, account_id, words)
        failures = 1 if reader.swept and time.monotonic() - began > STEADY_S else failures + 1
        await asyncio.sleep(steps[min(failures, len(steps)) - 1] * random.uniform(0.8, 1.2))  # noqa: S311 - jitter


def _told(error: Exception) -> tuple[str, Sequence[int]]:
    """What is said of a fault, nothing where it is ours; and how long to wait, the more often it comes."""
    if isinstance(error, CantRead):
        return error.words, PERSON_S if error.needs_person else AGAIN_S
    if isinstance(error, AccountFails):
        return str(error), PERSON_S if isinstance(error, SignInAgain) else AGAIN_S
    if isinstance(error, FadenoError):
        return error.message, PERSON_S
    if isinstance(error, psycopg.Error | _Overtaken):
        return "", AGAIN_S
    return f"reading fell over ({type(error).__name__})", AGAIN_S


async def _read_on(reader: _Reader) -> None:
    tools, box = reader.tools, reader.box
    async with tools.db.transaction() as tx:
        account = await reads.account(tx, reader.account_id)
        given = await reads.credentials(tx, tools.vault, account)
    reader.places = mailbox.places(account.cursor, box)
    given = await tools.signed(account.id, given)
    reader.rest_s = FIRST_REST_S / 2
    async with connected(box, allow_private=tools.allow_private) as line:
        await signed_in(line, given)
        tells = await fetching.can_tell(line)
        while True:
            missing = [name for name in reversed(box.folders) if not await _swept(reader, line, name)]
            await _note(tools, account.id, await fetching.missing_words(line, missing) if missing else "")
            reader.swept = True
            if tells and box.folders[0] not in missing:
                reader.rest_s = min(reader.rest_s * 2, RENEW_S if len(box.folders) == 1 else SEVERAL_S)
                await fetching.woken(line, reader.rest_s)
            else:
                await asyncio.sleep(ASK_S)


async def _swept(reader: _Reader, line: Line, name: str) -> bool:
    """Read a folder until nothing is new in it; False where there is none of that name.

    The first folder comes last and stays open. The server may have told of what came meanwhile among other answers: so
    the last thing asked of it is to open it, and nothing new is found.
    """
    while folder := await fetching.opened(line, name, to_change=bool(reader.box.after)):
        if not await _sweep(reader, line, name, folder):
            return True
        reader.rest_s = FIRST_REST_S / 2
    return False


async def _sweep(reader: _Reader, line: Line, name: str, folder: Folder) -> bool:
    """Read what is new in an open folder; whether that got us further."""
    box = reader.box
    known = reader.places.get(name)
    place = mailbox.placed(known, folder.numbering, folder.next_number, clock.now(), box.days)
    if place != known:
        await _keep(reader, name, place, [])
    before = place.last
    if place.until or before + 1 < folder.next_number:
        found = await fetching.numbers(line, place)
        for start in range(0, len(found), AT_ONCE):
            for group in _grouped(await fetching.lying(line, found[start : start + AT_ONCE]), reader, name):
                await _take(reader, line, name, group)
        place = reader.places[name]
        if place.until:  # nothing is left of the older stretch
            await _keep(reader, name, mailbox.past(place, place.until, place.read_at), [])
    await _tidy(reader, line, name)
    return reader.places[name].last > before


def _grouped(of: list[Lying], reader: _Reader, name: str) -> list[list[Lying]]:
    """Mails that are fetched and kept together; one at which a line broke before stands alone."""
    groups: list[list[Lying]] = []
    size = GROUP_BYTES
    for one in of:
        alone = (name, one.number) in reader.broke_at or bool(_refused(reader, name, one))
        if alone or size + one.size_bytes > GROUP_BYTES:
            groups.append([])
            size = GROUP_BYTES if alone else 0
        groups[-1].append(one)
        size += one.size_bytes
    return groups


async def _take(reader: _Reader, line: Line, name: str, group: list[Lying]) -> None:
    place = reader.places[name]
    since = place.since or _EVER
    wanted = [one for one in group if one.came_at >= since or one.number > place.until]
    place = mailbox.past(place, group[-1].number, clock.now())
    if any(reason := _refused(reader, name, one) for one in wanted):  # such a one stands alone
        await _keep(reader, name, place, [], failed=(reason, wanted[0], await fetching.headers(line, group[0].number)))
        return
    try:
        found = await fetching.bodies(line, wanted) if wanted else {}
    except CantRead:
        for one in wanted:
            reader.broke_at[name, one.number] = reader.broke_at.get((name, one.number), 0) + 1
        raise
    await _keep(reader, name, place, [found[one.number] for one in wanted if one.number in found])


def _refused(reader: _Reader, name: str, one: Lying) -> str:
    if one.size_bytes > fetching.MOST_MAIL_BYTES:
        return "too_large"
    return "not_fetched" if reader.broke_at.get((name, one.number), 0) >= TRIES else ""


async def _keep(
    reader: _Reader, name: str, place: Place, found: Sequence[bytes], *, failed: tuple[str, Lying, bytes] | None = None
) -> None:
    """Put down what was read, and how far, in one transaction; once it is committed the mails are ours."""
    tools = reader.tools
    packed = [await actions.pack(tools.db, tools.journal, one) for one in found if one.strip()]
    if failed:
        reason, one, head = failed
        known_by = f"imap:{name}:{place.numbering}:{one.number}"
        refused = await actions.pack(tools.db, tools.journal, head, provider_key=known_by)
    async with tools.db.transaction() as tx:
        account = await actions.held(tx, reader.account_id)
        noted = mailbox.places(account.cursor, reader.box)
        if noted.get(name) != reader.places.get(name):
            raise _Overtaken
        for one_packed in packed:
            await actions.put_parcel(tx, account, one_packed)
        if failed:
            await actions.put_failed(tx, account, refused, reason, _about(reason, one, name))
        await actions.set_cursor(tx, account.id, _cursor(account, noted | {name: place}, reader.box))
    reader.places = noted | {name: place}


def _cursor(account: Account, found: dict[str, Place], box: Mailbox) -> dict[str, Any]:
    return {**account.cursor, **mailbox.cursor(found, box)}


def _about(reason: str, one: Lying, folder: str) -> str:
    size = f"{one.size_bytes / 1_048_576:.0f} MB"
    if reason == "too_large":
        most = fetching.MOST_MAIL_BYTES // 1_048_576
        return f"a mail of {size} in the folder {folder}: at most {most} MB are read; only its head is kept"
    return f"a mail of {size} in the folder {folder}: the line broke {TRIES} times while it was read"


async def _tidy(reader: _Reader, line: Line, name: str) -> None:
    """Do to mails that are kept what the settings ask for; what a crash left undone too."""
    place, box = reader.places[name], reader.box
    if not box.after or place.until or place.tidied >= place.last:
        return
    await fetching.tidied(line, box.after, place.tidied + 1, place.last)
    await _keep(reader, name, replace(place, tidied=place.last), [])


async def _note(tools: Tools, account_id: UUID, fault: str) -> None:
    try:
        async with tools.db.transaction() as tx:
            await actions.set_health(tx, account_id, "fails" if fault else "works", fault, way="in")
    except psycopg.Error as error:  # it is said again at the next look
        log.warning("how a mailbox fares can't be noted", account=str(account_id), error=type(error).__name__)
