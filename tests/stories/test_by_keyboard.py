"""Who has no mouse does everything: signs in, finds a customer, looks at a merge, does it, takes it back."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stories.conftest import PASSWORD, Shop

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

_HAS_RING = """() => {
  const shown = (e) => getComputedStyle(e).outlineStyle !== "none" && parseFloat(getComputedStyle(e).outlineWidth) > 0;
  const at = document.activeElement;
  return at !== document.body && [at, at.parentElement, at.parentElement.parentElement].some(shown);
}"""
_AT = "() => (document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText).trim()"


def _tab_to(page: Page, wanted: str, most: int = 60) -> None:
    """Press Tab until what is focused says so; every stop on the way shows that it is one."""
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(_HAS_RING), f"no focus to be seen at {page.evaluate(_AT)!r}"
        if wanted in page.evaluate(_AT):
            return
    raise AssertionError(f"Tab does not come to {wanted!r}")


@pytest.fixture
def two_eves(shop: Shop) -> None:
    for number in (1, 2):
        shop.knows({"userId": f"eve-{number}"}, name=f"Eve Keys {number}")


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_the_main_path_needs_no_mouse(browser: Browser, shop: Shop, two_eves: None, direction: str):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "fadeno_dir", "value": direction, "url": shop.address}])
    page = context.new_page()
    page.goto(shop.address)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.keyboard.type("ana@lumo.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers")
    assert page.evaluate("document.documentElement.dir") == direction

    page.keyboard.press("Tab")
    assert page.evaluate(_AT) == "Skip to content"
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    page.keyboard.type("eve keys")
    page.wait_for_url(re.compile(r"[?&]q=eve(\+|%20)keys"))  # said with the answer to the last letter
    expect(page.locator(".rowlink")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    assert page.evaluate(_HAS_RING)
    first = page.evaluate(_AT).split("\n")[0]
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=first)).to_be_visible()
    customer = page.url

    _tab_to(page, "Merge")
    page.keyboard.press("Enter")
    page.wait_for_url("**/merge")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("eve keys")
    expect(page.locator(".rowlink")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Merge 2 customers?")).to_be_visible()
    assert page.evaluate(_AT) == "Cancel"  # Enter by mistake does nothing
    page.keyboard.press("Escape")
    expect(page).to_have_url(customer)

    page.go_back()
    _tab_to(page, "Merge")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Merged")
    _tab_to(page, "Undo")
    while page.evaluate("!document.activeElement.closest('.toast')"):
        _tab_to(page, "Undo")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Undone")
    page.goto(f"{shop.address}/customers?q=eve+keys")
    expect(page.locator(".rowlink")).to_have_count(2)
    context.close()


def test_who_stands_among_the_filters_stays_there_while_the_page_draws_itself_anew(page: Page, shop: Shop):
    shop.knows({"userId": "fay-1"}, name="Fay Filters")
    page.goto(f"{shop.address}/customers?q=fay+filters")
    page.get_by_role("link", name="Fay Filters").first.click()
    chips = page.locator("#filters .chip")
    expect(chips.first).to_be_visible()
    chips.first.focus()
    shown = chips.count()
    shop.says("Wish Noted", {"userId": "fay-1"})
    shop.says("Page Viewed", {"userId": "fay-1"})
    expect(page.locator("#thread")).to_contain_text("Wish Noted")
    expect(chips).not_to_have_count(shown)
    expect(chips.first).to_be_focused()
