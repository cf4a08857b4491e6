"""What stands before every door of the chat: which account, which site, whose token, and how much."""

from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from fadeno import chats, switchboard
from fadeno.app import App
from fadeno.channels import adapter
from fadeno.chats import NotHere, NotYours, Token
from fadeno.entry import door
from fadeno.entry.chat import limits
from fadeno.entry.chat.limits import Flood
from fadeno.kit.errors import FadenoError, Invalid
from fadeno.switchboard import Account, AccountOff, NoAccount

FAMILY = "web"  # of the label: accounts of such channels are spoken to here
KEPT_S = 5.0  # an account that is changed or switched off is so here after this long
_STATE = "chat"
_NAMED = b"authorization, content-type, x-file-name"


@dataclass(slots=True)
class Kept:
    """What this process keeps of chats: accounts it read a moment ago, counts of what came, who types."""

    key: bytes = field(repr=False)
    flood: Flood = field(default_factory=Flood)
    accounts: dict[UUID, tuple[float, Account, str]] = field(default_factory=dict, repr=False)


def kept(app: App) -> Kept:
    """What this process keeps of chats."""
    there = app.remembered.get(_STATE)
    if there is None:
        there = app.remembered[_STATE] = Kept(chats.key_of(app.settings.secret_key))
    return there


async def account_of(app: App, id: UUID) -> tuple[Account, str]:
    """An account of a chat that is on, and the secret its site signs identities with.

    Raises:
        NoAccount: there is none, or of another kind of channel.
        AccountOff: it is switched off.
    """
    known = kept(app)
    found = known.accounts.get(id)
    if found is None or found[0] < monotonic():
        async with app.db.transaction() as tx:
            account = await switchboard.account(tx, id)
            if adapter(account.channel).label.family != FAMILY:
                raise NoAccount
            secret = (await switchboard.credentials(tx, app.vault, account)).secrets.get("identity_secret", "")
        found = known.accounts[id] = (monotonic() + KEPT_S, account, secret)
    if not found[1].is_on:
        raise AccountOff
    return found[1], found[2]


def cross_site(app: ASGIApp) -> ASGIApp:
    """Let pages of the account's sites read the answers, faults too, and answer what browsers ask before they send."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        request: Request = Request(scope, receive, send)
        origin = request.headers.get("origin", "")
        account, _ = await account_of(scope["litestar_app"].state.fadeno, _id(scope))
        if origin and not _is_ours(request, origin) and not _is_named(account, origin):
            raise NotHere

        if request.method == "OPTIONS":
            await _allow(send, origin)
            return

        async def send_readable(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_headers(origin)]
            await send(message)

        await app(scope, receive, send_readable if origin else send)

    return handle


async def _allow(send: Send, origin: str) -> None:
    """Answer what a browser asks before it sends to another site."""
    asked = [
        (b"access-control-allow-methods", b"GET, POST"),
        (b"access-control-allow-headers", _NAMED),
        (b"access-control-max-age", b"7200"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": [*asked, *_headers(origin)]})
    await send({"type": "http.response.body", "body": b""})


def _id(scope: Scope) -> UUID:
    try:
        return UUID(str(scope["path_params"]["account"]))
    except (KeyError, ValueError):
        raise NoAccount from None


def _is_ours(request: Request, origin: str) -> bool:
    public = request.app.state.fadeno.settings.public_url or ""
    return origin in (public, str(request.base_url).rstrip("/"))


def _is_named(account: Account, origin: str) -> bool:
    return chats.is_allowed(chats.sites_of(account.options.get("sites", "")), origin)


def _headers(origin: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"access-control-allow-origin", origin.encode("latin-1", "replace")),
        (b"access-control-expose-headers", b"retry-after"),
        (b"cross-origin-resource-policy", b"cross-origin"),
        (b"vary", b"origin"),
    ]


# Who asks --------------------------------------------------------------------------------------------------------


def token_of(request: Request, account: Account) -> Token:
    """Whose chat it is.

    Raises:
        NotYours: no token, or not of this account.
    """
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not text:
        raise NotYours
    token = chats.read_token(kept(request.app.state.fadeno).key, text.strip())
    if token.account_id != account.id:
        raise NotYours
    return token


def let(request: Request, what: str, rates: dict[str, limits.Rate], account: Account, token: Token | None) -> None:
    """Count one more.

    Raises:
        TooMuch: too many came at once.
    """
    who = {
        "token": token.chat_id.hex if token else "",
        "network": limits.network(door.address(request)),
        "account": account.id.hex,
    }
    kept(request.app.state.fadeno).flood.let(what, rates, **who)


async def body_of(request: Request, kind: Any, most_bytes: int = 65_536) -> Any:
    """What was sent, as a shape of ours.

    Raises:
        Invalid: it is no JSON of that shape.
        TooLarge: it is too long.
    """
    raw = await request.body()
    if len(raw) > most_bytes:
        raise TooLarge
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Invalid("This is not what the widget sends.", field="body") from fault


class TooLarge(FadenoError):
    """More was sent than is taken."""

    code = "too_large"
    status = 413
