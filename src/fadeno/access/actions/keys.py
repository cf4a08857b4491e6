"""Keys of machines: made, used, revoked."""

from uuid import UUID

from fadeno.access.actions.trail import note
from fadeno.access.model import SCOPES, Actor, checked_name, digest, new_key, require, shown
from fadeno.access.store import Q
from fadeno.access.word import say_less
from fadeno.db import Tx
from fadeno.kit import ids
from fadeno.kit.errors import Invalid, NotFound


async def create_key(tx: Tx, actor: Actor, name: str, scope: str, source_id: int | None = None) -> str:
    """Make a key and give it back: the only time it can be read.

    Raises:
        Forbidden: the actor may not manage keys.
        Invalid: no such scope, or a collecting key without the source it collects for.
    """
    require(actor, "manage", "keys")
    if scope not in SCOPES:
        raise Invalid(f"Choose a scope: {', '.join(SCOPES)}.", field="scope", word="bad_choice")
    if scope == "collect" and source_id is None:
        raise Invalid("A collecting key belongs to a source; name it.", field="source", word="key_needs_source")
    name = checked_name(name, default=scope)
    plain, key_id = new_key(scope), ids.new_id()
    await tx.run(
        Q.add_key,
        id=key_id,
        name=name,
        prefix=shown(plain),
        hash=digest(plain),
        scope=scope,
        source_id=source_id,
        made_by=actor.name,
        now=tx.now,
    )
    await note(tx, actor, "create", "key", key_id, {"name": name, "scope": scope, "source_id": source_id})
    return plain


async def key_actor(tx: Tx, plain: str) -> Actor | None:
    """Who acts with this key; None if it is unknown or revoked."""
    row = await tx.maybe(Q.key_actor, hash=digest(plain))
    if row is None:
        return None
    today = tx.now.date()
    if row.used_on is None or row.used_on < today:
        await tx.run(Q.touch_key, id=row.id, today=today)
    return Actor("key", row.id, row.name, scope=row.scope, source_id=row.source_id)


async def revoke_key(tx: Tx, actor: Actor, key_id: UUID) -> None:
    """Refuse a key from now on.

    Raises:
        NotFound: there is no such key, or it is revoked already.
    """
    require(actor, "manage", "keys")
    if not await tx.run(Q.revoke_key, id=key_id, now=tx.now):
        raise NotFound("There is no such key in use.", word="no_key")
    say_less(tx, key_id)
    await note(tx, actor, "revoke", "key", key_id)
