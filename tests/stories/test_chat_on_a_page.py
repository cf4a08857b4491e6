"""A customer chats on a shop's own page: other site, hostile style sheet, strict policy, a line that breaks."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.stories.conftest import _ENVIRONMENT, Shop, _fadeno

HOSTILE = b"""*, ::before { all: unset !important; color: red !important; font-size: 40px !important }
div { display: none !important } html { direction: rtl } button, textarea { opacity: 0 !important }"""
NO_MARKUP = "trusted-types 'none'; require-trusted-types-for 'script'"
ADD = """
import asyncio, sys
from fadeno import access, settings, switchboard
from fadeno.entry.cli.reaching import opened
from fadeno.kit.seal import Seal

async def add() -> None:
    here = settings.load({}, data_dir=sys.argv[1])
    async with opened(here, "a story") as db, db.transaction() as tx:
        made = await switchboard.add(
            tx, access.SYSTEM, Seal(here.secret_key), channel="webchat", name="Chat", credentials={"sites": sys.argv[2]}
        )
        print(made.id)

asyncio.run(add())
"""
# A closed shadow tree keeps the page out; the test alone looks into it.
LOOK_IN = """const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (how) { return attach.call(this, { ...how, mode: 'open' }) };"""


class _Site(BaseHTTPRequestHandler):
    """The shop's site, which trusts nobody but fadeno."""

    tag = fadeno = ""

    def do_GET(self) -> None:
        is_sheet = self.path == "/hostile.css"
        page = f"<!doctype html><html lang=en><title>Boots</title><link rel=stylesheet href=/hostile.css>{self.tag}"
        at = self.fadeno
        policy = f"default-src 'none'; style-src 'self'; script-src {at}; connect-src {at}; {NO_MARKUP}"
        self.send_response(200)
        self.send_header("content-type", "text/css" if is_sheet else "text/html; charset=utf-8")
        self.send_header("content-security-policy", policy)
        self.end_headers()
        self.wfile.write(HOSTILE if is_sheet else page.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(shop: Shop, data_dir: Path) -> Iterator[str]:
    """A page of another origin that shows the chat."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        origin = f"http://localhost:{server.server_port}"
        done = subprocess.run(
            [sys.executable, "-c", ADD, str(data_dir), origin],
            capture_output=True,
            text=True,
            env=_ENVIRONMENT,
            check=True,
        )
        _Site.fadeno = shop.address
        _Site.tag = f'<script src="{shop.address}/widget.js" data-account="{done.stdout.strip()}" async></script>'
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield origin
        server.shutdown()


@pytest.fixture
def customer(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody's browser."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1000, "height": 760})
    context.add_init_script(LOOK_IN)
    yield context
    context.close()


@pytest.mark.browser
def test_what_is_written_arrives_once_also_over_a_broken_line_and_the_answer_is_read(
    shop: Shop, site: str, customer: BrowserContext, data_dir: Path
):
    desk = httpx.Client(
        base_url=shop.address, headers={"x-api-key": _fadeno(data_dir, "keys", "create", "desk", "--scope", "write")}
    )
    complaints: list[str] = []
    page = customer.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(site)
    names = "Object.getOwnPropertyNames(window).length"
    blank = customer.new_page()
    blank.goto(f"{site}/hostile.css")
    button = page.get_by_role("button", name="Talk to us")
    expect(button).to_be_visible()
    assert page.evaluate(names) == blank.evaluate(names), "the widget leaves a name behind"
    assert button.bounding_box()["width"] < 250, "the page's style sheet reaches it"
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Write a message")).to_be_focused()
    page.keyboard.type("Is the boot there in 38?")
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/messages" in answer.url) as taken:
        page.keyboard.press("Enter")
    expect(page.get_by_text("is being sent")).to_have_count(0)
    assert complaints == []

    customer.set_offline(True)
    page.keyboard.type("And in black?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No connection")).to_be_visible()
    customer.set_offline(False)
    expect(page.get_by_text("No connection")).to_have_count(0)
    expect(page.get_by_text("is being sent")).to_have_count(0)
    complaints.clear()

    case = desk.get(f"/api/messages/{taken.value.json()['id']}").json()["case_id"]
    heard = desk.get(f"/api/cases/{case}/messages").json()["items"]
    assert [one["text"] for one in reversed(heard)] == ["Is the boot there in 38?", "And in black?"]
    answer = {"kind": "answer", "text": "Yes, both.", "seen_upto": heard[0]["position"], "undo_s": 0}
    sent = desk.post(f"/api/cases/{case}/messages", json=answer)
    assert sent.status_code == 201, sent.text
    expect(page.get_by_text("Yes, both.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Yes, both.")).to_be_visible()
    assert page.evaluate("document.activeElement === document.body"), "a page drawn anew keeps its focus"
    page.get_by_role("textbox", name="Write a message").press("Escape")
    expect(button).to_be_focused()
    assert desk.get(f"/api/messages/{sent.json()['id']}").json()["state"] == "read"
    assert complaints == []
