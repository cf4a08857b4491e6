"""What leaves: written by the channel's adapter, carried by a wire, and what became of it noted.

A worker may die between handing a message over and noting that it did. Where the provider takes a key it is simply
handed over again; elsewhere nobody can know, so it is said to be unknown and not sent twice.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import structlog

from fadeno import channels, files, jobs
from fadeno.channels import Adapter, Answer, Call, Draft, Request
from fadeno.db import Tx
from fadeno.files import Shelf, ShelfDown
from fadeno.kit.errors import FadenoError
from fadeno.kit.seal import Seal
from fadeno.switchboard import reads, store
from fadeno.switchboard.model import Account, Went

CARRY_S = 45  # less than a worker's lease
LONGEST_TURN_S = 20
TRIES_OF_A_PART = 3  # what left in part is not begun anew: the first part would arrive twice
LONGEST_PART_WAIT_S = 10.0
_NOT_LET_IN, _TOO_MANY = 401, 429

log = structlog.get_logger(__name__)


class Unsure(Exception):
    """The line broke after the message was handed over: it may have left."""


class AccountFails(Exception):
    """Nothing can leave by this account now: its server does not answer, does not let us in, or has enough of us.

    Attributes:
        after_s: seconds to wait at least, as it asked; None where it did not say.
    """

    def __init__(self, words: str, *, after_s: float | None = None) -> None:
        super().__init__(words)
        self.after_s = after_s


# Carries it: the provider's words, or an answer that the adapter understands.
Wire = Callable[[Request, channels.Account], Awaitable[str | Answer]]
Signed = Callable[[UUID, channels.Account], Awaitable[channels.Account]]  # with the token of who signs in by one


@dataclass(frozen=True, slots=True)
class Carried:
    """A message that is to leave, as the room that keeps it says it.

    Attributes:
        draft: without its attachments.
        attached: what goes with it.
    """

    message_id: UUID
    account_id: UUID
    draft: Draft
    attached: Sequence[files.Attachment] = ()


Compose = Callable[[Tx, Account, UUID], Awaitable[Carried | None]]
Fared = Callable[[Tx, UUID, Went], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Ready:
    account: Account
    carried: Carried
    credentials: channels.Account = field(repr=False)
    is_lost: bool = False  # somebody began to hand it over and never said what became of it


@dataclass(slots=True)
class _Turns:
    """When each account may send next."""

    next_at: dict[UUID, float] = field(default_factory=dict)

    def wait_s(self, account_id: UUID, per_s: float) -> float:
        now = time.monotonic()
        at = max(self.next_at.get(account_id, now), now)
        if at - now <= LONGEST_TURN_S:
            self.next_at[account_id] = at + 1 / per_s
        return at - now


async def _as_is(id: UUID, account: channels.Account) -> channels.Account:
    return account


def carrying(
    vault: Seal, shelf: Shelf, wires: Mapping[str, Wire], compose: Compose, fared: Fared, signed: Signed = _as_is
) -> jobs.Delivery:
    """How a message leaves.

    Args:
        wires: by the transport of a channel's label.
        signed: gives the token of an account that signs in by one.
        compose: says what is to leave; None where it was held back or erased meanwhile.
        fared: hears what became of it.
    """
    turns = _Turns()

    async def prepare(tx: Tx, job: jobs.Job) -> _Ready | None:
        id = UUID(job.body["message"])
        account = await reads.account(tx, UUID(job.lane.partition(":")[2]))
        carried = await compose(tx, account, id)
        if carried is None:
            return None
        adapter = channels.adapter(account.channel)
        begun = adapter.label.idempotency == "key" or await store.begin_leaving(tx, id, account.id)
        return _Ready(account, carried, await reads.credentials(tx, vault, account), not begun)

    async def send(ready: _Ready) -> Went | jobs.Retry:
        if ready.is_lost:
            return Went("unknown")
        return await _sent(ready, shelf, wires, turns, signed)

    async def note(tx: Tx, job: jobs.Job, ready: _Ready, outcome: Went | jobs.Retry) -> jobs.Verdict:
        await store.end_leaving(tx, ready.carried.message_id)
        if isinstance(outcome, jobs.Retry):
            if outcome.whole_lane:
                await store.set_health(tx, ready.account.id, "out", outcome.reason[:500])
            return outcome
        await fared(tx, ready.carried.message_id, outcome)
        if outcome.state in ("sent", "delivered") and not ready.account.is_test:
            await store.set_health(tx, ready.account.id, "out", "")
        return jobs.Done()

    return jobs.Delivery(prepare, send, note)


async def _sent(
    ready: _Ready, shelf: Shelf, wires: Mapping[str, Wire], turns: _Turns, signed: Signed
) -> Went | jobs.Retry:
    adapter = channels.adapter(ready.account.channel)
    draft = ready.carried.draft
    if ready.account.is_test or adapter.label.transport == "none":
        return Went("sent", draft.key)
    wait_s = turns.wait_s(ready.account.id, adapter.label.limits.sends_per_s)
    if wait_s > LONGEST_TURN_S:
        return jobs.Retry("more waits than the account may send", after_s=wait_s)
    await asyncio.sleep(wait_s)
    try:
        ready = replace(ready, credentials=await signed(ready.account.id, ready.credentials))
        async with asyncio.timeout(CARRY_S):
            return await _handed_over(ready, adapter, replace(draft, attachments=await _loaded(shelf, ready)), wires)
    except Unsure as broke:
        is_known = adapter.label.idempotency == "key"
        return jobs.Retry(str(broke)) if is_known else Went("unknown", words=str(broke))
    except AccountFails as fails:
        return jobs.Retry(str(fails), after_s=fails.after_s, whole_lane=True)
    except TimeoutError:
        return Went("unknown", words=f"no answer within {CARRY_S} s")
    except (ShelfDown, channels.TryLater) as later:
        return jobs.Retry(later.message, after_s=getattr(later, "after_s", None))
    except FadenoError as refused:
        return Went("failed", words=refused.message)
    except Exception as error:  # an adapter, perhaps of a third party, may fail in any way
        log.error("message can't be sent", channel=ready.account.channel, error=type(error).__name__)
        return Went("failed", words=type(error).__name__)


async def _handed_over(ready: _Ready, adapter: Adapter, draft: Draft, wires: Mapping[str, Wire]) -> Went:
    wire = wires[adapter.label.transport]
    provider_id, words, uploaded, gone = "", "", {}, 0
    for request in adapter.write(draft, ready.credentials):
        request = _filled(request, uploaded)
        try:
            named, words = await _part(ready, adapter, wire, request, tries=TRIES_OF_A_PART if gone else 1)
        except (Unsure, AccountFails, FadenoError) as fault:
            if gone:
                said = fault.message if isinstance(fault, FadenoError) else str(fault)
                return Went("failed", provider_id, f"the first {gone} of its parts left, the next did not: {said}")
            raise
        if isinstance(request, Call) and request.uploads:
            uploaded[request.uploads] = named
            continue
        if not named:
            return Went("unknown", words="it was answered, but not that it was taken")
        provider_id, gone = provider_id or named, gone + 1
    return Went("sent", provider_id, words)


async def _part(ready: _Ready, adapter: Adapter, wire: Wire, request: Request, *, tries: int) -> tuple[str, str]:
    """Hand over one request: the id of what was taken, and the provider's words."""
    while True:
        tries -= 1
        try:
            said = await _asked(wire, request, ready)
            if not isinstance(said, Answer):
                return request.provider_id, said
            return _understood(adapter, said, ready.credentials) or request.provider_id, ""
        except (channels.TryLater, AccountFails) as later:
            if not tries:
                raise
            await asyncio.sleep(min(later.after_s or 1.0, LONGEST_PART_WAIT_S))


async def _asked(wire: Wire, request: Request, ready: _Ready) -> str | Answer:
    try:
        return await wire(request, ready.credentials)
    except Unsure as broke:
        if isinstance(request, Call) and request.uploads:  # a file twice at the provider's harms nobody
            raise channels.TryLater(str(broke)) from broke
        raise


def _understood(adapter: Adapter, said: Answer, account: channels.Account) -> str:
    """The id of what was taken; what the provider has against us, not against the message, holds up the account."""
    try:
        return adapter.answered(said, account)
    except channels.TryLater as later:
        if said.status == _TOO_MANY:
            raise AccountFails(later.message, after_s=later.after_s) from later
        raise
    except channels.Refused as no:
        if said.status == _NOT_LET_IN:
            raise AccountFails(no.message) from no
        raise


def _filled(request: Request, uploaded: Mapping[str, str]) -> Request:
    if not uploaded or not isinstance(request, Call):
        return request
    content = request.content
    for word, id in uploaded.items():
        content = content.replace(word.encode(), id.encode())
    return replace(request, content=content)


async def _loaded(shelf: Shelf, ready: _Ready) -> tuple[channels.Attachment, ...]:
    return tuple(
        [
            channels.Attachment(
                one.name,
                one.media_type,
                one.size_bytes,
                await shelf.read(one.key),
                one.content_id,
                bool(one.content_id),
            )
            for one in ready.carried.attached
        ]
    )
