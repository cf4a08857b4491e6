"""Cutting a batch into raw events: one bad event never takes its neighbours with it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadeno.intake import Unreadable, split_batch

GOOD = b'{"type":"track","event":"A, [b] {c} \\" d","userId":"u"}'
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=4), children, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "bad",
    [
        b'{"x": NaN}',
        b'{"x": "\\ud800"}',
        b'{"x": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"x": tru}',
        b'{"x": "\xff\xfe"}',
        b"nonsense",
    ],
    ids=["NaN", "surrogate", "deep", "literal", "not utf-8", "no json"],
)
def test_a_bad_event_leaves_its_neighbours_whole(bad: bytes) -> None:
    body = b'{"sentAt":"2026-11-23T10:00:00Z","batch":[' + GOOD + b", " + bad + b"," + GOOD + b'],"writeKey":"k"}'
    events, envelope, key = split_batch(body)
    assert [events[0], events[2]] == [GOOD, GOOD]
    assert events[1] == bad
    assert envelope["sentAt"] == "2026-11-23T10:00:00Z"
    assert key == "k"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"batch": 3}', b'{"batch": [{"a": 1}', b'{"batch": "x"}'])
def test_a_body_without_a_whole_batch_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        split_batch(body)


@given(st.lists(JSON, max_size=6))
def test_the_tolerant_way_cuts_where_the_quick_way_cuts(values: list[object]) -> None:
    body = json.dumps({"batch": values}).encode()
    broken = json.dumps({"batch": [*values, "MARK"]}).encode().replace(b'"MARK"', b"NaN")
    assert split_batch(broken)[0] == [*split_batch(body)[0], b"NaN"]


@given(st.binary(max_size=300))
def test_noise_is_unreadable_or_cut_and_never_anything_else(noise: bytes) -> None:
    for body in (noise, b'{"batch":[' + noise):
        try:
            split_batch(body)
        except Unreadable:
            continue
