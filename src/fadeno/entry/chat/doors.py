"""All doors of the chat, gathered."""

from litestar import Router

from fadeno.entry.chat import files, frame, mine, rating, streaming, talking, widget

routes = [
    widget.script,
    Router("/", route_handlers=[*mine.routes, *rating.routes], include_in_schema=False),
    Router(
        "/chat/{account:uuid}",
        route_handlers=[*talking.routes, *streaming.routes, *files.routes],
        middleware=[frame.cross_site],
        include_in_schema=False,
    ),
]
