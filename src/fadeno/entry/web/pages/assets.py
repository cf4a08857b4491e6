"""Serves style sheets, scripts and icons."""

from litestar import Request, Response, get
from litestar.params import FromPath

from fadeno.entry.web import assets
from fadeno.kit.errors import NotFound

_FOR_EVER = "public, max-age=31536000, immutable"


@get("/static/{name:path}", include_in_schema=False)
async def show_asset(request: Request, name: FromPath[str]) -> Response[bytes]:
    """One file, by a name that changes with its content."""
    asset = assets.by_url_name().get(name.lstrip("/"))
    if asset is None:
        raise NotFound
    headers = {"cache-control": _FOR_EVER, "vary": "accept-encoding"}
    zipped = "gzip" in request.headers.get("accept-encoding", "")
    if zipped:
        headers["content-encoding"] = "gzip"
    return Response(asset.zipped if zipped else asset.plain, media_type=asset.media_type, headers=headers)


routes = [show_asset]
