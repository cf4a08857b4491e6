"""Foreign formats: each recorded sample reads as recorded, and nothing a stranger sends makes a translator fall."""

import json
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadeno.entry.api.collect.dialects import translator
from fadeno.intake import Bad, Letter, Unreadable, read_event
from fadeno.sources import Source
from tests.entry.test_collect import accounts, basic

NOW = datetime(2026, 11, 23, 14, 20, tzinfo=UTC)
SAMPLES = sorted((Path(__file__).parent / "dialects").glob("*.json"))
SNOWPLOW = "/com.snowplowanalytics.snowplow/tp2"
PATHS = ("/batch", "/e", "/api/s/track", "/api/s/s2s/event", SNOWPLOW, "/i")
SHOP = Source(id=1, name="shop", kind="server", region="HU", enabled=True, mapping={}, rhythm_s=None, created_at=NOW)


@pytest.mark.parametrize("file", SAMPLES, ids=lambda f: f.stem)
def test_a_sample_reads_as_recorded(file: Path) -> None:
    sample = json.loads(file.read_text("utf-8"))
    told = translator(sample["path"])(sample["body"].encode(), sample["path"], NOW)
    events = [json.loads(event) for event in told.events]
    assert {"key": told.key, "envelope": told.envelope, "events": events} == sample["told"]
    for raw in told.events:
        letter = read_event(raw, told.envelope, SHOP, NOW)
        if isinstance(letter, Bad):  # a group's own traits under an id made for it are about nobody
            assert (letter.reason, json.loads(raw)["type"]) == ("no_id", "group")
        else:
            assert NOW >= letter.evidence.occurred_at > NOW.replace(minute=18)
            assert letter.message_id


WORDS = st.sampled_from(
    [
        "event",
        "distinct_id",
        "properties",
        "$set",
        "$set_once",
        "timestamp",
        "offset",
        "uuid",
        "batch",
        "sent_at",
        "api_key",
        "data",
        "e",
        "eid",
        "dtm",
        "stm",
        "uid",
        "duid",
        "cx",
        "co",
        "ue_px",
        "ue_pr",
        "schema",
        "type",
        "userId",
        "name",
        "$group_key",
        "alias",
        "$identify",
        "$create_alias",
        "$groupidentify",
        "$screen",
        "pv",
        "se",
        "ue",
        "bnVsbA==",
        "{}",
        "iglu:a/b/c/1-0-0",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=6),
    max_leaves=20,
)


@pytest.mark.parametrize("path", PATHS)
@given(value=JSON)
def test_whatever_json_comes_is_told_or_refused(path: str, value: object) -> None:
    body = json.dumps(value).encode()
    try:
        told = translator(path)(body, path, NOW)
    except Unreadable:
        return
    for raw in told.events:
        assert isinstance(read_event(raw, told.envelope, SHOP, NOW), Letter | Bad)


@given(body=st.binary(max_size=60) | st.sampled_from([b"data=", b"data=%%%", b"[" * 5000, b'{"batch":' + b"[" * 5000]))
@pytest.mark.parametrize("path", PATHS)
def test_whatever_bytes_come_are_told_or_refused(path: str, body: bytes) -> None:
    try:
        translator(path)(body, path, NOW)
    except Unreadable:
        return


@pytest.mark.parametrize(
    ("properties", "who"),
    [
        ({}, "user:018f0000-0000-7000-8000-000000000001"),
        ({"$is_identified": False}, "cookie:018f0000-0000-7000-8000-000000000001"),
        ({"$device_id": "018f0000-0000-7000-8000-000000000001"}, "cookie:018f0000-0000-7000-8000-000000000001"),
        ({"$process_person_profile": False}, "cookie:018f0000-0000-7000-8000-000000000001"),
    ],
    ids=["a server's user", "not signed in", "a device", "personless"],
)
def test_posthog_ids_are_users_or_visits(properties: dict[str, object], who: str) -> None:
    event = {"event": "Clicked", "distinct_id": who.partition(":")[2], "properties": properties}
    (raw,) = translator("/e")(msgspec.json.encode(event), "/e", NOW).events
    letter = read_event(raw, {}, SHOP, NOW)
    assert [f"{m.kind}:{m.value}" for m in letter.evidence.mentions] == [who]


def test_posthog_events_without_a_time_happened_so_long_before_they_were_sent() -> None:
    event = {"event": "Clicked", "distinct_id": "ada", "offset": 90_000}
    (raw,) = translator("/e")(msgspec.json.encode(event), "/e", NOW).events
    assert read_event(raw, {}, SHOP, NOW).evidence.occurred_at == NOW.replace(minute=18, second=30)


async def test_a_bad_event_among_foreign_ones_waits_in_quarantine(
    http: httpx.AsyncClient, keys: dict[str, str]
) -> None:
    good = {"event": "Clicked", "distinct_id": "ada", "properties": {}}
    body = {"api_key": keys["collect"], "batch": [good, "text", {"event": "Clicked"}, good | {"timestamp": "soon"}]}
    assert (await http.post("/batch/", json=body)).json() == {"success": True}
    found = await accounts(http, keys)
    assert (found["accepted"], found["quarantined"]) == (1, 3)


HIT = b'{"event": "Clicked", "distinct_id": "ada", "e": "pv", "uid": "ada", "token": "%s", "aid": "%s"}'


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("/batch/", b'{"sent_at": "2026-11-23T14:20:00Z", "batch": [', b'], "api_key": "%s"}'),
        ("/e/", b"[", b"]"),
        (SNOWPLOW, b'{"schema": "iglu:x/payload_data", "data": [', b"]}"),
    ],
)
async def test_what_is_no_json_among_foreign_events_takes_no_neighbour_along(
    http: httpx.AsyncClient, keys: dict[str, str], path: str, before: bytes, after: bytes
) -> None:
    key = keys["collect"].encode()
    body = before + b", ".join((b'{"event": tru}', HIT.replace(b"%s", key), b"nonsense")) + after.replace(b"%s", key)
    assert (await http.post(path, content=body)).json() == {"success": True}
    found = await accounts(http, keys)
    assert (found["accepted"], found["quarantined"]) == (1, 2)


async def test_an_alias_from_any_anonymous_id_joins(http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    for event in (
        {"type": "track", "event": "Looked", "anonymousId": "guest-7"},
        {"type": "alias", "previousId": "guest-7", "userId": "ada"},
    ):
        assert (await http.post("/v1/batch", json={"batch": [event]}, headers=basic(keys["collect"]))).is_success
    ask = {"authorization": f"Bearer {keys['read']}"}
    one, other = [
        (await http.get(f"/api/customers?address={address}", headers=ask)).json()["items"]
        for address in ("cookie:guest-7", "user:ada")
    ]
    assert len(one) == 1
    assert one == other


@pytest.mark.parametrize(
    "path", ["/batch/", "/e/", "/i/v0/e/", "/capture/", "/api/s/track", "/api/s/s2s/track", SNOWPLOW]
)
async def test_foreign_bodies_are_refused_with_code_and_message(
    http: httpx.AsyncClient, keys: dict[str, str], path: str
) -> None:
    event = {"event": "E", "e": "pv", "distinct_id": "a", "userId": "a", "uid": "a"}
    for content, headers, status, code in (
        (b"{", basic(keys["collect"]), 400, "malformed_json"),
        (json.dumps(event).encode(), basic("nonsense"), 401, "unknown_key"),
        (json.dumps(event).encode(), {}, 401, "unknown_key"),
        (json.dumps(event | {"x": "y" * 600_000}).encode(), basic(keys["collect"]), 413, "too_large"),
    ):
        answer = await http.post(path, content=content, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json()["message"]
    assert (await http.post(path, json=event, headers=basic(keys["collect"]))).status_code == 200
    assert (await accounts(http, keys))["accepted"] == 1


async def test_a_snowplow_pixel_counts_a_page(http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    answer = await http.get(f"/i?e=pv&aid={keys['browser']}&duid=d1&eid=1&page=Home&p=web")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/gif")
    assert (await accounts(http, keys, 2))["accepted"] == 1


async def test_posthog_clients_get_no_flags_and_their_settings(http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    key = keys["browser"]
    for path in ("/flags/?v=2", "/flags/?v=4", "/decide/?v=3"):
        answer = await http.post(path, json={"token": key, "distinct_id": "a"})
        assert (answer.status_code, answer.json()["flags"]) == (200, {})
    assert (await http.get(f"/array/{key}/config")).json()["sessionRecording"] is False
    assert (await http.get("/array/nonsense/config")).status_code == 401
    assert (await http.post("/flags/?v=2", json={"token": "nonsense"})).status_code == 401
    assert (await http.post("/flags/?v=2", content=b"{")).status_code == 401
