"""Where providers and mail servers bring what came in: kept first, answered then, understood afterwards."""

from uuid import UUID

from litestar import MediaType, Request, get, post
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK

from fadeno import access, channels, switchboard
from fadeno.app import public_address
from fadeno.channels import Adapter
from fadeno.entry import door
from fadeno.kit import clock
from fadeno.switchboard import Account

_KEPT_HEADERS = ("content-type", "user-agent")


@post(
    "/hooks/{adapter:str}/{account_id:uuid}",
    summary="Bring in what came by a channel",
    status_code=HTTP_200_OK,
    request_max_body_size=switchboard.BODY_LIMIT_BYTES,
)
async def bring(request: Request, adapter: FromPath[str], account_id: FromPath[UUID]) -> dict[str, bool]:
    """Take in one body as the provider sends it, a raw mail too; `is_new` is false where it came before.

    Where the channel signs its bodies the signature is looked at; everywhere else a key that may change cases is asked
    for, as a bearer token. Answered with 200 it is kept; it is understood after that.
    """
    app, body = request.app.state.fadeno, await request.body()
    at = channels.adapter(adapter)
    headers = {name.lower(): value for name, value in request.headers.items()}
    headers |= {channels.URL: _posted_to(request), channels.RECEIVED_AT: f"{clock.now().timestamp():.0f}"}
    account, given = await _account(request, adapter, account_id)
    if at.label.signature:
        _signed(at, body, headers, given)
    else:
        async with door.entered(request) as (tx, actor):
            access.require(actor, "change", "cases")
    wanted = (*_KEPT_HEADERS, at.label.signature.lower(), *map(str.lower, at.label.headers))
    kept = {name: headers[name] for name in wanted if name in headers}
    packed = await switchboard.pack(app.db, app.journal, body, kept)
    async with app.db.transaction() as tx:
        return {"is_new": await switchboard.put_parcel(tx, account, packed)}


@get("/hooks/{adapter:str}/{account_id:uuid}", summary="Let a provider try this address", media_type=MediaType.TEXT)
async def try_address(request: Request, adapter: FromPath[str], account_id: FromPath[UUID]) -> str:
    """Answer a provider that tries the address before it brings anything, as its channel wants it answered."""
    at = channels.adapter(adapter)
    _, given = await _account(request, adapter, account_id)
    return at.handshake({name: str(value) for name, value in request.query_params.items()}, given)


async def _account(request: Request, adapter: str, account_id: UUID) -> tuple[Account, channels.Account]:
    app = request.app.state.fadeno
    async with app.db.transaction() as tx:
        account = await switchboard.account(tx, account_id)
        if account.channel != adapter:
            raise switchboard.NoAccount
        return account, await switchboard.credentials(tx, app.vault, account)


def _posted_to(request: Request) -> str:
    """The address as the provider knows it: behind a proxy, that of the settings; some sign it with the body."""
    base = public_address(request.app.state.fadeno)
    query = request.scope.get("query_string", b"").decode("latin-1")
    return f"{base}{request.url.path}{'?' if query else ''}{query}"


def _signed(adapter: Adapter, body: bytes, headers: dict[str, str], account: channels.Account) -> None:
    """See that a body is signed with the account's secret.

    Raises:
        Refused: it is not.
    """
    secret = account.secrets.get("signing_secret", "")
    if not secret:
        raise channels.Refused("The account has no signing secret; nothing is taken unsigned.")
    adapter.read(body, headers, secret)


routes = [bring, try_address]
