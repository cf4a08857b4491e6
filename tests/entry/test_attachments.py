"""Attachments of cases: given to members who may see cases, so that nothing in them runs; to nobody else."""

import io

import httpx
import pytest
from PIL import Image

from fadeno import files
from fadeno.app import App
from fadeno.entry.links import attachment_url
from fadeno.kit.ids import new_id


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, "PNG")
    return made.getvalue()


async def attach(app: App, content: bytes, name: str, room: str = "conversations") -> files.Attachment:
    kept = await files.put(app.shelf, content)
    async with app.db.transaction() as tx:
        id = await files.keep(tx, kept, room=room, object_id=new_id(), name=name)
        return await files.attachment(tx, id)


@pytest.mark.parametrize(
    ("content", "way", "kind"),
    [
        (picture(), "inline", "image/png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "attachment", None),
        (b"<html><script>alert(1)</script>", "attachment", None),
        (b"%PDF-1.4 nothing", "attachment", None),
    ],
)
async def test_only_pictures_without_script_are_shown(app: App, http: httpx.AsyncClient, keys, content, way, kind):
    file = await attach(app, content, 'számla "1"\r\n.pdf')
    for path in (f"/api/attachments/{file.id}", attachment_url(file.id, file.name)):
        answer = await http.get(path, headers={"authorization": f"Bearer {keys['read']}"})
        assert answer.content == content
        assert answer.headers["content-type"] == (kind or "application/octet-stream")
        assert answer.headers["content-disposition"].startswith(f"{way}; filename=")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]


async def test_who_may_see_no_cases_gets_none(app: App, http: httpx.AsyncClient, keys):
    file = await attach(app, b"secret", "a.txt")
    assert (await http.get(f"/api/attachments/{file.id}")).status_code == 401
    collects = {"authorization": f"Bearer {keys['collect']}"}
    assert (await http.get(f"/api/attachments/{file.id}", headers=collects)).status_code in (401, 403)


async def test_what_another_has_not_sent_yet_is_nobodys_to_see(app: App, http: httpx.AsyncClient, keys):
    file = await attach(app, b"half written", "a.txt", room="waiting")
    answer = await http.get(f"/api/attachments/{file.id}", headers={"authorization": f"Bearer {keys['read']}"})
    assert answer.status_code == 404
