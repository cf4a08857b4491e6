"""What does not answer says so in its place, what can't be undone stays to be read, and a list waits as it was left."""

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import Shop

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture
def crowd(shop: Shop) -> None:
    for number in range(14):
        shop.knows({"userId": f"crowd-{number}"}, name=f"Crowd {chr(65 + number)}")


def test_a_search_that_does_not_answer_is_tried_again_where_it_stands(crowd: None, page: Page, complaints: list[str]):
    page.route("**/customers?*", lambda route: route.abort())
    page.get_by_placeholder("Name, e-mail").fill("crowd a")
    fault = page.locator("#found .fault")
    expect(fault).to_contain_text("This part did not answer")
    expect(page.locator(".rowlink").first).to_be_visible()  # what stood there stays
    page.unroute("**/customers?*")
    fault.get_by_role("button", name="Try again").click()
    expect(page.locator(".rowlink").first).to_contain_text("Crowd A")
    expect(fault).to_have_count(0)
    expect(page.locator("[data-counted]")).to_contain_text("found")
    complaints.clear()  # the browser tells of the request that was refused


def test_an_undo_that_failed_stays_to_be_read_and_tried_again(page: Page, shop: Shop, complaints: list[str]):
    page.goto(f"{shop.address}/customers?reached=email")
    page.get_by_text("Keep this filter").click()
    page.get_by_label("Name of the filter").fill("Reached")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_role("button", name="Forget this filter").click()
    toast = page.locator(".toast")
    expect(toast).to_contain_text("The filter is gone.")
    page.route("**/customers/filters", lambda route: route.abort())
    toast.get_by_role("button", name="Undo").click()
    expect(toast).to_contain_text("did not answer")
    expect(toast).not_to_have_attribute("data-for", "8")  # it goes when it is closed, and not before
    page.unroute("**/customers/filters")
    toast.get_by_role("button", name="Undo").click()
    expect(toast).to_contain_text("Kept.")
    expect(page.get_by_role("link", name="Reached")).to_be_visible()
    complaints.clear()


def test_who_comes_back_to_a_list_finds_it_as_it_was_left(page: Page, shop: Shop, crowd: None):
    page.set_viewport_size({"width": 1280, "height": 420})
    page.goto(f"{shop.address}/customers?q=crowd")
    for _ in range(9):
        page.keyboard.press("j")
    name = page.evaluate("document.activeElement.innerText").split("\n")[0]
    page.wait_for_function("document.querySelector('main').scrollTop > 0")
    top = page.evaluate("document.querySelector('main').scrollTop")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    page.go_back()
    expect(page.locator(".rowlink:focus")).to_contain_text(name)
    page.wait_for_function("top => document.querySelector('main').scrollTop === top", arg=top)
