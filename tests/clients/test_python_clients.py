"""Unmodified Python clients: every kind of call arrives once, on one thread."""

import segment.analytics.client as segment
from rudderstack.analytics.client import Client as RudderClient

from tests.clients.conftest import Served

KINDS = {"identify", "track", "page", "screen", "group", "alias"}


def test_segment_analytics_python_sends_every_kind_of_call(served: Served) -> None:
    _, key = served.source("segment-python")
    faults: list[object] = []
    client = segment.Client(key, host=served.address, on_error=lambda e, items: faults.append(e))
    client.identify("ada", {"email": "ada@example.com", "name": "Ada"}, anonymous_id="a-1")
    client.track("ada", "Order Completed", {"order_id": "7"})
    client.page("ada", "Docs", "Home")
    client.screen("ada", "App", "Start")
    client.group("ada", "lumo")
    client.alias("5f3f1c1e-0000-4000-8000-000000000000", "ada")
    client.flush()
    client.join()
    assert faults == []
    thread = served.thread("user:ada")
    assert {item["kind"] for item in thread} - {"regrouped"} == KINDS
    assert served.thread("email:ada@example.com") == thread


def test_segment_analytics_python_with_gzip(served: Served) -> None:
    source_id, key = served.source("segment-python-gzip")
    client = segment.Client(key, host=served.address, gzip=True)
    for n in range(120):
        client.track("ben", "Clicked", {"n": n})
    client.flush()
    client.join()
    accounts = served.accounts(source_id)
    assert (accounts["received"], accounts["accepted"]) == (120, 120)


def test_rudder_sdk_python_is_answered_so_that_it_sends_nothing_twice(served: Served) -> None:
    source_id, key = served.source("rudder-python")
    client = RudderClient(key, host=served.address)
    client.identify("eve", {"email": "eve@example.com"})
    for n in range(20):
        client.track("eve", "Clicked", {"n": n})
    client.flush()
    client.join()
    accounts = served.accounts(source_id)
    assert (accounts["received"], accounts["accepted"], accounts["duplicate"]) == (21, 21, 0)
    assert len(served.thread("email:eve@example.com")) == 21


def test_a_wrong_key_is_told_once_and_not_retried(served: Served) -> None:
    faults: list[Exception] = []
    client = RudderClient("nonsense", host=served.address, on_error=lambda e, items: faults.append(e))
    client.track("eve", "Clicked")
    client.flush()
    client.join()
    assert len(faults) == 1
