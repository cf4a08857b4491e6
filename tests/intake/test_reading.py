"""What one raw event says: who, what, when."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadeno.intake import Bad, Letter, read_event
from fadeno.sources import Source

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def source(kind: str = "server", **changes: Any) -> Source:
    return Source(1, "shop", kind, changes.get("region", "HU"), True, changes.get("mapping", {}), None, NOW)


def read(event: dict[str, Any], envelope: dict[str, Any] | None = None, of: Source | None = None) -> Letter | Bad:
    return read_event(json.dumps(event).encode(), envelope or {}, of or source(), NOW)


def letter(*args: Any, **kwargs: Any) -> Letter:
    read_ = read(*args, **kwargs)
    assert isinstance(read_, Letter), read_
    return read_


def reason(*args: Any, **kwargs: Any) -> str:
    read_ = read(*args, **kwargs)
    assert isinstance(read_, Bad)
    return read_.reason


def names(of: Letter) -> list[tuple[str, str, int]]:
    return [(m.kind, m.value, m.proven) for m in of.evidence.mentions]


def test_the_strongest_address_is_the_subject() -> None:
    found = letter({"type": "identify", "userId": 42, "anonymousId": "a", "traits": {"email": "X@Example.com"}})
    assert names(found) == [("user", "42", 3), ("email", "x@example.com", 2), ("cookie", "a", 2)]


def test_a_browser_proves_less_than_a_server() -> None:
    event = {"type": "identify", "userId": "u", "traits": {"email": "x@example.com"}}
    assert names(letter(event, of=source("browser"))) == [("user", "u", 2), ("email", "x@example.com", 1)]


def test_traits_are_taken_from_both_places_and_their_own_win() -> None:
    event = {"type": "identify", "userId": "u", "traits": {"a": 1}, "context": {"traits": {"a": 2, "b": 3}}}
    assert letter(event).evidence.traits == {"a": 1, "b": 3}


def test_the_traits_of_a_group_are_not_the_persons() -> None:
    assert letter({"type": "group", "userId": "u", "traits": {"email": "x@y.example"}}).evidence.traits == {}


@pytest.mark.parametrize(
    ("previous", "kinds"), [("5f3f1c1e-0000-4000-8000-000000000000", ["cookie"]), ("guest-7", ["user", "cookie"])]
)
def test_an_alias_names_whatever_its_earlier_id_may_be(previous: str, kinds: list[str]) -> None:
    found = names(letter({"type": "alias", "userId": "u", "previousId": previous}))
    assert found == [("user", "u", 3), *((kind, previous, 2) for kind in kinds)]


def test_external_ids_are_addresses() -> None:
    ids = [{"id": "9", "type": "crm:old", "collection": "users", "encoding": "none"}, {"id": 7}, "x"]
    assert ("crm:old", "9", 2) in names(letter({"type": "track", "event": "E", "context": {"externalIds": ids}}))


def test_a_batch_speaks_for_its_events_and_each_event_has_the_last_word() -> None:
    found = letter(
        {"type": "page", "anonymousId": "a", "context": {"ip": "1"}}, {"context": {"ip": "2", "locale": "hu"}}
    )
    assert json.loads(found.body)["context"] == {"ip": "1", "locale": "hu"}


def test_a_wrong_clock_is_corrected_by_what_was_sent() -> None:
    event = {"type": "page", "userId": "u", "timestamp": "2031-01-01T10:00:00Z", "sentAt": "2031-01-01T10:05:00Z"}
    found = letter(event)
    assert found.evidence.occurred_at == NOW - timedelta(minutes=5)
    assert found.is_skewed
    assert not found.is_late


def test_the_first_timestamp_wins_and_an_old_event_is_late() -> None:
    event = {"type": "page", "userId": "u", "originalTimestamp": "2026-11-20T12:00:00Z", "timestamp": "2026-11-23"}
    found = letter(event, {"sentAt": "2026-11-23T12:00:00Z"})
    assert found.evidence.occurred_at == NOW - timedelta(days=3)
    assert found.is_late


def test_nothing_happens_in_the_future() -> None:
    assert letter({"type": "page", "userId": "u", "timestamp": "2026-11-23T13:00:00Z"}).evidence.occurred_at == NOW


@pytest.mark.parametrize("when", ["1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "yesterday", {"a": 1}, 1e300, True])
def test_absurd_clocks_go_to_quarantine(when: object) -> None:
    assert reason({"type": "page", "userId": "u", "timestamp": when}) == "absurd_time"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"type": "page"}, "no_id"),
        ({"type": "page", "userId": "", "anonymousId": None}, "no_id"),
        ({"type": "page", "userId": {"a": 1}}, "no_id"),
        ({"type": "track", "userId": "u"}, "no_event_name"),
        ({"type": "dance", "userId": "u"}, "unknown_type"),
        ({"userId": "u"}, "unknown_type"),
        ({"type": "page", "userId": "u", "x": "y" * 33_000}, "too_large"),
        ({"type": "page", "userId": "u", "p": {str(i): 1 for i in range(1001)}}, "too_complex"),
        ({"type": "identify", "userId": "u", "traits": {str(i): 1 for i in range(201)}}, "too_complex"),
        ([1], "not_an_object"),
    ],
)
def test_what_cannot_be_understood_says_why(event: Any, expected: str) -> None:
    assert reason(event) == expected


def test_a_corrected_mapping_finds_what_was_missing() -> None:
    event = {"type": "track", "event": "Order", "properties": {"customer": {"mail": "A@B.example", "no": 12}}}
    assert reason(event) == "no_id"
    mapped = source(mapping={"properties.customer.mail": "email", "properties.customer.no": "userId"})
    assert names(letter(event, of=mapped)) == [("user", "12", 3), ("email", "a@b.example", 2)]


def test_the_same_message_has_the_same_key_and_another_source_another_one() -> None:
    event = {"type": "page", "userId": "u", "messageId": "m"}
    other = Source(2, "web", "server", "ZZ", True, {}, None, NOW)
    assert read(event).key == read(event | {"sentAt": "2026-11-23T11:59:59Z"}).key
    assert read(event).key != read(event, of=other).key


def test_secrets_do_not_reach_the_log() -> None:
    event = {"type": "track", "event": "Paid", "userId": "u", "properties": {"note": "4111111111111111", "pin": "12"}}
    assert b"4111111111111111" not in letter(event).body
    assert json.loads(letter(event).body)["properties"]["pin"] == "•••"


WORDS = st.sampled_from(
    ["type", "event", "userId", "anonymousId", "timestamp", "sentAt", "context", "traits", "messageId"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(WORDS, children, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(WORDS, VALUES), st.dictionaries(WORDS, VALUES), st.sampled_from(["server", "browser"]))
def test_whatever_a_stranger_sends_is_a_letter_or_a_reason(
    event: dict[str, Any], envelope: dict[str, Any], kind: str
) -> None:
    event.setdefault("type", "page")
    read_ = read(event, {k: v for k, v in envelope.items() if k in ("sentAt", "context", "type")}, source(kind))
    assert isinstance(read_, Letter) or read_.reason


@given(st.binary(max_size=200))
def test_noise_is_quarantined(noise: bytes) -> None:
    assert isinstance(read_event(noise, {}, source(), NOW), Bad)
