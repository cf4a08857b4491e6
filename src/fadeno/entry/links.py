"""Links to pages of ours, as people reach them."""

from urllib.parse import quote
from uuid import UUID

from litestar import Request

from fadeno import db
from fadeno.settings import Settings

_EVERYWHERE = {"://0.0.0.0:": "://127.0.0.1:", "://[::]:": "://[::1]:", "://:": "://127.0.0.1:"}


def link_seen(request: Request, path: str) -> str:
    """The whole address of a page, for somebody who is looking at another one of ours."""
    settings: Settings = request.app.state.fadeno.settings
    return (settings.public_url or str(request.base_url)).rstrip("/") + path


def link_from_outside(settings: Settings, path: str, address: str | None = None) -> str:
    """The whole address of a page, for somebody at the terminal.

    Args:
        address: where we listen; None asks who serves the data directory.
    """
    if settings.public_url:
        return settings.public_url.rstrip("/") + path
    if address is None:
        running = db.who(settings.data_dir)
        address = running.address if running else None
    if not address:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = f"http://{host}:{settings.port}"
    for everywhere, here in _EVERYWHERE.items():
        address = address.replace(everywhere, here)
    return address + path


def attachment_url(id: UUID, name: str, *, small: bool = False) -> str:
    """Where a member's page finds an attachment, by its id of use in `files`."""
    return f"/attachments/{id}/{quote(name, safe='')}" + ("?small=true" if small else "")
