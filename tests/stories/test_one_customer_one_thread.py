"""A customer leaves traces; the page shows one thread, live, and every merge can be undone."""

from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import Shop, served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def _open(page: Page, shop: Shop, name: str) -> None:
    page.goto(f"{shop.address}/customers")
    page.get_by_role("searchbox", name="Find a customer").fill(name)
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def _lines(page: Page) -> list[str]:
    return page.locator("#thread > li").evaluate_all("all => all.map(li => li.dataset.key)")


def test_an_event_appears_on_the_open_page_without_reloading_it(page: Page, shop: Shop):
    anna = {"userId": "u-1"}
    shop.knows(anna, name="Anna Kovács", email="anna@posta.example")
    shop.says("Order Completed", anna, {"order_id": "10-1", "total": 8990, "currency": "RSD"})
    _open(page, shop, "Anna Kovács")
    thread = page.get_by_role("log", name="The whole thread")
    expect(thread).to_contain_text("10-1")
    page.evaluate("window.notReloaded = true")

    shop.says(
        "Message Received", anna, {"text": "Where is my lamp?", "order_id": "10-1"}, context={"channel": "whatsapp"}
    )

    expect(thread.get_by_text("Where is my lamp?")).to_be_visible()
    assert page.evaluate("window.notReloaded")
    live = _lines(page)
    page.reload()
    expect(thread.get_by_text("Where is my lamp?")).to_be_visible()
    assert _lines(page) == live


def test_what_happened_before_but_came_late_takes_its_place_among_the_older(page: Page, shop: Shop):
    boris = {"userId": "u-2"}
    shop.knows(boris, name="Boris Simić")
    shop.says("Order Shipped", boris, {"order_id": "10-2"})
    _open(page, shop, "Boris Simić")
    thread = page.get_by_role("log", name="The whole thread")
    expect(thread).to_contain_text("Sent out")

    shop.says("Visit Noted", boris, {"text": "Asked for a lamp"}, timestamp="2026-01-05T10:00:00Z")

    expect(thread.get_by_text("Asked for a lamp")).to_be_visible()
    live = _lines(page)
    page.reload()
    expect(thread.get_by_text("Asked for a lamp")).to_be_visible()
    assert _lines(page) == live
    assert live[-1].startswith("ev-")


def test_two_customers_are_merged_and_the_merge_undone(page: Page, shop: Shop):
    shop.knows({"userId": "u-3"}, name="Vera Ilić")
    shop.knows({"userId": "u-4"}, name="V. Ilic")
    shop.says("Signed Up", {"userId": "u-4"})
    _open(page, shop, "Vera Ilić")
    page.get_by_role("link", name="Merge").click()
    page.get_by_role("searchbox", name="Find the other customer").fill("V. Ilic")
    page.get_by_role("link", name="Compare with V. Ilic").click()
    expect(page.get_by_role("heading", name="Merge 2 customers?")).to_be_visible()
    expect(page.get_by_role("link", name="Cancel")).to_be_focused()
    page.get_by_role("button", name="Merge 2 customers").click()

    expect(page.get_by_text("Merged. Both threads are one now.")).to_be_visible()
    expect(page.get_by_role("log", name="The whole thread")).to_contain_text("Made an account")
    page.locator(".toast").get_by_role("button", name="Undo").click()

    expect(page.get_by_text("Undone.")).to_be_visible()
    expect(page.get_by_role("log", name="The whole thread")).not_to_contain_text("Made an account")


def test_a_page_says_when_it_lost_the_connection_and_catches_up(page: Page, shop: Shop):
    dora = {"userId": "u-5"}
    shop.knows(dora, name="Dora Horvat")
    _open(page, shop, "Dora Horvat")
    page.context.set_offline(True)
    shop.says("Order Completed", dora, {"order_id": "10-5"})
    page.context.set_offline(False)

    expect(page.get_by_role("log", name="The whole thread")).to_contain_text("10-5", timeout=20_000)


def test_many_pages_of_one_browser_are_live_over_one_stream(page: Page, shop: Shop):
    fia = {"userId": "u-7"}
    shop.knows(fia, name="Fia Lind")
    _open(page, shop, "Fia Lind")
    pages = [page, *(page.context.new_page() for _ in range(8))]
    for other in pages[1:]:
        other.goto(page.url)
        expect(other.get_by_role("log")).to_contain_text("Fia Lind")

    shop.says("Order Completed", fia, {"order_id": "10-7"})

    for other in pages:
        expect(other.get_by_role("log")).to_contain_text("10-7")


def test_when_fadeno_itself_stops_the_page_says_so_and_goes_on_where_it_was(
    page: Page, opened_shop: tuple[ExitStack, Shop], data_dir: Path, complaints: list[str]
):
    running, shop = opened_shop
    gaia = {"userId": "u-8"}
    shop.knows(gaia, name="Gaia Ricci")
    _open(page, shop, "Gaia Ricci")
    strip = page.get_by_text("Live again in a moment.")
    expect(strip).to_be_hidden()

    running.close()
    expect(strip).to_be_visible(timeout=10_000)
    expect(page.get_by_role("log")).to_contain_text("Gaia Ricci")
    running.enter_context(served(data_dir, int(shop.address.rpartition(":")[2])))
    shop.says("Order Completed", gaia, {"order_id": "10-8"})

    expect(page.get_by_role("log")).to_contain_text("10-8", timeout=20_000)
    expect(strip).to_be_hidden()
    complaints.clear()  # the browser tells of the stream it could not reach


def test_an_unknown_kind_is_shown_as_it_came(page: Page, shop: Shop):
    emil = {"userId": "u-6"}
    shop.knows(emil, name="Emil Weiß")
    shop.says("Lamp Hummed", emil, {"pitch": "g flat"})
    _open(page, shop, "Emil Weiß")
    page.get_by_text("Show as received").click()
    expect(page.locator("#thread pre")).to_contain_text("g flat")


def test_nobody_who_is_not_signed_in_sees_anything(shop: Shop):
    for path in ("/customers", "/suggestions", "/sources", "/quarantine", "/live"):
        answer = httpx.get(shop.address + path, headers={"accept": "text/html"})
        assert answer.status_code in (303, 401), path
