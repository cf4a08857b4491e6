"""`fadeno import`."""

import json
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from fadeno.entry.cli.progress import line
from tests.entry.test_access_cli import run

__all__ = ["run"]

LIST = "Customer ID;Name;E-mail\n1;Anna Müller;anna@posta.example\n2;Bo Berg;bo@posta.example\n;Nobody;\n"
ORDERS = "Order No;Date;E-mail;Quantity;Unit price\nA-1;2026-03-01;anna@posta.example;2;9,50\n"


@pytest.fixture
def file(tmp_path: Path):
    def file(text: str | bytes, name: str = "list.csv") -> str:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return file


def counts(url: str) -> dict[str, int]:
    """How many rows each table has."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        count = sql.SQL("SELECT count(*) FROM {}")
        return {".".join(one): connection.execute(count.format(sql.Identifier(*one))).fetchone()[0] for one in tables}


@pytest.mark.parametrize("how", ["--additions", "--list"])
def test_a_dry_run_says_what_would_happen_and_writes_nothing(run, file, url: str, how: str):
    assert run("import", file(LIST), "--source", "shop")[0] == 0
    before = counts(url)
    changed = LIST.replace("Bo Berg", "Bo Bergmann").replace("1;Anna", "3;Cara")
    for source, told in (("shop", "1 new (1 of customers known already), 1 changed"), ("new", "2 new")):
        status, out, err = run("import", file(changed), "--source", source, "--dry-run", how)
        assert status == 0, err
        assert told in out
        assert "refused, row 4: The row names nobody" in out
    assert "the source new would be made" in out
    assert counts(url) == before


def test_what_a_file_lacks_is_said_with_the_option_that_says_it(run, file, url: str):
    before = counts(url)
    phones = "ShipperID;Phone\n1;(503) 555-9831\n2;(503) 555-3199\n"
    for more, told in (
        ((ORDERS,), "--currency EUR"),
        (("Colour;Rest\nred;x\nblue;y\n", "--as", "orders"), "--map"),
        (("1\tTool Crib\t.00\n2\tPaint Shop\t.00\n6\tRacks\t22.5\n",), "--as customers, orders"),
        ((LIST, "--sheet", "March"), "--sheet"),
        ((LIST, "--map", "Phone=phone"), "--map C=field"),
        ((LIST, "--zone", "Budapest"), "--zone Europe/Budapest"),
        ((phones, "--as", "customers", "--map", "A=", "--dry-run"), "--region US"),
        ((b"\xff\xd8\xff\xe0JFIF" * 9,), "Send the sheet it was made from"),
    ):
        status, _, err = run("import", file(more[0]), *more[1:])
        assert (status, told in err) == (1, True), err
    assert counts(url) == before


def test_which_country_phones_are_of_is_not_asked_where_it_was_said_and_that_nothing_would_change_is_told(run, file):
    path = file("Name;Phone;E-mail\nBo;12;bo@posta.example\n")
    for region, is_asked in (("", True), ("US", False)):
        said = ("--region", region) if region else ()
        status, out, err = run("import", path, "--as", "customers", *said)
        assert (status, "--region" in out) == (0, is_asked), err
    assert "nothing would change" in run("import", path, "--as", "customers", "--dry-run")[1]


def test_zone_and_currency_are_those_of_the_last_file_of_the_source(run, file):
    said = ("--as", "orders", "--source", "shop")
    assert run("import", file(ORDERS), *said, "--zone", "Europe/Rome", "--currency", "huf")[0] == 0
    status, _, err = run("import", file(ORDERS.replace("A-1", "A-2")), *said)
    assert status == 0, err
    assert "times of Europe/Rome, amounts in HUF" in err


def test_several_files_are_brought_in_and_one_that_fails_holds_up_none(run, file, url: str):
    first, broken = file(LIST, "a-1.csv"), file(b"", "a-2.csv")
    file(LIST.replace("1;Anna", "9;Anna"), "a-3.csv")
    status, out, err = run("import", first.replace("a-1", "a-*"), "--source", "shop")
    assert status == 1
    assert f"{Path(broken).name}: The file is empty." in err
    assert "a-1.csv: 2 new" in out
    assert "a-3.csv: 1 new" in out
    listed = json.loads(run("import", first, "--source", "shop", "--json")[1])
    assert (listed["rows_unchanged"], listed["rows_new"]) == (2, 0)


def test_a_bar_says_how_far_it_is_and_never_more_than_there_is():
    assert line(500, 1_000, 100).endswith("500 of 1,000 rows, 100 rows/s, 5 s left")
    assert line(1_001, 1_000, 100) == "1,001 rows, 100 rows/s"
    assert line(7, 0, 0, "2 refused") == "7 rows, 2 refused"


def test_a_list_is_handed_out_in_the_language_that_is_asked_for_and_comes_back(run, file, tmp_path: Path):
    assert run("import", file(ORDERS), "--source", "shop", "--currency", "EUR")[0] == 0
    for more, head, total in ((), ",Order number,", "9.5"), (("--language", "hu"), ";Rendelésszám;", "9,5"):
        out = tmp_path / "orders.csv"
        assert run("export", "orders", str(out), *more)[0] == 0
        text = out.read_text("utf-8-sig")
        assert (head in text, total in text) == (True, True), text
        status, told, err = run("import", str(out), "--source", "office")
        assert status == 0, err
        assert "1 unchanged" in told
    status, _, err = run("export", "orders", str(out), "--language", "tlh")
    assert (status, "hu" in err) == (1, True), err
