"""What an event is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadeno.events import Matter, is_same, matter_of

NOW = datetime(2026, 11, 23, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(["order_id", "orderId", "cart_id", "product_id", "subject", "topic", "invoice_id"])


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ({"order_id": "10-4471"}, Matter("order", "10-4471")),
        ({"orderId": 4471, "product_id": "ilka"}, Matter("order", "4471")),
        ({"cart_id": "c-1", "sku": "ilka"}, Matter("cart", "c-1")),
        ({"sku": "ilka"}, Matter("product", "ilka")),
        ({"subject": "Re: AW: Warranty"}, Matter("topic", "Warranty")),
        ({"subject": "Re:"}, Matter("topic", "Re:")),
        ({"order_id": "  ", "topic": "delivery"}, Matter("topic", "delivery")),
        ({"order_id": True}, None),
        ({"order_id": {"a": 1}}, None),
        ({}, None),
    ],
)
def test_an_event_is_about_the_thing_it_names_else_its_topic(said: dict[str, Any], about: Matter | None):
    assert matter_of({"properties": said}) == about


@given(JSON, NAMES, JSON)
def test_whatever_a_stranger_sends_is_about_something_or_nothing(body: Any, name: str, value: Any):
    for said in (body, {name: value}):
        found = matter_of({"properties": said})
        assert found is None or (found.id.strip() and len(found.id) <= 120)


def test_the_same_thing_is_one_matter_for_ever_the_same_topic_for_two_weeks():
    later = NOW + timedelta(days=15)
    assert is_same(Matter("order", "10-1"), NOW, Matter("order", "10-1"), later)
    assert is_same(Matter("topic", "Warranty"), NOW, Matter("topic", "warranty"), NOW + timedelta(days=13))
    assert not is_same(Matter("topic", "Warranty"), NOW, Matter("topic", "Warranty"), later)
    assert not is_same(Matter("order", "10-1"), NOW, Matter("invoice", "10-1"), NOW)
