"""A channel of another package: found by its entry point, listed, and used like ours; a broken one harms none."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx import AsyncClient as Client

from fadeno import channels, switchboard
from fadeno.app import App, understanding
from fadeno.channels import examining, registry
from tests.switchboard.conftest import Drain, drain  # noqa: F401 -- a fixture


@pytest.fixture
def db(app: App):
    return app.db


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two packages beside fadeno, as an installer leaves them: one that works, one that can't be loaded."""
    examining.start("parrot", tmp_path)
    source = tmp_path / "fadeno-parrot" / "src"
    info = source / "fadeno_parrot-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fadeno-parrot\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text("[fadeno.channels]\nparrot = fadeno_parrot\nghost = fadeno_ghost\n")
    monkeypatch.syspath_prepend(str(source))
    registry._gathered.cache_clear()
    yield source
    registry._gathered.cache_clear()


async def test_a_channel_of_another_package_is_used_like_ours(
    app: App, http: Client, keys: dict[str, str], installed: Path, drain: Drain  # noqa: F811
):  # fmt: skip
    assert examining.examine(channels.adapter("parrot")) == []
    assert "fadeno_ghost" in channels.broken()["ghost"]
    as_admin = {"authorization": f"Bearer {keys['admin']}"}
    given = {"address": "shop", "token": "t-1", "signing_secret": "a-secret-of-the-sample"}
    new = {"channel": "parrot", "name": "Birds", "credentials": given}
    made = await http.post("/api/channels", json=new, headers=as_admin)
    assert made.status_code == 201, made.text
    sample = json.loads((installed / "fadeno_parrot/samples/message.in.json").read_text("utf-8"))
    at = f"/hooks/parrot/{made.json()['id']}"
    assert (await http.post(at, content=sample["body"].encode())).status_code == 422
    brought = await http.post(at, content=sample["body"].encode(), headers=sample["headers"])
    assert (brought.status_code, brought.json()) == (200, {"is_new": True})
    await drain({switchboard.UNDERSTAND: understanding(app)})
    found = (await http.get("/api/cases?list=all", headers=as_admin)).json()["items"]
    assert [one["last_words"] for one in found] == ["Does the lamp come in green?"]
