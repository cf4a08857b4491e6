"""Unmodified browser clients in a real browser, on a shop's own site."""

import http.server
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.clients.conftest import Served

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture
def shop(node_modules: Path) -> Iterator[str]:
    """A shop's own web site on another origin, which serves the clients as their packages ship them."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None: ...

        def do_GET(self) -> None:
            if self.path != "/":
                return super().do_GET()
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Shop</title><link rel=icon href=data:,>")

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=node_modules))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def visit(chromium: str, shop: str, client: str, calls: str, said: list[object]) -> str:
    """Open the shop, load a client, call it, and leave; what `calls` gave. No error may stand in the console."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        page = browser.new_page()
        wrong: list[str] = []
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        page.goto(shop)
        page.add_script_tag(url=f"/{client}")
        given = page.evaluate(calls, said)
        page.goto("about:blank")  # what is still queued leaves on pagehide
        time.sleep(0.5)
        browser.close()
    assert wrong == []
    return given


SEGMENT = """async ([key, address, batching, who]) => {
  const analytics = window.AnalyticsNext.AnalyticsBrowser.load(
    { writeKey: key, cdnURL: address },
    { integrations: { 'Segment.io': batching ? { deliveryStrategy: { strategy: 'batching', config: { size: 3 } } }
                                              : {} } },
  );
  await analytics.page('Home');
  await analytics.identify(who, { email: who + '@example.com' });
  await analytics.track('Product Viewed', { product_id: 'lamp' });
  await analytics.group('lumo');
  await analytics.alias(who);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  return (await analytics.user()).anonymousId();
}"""

RUDDER = """async ([key, address, batching, who]) => {
  const analytics = new window.rudderanalytics.RudderAnalytics();
  await new Promise((resolve) => {
    analytics.load(key, address, {
      configUrl: address,
      queueOptions: batching ? { batch: { enabled: true, maxItems: 3, flushInterval: 500 } } : {},
      onLoaded: resolve,
    });
  });
  analytics.page('Home');
  analytics.identify(who, { email: who + '@example.com' });
  analytics.track('Product Viewed', { product_id: 'lamp' });
  analytics.group('lumo');
  analytics.alias(who);
  await new Promise((resolve) => setTimeout(resolve, 4000));
  return analytics.getAnonymousId();
}"""

POSTHOG = """async ([key, address, who]) => {
  const posthog = window.posthog;
  posthog.init(key, { api_host: address, opt_out_useragent_filter: true, request_batching: true });
  const anonymous = posthog.get_distinct_id();
  posthog.capture('Shop Entered');
  posthog.identify(who, { email: who + '@example.com' });
  posthog.capture('Product Viewed', { product_id: 'lamp' });
  posthog.group('company', 'lumo', { name: 'Lumo' });
  await new Promise((resolve) => posthog.onFeatureFlags(resolve));
  await new Promise((resolve) => setTimeout(resolve, 4000));
  return anonymous;
}"""


@pytest.mark.parametrize("batching", [False, True], ids=["one by one", "in batches"])
@pytest.mark.parametrize(
    ("client", "calls"),
    [
        ("@segment/analytics-next/dist/umd/index.js", SEGMENT),
        ("@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js", RUDDER),
    ],
    ids=["analytics-next", "rudderstack"],
)
def test_browser_clients_send_every_kind_of_call(
    served: Served, shop: str, chromium: str, client: str, calls: str, batching: bool
) -> None:
    who = ("zoe" if calls is SEGMENT else "rea") + ("-batching" if batching else "")
    source_id, key = served.source(who, "browser")
    anonymous = visit(chromium, shop, client, calls, [key, served.address, batching, who])
    thread = served.thread(f"user:{who}")
    kinds = {item["kind"] for item in thread} - {"regrouped"}
    assert kinds == {"page", "identify", "track", "group", "alias"}
    assert {item["channel"] for item in thread if item["kind"] in kinds} == {"web"}
    assert served.thread(f"cookie:{anonymous}") == thread
    accounts = served.accounts(source_id)
    assert (accounts["accepted"], accounts["received"]) == (5, 5)


def test_posthog_in_a_browser_joins_the_visit_before_signing_in(served: Served, shop: str, chromium: str) -> None:
    source_id, key = served.source("posthog-js", "browser")
    client = "posthog-js/dist/array.full.no-external.js"
    anonymous = visit(chromium, shop, client, POSTHOG, [key, served.address, "pia"])
    thread = served.thread("user:pia")
    assert {item["name"] for item in thread} >= {"Shop Entered", "Product Viewed"}
    assert {item["kind"] for item in thread} >= {"identify", "track", "page", "group"}
    assert served.thread(f"cookie:{anonymous}") == thread == served.thread("email:pia@example.com")
    accounts = served.accounts(source_id)
    assert accounts["accepted"] == accounts["received"] > 4
