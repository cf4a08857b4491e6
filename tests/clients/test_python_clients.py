"""Unmodified Python clients: every kind of call arrives once, on one thread."""

import segment.analytics.client as segment
import snowplow_tracker as snowplow
from posthog import Posthog
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


def test_posthog_sends_every_kind_of_call_and_starts_without_flags(served: Served) -> None:
    source_id, key = served.source("posthog-python")
    faults: list[object] = []
    client = Posthog(key, host=served.address, on_error=lambda e, items: faults.append(e))
    client.set(distinct_id="pam", properties={"email": "pam@example.com"})
    client.capture("Order Completed", distinct_id="pam", properties={"order_id": "7"})
    client.capture("$pageview", distinct_id="pam", properties={"$current_url": "https://shop.example/"})
    client.group_identify("company", "lumo", {"name": "Lumo"}, distinct_id="pam")
    client.alias("5f3f1c1e-0000-4000-8000-000000000009", "pam")
    assert client.get_all_flags("pam") == {}
    client.shutdown()
    assert faults == []
    thread = served.thread("email:pam@example.com")
    assert {item["kind"] for item in thread} - {"regrouped"} == KINDS - {"screen"}
    assert served.thread("cookie:5f3f1c1e-0000-4000-8000-000000000009") == thread
    accounts = served.accounts(source_id)
    assert (accounts["received"], accounts["accepted"]) == (5, 5)


def test_posthog_is_told_once_that_its_key_is_wrong(served: Served) -> None:
    faults: list[Exception] = []
    client = Posthog("nonsense", host=served.address, on_error=lambda e, items: faults.append(e))
    client.capture("Order Completed", distinct_id="pam")
    client.shutdown()
    assert [getattr(fault, "status", None) for fault in faults] == [401]


def test_snowplow_tracker_sends_every_kind_of_event(served: Served) -> None:
    source_id, key = served.source("snowplow-python")
    failed: list[object] = []
    emitter = snowplow.Emitter(served.address, batch_size=10, on_failure=lambda sent, left: failed.append(left))
    visitor = "0b1c2d3e-0000-4000-8000-000000000009"
    subject = snowplow.Subject().set_platform("web").set_user_id("sam").set_domain_user_id(visitor)
    tracker = snowplow.Tracker(namespace="shop", emitters=emitter, app_id=key, subject=subject)
    order = snowplow.SelfDescribingJson("iglu:com.example/order_completed/jsonschema/1-0-0", {"order_id": "7"})
    tracker.track(snowplow.PageView(page_url="https://shop.example/lamp", page_title="Lamp"))
    tracker.track(snowplow.StructuredEvent(category="shop", action="add-to-basket", label="lamp"))
    tracker.track(snowplow.SelfDescribing(event_json=order))
    tracker.track(snowplow.ScreenView(id_="s1", name="Start"))
    tracker.flush()
    assert failed == []
    thread = served.thread("user:sam")
    told = {(item["kind"], item["name"]) for item in thread if item["kind"] != "regrouped"}
    assert told == {("page", "Lamp"), ("track", "add-to-basket"), ("track", "order_completed"), ("screen", "Start")}
    assert served.thread(f"cookie:{visitor}") == thread
    assert served.accounts(source_id)["accepted"] == 4
