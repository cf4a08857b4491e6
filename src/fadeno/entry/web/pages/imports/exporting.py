"""Lists as sheets: what the button on a list hands out."""

import tempfile
from pathlib import Path
from urllib.parse import unquote

from litestar import Request, Response, get
from litestar.params import FromPath

from fadeno import access, imports
from fadeno.app import App
from fadeno.entry import door
from fadeno.entry.web import page, words
from fadeno.entry.web.times import zone_of
from fadeno.kit.errors import NotFound

_KINDS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
# Orders and products name nobody by address; their sheets are for whoever may see the list and hand out events.
_MAY = {"customers": "customers", "orders": "events", "products": "events"}


@get("/export/{name:str}", include_in_schema=False)
async def export(request: Request, name: FromPath[str]) -> Response[bytes]:
    """A whole list, as `customers.xlsx`, `orders.csv` …; customers can be edited in it and brought in again."""
    app: App = request.app.state.fadeno
    what, _, ending = name.partition(".")
    async with door.opened(request, "export", _MAY.get(what, "customers")) as (tx, actor):
        if what not in imports.LISTS or ending not in _KINDS:
            raise NotFound
        if what == "customers":
            access.require(actor, "export", "contacts")
        look = await page.look_of(tx, actor)
    zone = zone_of(look.zone or unquote(request.cookies.get(page.ZONE_COOKIE, "")))
    with tempfile.TemporaryDirectory(prefix="fadeno-export-") as folder:
        path = Path(folder) / name
        asked = imports.Asked(zone=getattr(zone, "key", "UTC"), right_to_left=words.direction(words.spoken()) == "rtl")
        await imports.export(app.db, actor, what, path, asked)
        said = path.read_bytes()
    return Response(said, media_type=_KINDS[ending], headers={"content-disposition": f'attachment; filename="{name}"'})


routes = [export]
