"""A search for anything: what each room finds of what somebody types."""

from typing import Annotated, Any

from litestar import Request, get
from litestar.params import QueryParameter

from fadeno import access
from fadeno.app import FINDERS
from fadeno.entry.api.customers import readable
from fadeno.entry.door import entered


@get("/api/search", summary="Find anything")
async def find_anything(
    request: Request,
    q: Annotated[str, QueryParameter(max_length=256)] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=20)] = 5,
) -> dict[str, Any]:
    """What matches, best first, in groups by what it is; only of what you may see, and no empty group."""
    async with entered(request) as (tx, actor):
        seen = [what for what in FINDERS if access.may(actor, "see", what)]
        if not seen:
            access.require(actor, "see", next(iter(FINDERS)))
        found = {what: await FINDERS[what](tx, actor, q, limit) for what in seen if q.strip()}
        return {"groups": [{"kind": what, "items": readable(actor, items)} for what, items in found.items() if items]}


routes = [find_anything]
