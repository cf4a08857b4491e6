"""What members say about single addresses: shared or not, blocked or not, and what a customer allowed."""

from typing import Any
from uuid import UUID

from fadeno import access
from fadeno.access import Actor
from fadeno.customers import store
from fadeno.customers.actions.regrouping import regroup
from fadeno.customers.actions.telling import by_evidence, tell
from fadeno.customers.model import NoCustomer, blocked_because
from fadeno.db import Tx
from fadeno.kit.errors import Invalid
from fadeno.kit.ids import new_id

BLOCKED_BY_MEMBER = "member"
_SHARING = {True: "shared", False: "own", None: "learned"}


async def set_shared(tx: Tx, actor: Actor, address_id: UUID, shared: bool | None) -> UUID:
    """Say that an address is used by many (it joins nobody), or by one; None lets it be learned again.

    Returns:
        The customer the address belongs to now.
    """
    await _there(tx, address_id)
    await store.stop_links(tx)
    await store.set_shared(tx, address_id, shared)
    return await _regrouped(tx, actor, "mark_shared", address_id, {"shared": shared}, _SHARING[shared])


async def set_blocked(tx: Tx, actor: Actor, address_id: UUID, blocked: bool) -> UUID:
    """Say that an address joins nobody, or that it may.

    A value that means nothing is blocked for what it is again, as if nobody had ever said anything.

    Returns:
        The customer the address belongs to now.
    """
    row = await _there(tx, address_id)
    if row.blocked == "erased":
        raise NoCustomer(field="address_id")
    await store.stop_links(tx)
    reason = blocked_because(row.kind, row.value) or BLOCKED_BY_MEMBER
    await store.set_blocked(tx, address_id, reason if blocked else None)
    return await _regrouped(
        tx, actor, "mark_blocked", address_id, {"blocked": blocked}, "blocked" if blocked else "free"
    )


async def say_consent(tx: Tx, actor: Actor, address_id: UUID, purpose: str, granted: bool, proof: str) -> None:
    """Write down what a customer told a member about being addressed at an address for a purpose."""
    if not purpose.strip() or len(purpose) > 100:
        raise Invalid("A purpose has 1 to 100 characters.", field="purpose")
    if not proof.strip() or len(proof) > 2_000:
        raise Invalid("Say in 1 to 2000 characters how the customer said so.", field="proof")
    await _there(tx, address_id)
    await store.make_telling(tx, [address_id])
    await store.add_consent(tx, new_id(), address_id, purpose.strip(), granted, actor.name, proof.strip())
    await access.note(tx, actor, "say_consent", "address", address_id, {"purpose": purpose, "granted": granted})


async def _there(tx: Tx, address_id: UUID) -> Any:
    found = (await store.addresses(tx, [address_id])).get(address_id)
    if found is None:
        raise NoCustomer("There is no such address.", field="address_id")
    return found


async def _regrouped(tx: Tx, actor: Actor, verb: str, address_id: UUID, detail: dict[str, Any], marked: str) -> UUID:
    """Let customers follow from what was said, and say on their threads that it was a member's word."""
    where = await regroup(tx, [address_id], opened=[address_id])
    told = by_evidence(where.became(()), "mark")
    await tell(tx, {id_: (name, {**said, "marked": marked, "by": actor.name}) for id_, (name, said) in told.items()})
    await access.note(tx, actor, verb, "address", address_id, detail)
    return where.of(address_id) or address_id
