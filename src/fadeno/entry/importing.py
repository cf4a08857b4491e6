"""The source a file is handed in for, whichever door it comes by."""

from fadeno import access, sources
from fadeno.access import Actor
from fadeno.db import Tx
from fadeno.sources import Source, UnknownSource


async def source_for(tx: Tx, actor: Actor, name: str, region: str | None) -> Source:
    """The source of that name; made known if it is new and the actor may make one.

    Raises:
        Forbidden: there is none, and the actor may not make one.
    """
    try:
        return await sources.by_name(tx, name)
    except UnknownSource:
        if access.may(actor, "change", "sources"):
            return await sources.create(tx, actor, name, region=region or "ZZ")
    raise access.Forbidden(
        "There is no such source, and this role or key may not make one.",
        field="source",
        hint="Name an existing source, or ask an administrator.",
        word="no_new_source",
    )
