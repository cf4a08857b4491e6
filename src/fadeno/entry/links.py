"""Links to pages of ours, as people reach them."""

from litestar import Request

from fadeno import db
from fadeno.settings import Settings

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}  # noqa: S104 - compared, not listened on


def link_seen(request: Request, path: str) -> str:
    """The whole address of a page, for somebody who is looking at another one of ours."""
    settings: Settings = request.app.state.fadeno.settings
    return (settings.public_url or str(request.base_url)).rstrip("/") + path


def link_from_outside(settings: Settings, path: str) -> str:
    """The whole address of a page, for somebody at the terminal."""
    if settings.public_url:
        return settings.public_url.rstrip("/") + path
    running = db.who(settings.data_dir)
    if running and running.address:
        return running.address + path
    host = _EVERYWHERE.get(settings.host, settings.host)
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    return f"http://{host}:{settings.port}{path}"
