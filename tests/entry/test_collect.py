"""The event API to the letter: every path, every way of giving the key, every content type, every bad input."""

import base64
import gzip
import json
from typing import Any

import httpx
import pytest

from fadeno.app import App

PATHS = {
    "track": ("track", "t"),
    "identify": ("identify", "i"),
    "page": ("page", "p"),
    "screen": ("screen", "s"),
    "group": ("group", "g"),
    "alias": ("alias", "a"),
}
EVENT = {"type": "track", "event": "Order Completed", "userId": "ada", "properties": {"order_id": "7"}}


def basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


async def accounts(http: httpx.AsyncClient, keys: dict[str, str], source_id: int = 1) -> dict[str, int]:
    answer = await http.get(f"/api/sources/{source_id}/accounts", headers={"X-Api-Key": keys["read"]})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["received"] == found["accepted"] + found["duplicate"] + found["quarantined"]
    return found


@pytest.mark.parametrize(("kind", "path"), [(k, p) for k, both in PATHS.items() for p in both])
async def test_every_path_takes_its_kind(http: httpx.AsyncClient, keys: dict[str, str], kind: str, path: str) -> None:
    body = {k: v for k, v in EVENT.items() if k != "type"} | {"previousId": "b"}
    answer = await http.post(f"/v1/{path}", json=body, headers=basic(keys["collect"]))
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert (await accounts(http, keys))["accepted"] == 1


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/import", "/v1/b", "/beacon/v1/batch", "/v1/batch/"])
async def test_every_path_of_batches(http: httpx.AsyncClient, keys: dict[str, str], path: str) -> None:
    answer = await http.post(path, json={"batch": [EVENT, EVENT]}, headers=basic(keys["collect"]))
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert (await accounts(http, keys))["accepted"] == 2


@pytest.mark.parametrize("way", ["basic", "bearer", "header", "batch body", "event body", "query"])
async def test_the_key_may_be_given_in_every_way(http: httpx.AsyncClient, keys: dict[str, str], way: str) -> None:
    key = keys["collect"]
    ways: dict[str, tuple[str, dict[str, Any], dict[str, str]]] = {
        "basic": ("/v1/track", EVENT, basic(key)),
        "bearer": ("/v1/track", EVENT, {"Authorization": f"Bearer {key}"}),
        "header": ("/v1/track", EVENT, {"X-Write-Key": key}),
        "batch body": ("/v1/batch", {"batch": [EVENT], "writeKey": key}, {}),
        "event body": ("/v1/track", EVENT | {"writeKey": key}, {}),
        "query": (f"/v1/track?writeKey={key}", EVENT, {}),
    }
    path, body, headers = ways[way]
    assert (await http.post(path, json=body, headers=headers)).status_code == 200
    assert (await accounts(http, keys))["accepted"] == 1


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "application/x-www-form-urlencoded", "application/octet-stream", ""]
)
@pytest.mark.parametrize("zipped", [False, True])
async def test_content_types_are_ignored(
    http: httpx.AsyncClient, keys: dict[str, str], kind: str, zipped: bool
) -> None:
    body = json.dumps({"batch": [EVENT]}).encode()
    headers = basic(keys["collect"]) | {"Content-Type": kind}
    if zipped:
        body = gzip.compress(body)
        headers["Content-Encoding"] = "gzip"
    assert (await http.post("/v1/batch", content=body, headers=headers)).status_code == 200
    assert (await accounts(http, keys))["accepted"] == 1


async def test_a_pixel_counts_a_page(http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    answer = await http.get(f"/pixel/v1/page?writeKey={keys['browser']}&anonymousId=a&name=Home")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/gif")
    assert answer.content[:6] == b"GIF89a"
    assert (await accounts(http, keys, 2))["accepted"] == 1


async def test_browser_clients_get_their_settings(http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    key = keys["browser"]
    segment = (await http.get(f"/v1/projects/{key}/settings")).json()
    assert segment["integrations"]["Segment.io"]["apiHost"] == "test/v1"
    rudder = (await http.get("/sourceConfig?p=npm&v=3", headers=basic(key))).json()
    assert rudder["source"]["enabled"] is True
    assert (await http.get("/v1/projects/nonsense/settings")).status_code == 401


async def test_browsers_of_every_origin_may_ask_and_read_retry_after(http: httpx.AsyncClient) -> None:
    answer = await http.options(
        "/v1/t",
        headers={
            "Origin": "https://shop.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type,x-retry-count,x-of-tomorrow",
        },
    )
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    allowed = answer.headers["access-control-allow-headers"].split(",")
    assert allowed == ["authorization", "content-type", "x-retry-count", "x-of-tomorrow"]
    assert answer.headers["access-control-expose-headers"] == "Retry-After"


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [("nonsense", 401, "unknown_key"), ("read", 403, "wrong_scope"), ("", 401, "unknown_key")],
)
async def test_a_wrong_key_is_refused_with_code_and_message(
    http: httpx.AsyncClient, keys: dict[str, str], key: str, status: int, code: str
) -> None:
    answer = await http.post("/v1/batch", json={"batch": [EVENT]}, headers=basic(keys.get(key, key)))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_source_that_is_switched_off_is_not_there(http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    await http.patch("/api/sources/1", json={"enabled": False}, headers={"X-Api-Key": keys["admin"]})
    answer = await http.post("/v1/batch", json={"batch": [EVENT]}, headers=basic(keys["collect"]))
    assert (answer.status_code, answer.json()["code"]) == (404, "source_disabled")


BOMB = gzip.compress(b'{"batch": [' + b" " * 200_000_000 + b"]}")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed_json"),
        (b"", 400, "malformed_json"),
        (b"[1, 2]", 400, "malformed_json"),
        (b'{"batch": {}}', 400, "malformed_json"),
        (b"\x1f\x8bnonsense", 400, "malformed_json"),
        (gzip.compress(b'{"batch": []}')[:-9], 400, "malformed_json"),
        (b'{"batch": [' + b" " * 512_001 + b"]}", 413, "too_large"),
        (b" " * 4_200_000, 413, "too_large"),
        (BOMB, 413, "too_large"),
    ],
    ids=["cut", "empty", "array", "no array", "bad gzip", "cut gzip", "> 500 KiB", "> 4 MiB", "gzip bomb"],
)
async def test_a_bad_body_is_refused_once_with_code_and_message(
    http: httpx.AsyncClient, keys: dict[str, str], body: bytes, status: int, code: str
) -> None:
    answer = await http.post("/v1/batch", content=body, headers=basic(keys["collect"]))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"type":"track","event":"E"}', "no_id"),
        ('{"type":"track","userId":"u"}', "no_event_name"),
        ('{"type":"page","userId":"u","x":"' + "y" * 33_000 + '"}', "too_large"),
        ('{"type":"page","userId":"u","timestamp":"1970-01-01T00:00:00Z"}', "absurd_time"),
        ('{"type":"page","userId":"u","timestamp":"2999-01-01T00:00:00Z"}', "absurd_time"),
        ('{"type":"page","userId":"u","x":NaN}', "malformed_json"),
        ('{"type":"page","userId":"u","x":' + "[" * 5000 + "]" * 5000 + "}", "too_complex"),
        ('{"type":"page","userId":"u","p":{' + ",".join(f'"{n}":1' for n in range(3000)) + "}}", "too_complex"),
        ('{"type":"page","userId":"u","p":{' + ",".join(f'"{n}":1' for n in range(10_000)) + "}}", "too_large"),
        ('{"type":"page","userId":"u"', "malformed_json"),
        ('"text"', "not_an_object"),
    ],
)
async def test_one_bad_event_never_fails_its_batch(
    http: httpx.AsyncClient, keys: dict[str, str], bad: str, reason: str
) -> None:
    good = json.dumps(EVENT)
    if reason == "malformed_json" and bad.endswith('"u"'):
        body = f'{{"batch": [{good}, {good}, {bad}}}]}}'.replace(bad, bad + ", nope")
    else:
        body = f'{{"batch": [{good}, {bad}, {good}]}}'
    answer = await http.post("/v1/batch", content=body.encode(), headers=basic(keys["collect"]))
    assert answer.status_code == 200
    found = await accounts(http, keys)
    assert (found["accepted"], found["quarantined"]) == (2, 1)
    held = (await http.get("/api/quarantine", headers={"X-Api-Key": keys["read"]})).json()["items"]
    assert [h["reason"] for h in held] == [reason]


@pytest.mark.parametrize("text", ["a\\u0000b", "a\\ud800b", "😀\\udfff"])
async def test_characters_no_database_takes_are_replaced(
    http: httpx.AsyncClient, keys: dict[str, str], text: str
) -> None:
    body = f'{{"batch": [{json.dumps(EVENT)}, {{"type": "track", "event": "{text}", "userId": "ada"}}]}}'
    answer = await http.post("/v1/batch", content=body.encode(), headers=basic(keys["collect"]))
    assert answer.status_code == 200
    assert (await accounts(http, keys))["accepted"] == 2


async def test_unreadable_and_refused_parcels_are_counted_apart(http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    for body in (b"{", b"\x1f\x8bnonsense", b'{"batch": [' + b" " * 512_001 + b"]}", BOMB):
        await http.post("/v1/batch", content=body, headers=basic(keys["collect"]))
    found = await accounts(http, keys)
    assert (found["received"], found["parcels"], found["unreadable"], found["refused"]) == (0, 4, 2, 2)


async def test_backpressure_says_when_to_come_back(
    app: App, http: httpx.AsyncClient, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fadeno.intake.gate.QUEUE_EVENTS", 0)
    answer = await http.post("/v1/batch", json={"batch": [EVENT]}, headers=basic(keys["collect"]))
    assert (answer.status_code, answer.headers["retry-after"], answer.json()["code"]) == (429, "1", "busy")
    assert (await accounts(http, keys))["received"] == 0


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/track"), ("POST", "/v1/nothing"), ("DELETE", "/v1/batch")])
async def test_other_paths_are_not_there(http: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await http.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
