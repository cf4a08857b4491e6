"""Customers who write, members who answer: what the tests of conversations are told with."""

from datetime import timedelta
from uuid import UUID

from fadeno import conversations, customers
from fadeno.access import Actor
from fadeno.conversations import Answer, Case, Heard, Incoming, Message
from fadeno.db import Tx
from fadeno.kit import addresses
from fadeno.kit.ids import new_id
from tests.customers.test_placing import said

SUPPORT, CHAT = UUID(int=0xA1), UUID(int=0xA2)  # accounts: a mailbox, a widget
ADA = Actor("member", UUID(int=0x11), "Ada", role="agent")
BELA = Actor("member", UUID(int=0x12), "Béla", role="agent")


async def whose(tx: Tx, *named: str) -> customers.Placed:
    """The customer of these addresses, all said to be one person's."""
    mentions = [(*addresses.split(name), 2) for name in named]
    (placed,) = await customers.place(tx, [said(*mentions)])
    return placed


async def writes(tx: Tx, who: str, text: str, *, also: tuple[str, ...] = (), earlier_s: int = 0, **more) -> Heard:
    """Somebody writes to us: from a mail address to the mailbox, from a browser to the chat."""
    placed = await whose(tx, who, *also)
    is_mail = who.startswith("email:")
    letter = Incoming(
        new_id(), more.pop("account_id", SUPPORT if is_mail else CHAT), "email" if is_mail else "webchat",
        placed.address_id, placed.customer_id, said_at=tx.now - timedelta(seconds=earlier_s), text=text, **more,
    )  # fmt: skip
    return await conversations.hear(tx, letter)


async def last(tx: Tx, case_id: UUID) -> int:
    """The position of the last word in a case."""
    return (await conversations.case(tx, case_id)).last_said


async def answers(tx: Tx, who: Actor, case_id: UUID, text: str, **more) -> Message:
    """A member answers, having read everything."""
    more.setdefault("seen_upto", await last(tx, case_id))
    return await conversations.answer(tx, who, case_id, Answer(text, **more))


async def texts(tx: Tx, case: Case | UUID) -> list[str]:
    """What is said in a case, from the first on."""
    page, _ = await conversations.stream(tx, case if isinstance(case, UUID) else case.id, limit=200)
    return [message.text for message in reversed(page)]
