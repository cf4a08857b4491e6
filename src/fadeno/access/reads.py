"""Questions about members, sessions, keys and the audit trail."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fadeno.access.model import (
    ROLES,
    SESSION_IDLE,
    SYSTEM,
    Actor,
    Asked,
    Entry,
    Invitation,
    Key,
    Member,
    Session,
    digest,
    email_key,
    require,
    words,
)
from fadeno.access.store import Q
from fadeno.db import Tx
from fadeno.kit import ids
from fadeno.kit.errors import Conflict, Invalid, NotFound
from fadeno.kit.text import sort_key

MOST = 200
_NEVER = datetime.min.replace(tzinfo=UTC)
_MOST_LOOKED_AT = 60  # lines of the trail in which the last different ones are found


async def has_members(tx: Tx) -> bool:
    """Whether anybody is a member yet; nobody means the first run."""
    return await tx.value(Q.has_members)


async def members(
    tx: Tx, actor: Actor, *, limit: int = 50, after: str | None = None, by: str = "name", down: bool = False
) -> list[Member]:
    """Who works here, by one of `MEMBER_ORDERS`, upwards or `down`. `after` is the id of the last one seen.

    Raises:
        Invalid: there is no such order.
    """
    found = await all_members(tx, actor, by=by, down=down)
    last = await tx.maybe(Q.member, into=Member, id=_id(after)) if after else None
    if last:
        # By where the last one would stand: it may have been removed meanwhile.
        place = _ORDERS[by](last)
        found = [one for one in found if (_ORDERS[by](one) < place if down else _ORDERS[by](one) > place)]
    return found[: _limit(limit)]


async def all_members(tx: Tx, actor: Actor, *, by: str = "name", down: bool = False) -> list[Member]:
    """Everybody who works here; they are few enough to be put in order here, as their language does it.

    Raises:
        Invalid: there is no such order.
    """
    require(actor, "see", "members")
    if by not in _ORDERS:
        raise Invalid(f"Members are listed by {', '.join(MEMBER_ORDERS)}.", field="by", word="bad_choice")
    return sorted(await tx.all(Q.members, into=Member), key=_ORDERS[by], reverse=down)


def _by_name(one: Member) -> tuple[Any, ...]:
    return sort_key(one.name), one.id


_ORDERS: dict[str, Callable[[Member], tuple[Any, ...]]] = {
    "name": _by_name,
    "email": lambda one: (email_key(one.email), one.id),
    "role": lambda one: (ROLES.index(one.role), *_by_name(one)),
    "seen": lambda one: (one.seen_at or _NEVER, *_by_name(one)),
}
MEMBER_ORDERS = tuple(_ORDERS)


async def as_now(tx: Tx, actor: Actor) -> Actor | None:
    """Who did something, with the role or scope they have by now; None if they were removed, or the key revoked."""
    if actor.kind == "system":
        return SYSTEM
    if actor.kind == "key":
        key = await tx.maybe(Q.key_by_id, id=actor.id)
        return Actor("key", key.id, key.name, scope=key.scope, source_id=key.source_id) if key else None
    found = await tx.maybe(Q.member, into=Member, id=actor.id)
    if found is None or found.removed_at is not None:
        return None
    return Actor("member", found.id, found.name, found.role, language=found.language)


async def member(tx: Tx, actor: Actor, member_id: UUID) -> Member:
    """One member; everybody may see themselves.

    Raises:
        NotFound: there is no such member.
    """
    if actor.id != member_id:
        require(actor, "see", "members")
    found = await tx.maybe(Q.member, into=Member, id=member_id)
    if found is None or found.removed_at is not None:
        raise NotFound("There is no such member.", word="no_member")
    return found


async def member_by_email(tx: Tx, actor: Actor, email: str) -> Member:
    """One member by e-mail.

    Raises:
        NotFound: there is no such member.
    """
    require(actor, "see", "members")
    found = await tx.maybe(Q.member_by_email, into=Member, email_key=email_key(email))
    if found is None:
        raise NotFound("There is no member with that e-mail.", field="email", word="no_member")
    return found


async def invitations(tx: Tx, actor: Actor, *, limit: int = 50, after: str | None = None) -> list[Invitation]:
    """Invitations that can still be accepted, latest first."""
    require(actor, "see", "members")
    return await tx.all(Q.invitations, into=Invitation, now=tx.now, limit=_limit(limit), after=_id(after))


async def invitation(tx: Tx, token: str) -> Invitation | None:
    """What a link invites to; None if it is used, withdrawn or too old."""
    return await tx.maybe(Q.invitation, into=Invitation, token_hash=digest(token), now=tx.now)


async def reset_for(tx: Tx, token: str) -> str | None:
    """The e-mail whose password a link sets anew; None if it is used or too old."""
    row = await tx.maybe(Q.reset_member, token_hash=digest(token), now=tx.now)
    return row.email if row else None


async def sessions(tx: Tx, member_id: UUID) -> list[Session]:
    """Where a member is signed in, latest first."""
    return await tx.all(Q.sessions, into=Session, member_id=member_id, now=tx.now, idle_since=tx.now - SESSION_IDLE)


async def recovery_codes_left(tx: Tx, member_id: UUID) -> int:
    """How many recovery codes a member has left."""
    return await tx.value(Q.recovery_codes_left, member_id=member_id)


async def keys(tx: Tx, actor: Actor, *, limit: int = 50, after: str | None = None) -> list[Key]:
    """Keys of machines, latest first, revoked ones too."""
    require(actor, "see", "keys")
    return await tx.all(Q.keys, into=Key, limit=_limit(limit), after=_id(after))


async def all_keys(tx: Tx, actor: Actor) -> list[Key]:
    """Every key of machines, latest first, revoked ones too."""
    require(actor, "see", "keys")
    return await tx.all(Q.keys, into=Key, limit=None, after=None)


async def find_key(tx: Tx, actor: Actor, word: str) -> Key:
    """The one key in use that goes by this name, readable part or id.

    Raises:
        NotFound: none does.
        Conflict: several do.
    """
    require(actor, "see", "keys")
    found = await tx.all(Q.keys_like, into=Key, word=_text(word))
    if not found:
        raise NotFound("There is no such key in use.", word="no_key")
    if len(found) > 1:
        raise Conflict(
            "Several keys go by that name.",
            word="several_keys",
            hint=f"Say which: {', '.join(k.prefix for k in found)}.",
        )
    return found[0]


async def audit(tx: Tx, actor: Actor, asked: Asked, *, limit: int = 50, before: str | None = None) -> list[Entry]:
    """The audit trail, latest first."""
    require(actor, "see", "audit")
    found = words(asked.q)[:10]
    return await tx.all(
        Q.entries,
        into=Entry,
        before=_id(before),
        from_id=ids.first_id_at(asked.from_at) if asked.from_at else None,
        to_id=ids.first_id_at(asked.to_at) if asked.to_at else None,
        actor_id=_id(asked.by),
        verb=_text(asked.verb),
        object_kind=_text(asked.object_kind),
        object_id=_text(asked.object_id),
        words=" & ".join(f"'{word}':*" for word in found) if found else None,
        limit=_limit(limit),
    )


async def seen_lately(tx: Tx, actor: Actor, kind: str, *, limit: int = 10) -> list[str]:
    """The ids of what a member looked at last, the latest first; nobody else's."""
    found = await tx.all(Q.seen_lately, actor_id=actor.id, kind=kind, among=_MOST_LOOKED_AT)
    return list(dict.fromkeys(row.object_id for row in found))[:limit]


async def audit_words(tx: Tx, actor: Actor) -> list[str]:
    """The verbs that stand in the trail, for choosing one to look for."""
    require(actor, "see", "audit")
    return [row.verb for row in await tx.all(Q.audit_verbs)]


def _limit(limit: int) -> int:
    return max(1, min(limit, MOST + 1))


def _id(text: str | None) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(
            "That isn't an id.", word="bad_id", hint="Ids look like 0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b."
        ) from None


def _text(text: str) -> str | None:
    """A text PostgreSQL can take; None for an empty one."""
    return text.replace("\x00", "") or None
