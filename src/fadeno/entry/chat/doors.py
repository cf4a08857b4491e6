"""All doors of the chat, gathered."""

from litestar import Router

from fadeno.entry.chat import frame, streaming, talking

routes = [
    Router(
        "/chat/{account:uuid}",
        route_handlers=[*talking.routes, *streaming.routes],
        middleware=[frame.cross_site],
        include_in_schema=False,
    )
]
