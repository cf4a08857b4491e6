"""Unmodified node clients, and the browser client in a real browser."""

import http.server
import subprocess
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.clients.conftest import HERE, Served

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.mark.parametrize("client", ["segment", "rudder"])
def test_node_clients_send_every_kind_of_call(served: Served, node_modules: Path, client: str) -> None:
    _, key = served.source(f"{client}-node")
    done = subprocess.run(
        ["node", "node_client.cjs", client, served.address, key],
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    thread = served.thread(f"email:ida.{client}@example.com")
    kinds = [item["kind"] for item in thread if item["kind"] != "regrouped"]
    assert sorted(kinds) == ["alias", "group", "identify", "page", "screen", "track"]


@pytest.fixture
def shop(node_modules: Path, tmp_path: Path) -> Iterator[str]:
    """A shop's own web site on another origin, which serves analytics.js as the package ships it."""
    folder = node_modules / "@segment" / "analytics-next" / "dist" / "umd"

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None: ...

        def do_GET(self) -> None:
            if self.path != "/":
                return super().do_GET()
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Shop</title><script src='/index.js'></script>")

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


LOAD = """async ([key, address, batching, who]) => {
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


@pytest.mark.parametrize("batching", [False, True], ids=["one by one", "in batches"])
def test_analytics_next_in_a_real_browser(served: Served, shop: str, chromium: str, batching: bool) -> None:
    who = "zoe-batching" if batching else "zoe"
    _, key = served.source(who, "browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        page = browser.new_page()
        wrong: list[str] = []
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        page.goto(shop)
        anonymous = page.evaluate(LOAD, [key, served.address, batching, who])
        page.goto("about:blank")  # what is still queued leaves on pagehide
        time.sleep(0.5)
        browser.close()
    assert [w for w in wrong if "favicon" not in w and "404" not in w] == []
    thread = served.thread(f"user:{who}")
    kinds = {item["kind"] for item in thread} - {"regrouped"}
    assert kinds == {"page", "identify", "track", "group", "alias"}
    assert {item["channel"] for item in thread if item["kind"] in kinds} == {"web"}
    assert served.thread(f"cookie:{anonymous}") == thread
