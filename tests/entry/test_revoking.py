"""What is revoked in a process delivers nothing more there, though it was remembered."""

import httpx

from tests.entry.test_collect import EVENT, basic
from tests.entry.test_stream import revoke, send


async def test_a_revoked_key_and_a_source_switched_off_deliver_nothing_more(
    http: httpx.AsyncClient, keys: dict[str, str]
) -> None:
    await send(http, keys, "A")
    admin = {"X-Api-Key": keys["admin"]}
    for enabled, status in ((False, 404), (True, 200)):
        await http.patch("/api/sources/1", json={"enabled": enabled}, headers=admin)
        assert (await http.post("/v1/track", json=EVENT, headers=basic(keys["collect"]))).status_code == status
    await revoke(http, keys, "shop")
    assert (await http.post("/v1/track", json=EVENT, headers=basic(keys["collect"]))).status_code == 401
