"""Links to pages of ours, as people outside reach them."""

from fadeno.settings import Settings

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}  # noqa: S104 - compared, not listened on


def base(settings: Settings) -> str:
    """The address people reach us at, without a slash at the end."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = _EVERYWHERE.get(settings.host, settings.host)
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    return f"http://{host}:{settings.port}"


def link(settings: Settings, path: str) -> str:
    """The whole address of one of our pages."""
    return base(settings) + path
