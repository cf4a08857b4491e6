"""A file that lacks its currency and names a column wrongly is brought in by page, without a step lost."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import Shop

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ORDERS = "Bestellung;Datum;E-Mail;Menge;Einzelpreis;Bemerkung\n" + "".join(
    f"B-{n};2026-0{n}-03;vera{n}@posta.example;{n};9,50;Tor {n}\n" for n in range(1, 6)
)


def test_a_sheet_is_chosen_asked_about_corrected_and_brought_in(shop: Shop, page: Page, tmp_path: Path):
    file = tmp_path / "bestellungen.csv"
    file.write_text(ORDERS)
    page.goto(f"{shop.address}/imports")
    page.get_by_label("Choose files").set_input_files(file)
    expect(page.locator("[data-chosen]")).to_have_text("bestellungen.csv")
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="Which currency are the amounts in?")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="EUR").click()
    expect(page.get_by_role("button", name="Bring in 5 rows")).to_be_visible(timeout=60_000)
    page.get_by_label("Bemerkung becomes").select_option(label="Place")
    expect(page.get_by_label("Bemerkung becomes").locator("xpath=ancestor::tr")).to_contain_text(
        "as you said", timeout=60_000
    )
    expect(page.get_by_role("button", name="Bring in 5 rows")).to_be_visible(timeout=60_000)
    expect(page.get_by_label("Its amounts are in")).to_have_value("EUR")
    page.get_by_role("button", name="Bring in 5 rows").click()
    expect(page.get_by_text("It is brought in.")).to_be_visible(timeout=60_000)
    page.get_by_role("main").get_by_role("link", name="Orders", exact=True).click()
    page.wait_for_url(re.compile(r"/orders$"))
    expect(page.get_by_role("main")).to_contain_text("B-5")
