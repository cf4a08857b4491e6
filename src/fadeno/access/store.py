"""The queries of this room: one thin function each where the call is not plain. Private."""

from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from fadeno.db import Queries, Tx
from fadeno.kit import ids

Q = Queries(__package__)


async def note(
    tx: Tx,
    *,
    actor: tuple[str, UUID | None, str],
    verb: str,
    about: tuple[str, str],
    detail: dict[str, Any],
    once: bytes | None,
    words: list[str],
) -> bool:
    """Write one line of the audit trail; False if the same reading stands there already."""
    made = await tx.run(
        Q.note,
        id=ids.new_id(),
        now=tx.now,
        actor_kind=actor[0],
        actor_id=actor[1],
        actor_name=actor[2],
        verb=verb,
        object_kind=about[0],
        object_id=about[1],
        detail=Jsonb(msgspec.to_builtins(detail)),
        once=once,
        words=words,
    )
    return made == 1
