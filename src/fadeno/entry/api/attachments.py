"""Attachments of cases, for members who may see them."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from fadeno import files
from fadeno.app import App
from fadeno.entry import attached
from fadeno.entry.door import opened

WAITING = "waiting"
Small = Annotated[bool, QueryParameter()]


@get("/api/attachments/{id:uuid}", summary="An attachment")
async def give(request: Request, id: FromPath[UUID], small: Small = False) -> Stream:
    """The file itself, with headers under which nothing in it runs; `small` gives the small picture of a picture."""
    return await _given(request, id, small)


@get("/attachments/{id:uuid}/{name:str}", include_in_schema=False)
async def show(request: Request, id: FromPath[UUID], name: FromPath[str], small: Small = False) -> Stream:
    """The same at an address that ends in its name, as browsers save it."""
    return await _given(request, id, small)


async def _given(request: Request, id: UUID, small: Any) -> Stream:
    app: App = request.app.state.fadeno
    async with opened(request, "see", "cases") as (tx, actor):
        found = await files.attachment(tx, id)
    if found.room == WAITING and found.object_id != actor.id:
        raise files.NoAttachment  # not sent yet, and another's
    return attached.given(app.shelf, found, small=small)


routes = [give, show]
