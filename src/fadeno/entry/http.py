"""The HTTP door as a whole: routes gathered, errors in one shape, headers that keep browsers safe."""

import contextlib
import importlib
import math
import pkgutil
from types import ModuleType
from typing import Any

import structlog
from litestar import Litestar, Request, Response, Router, get
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi import OpenAPIConfig
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

import fadeno
from fadeno import jobs
from fadeno.app import App
from fadeno.db import Unkeepable, Unreachable
from fadeno.entry import api, packing
from fadeno.entry.api.document import Document
from fadeno.entry.chat import doors as chat
from fadeno.entry.web import page, pages
from fadeno.intake import Unavailable
from fadeno.kit import ids
from fadeno.kit.errors import FadenoError, Invalid

log = structlog.get_logger(__name__)

JOBS = Gauge("fadeno_jobs", "Jobs in the outbox: open, of these due now, and dead (given up)", ["kind", "state"])
MOST_BODY_BYTES = 4 * 1024 * 1024
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "x-frame-options": "DENY",
}
_WIRE_HEADERS = [(k.encode(), v.encode()) for k, v in {**HEADERS, "cache-control": "no-store"}.items()]


def _safe(next_app: ASGIApp) -> ASGIApp:
    """Add the security headers to every answer, also to one no route gave, where the route did not set its own."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                # On bytes: the framework's own view of headers took a third of the time of a small request.
                own = list(message.get("headers", ()))
                said = {name.lower() for name, _ in own}
                message["headers"] = own + [header for header in _WIRE_HEADERS if header[0] not in said]
            await send(message)

        await next_app(scope, receive, send_safely)

    return handle


def make_http(app: App) -> Litestar:
    """The ASGI application over all doors."""
    handlers: list[Any] = [healthz, readyz, metrics, *_routes(api), *chat.routes]
    handlers.append(Router("/", route_handlers=_routes(pages), before_request=_hear, middleware=[page.going_on]))
    http = Litestar(
        route_handlers=handlers,
        exception_handlers={
            FadenoError: _refuse,
            HTTPException: _refuse_http,
            Unreachable: _gone,
            Unkeepable: _not_text,
            Exception: _fail,
        },
        openapi_config=OpenAPIConfig(
            title="fadeno",
            version=fadeno.__version__,
            path="/api/openapi",
            render_plugins=[Document()],
            use_handler_docstrings=True,
        ),
        request_max_body_size=MOST_BODY_BYTES,
        logging_config=None,
    )
    http.state.fadeno = app
    http.asgi_handler = packing.packed(_safe(http.asgi_handler))
    return http


def _routes(package: ModuleType) -> list[Any]:
    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__))
    modules = [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    return [route for module in modules for route in getattr(module, "routes", [])]


async def _hear(request: Request) -> None:
    page.hear(request)  # in the request's own task: from a thread nothing of it would stay


# Errors ----------------------------------------------------------------------------------------------------------


def _answer(request: Request, error: FadenoError) -> Response:
    wants_page = not request.url.path.startswith(("/api", "/v1")) and "text/html" in request.headers.get("accept", "")
    if wants_page or request.headers.get("hx-request"):
        return page.error(request, error)
    said = {"code": error.code, "message": error.message, "field": error.field, "hint": error.hint}
    return Response(said, status_code=error.status)


def _made(status: int, code: str, message: str, **more: Any) -> FadenoError:
    """In our shape what no room of ours has said."""
    error = FadenoError(message, word=code, **more)
    error.status, error.code = status, code
    return error


def _refuse(request: Request, error: FadenoError) -> Response:
    response = _answer(request, error)
    if error.status in (429, 503):
        response.headers["Retry-After"] = str(math.ceil(getattr(error, "retry_after_s", 1)))
    return response


def _refuse_http(request: Request, error: HTTPException) -> Response:
    field = None
    message = error.detail
    if isinstance(error, ValidationException) and isinstance(error.extra, list) and error.extra:
        field = error.extra[0].get("key")
        message = f"{field or 'The request'}: {error.extra[0].get('message', 'is not as expected')}"
    codes = {
        400: "invalid",
        401: "not_signed_in",
        403: "forbidden",
        404: "not_found",
        405: "method_not_allowed",
    }
    code = codes.get(error.status_code, "too_large" if error.status_code == 413 else "invalid")
    if error.status_code >= 500:
        return _fail(request, error)
    if code == "not_found":
        message = "There is nothing at this address."
    made = _made(
        error.status_code, code, message, field=field, hint="What there is, and what it takes: /api/openapi.json"
    )
    response = _answer(request, made)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


def _gone(request: Request, error: Unreachable) -> Response:
    log.warning("database not available", error=type(error).__name__)
    return _refuse(request, Unavailable())


def _not_text(request: Request, error: Unkeepable) -> Response:
    if type(error) is not Unkeepable:  # the server's own complaint about a value: a fault of ours
        return _fail(request, error)
    return _refuse(request, Invalid("A text holds the character U+0000, which no text has."))


def _fail(request: Request, error: Exception) -> Response:
    number = str(ids.new_id())
    # Only the type: the words of an exception may hold personal data.
    log.error(
        "request failed",
        number=number,
        error=type(error).__name__,
        method=request.method,
        exc_info=_where(error),
    )
    hint = f"Nothing was changed. Try again; if it stays, tell whoever runs fadeno this number: {number}"
    return _answer(request, _made(500, "failed", "Something went wrong on our side.", hint=hint, number=number))


def _where(error: Exception) -> Exception:
    """The error with its trace, its words left out."""
    return type("Hidden", (Exception,), {})(type(error).__name__).with_traceback(error.__traceback__)


# Health ----------------------------------------------------------------------------------------------------------


@get("/healthz", include_in_schema=False)
async def healthz() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


@get("/readyz", include_in_schema=False)
async def readyz(request: Request) -> Response[dict[str, str]]:
    """The database answers, and we are not stopping."""
    app: App = request.app.state.fadeno
    if app.stopping.is_set() or not await app.db.answers():
        return Response({"status": "not ready"}, status_code=503)
    return Response({"status": "ready"})


@get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response[bytes]:
    """Counts for Prometheus; no personal data. What is counted in the database is left out while it is away."""
    app: App = request.app.state.fadeno
    JOBS.clear()
    with contextlib.suppress(Unreachable):
        async with app.db.transaction() as tx:
            for stock in await jobs.stock(tx):
                for state in ("due", "open", "dead"):
                    JOBS.labels(stock.kind, state).set(getattr(stock, state))
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
