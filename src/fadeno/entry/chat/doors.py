"""All doors of the chat, gathered."""

from litestar import Router

from fadeno.entry.chat import files, frame, streaming, talking, widget

routes = [
    widget.script,
    Router(
        "/chat/{account:uuid}",
        route_handlers=[*talking.routes, *streaming.routes, *files.routes],
        middleware=[frame.cross_site],
        include_in_schema=False,
    ),
]
