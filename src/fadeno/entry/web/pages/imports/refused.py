"""The rows of a file that were not brought in, as a sheet."""

from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Stream

from fadeno.entry import door
from fadeno.entry.importing import refused_sheet, to_hand_out
from fadeno.entry.web import reasons


@get("/imports/{import_id:uuid}/refused.xlsx", include_in_schema=False)
async def refused(request: Request, import_id: FromPath[UUID]) -> Stream:
    """Each as it stands in the file, with the reason beside it."""
    async with door.opened(request, "see", "imports") as (tx, actor):
        made = await to_hand_out(tx, actor, import_id)
    return await refused_sheet(request, made, "xlsx", reasons.in_words)


routes = [refused]
