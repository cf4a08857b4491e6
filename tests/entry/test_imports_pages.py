"""Imports by page: files handed in, what is asked, what would happen, whose word counts."""

import csv
import io
import re

import pytest
from httpx import AsyncClient as Client

from fadeno import access, commerce, imports
from fadeno.app import App
from fadeno.imports import Import

Keys = dict[str, str]
ORDERS = "Order No;Date;E-mail;Quantity;Unit price\nA-1;2026-03-01;anna@posta.example;2;9,50\n"
LIST = "Kundennummer;Name;E-Mail;Ort\n1;Anna Müller;anna@posta.example;Berlin\n2;Bo Berg;bo@posta.example;Ulm\n"


@pytest.fixture
def signed_in(http: Client, keys: Keys) -> Client:
    http.headers["authorization"] = f"Bearer {keys['admin']}"
    return http


async def work(app: App) -> list[Import]:
    """What processes of the worker do, with everything that waits; the imports, newest first."""
    while True:
        async with app.db.transaction() as tx:
            wanted = await imports.wanted(tx, 5)
        if not wanted:
            break
        for id_ in wanted:
            try:
                await imports.work(app.db, app.vault, access.SYSTEM, id_)
            except (imports.NeedsCurrency, imports.UnclearKind, imports.WrongKind, imports.Unreadable):
                continue
    async with app.db.transaction() as tx:
        return await imports.imports(tx)


async def hand_in(http: Client, *files: tuple[str, str], **data: str) -> str:
    sent = await http.post(
        "/imports",
        data={"source": "shop", **data},
        files=[("file", one) for one in files],
        headers={"cookie": "fadeno_zone=Europe%2FBudapest"},
    )
    assert sent.status_code == 303, sent.text
    return sent.headers["location"]


async def test_a_currency_is_asked_for_on_the_page_and_the_answer_goes_on(app: App, signed_in: Client):
    where = await hand_in(signed_in, ("orders.csv", ORDERS))
    await work(app)
    page = (await signed_in.get(where)).text
    assert "Which currency are the amounts in?" in page
    likely = re.findall(r'name="currency" value="([A-Z]{3})"', page)
    assert likely[:2] == ["HUF", "EUR"]  # the sources of the company are of Hungary
    offered = set(re.findall(r'<option value="([A-Z]{3})"', page))
    assert {"CHF", "XOF", "RSD"} < offered
    assert not offered & {"XAD", "XAU", "XXX", "BOV", "CHE", "HRK"}  # nobody pays with these
    assert "can be taken back" not in page
    assert (await signed_in.post(f"{where}/columns", data={"currency": "HUF"})).status_code == 303
    made = (await work(app))[0]
    assert (made.state, made.options.currency, made.options.zone) == ("ready", "HUF", "Europe/Budapest")
    page = (await signed_in.get(where)).text
    assert "Bring in 1 row" in page
    assert "<bdi>Lines</bdi>" in page
    assert "2026-02-28 23:00" not in page  # by the clocks of whoever looks, and in their words
    assert 'datetime="2026-02-28T23:00' in page


async def test_what_the_rows_are_is_asked_where_nothing_tells(app: App, signed_in: Client):
    bare = "1\tTool Crib\t.0000\n2\tPaint Shop\t.0000\n6\tRacks\t22.50\n"
    where = await hand_in(signed_in, ("Location.csv", bare))
    assert (await work(app))[0].target == ""
    assert "What are the rows of this file?" in (await signed_in.get(where)).text
    assert (await signed_in.post(f"{where}/columns", data={"target": "places"})).status_code == 303
    await work(app)
    named = {"column:A": "place", "column:B": "place_name"}
    assert (await signed_in.post(f"{where}/columns", data=named)).status_code == 303
    made = (await work(app))[0]
    assert (made.state, made.target, made.rows_total) == ("ready", "places", 3)


async def test_whose_phone_numbers_they_are_is_asked_where_they_do_not_say(app: App, signed_in: Client):
    question = "Which country are they of?"
    sheet = "Name;Phone;E-mail;Country\nIlona Varga;06 20 555 0139;ilona@x.example;\nIvo;;ivo@x.example;Croatia\n"
    where = await hand_in(signed_in, ("people.csv", sheet), source="old-till")
    await work(app)
    page = (await signed_in.get(where)).text
    assert question in page
    offered = re.findall(r'name="region" value="(..)"', page)
    assert offered[0] == "HR"  # what the rows say
    assert "HU" in offered  # where the company's sources are
    assert (await signed_in.post(f"{where}/columns", data={"region": "HU"})).status_code == 303
    made = (await work(app))[0]
    assert (made.state, made.options.region) == ("ready", "HU")
    assert question not in (await signed_in.get(where)).text
    await signed_in.post(f"{where}/start")
    assert (await work(app))[0].state == "done"
    same = await hand_in(signed_in, ("people.csv", sheet), source="old-till")
    await work(app)
    assert "Nothing would change" in (await signed_in.get(same)).text
    again = await hand_in(signed_in, ("more.csv", sheet.replace("139", "140")), source="old-till")
    assert (await work(app))[0].options.region == "HU"
    assert question not in (await signed_in.get(again)).text


async def test_whose_phone_numbers_they_are_is_asked_where_nobody_is_known_by_anything_else(
    app: App, signed_in: Client
):
    where = await hand_in(signed_in, ("tel.csv", "Phone\n(503) 555-9831\n(503) 555-3199\n"), source="old")
    await work(app)
    await signed_in.post(f"{where}/columns", data={"target": "customers"})
    assert (await work(app))[0].state == "asking"
    assert "Which country are they of?" in (await signed_in.get(where)).text
    await signed_in.post(f"{where}/columns", data={"region": "US"})
    assert (await work(app))[0].state == "ready"


async def test_whose_phone_numbers_they_are_is_asked_also_after_they_came_in_unread(app: App, signed_in: Client):
    sheet = "Name;Phone;E-mail\nIlona Varga;06 20 555 0139;ilona@x.example\nBo Berg;+49 30 901820;bo@x.example\n"
    where = await hand_in(signed_in, ("people.csv", sheet), source="old-till")
    await work(app)
    await signed_in.post(f"{where}/start")
    assert (await work(app))[0].state == "done"
    page = (await signed_in.get(where)).text
    assert f'action="{where}/again"' in page
    again = (await signed_in.post(f"{where}/again", data={"region": "HU"})).headers["location"]
    assert (await work(app))[0].state == "ready"
    await signed_in.post(f"{again}/start")
    made = (await work(app))[0]
    assert (made.state, made.rows_changed, made.rows_unchanged) == ("done", 1, 1)
    assert "Ilona Varga" in (await signed_in.get("/customers?q=0139")).text
    assert f'action="{again}/again"' not in (await signed_in.get(again)).text
    same = await hand_in(signed_in, ("people.csv", sheet), source="old-till")
    await work(app)
    assert "Nothing would change" in (await signed_in.get(same)).text


async def test_a_column_said_anew_keeps_what_else_was_said(app: App, signed_in: Client):
    where = await hand_in(signed_in, ("list.csv", LIST))
    await work(app)
    await signed_in.post(f"{where}/columns", data={"whole": "yes", "zone": "Europe/Rome"})
    await work(app)
    await signed_in.post(f"{where}/columns", data={"column:D": "note"})
    made = (await work(app))[0]
    assert (made.options.is_whole, made.options.zone) == (True, "Europe/Rome")
    assert [column.field for column in made.tables[0].columns] == ["customer_id", "name", "email", "note"]
    await signed_in.post(f"{where}/columns", data={"header_row": "0"})
    made = (await work(app))[0]
    assert made.tables[0].header_row == 0
    assert (await signed_in.post(f"{where}/columns", data={"header_row": "9" * 5_000})).status_code == 422


async def test_what_is_asked_is_said_in_the_viewers_language(app: App, signed_in: Client):
    where = await hand_in(signed_in, ("colours.csv", "Farbe;Rest\nrot;x\nblau;y\ngelb;z\n"), target="orders")
    await work(app)
    said = (await signed_in.get(f"{where}?speak=hu")).text
    assert "hiányzik egy oszlop ehhez: Rendelésszám" in said
    assert "order" not in re.sub(r"<select.*?</select>|<[^>]*>", "", said, flags=re.DOTALL)


async def test_several_files_are_handed_in_at_once(app: App, signed_in: Client):
    assert await hand_in(signed_in, ("list.csv", LIST), ("orders.csv", ORDERS)) == "/imports"
    assert sorted((made.file_name, made.state) for made in await work(app)) == [
        ("list.csv", "ready"),
        ("orders.csv", "asking"),
    ]


async def test_a_row_that_changes_somebody_shows_what_was_and_what_will_be(app: App, signed_in: Client):
    where = await hand_in(signed_in, ("list.csv", LIST))
    await work(app)
    await signed_in.post(f"{where}/start")
    await work(app)
    again = await hand_in(signed_in, ("list.csv", LIST.replace("Ulm", "Bonn")))
    await work(app)
    page = (await signed_in.get(again)).text
    assert "City: <s" in page
    assert "<bdi>Ulm</bdi></s> <b><bdi>Bonn</bdi></b>" in page


async def test_what_changes_far_down_is_shown_on_its_own(app: App, signed_in: Client):
    people = "".join(f"{n};Person {n};p{n}@posta.example;Ulm\n" for n in range(40))
    known = LIST.splitlines(keepends=True)[0] + people
    where = await hand_in(signed_in, ("list.csv", known))
    await work(app)
    assert "only=changed" not in (await signed_in.get(where)).text
    await signed_in.post(f"{where}/start")
    await work(app)
    again = await hand_in(signed_in, ("list.csv", known.replace("35;Person 35", "35;Jelena Ilić")))
    await work(app)
    page = (await signed_in.get(again)).text
    assert re.search(r'<a class="chip" href="[^"]+[?]only=changed">Changed 1</a>', page)
    assert "Jelena" not in page
    changed = (await signed_in.get(f"{again}?only=changed")).text
    assert "<bdi>Person 35</bdi></s> <b><bdi>Jelena Ilić</bdi></b>" in changed
    assert "Person 34" not in changed


async def test_a_count_that_a_whole_list_names_no_more_says_so_on_its_product(app: App, signed_in: Client):
    for text in ("SKU;On hand\nS1;4\nS2;5\n", "SKU;On hand\nS1;4\n"):
        where = await hand_in(signed_in, ("stock.csv", text))
        await work(app)
        await signed_in.post(f"{where}/columns", data={"target": "stock", "whole": "yes"})
        await work(app)
        await signed_in.post(f"{where}/start")
        assert (await work(app))[0].state == "done"
    async with app.db.transaction() as tx:
        ids = {one.sku: one.id for one in (await commerce.products(tx))[0]}
    told = {sku: ">gone<" in (await signed_in.get(f"/products/{id_}")).text for sku, id_ in ids.items()}
    assert told == {"S1": False, "S2": True}


async def test_the_page_tells_how_much_is_taken_back(app: App, signed_in: Client):
    where = await hand_in(signed_in, ("people.csv", LIST))
    await work(app)
    await signed_in.post(f"{where}/start")
    made = (await work(app))[0]
    await signed_in.post(f"{where}/take-back")
    page, part = [(await signed_in.get(address)).text for address in (where, f"{where}/state")]
    assert 'value="0" max="2"' in page
    assert "0 of 2 rows" in part
    # What is put into a page by script is read as if there were none: the page would load itself anew for ever.
    assert ("http-equiv" in page, "http-equiv" in part) == (True, False)
    await work(app)
    async with app.db.transaction() as tx:
        assert await imports.taken_so_far(tx, made.id) == (2, 2)


async def test_cells_changed_on_both_sides_stand_side_by_side_with_a_choice(app: App, signed_in: Client):
    where = await hand_in(signed_in, ("list.csv", LIST))
    await work(app)
    await signed_in.post(f"{where}/start")
    await work(app)
    sheet = (await signed_in.get("/export/customers.csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sheet), delimiter=","))
    for row in rows:
        row["City"] = "Potsdam"
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], delimiter=",")
    writer.writeheader()
    writer.writerows(rows)
    where = await hand_in(signed_in, ("list.csv", LIST.replace("Ulm", "Bonn").replace("Berlin", "Bremen")))
    await work(app)
    await signed_in.post(f"{where}/start")
    await work(app)
    where = await hand_in(signed_in, ("back.csv", text.getvalue()))
    await work(app)
    page = (await signed_in.get(where)).text
    assert "Changed on both sides" in page
    assert re.search(r"<bdi>Bonn</bdi></td><td[^>]*><span[^>]*><bdi[^>]*>Potsdam</bdi>", page)
    first, _ = re.findall(r'value="(take:[^"]+)"', page)
    await signed_in.post(f"{where}/columns", data={"conflicts": first})
    await work(app)
    page = (await signed_in.get(where)).text
    assert len(re.findall(r'value="take:', page)) == 1
    assert "Bring in 1 row" in page
    await signed_in.post(f"{where}/columns", data={"conflicts": "all"})
    await work(app)
    assert "Bring in 2 rows" in (await signed_in.get(where)).text
    await signed_in.post(f"{where}/columns", data={"conflicts": "none"})
    await work(app)
    assert len(re.findall(r'value="take:', (await signed_in.get(where)).text)) == 2
