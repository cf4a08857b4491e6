"""Imports by API and by page."""

import pytest
from httpx import AsyncClient as Client
from httpx import Response

from fadeno import access, customers, imports, sources
from fadeno.app import App
from tests.entry.test_pages_customers import _signed_in

Keys = dict[str, str]
LIST = "Kundennummer;Name;E-Mail\n1;Anna Müller;anna@posta.example\n2;Bo Berg;bo@posta.example\n;Niemand;\n"


async def _work(app: App, id_: str) -> None:
    """What a process of the worker does."""
    async with app.db.transaction() as tx:
        (wanted,) = await imports.wanted(tx, 5)
    assert str(wanted) == id_
    await imports.work(app.db, app.vault, access.SYSTEM, wanted)


async def test_a_file_is_handed_in_seen_brought_in_and_taken_back(app: App, http: Client, keys: Keys):
    as_writer = {"authorization": f"Bearer {keys['write']}"}
    sent = await http.post("/api/imports?name=list.csv&source=shop", content=LIST.encode(), headers=as_writer)
    assert (sent.status_code, sent.json()["state"]) == (202, "reading")
    id_ = sent.json()["id"]
    await _work(app, id_)
    seen = (await http.get(f"/api/imports/{id_}", headers=as_writer)).json()
    assert (seen["import"]["state"], seen["import"]["target"]) == ("ready", "customers")
    assert (seen["preview"]["new"], seen["preview"]["refused_rows"]) == (2, 1)
    assert (await http.post(f"/api/imports/{id_}/start", headers=as_writer)).status_code == 202
    await _work(app, id_)
    made = (await http.get(f"/api/imports/{id_}", headers=as_writer)).json()["import"]
    assert (made["state"], made["rows_new"], made["rows_refused"]) == ("done", 2, 1)
    sheet = await http.get(f"/api/imports/{id_}/refused?format=csv", headers=as_writer)
    assert "The row names nobody" in sheet.text
    trail = await http.get("/api/audit?verb=export", headers={"authorization": f"Bearer {keys['admin']}"})
    assert [(one["object_kind"], one["object_id"]) for one in trail.json()["items"]] == [("import", id_)]
    assert (await http.post(f"/api/imports/{id_}/take-back", headers=as_writer)).status_code == 202
    await _work(app, id_)
    async with app.db.transaction() as tx:
        assert (await imports.imports(tx))[0].state == "taken_back"
        assert await customers.find(tx, "email", "anna@posta.example") is None


async def test_looking_through_what_would_happen_is_noted_as_it_shows_people(app: App, http: Client, keys: Keys):
    as_writer, as_admin = ({"authorization": f"Bearer {keys[scope]}"} for scope in ("write", "admin"))
    sent = await http.post("/api/imports?name=list.csv&source=shop", content=LIST.encode(), headers=as_writer)
    id_, browser = sent.json()["id"], await _signed_in(app, http, "manager")
    await browser.get(f"/imports/{id_}")  # nothing to see yet
    await _work(app, id_)
    for path in (f"/imports/{id_}", f"/api/imports/{id_}"):
        assert "anna@posta.example" in (await browser.get(path)).text
    await browser.aclose()
    trail = (await http.get("/api/audit?verb=see", headers=as_admin)).json()["items"]
    assert [(one["object_kind"], one["object_id"]) for one in trail] == [("import", id_)]


async def test_a_wrong_guess_is_corrected_before_anything_is_written(app: App, http: Client, keys: Keys):
    as_writer = {"authorization": f"Bearer {keys['write']}"}
    sent = await http.post("/api/imports?name=l.csv&source=shop", content=LIST.encode(), headers=as_writer)
    id_ = sent.json()["id"]
    await _work(app, id_)
    said = {"mapping": {"Kundennummer": None}}
    assert (await http.post(f"/api/imports/{id_}/understand", json=said, headers=as_writer)).status_code == 202
    await _work(app, id_)
    seen = (await http.get(f"/api/imports/{id_}", headers=as_writer)).json()
    assert [c["field"] for c in seen["import"]["tables"][0]["columns"]] == [None, "name", "email"]


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"\xff\xd8\xff\xe0JFIF" * 9, "sheet_picture", "This is a picture, whatever its name says."),
        (b"", "sheet_empty_file", "The file is empty."),
    ],
)
async def test_what_is_no_sheet_says_so(app: App, http: Client, keys: Keys, content: bytes, code: str, words: str):
    as_writer = {"authorization": f"Bearer {keys['write']}"}
    sent = await http.post("/api/imports?name=l.csv&source=shop", content=content, headers=as_writer)
    id_ = sent.json()["id"]
    with pytest.raises(imports.Unreadable):
        await _work(app, id_)
    made = (await http.get(f"/api/imports/{id_}", headers=as_writer)).json()["import"]
    assert (made["state"], made["fault"]["code"]) == ("failed", code)
    assert made["fault"]["message"] == words


async def test_names_that_nobody_can_write_down_are_no_fault_of_ours(http: Client, keys: Keys):
    as_writer = {"authorization": f"Bearer {keys['write']}"}
    sent = await http.post("/api/imports?name=a%00%1Fb.csv&source=shop", content=LIST.encode(), headers=as_writer)
    assert (sent.status_code, sent.json()["file_name"]) == (202, "ab.csv")
    for door, status in ((keys["write"], 403), (keys["admin"], 400)):
        as_one = {"authorization": f"Bearer {door}"}
        sent = await http.post("/api/imports?name=a.csv&source=%00", content=LIST.encode(), headers=as_one)
        assert sent.status_code == status, sent.text


async def test_who_may_only_read_hands_nothing_in(http: Client, keys: Keys):
    sent = await http.post("/api/imports?name=l.csv&source=shop", headers={"authorization": f"Bearer {keys['read']}"})
    assert sent.status_code == 403


async def test_who_may_not_make_sources_makes_none_by_handing_a_file_in(app: App, http: Client, keys: Keys):
    async def hand_in(scope: str, source: str) -> Response:
        as_one = {"authorization": f"Bearer {keys[scope]}"}
        return await http.post(f"/api/imports?name=l.csv&source={source}", content=LIST.encode(), headers=as_one)

    paged = await http.post(
        "/imports",
        data={"source": "new"},
        files={"file": ("l.csv", LIST)},
        headers={"authorization": f"Bearer {keys['write']}"},
    )
    assert paged.status_code == 403
    assert "Name an existing source" in paged.text
    refused = await hand_in("write", "new")
    assert (refused.status_code, refused.json()["field"]) == (403, "source")
    assert "existing source" in refused.json()["hint"]
    async with app.db.transaction() as tx:
        assert "new" not in [source.name for source in await sources.all_sources(tx)]
        assert await imports.imports(tx) == []
    assert (await hand_in("write", "shop")).status_code == 202
    assert (await hand_in("admin", "new")).status_code == 202


async def test_a_list_is_handed_out_as_a_sheet_to_who_may(app: App, http: Client, keys: Keys):
    got = await http.get("/export/customers.csv", headers={"authorization": f"Bearer {keys['admin']}"})
    assert got.status_code == 200
    assert got.text.lstrip("\ufeff").startswith("fadeno id,fadeno version,Customer number,Name,")
    assert (
        await http.get("/export/customers.csv", headers={"authorization": f"Bearer {keys['read']}"})
    ).status_code == 403
    assert (await http.get("/export/keys.csv", headers={"authorization": f"Bearer {keys['admin']}"})).status_code == 404
