"""One case, its stream, and the cases of a customer."""

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from fadeno.conversations import store
from fadeno.conversations.model import Act, Case, Message, NoCase, NoMessage
from fadeno.db import Tx
from fadeno.kit import lists
from fadeno.kit.errors import Invalid

MOST = 200
_LAST = (datetime(9999, 1, 1, tzinfo=UTC), 2**62)


async def case(tx: Tx, id_: UUID) -> Case:
    """One case as it stands; one that went into another is shown as `gone`.

    Raises:
        NoCase: there is no such id.
    """
    for found in await store.cases_by_id(tx, [id_]):
        return found
    raise NoCase(field="id")


async def numbered(tx: Tx, number: int) -> Case:
    """The case people call by a number.

    Raises:
        NoCase: there is no such number.
    """
    id_ = await store.case_numbered(tx, number) if 0 < number < 2**63 else None
    if id_ is None:
        raise NoCase(field="number")
    return await case(tx, id_)


async def where_now(tx: Tx, id_: UUID) -> UUID:
    """The case that has the messages of a case now, through every merge.

    Raises:
        NoCase: there is no such id.
    """
    now = await store.where_now(tx, id_)
    if now is None:
        raise NoCase(field="id")
    return now


async def came_into(tx: Tx, id_: UUID) -> list[UUID]:
    """The cases that went into a case: what was promised in them is promised here."""
    return await store.came_into(tx, id_)


async def stream(
    tx: Tx, case_id: UUID, *, before: str | None = None, limit: int = 50
) -> tuple[list[Message], str | None]:
    """Messages of a case from the latest on, and the place before which the next page begins."""
    limit = max(1, min(limit, MOST))
    found = await store.stream(tx, case_id, _place(before), limit + 1)
    page, last = lists.cut(found, limit)
    return page, place_of(last) if last else None


def place_of(message: Message) -> str:
    """The place of a message in its stream, before and after which pages begin."""
    return f"{message.said_at.isoformat()}_{message.position}"


async def stream_after(tx: Tx, case_id: UUID, after: str, *, limit: int = 50) -> tuple[list[Message], str | None]:
    """Messages of a case after a place, the earliest first, and the place after which the next page begins."""
    limit = max(1, min(limit, MOST))
    page, last = lists.cut(await store.stream_after(tx, case_id, _place(after), limit + 1), limit)
    return page, place_of(last) if last else None


def _place(before: str | None) -> tuple[datetime, int]:
    if not before:
        return _LAST
    moment, _, position = before.partition("_")
    try:
        at = datetime.fromisoformat(moment.replace(" ", "+"))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)), min(int(position or 0), 2**62)
    except ValueError:
        raise Invalid("`before` is the `next` of the page before.", field="before") from None


async def cases_of(
    tx: Tx, customer_id: UUID, *, before: str | None = None, limit: int = 50
) -> tuple[list[Case], str | None]:
    """A customer's cases, by any of their birth ids, the latest first; exact at every moment, also during merges."""
    limit = max(1, min(limit, MOST))
    rows, last = lists.cut(await store.cases_of(tx, customer_id, lists.before_time(before), limit + 1), limit)
    found = await store.cases_by_id(tx, [row.id for row in rows])
    return found, lists.by_time(last.last_at, last.id) if last else None


async def acts(tx: Tx, case_id: UUID, *, before: UUID | None = None, limit: int = 50) -> tuple[list[Act], UUID | None]:
    """What was done to a case, the latest first, and the act before which the next page begins."""
    limit = max(1, min(limit, MOST))
    page, last = lists.cut(await store.acts(tx, case_id, before or lists.LATEST[1], limit + 1), limit)
    return page, last.id if last else None


async def message(tx: Tx, message_id: UUID) -> Message:
    """One message.

    Raises:
        NoMessage: there is no such id.
    """
    for found in await store.messages_by_id(tx, [message_id]):
        return found
    raise NoMessage(field="message")


async def original(tx: Tx, message_id: UUID) -> tuple[str, str]:
    """What is not shown of a message at once: what it quotes, and its HTML as it came, which no page may trust."""
    row = await store.original(tx, message_id)
    return (row.quoted, row.html) if row else ("", "")


async def as_now(tx: Tx, case_ids: Collection[UUID], message_ids: Collection[UUID]) -> tuple[list[Case], list[Message]]:
    """These messages, and these cases and theirs, as they stand; what is not there is left out."""
    messages = await store.messages_by_id(tx, message_ids)
    wanted = {*case_ids, *(one.case_id for one in messages)}
    return await store.cases_by_id(tx, sorted(wanted)), messages
