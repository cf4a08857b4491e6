"""Accounts of channels over the API: which there are, making, changing and trying them, and what could not be read."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from fadeno import channels, switchboard
from fadeno.channels import Label
from fadeno.entry.door import opened
from fadeno.entry.trying import try_account
from fadeno.kit.errors import Invalid
from fadeno.switchboard import Account, Dns, Finding, Parcel, Tried

_MOST = 200
Some = Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=1000)]
Said = Annotated[dict[str, str], msgspec.Meta(max_length=50)]


class NewAccount(msgspec.Struct, forbid_unknown_fields=True):
    """An account of a channel; `credentials` by the names its label has, of which the secret ones are never shown."""

    channel: str
    name: str
    credentials: Said = {}
    area: str = "service"
    language: str = ""
    is_test: bool = False


class AccountChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be different; what is left out stays, an empty credential is taken away."""

    is_on: bool | msgspec.UnsetType = msgspec.UNSET
    is_test: bool | msgspec.UnsetType = msgspec.UNSET
    area: str | msgspec.UnsetType = msgspec.UNSET
    language: str | msgspec.UnsetType = msgspec.UNSET
    credentials: Said | msgspec.UnsetType = msgspec.UNSET


class Accounts(msgspec.Struct):
    """The accounts there are, and the channels one can be made of."""

    items: list[Account]
    channels: list[Label]


class Chosen(msgspec.Struct, forbid_unknown_fields=True):
    """Which parcels are meant."""

    ids: Some


class Settled(msgspec.Struct):
    """How many it was done to."""

    parcels: int


@get("/api/channels", summary="The accounts we speak through")
async def list_accounts(request: Request) -> Accounts:
    """Every account by name, without its secrets, and what each channel needs."""
    async with opened(request, "see", "channels") as (tx, _):
        found = await switchboard.accounts(tx)
    return Accounts(found, [one.label for one in channels.adapters().values()])


@post("/api/channels", summary="Connect an account")
async def add_account(request: Request, data: JSONBody[NewAccount]) -> Account:
    """Make an account of a channel; in test mode nothing leaves by it."""
    vault = request.app.state.fadeno.vault
    async with opened(request, "change", "channels") as (tx, actor):
        made = await switchboard.add(
            tx, actor, vault, channel=data.channel, name=data.name, credentials=data.credentials,
            area=data.area, language=data.language,
        )  # fmt: skip
        return await switchboard.change(tx, actor, vault, made.id, is_test=True) if data.is_test else made


@get("/api/channels/{account_id:uuid}", summary="One account")
async def show_account(request: Request, account_id: FromPath[UUID]) -> Account:
    """One account and how it fares."""
    async with opened(request, "see", "channels") as (tx, _):
        return await switchboard.account(tx, account_id)


@patch("/api/channels/{account_id:uuid}", summary="Change an account, switch it on or off")
async def change_account(request: Request, account_id: FromPath[UUID], data: JSONBody[AccountChange]) -> Account:
    """Change an account. Switched off, it takes nothing and what is to leave by it waits."""
    changes = {k: v for k in data.__struct_fields__ if (v := getattr(data, k)) is not msgspec.UNSET}
    async with opened(request, "change", "channels") as (tx, actor):
        return await switchboard.change(tx, actor, request.app.state.fadeno.vault, account_id, **changes)


@post("/api/channels/{account_id:uuid}/test", summary="See whether an account works", status_code=HTTP_200_OK)
async def test_account(request: Request, account_id: FromPath[UUID]) -> Tried:
    """Sign in where messages are read and where they leave; note what each server said."""
    return await try_account(request, account_id)


class Domain(msgspec.Struct):
    """What the DNS says of the domain an account sends from; each finding names the record to add, where we know it."""

    domain: str
    server: str
    is_ready: bool
    findings: tuple[Finding, ...]


@get("/api/channels/{account_id:uuid}/domain", summary="Whether the world trusts mails of an account's domain")
async def check_domain(request: Request, account_id: FromPath[UUID]) -> Domain:
    """Ask the DNS for SPF, DKIM, DMARC and MX of the domain an account sends from."""
    app = request.app.state.fadeno
    async with opened(request, "see", "channels") as (tx, _):
        account = await switchboard.account(tx, account_id)
    found = await switchboard.domain_check(account, Dns(app.settings.dns))
    return Domain(found.domain, found.server, found.is_ready, found.findings)


@get("/api/channels/{account_id:uuid}/parcels", summary="What came in by an account")
async def list_parcels(
    request: Request,
    account_id: FromPath[UUID],
    standing: Annotated[Literal["waiting", "read", "failed", "dismissed"], QueryParameter(name="state")] = "failed",
    before: FromQuery[UUID | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=_MOST)] = 50,
) -> dict[str, Any]:
    """Bodies that came in, in one state, the newest first; without what they hold."""
    async with opened(request, "see", "channels") as (tx, _):
        await switchboard.account(tx, account_id)
        found: list[Parcel] = await switchboard.parcels(tx, account_id, state=standing, before=before, limit=limit + 1)
    return {"items": found[:limit], "next": str(found[limit - 1].id) if len(found) > limit else None}


@post(
    "/api/channels/parcels/{verb:str}", summary="Read failed parcels again, or put them aside", status_code=HTTP_200_OK
)
async def settle_parcels(request: Request, verb: FromPath[str], data: JSONBody[Chosen]) -> Settled:
    """`replay` has them read again, as after an adapter was mended; `dismiss` puts them aside."""
    if verb not in ("replay", "dismiss"):
        raise Invalid("Parcels are replayed or dismissed.", field="verb")
    async with opened(request, "change", "channels") as (tx, actor):
        do = switchboard.replay if verb == "replay" else switchboard.dismiss
        return Settled(await do(tx, actor, data.ids))


routes = [
    list_accounts,
    add_account,
    show_account,
    change_account,
    test_account,
    check_domain,
    list_parcels,
    settle_parcels,
]
