"""Every list is handed out as a sheet of what its page shows, to who may see and hand out what stands in it."""

import asyncio
import csv
import io
import signal
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar

from fadeno import customers, imports, sheets
from fadeno.app import App
from fadeno.entry import handing_out, speaking
from fadeno.entry.web import words
from fadeno.entry.web.headings import headers
from fadeno.imports.model import lists
from fadeno.kit.ids import new_id
from tests.entry.test_access_cli import _as_url
from tests.entry.test_commerce_api import bearer, shop
from tests.entry.test_pages_customers import _signed_in, manager, marketing

__all__ = ["manager", "marketing", "shop"]
OF_PEOPLE = ("customers", "suggestions", "audit", "members")


def rows(sent: httpx.Response) -> list[dict[str, str]]:
    assert sent.status_code == 200, sent.text
    text = sent.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.split("\n", 1)[0] else ","))


async def test_every_list_has_a_button_and_a_sheet(manager: httpx.AsyncClient, shop):
    pages, empty = {"stock": "/products"}, ("quarantine", "suggestions")
    for what in imports.LISTS:
        page = await manager.get(pages.get(what, f"/{what}"))
        assert what in empty or f"/export/{what}.xlsx" in page.text, what
        sheet = await manager.get(f"/export/{what}.xlsx")
        assert (sheet.status_code, sheet.content[:2]) == (200, b"PK"), what
        assert rows(await manager.get(f"/export/{what}.csv")) or what in empty, what
        is_edited = what in ("customers", "orders", "products", "stock", "places")
        assert not is_edited or f"/export/{what}.csv" in page.text, what


async def test_a_csv_has_bare_amounts_and_parts_them_as_the_language_of_who_asks(manager: httpx.AsyncClient, shop):
    english = (await manager.get("/export/orders.csv?number=a1")).content.decode("utf-8-sig")
    assert ",Order number," in english
    manager.cookies.set("fadeno_language", "hu")
    hungarian = (await manager.get("/export/orders.csv?number=a1")).content.decode("utf-8-sig")
    assert ";Rendelésszám;" in hungarian
    totals = {row["Order total"] for row in csv.DictReader(io.StringIO(english))}
    there = {row["Rendelés végösszege"] for row in csv.DictReader(io.StringIO(hungarian), delimiter=";")}
    assert {total.replace(".", ",") for total in totals} == there
    assert all(total.replace(".", "").isdigit() for total in totals)  # the currency has a column of its own


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_list_comes_back_in_whatever_language_it_left(lang: str, tmp_path: Path):
    was = speaking.language()
    speaking.speak(lang)
    try:
        for what, columns in lists.COLUMNS.items():
            path = tmp_path / f"{what}.csv"
            outs = lists.outs(what, headers(what))
            sheets.write_csv(path, outs, [(str(new_id()), f"{what} UTC x", *["x"] * (len(outs) - 2))])
            with sheets.open_book(path) as book:
                table = sheets.look(book.sheet())
            assert lists.list_of(table) == what
            known = lists.mapping_of(table, what)
            fields = [known[out.header] for out in outs if known[out.header]]
            assert fields == ["row_id", "row_version", *(column.field for column in columns)], what
    finally:
        speaking.speak(was)


async def test_a_sheet_holds_what_the_list_is_narrowed_to(manager: httpx.AsyncClient, shop):
    for asked, numbers in (("", {"A-1", "B-2"}), ("?number=a1", {"A-1"}), (f"?customer={shop.customer_id}", {"A-1"})):
        assert {row["Order number"] for row in rows(await manager.get(f"/export/orders.csv{asked}"))} == numbers
    assert [row["Product number"] for row in rows(await manager.get("/export/products.csv?q=lam"))] == ["L-1"]
    assert rows(await manager.get("/export/customers.csv?q=nobody-by-that-name")) == []
    trail = rows(await manager.get("/export/audit.csv?verb=export"))
    assert {row["Did"] for row in trail} == {"export"}
    assert (await manager.get("/export/audit.csv?since=x")).status_code == 400
    assert (await manager.get("/export/customers.csv?reached=x")).status_code == 400


@pytest.mark.parametrize(("role", "allowed"), [("analyst", True), ("marketing", False), ("agent", False)])
async def test_who_may_not_hand_it_out_gets_no_sheet(role: str, allowed: bool, app: App, http: httpx.AsyncClient, shop):
    browser = await _signed_in(app, http, role)
    for what in imports.LISTS:
        status = (await browser.get(f"/export/{what}.csv")).status_code
        may = allowed and what not in (*OF_PEOPLE, "quarantine")
        assert status == (200 if may else 403), what
    await browser.aclose()


async def test_orders_say_whose_they_are_to_who_may_hand_out_customers(
    app: App, http: httpx.AsyncClient, manager: httpx.AsyncClient, keys: dict[str, str], shop
):
    async with app.db.transaction() as tx:
        (whose,) = await customers.summaries(tx, [shop.customer_id])
    told = rows(await manager.get("/export/orders.csv"))
    assert list(told[0])[2:5] == ["Order number", "fadeno customer", "Ordered at"]
    assert {row["Order number"]: row["fadeno customer"] for row in told} == {"A-1": whose.label, "B-2": ""}
    browser = await _signed_in(app, http, "analyst")
    for sent in (
        await browser.get("/export/orders.csv"),
        await http.get("/export/orders.csv", headers=bearer(keys["read"])),
    ):
        assert {row["fadeno customer"] for row in rows(sent)} == {""}
    await browser.aclose()


async def test_a_key_may_hand_out_what_its_scope_may(http: httpx.AsyncClient, keys: dict[str, str], shop):
    assert (await http.get("/export/orders.csv", headers=bearer(keys["read"]))).status_code == 200
    assert (await http.get("/export/members.csv", headers=bearer(keys["read"]))).status_code == 403


async def test_sheets_of_arabic_readers_go_from_right_to_left(http: httpx.AsyncClient, keys: dict[str, str], shop):
    from_right = {"accept-language": "ar", **bearer(keys["admin"])}
    sheet = await http.get("/export/orders.xlsx", headers=from_right)
    assert b'rightToLeft="1"' in _sheet(sheet.content)
    assert b'rightToLeft="1"' not in _sheet(
        (await http.get("/export/orders.xlsx", headers=bearer(keys["admin"]))).content
    )


async def test_a_long_list_is_written_by_a_process_of_its_own_to_the_same(
    manager: httpx.AsyncClient, shop, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    asked = ("/export/orders.csv?number=a1", "/export/audit.csv?verb=export&q=orders")
    here = [(await manager.get(one)).content for one in asked]
    children = _watched(monkeypatch, url, tmp_path)
    apart = [await manager.get(one) for one in asked]
    assert [child.returncode for child in children] == [0, 0]
    assert apart[0].content == here[0]
    assert int(apart[0].headers["content-length"]) == len(here[0])
    trail = rows(apart[1])
    assert [row["By what"] for row in trail] == ["member", "member"], "once each, in the name of who asked"
    assert not list(tmp_path.glob("fadeno-*"))


async def test_its_process_ends_when_the_browser_goes_away(
    app: App, asgi: Litestar, keys: dict[str, str], shop, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    asgi.state.fadeno = app
    children = _watched(monkeypatch, url, tmp_path)
    said = iter([{"type": "http.request"}, {"type": "http.disconnect"}])

    async def receive():
        return next(said)

    async def send(message):
        pass

    heads = [(b"authorization", f"Bearer {keys['read']}".encode())]
    path = "/export/orders.xlsx"
    scope = _asked(path, heads)
    await asgi(scope, receive, send)
    assert [child.returncode for child in children] == [-signal.SIGKILL]
    assert not list(tmp_path.glob("fadeno-*"))


def _asked(path: str, heads: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "headers": heads, "server": ("test", 80),
        "client": ("127.0.0.1", 1), "root_path": "",
    }  # fmt: skip


def _watched(monkeypatch: pytest.MonkeyPatch, url: str, folder: Path) -> list[asyncio.subprocess.Process]:
    """From now on every list is long; the processes that write them, on the database of the test."""
    children = []

    async def start(*program: Any, **more: Any) -> asyncio.subprocess.Process:
        children.append(await started(*program, **more))
        return children[-1]

    started = asyncio.create_subprocess_exec
    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    monkeypatch.setattr(handing_out, "FEW", 0)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("FADENO_DATABASE_URL", _as_url(url))
    return children


def _sheet(workbook: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook)) as book:
        return book.read("xl/worksheets/sheet1.xml")
