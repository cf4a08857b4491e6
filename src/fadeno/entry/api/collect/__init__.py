"""The event API: what ordinary tracking clients speak, taken to the letter.

Content types are ignored, as clients lie about them: a body is JSON, gzipped or not. An answer is exactly 200, and only
after the commit. Errors carry both `code` and `message`: a client in wide use retries 4xx answers without them.

What is not Segment's own format is a *dialect*: `dialects/` translates it into Segment's events, and no more.

Source: Segment HTTP API, https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/, RudderStack
HTTP API, https://www.rudderstack.com/docs/api/http-api/, and what their clients were seen to send; read 2026-11-23.
"""

from litestar.enums import HttpMethod
from litestar.handlers import asgi, route
from litestar.types import ASGIApp, Receive, Scope, Send

from fadeno.entry.api.collect.collecting import Collect

_collect = Collect()


@asgi(["/v1", "/beacon", "/pixel"], is_mount=True, copy_scope=True)
async def collect_below(scope: Scope, receive: Receive, send: Send) -> None:
    """Every path of the event API below these."""
    await _collect(scope, receive, send)


@asgi("/sourceConfig", copy_scope=True)
async def source_config(scope: Scope, receive: Receive, send: Send) -> None:
    """Settings for the RudderStack browser client."""
    await _collect(scope, receive, send)


@asgi(["/batch", "/capture", "/e", "/i/v0/e", "/flags", "/decide"], copy_scope=True)
async def posthog(scope: Scope, receive: Receive, send: Send) -> None:
    """What PostHog's clients ask for."""
    await _collect(scope, receive, send)


@asgi(["/com.snowplowanalytics.snowplow/tp2", "/i"], copy_scope=True)
async def snowplow(scope: Scope, receive: Receive, send: Send) -> None:
    """What Snowplow's trackers ask for."""
    await _collect(scope, receive, send)


# Litestar gives no parameters to `asgi` routes, and a mount on /api/s would take /api/sources too.
@route(
    ["/api/s/{kind:str}", "/api/s/s2s/{kind:str}", "/array/{key:str}/config"],
    http_method=[HttpMethod.GET, HttpMethod.POST, HttpMethod.OPTIONS],
    include_in_schema=False,
)
async def named_in_the_path() -> ASGIApp:
    """What Jitsu's clients ask for, and how PostHog's browser client starts."""
    return _collect


routes = [collect_below, source_config, posthog, snowplow, named_in_the_path]
