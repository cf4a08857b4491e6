"""Who keeps the hands on the keys finds anybody from anywhere, reads which keys there are, takes back what was done."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from fadeno.entry.web import words
from tests.stories.conftest import Shop

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture
def people(shop: Shop) -> None:
    for name in ("Palma Found", "Palko Found"):
        shop.knows({"userId": name.lower().replace(" ", "-")}, name=name)


def _field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Find or do anything")


def _palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(_field(page)).to_be_focused()


def _chosen(page: Page) -> Locator:
    return page.locator("[role=option][aria-selected=true]")


def _hold_answers(page: Page) -> None:
    """Let what this page asks for wait until the page is told `letAnswersIn()`."""
    page.evaluate("""() => {
        const ask = window.fetch;
        const isOpen = new Promise((open) => (window.letAnswersIn = open));
        window.fetch = (...all) => isOpen.then(() => ask(...all));
    }""")


def test_the_palette_finds_people_and_pages_from_anywhere(page: Page, people: None):
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/sources")
    _palette(page)
    page.keyboard.type("палма")
    expect(page.get_by_role("option", name="Palma Found")).to_be_visible()
    expect(_chosen(page)).to_contain_text("Palma")
    expect(_field(page)).to_have_attribute("aria-activedescendant", _chosen(page).get_attribute("id"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Palma Found")).to_be_visible()

    _palette(page)
    expect(page.get_by_role("group", name="Looked at last").get_by_role("option", name="Palma Found")).to_be_visible()
    page.keyboard.type("invite")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/members#invite")

    _palette(page)
    page.keyboard.type("nobody is called so")
    expect(page.get_by_text("Nothing like that.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(_field(page)).to_be_hidden()


def test_arrows_go_round_and_letters_of_another_keyboard_are_known(page: Page, people: None):
    _palette(page)
    page.keyboard.type("found")
    expect(page.get_by_role("group", name="Customers").get_by_role("option")).to_have_count(2)
    first = _chosen(page).get_attribute("id")
    page.keyboard.press("ArrowDown")
    expect(_chosen(page)).not_to_have_attribute("id", first)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    expect(_chosen(page)).to_have_attribute("id", first)
    page.keyboard.press("Escape")
    expect(_field(page)).to_be_hidden()
    page.evaluate("""() => document.body.dispatchEvent(new KeyboardEvent("keydown",
        {key: "л", code: "KeyK", ctrlKey: true, bubbles: true, cancelable: true}))""")
    expect(_field(page)).to_be_focused()


def test_a_press_means_what_it_was_put_on_though_the_list_is_drawn_anew(page: Page, people: None):
    _palette(page)
    page.keyboard.type("palko")
    hit = page.get_by_role("option", name="Palko Found")
    expect(hit).to_be_visible()
    _hold_answers(page)
    _field(page).fill("palma")
    hit.hover()
    page.mouse.down()
    page.evaluate("letAnswersIn()")
    expect(page.get_by_role("option", name="Palma Found")).to_be_visible()
    page.mouse.up()
    expect(page.get_by_role("heading", level=1, name="Palko Found")).to_be_visible()


def test_enter_means_what_was_typed_though_the_list_still_shows_something_else(page: Page, people: None):
    _palette(page)
    page.keyboard.type("palko")
    expect(page.get_by_role("option", name="Palko Found")).to_be_visible()
    _field(page).fill("palma")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Palma Found")).to_be_visible()


def test_what_was_chosen_stays_chosen_when_the_rest_of_the_answer_comes(page: Page, people: None):
    _hold_answers(page)
    _palette(page)
    page.keyboard.press("ArrowDown")
    id_ = _chosen(page).get_attribute("id")
    page.evaluate("letAnswersIn()")
    expect(page.locator(".palette .wait")).to_have_count(0)
    expect(_chosen(page)).to_have_attribute("id", id_)


def test_the_search_says_when_it_does_not_answer(page: Page, complaints: list[str]):
    page.route("**/find?**", lambda route: route.abort())
    _palette(page)
    page.keyboard.type("sources")
    expect(page.get_by_role("alert")).to_contain_text("The search did not answer")
    expect(page.get_by_role("option", name="Sources")).to_be_visible()  # what stands in the page still works
    complaints.clear()


def test_the_sheet_lists_the_keys_of_this_page_and_no_others(page: Page, shop: Shop, people: None):
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet.get_by_text("Search this list")).to_be_visible()
    expect(sheet.get_by_text("They are one")).to_be_hidden()
    page.keyboard.press("Escape")
    page.goto(f"{shop.address}/account")
    page.keyboard.press("?")
    expect(sheet.get_by_text("Search this list")).to_be_hidden()
    page.keyboard.press("Escape")

    page.get_by_label("Single keys act").uncheck()
    page.get_by_role("button", name="Save").click()
    page.keyboard.press("?")
    expect(sheet).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("s")
    _palette(page)  # keys with Ctrl stay
    page.keyboard.press("Escape")
    assert page.url.startswith(f"{shop.address}/account")
    page.get_by_label("Single keys act").check()
    page.get_by_role("button", name="Save").click()


def test_a_merge_is_taken_back_with_one_key(page: Page, people: None):
    page.get_by_placeholder("Name, e-mail").fill("palko")
    page.get_by_role("link", name="Palko Found").click()
    page.get_by_role("link", name="Merge").click()
    page.get_by_placeholder("Name, e-mail").fill("palma")
    page.locator(".rowlink").click()
    page.get_by_role("button", name="Merge 2 customers").click()
    toast = page.locator(".toast")
    expect(toast).to_contain_text("Merged.")
    page.keyboard.press("u")
    expect(toast).to_contain_text("Undone.")


def test_the_palette_fits_a_phone_and_reads_from_the_right(browser: Browser, page: Page, shop: Shop, people: None):
    state = page.context.storage_state()
    context = browser.new_context(viewport={"width": 390, "height": 844}, storage_state=state, has_touch=True)
    context.add_cookies([{"name": "fadeno_dir", "value": "rtl", "url": shop.address}])
    phone = context.new_page()
    phone.goto(f"{shop.address}/customers")
    phone.get_by_role("button", name="Find").tap()
    _field(phone).fill("palma")
    hit = phone.get_by_role("option", name="Palma Found")
    expect(hit).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert hit.evaluate("hit => hit.getBoundingClientRect().height") >= 44
    hit.tap()
    expect(phone.get_by_role("heading", level=1, name="Palma Found")).to_be_visible()
    context.close()


def test_a_member_chooses_another_language_and_gives_it_back(page: Page, shop: Shop):
    others = [lang for lang in words.offered() if lang != words.DEFAULT]
    assert others
    page.goto(f"{shop.address}/account")
    for lang in others:
        page.locator("#f-language").select_option(lang)
        page.locator("form[action='/account/look'] button.first").click()
        expect(page.locator("html")).to_have_attribute("lang", lang)
        assert page.locator("html").get_attribute("dir") == words.direction(lang)
        expect(page.get_by_role("heading", name=str(words.say(lang, "access.account.look")))).to_be_visible()
    page.locator("#f-language").select_option("")
    page.locator("form[action='/account/look'] button.first").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
