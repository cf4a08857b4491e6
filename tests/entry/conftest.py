"""The whole product on a database of the test's own, spoken to over HTTP without a socket."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from litestar import Litestar

from fadeno import access, settings, sources
from fadeno import app as house
from fadeno.access import passwords
from fadeno.app import App
from fadeno.entry.http import make_http

QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with little work: what is tested is who is let in."""
    monkeypatch.setattr(passwords, "_hasher", QUICK)
    monkeypatch.setattr(passwords, "_nobody", lambda: QUICK.hash("nobody has this password"))


@pytest.fixture
async def app(url: str, tmp_path: Path) -> AsyncIterator[App]:
    """The joined rooms, the gate and the live stream running."""
    loaded = settings.load({}, data_dir=tmp_path)
    started = await house.start(loaded, url)
    yield started
    await started.stop()


@pytest.fixture(scope="session")
def asgi() -> Litestar:
    """The ASGI application, made once: gathering its routes takes longer than most tests."""
    return make_http(None)


@pytest.fixture
async def http(app: App, asgi: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the real ASGI application."""
    asgi.state.fadeno = app
    transport = httpx.ASGITransport(app=asgi)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
async def keys(app: App) -> dict[str, str]:
    """A key of each scope; `collect` sends for the server source "shop", `browser` for the browser source "site"."""
    async with app.db.transaction() as tx:
        shop = await sources.create(tx, access.SYSTEM, "shop", region="HU")
        site = await sources.create(tx, access.SYSTEM, "site", kind="browser", region="HU")
        made = {
            scope: await access.create_key(tx, access.SYSTEM, scope, scope, None)
            for scope in ("read", "write", "admin")
        }
        made["collect"] = await access.create_key(tx, access.SYSTEM, "shop", "collect", shop.id)
        made["browser"] = await access.create_key(tx, access.SYSTEM, "site", "collect", site.id)
    return made
