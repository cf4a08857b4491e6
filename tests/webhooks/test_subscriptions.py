"""What can be subscribed to, by whom, and what is refused."""

import pytest

from fadeno import access, webhooks
from fadeno.kit.errors import Invalid
from fadeno.kit.outward import NotReachable
from tests.webhooks.endpoint import ADMIN, VAULT

MANAGER = access.Actor("member", None, "Mia", role="manager")


async def test_the_secret_is_kept_sealed(tx):
    made, secret = await webhooks.create(tx, ADMIN, VAULT, "https://example.com/hook")
    cursor = await tx.connection.execute("SELECT secret FROM webhooks.subscription")
    [(kept,)] = await cursor.fetchall()
    assert secret.startswith("whsec_")
    assert secret.encode() not in kept
    assert made.name == "example.com"


async def test_only_who_may_change_webhooks_makes_one(tx):
    with pytest.raises(access.Forbidden):
        await webhooks.create(tx, MANAGER, VAULT, "https://example.com/hook")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "ftp://example.com/",
        "http://example.com/",
        "https://user:pass@example.com/",
        "https://example.com/#x",
        "https://exam ple.com/",
        "https://[::1/",
        "https://example.com:99999/",
        "https:///path",
    ],
)
async def test_an_address_we_can_not_send_to_is_refused(tx, url):
    with pytest.raises(Invalid):
        await webhooks.create(tx, ADMIN, VAULT, url)


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/", "https://localhost/", "https://[fd00::1]/"]
)
async def test_a_private_address_is_refused_unless_allowed(tx, url):
    with pytest.raises(NotReachable):
        await webhooks.create(tx, ADMIN, VAULT, url)
    await webhooks.create(tx, ADMIN, VAULT, url, allow_private=True)


@pytest.mark.parametrize("kinds", [[""], ["a\nb"], [":name"], ["x" * 400], [str(n) for n in range(101)]])
async def test_what_can_not_be_a_kind_is_refused(tx, kinds):
    with pytest.raises(Invalid):
        await webhooks.create(tx, ADMIN, VAULT, "https://example.com/", kinds=kinds)


async def test_a_position_that_is_not_on_the_stream_is_refused(tx):
    with pytest.raises(Invalid):
        await webhooks.create(tx, ADMIN, VAULT, "https://example.com/", after=10**6)
    made, _ = await webhooks.create(tx, ADMIN, VAULT, "https://example.com/")
    with pytest.raises(Invalid):
        await webhooks.replay(tx, ADMIN, made.id, after=-1)
    with pytest.raises(Invalid):
        await webhooks.replay(tx, ADMIN, made.id)


async def test_the_check_finds_a_webhook_that_is_ahead_of_the_stream(tx):
    await webhooks.create(tx, ADMIN, VAULT, "https://example.com/")
    assert (await webhooks.check(tx))[1] == []
    await tx.connection.execute("UPDATE webhooks.subscription SET position = position + 1")
    assert len((await webhooks.check(tx))[1]) == 1


async def test_every_change_is_in_the_audit_trail(tx):
    made, _ = await webhooks.create(tx, ADMIN, VAULT, "https://example.com/")
    await webhooks.change(tx, ADMIN, made.id, name="shop system", state="paused")
    await webhooks.rotate(tx, ADMIN, VAULT, made.id)
    await webhooks.delete(tx, ADMIN, made.id)
    cursor = await tx.connection.execute("SELECT verb FROM access.audit WHERE object_kind = 'webhook' ORDER BY id")
    assert [verb for (verb,) in await cursor.fetchall()] == ["create", "change", "rotate", "delete"]
