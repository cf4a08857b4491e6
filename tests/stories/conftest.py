"""The whole product as people meet it: a process, a browser, a client that sends events."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.house.rules import ROOT

expect.set_options(timeout=30_000)  # what is expected comes; when, is a matter of how busy the machine is
PASSWORD = "three plain words"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("FADENO_")} | {"PYTHONPATH": str(ROOT / "src")}


@dataclass(frozen=True)
class Shop:
    """A running fadeno with one administrator and one source."""

    address: str
    key: str

    def says(self, event: str, who: dict, properties: dict | None = None, **more: object) -> None:
        """Send one event as a shop's server does; answered once it is committed."""
        body = {"event": event, "properties": properties or {}, **who, **more}
        answer = httpx.post(f"{self.address}/v1/track", json=body, auth=(self.key, ""))
        assert answer.status_code == 200, answer.text

    def knows(self, who: dict, **traits: object) -> None:
        """Say who somebody is."""
        answer = httpx.post(f"{self.address}/v1/identify", json={**who, "traits": traits}, auth=(self.key, ""))
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("needs a browser: install Debian's package chromium")
    return found


@pytest.fixture(scope="module")  # as long as it is open no other event loop can run in this process
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield started
        started.close()


def _fadeno(data_dir: Path, *arguments: str, stdin: str | None = None) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "fadeno", *arguments, "--data-dir", str(data_dir)],
        input=stdin,
        capture_output=True,
        text=True,
        env=_ENVIRONMENT,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


@contextmanager
def served(data_dir: Path, port: int = 0) -> Iterator[str]:
    """A process as long as the block lasts; its address."""
    with (data_dir.parent / "serve.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "fadeno", "serve", "--data-dir", str(data_dir), "--port", str(port)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=_ENVIRONMENT,
        )
    try:
        line = process.stdout.readline()
        match = re.fullmatch(r"fadeno ready on (\S+)\n", line)
        assert match, line + (data_dir.parent / "serve.log").read_text()
        yield match[1]
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory, served_before: Path) -> Path:
    """Where the stories take place."""
    return shutil.copytree(served_before, tmp_path_factory.mktemp("story") / "data")


@pytest.fixture(scope="session")
def opened_shop(data_dir: Path) -> Iterator[tuple[ExitStack, Shop]]:
    """A process of its own, which a story may end and start again, with one member and one source."""
    with ExitStack() as running:
        address = running.enter_context(served(data_dir))
        _fadeno(data_dir, "members", "add", "ana@lumo.example", "--role", "admin", "--password-stdin", stdin=PASSWORD)
        yield running, Shop(address, _fadeno(data_dir, "sources", "create", "shop"))


@pytest.fixture
def shop(opened_shop: tuple[ExitStack, Shop]) -> Shop:
    """A running fadeno."""
    return opened_shop[1]


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about; a story that expects complaints empties it."""
    return []


@pytest.fixture
def page(browser: Browser, shop: Shop, complaints: list[str]) -> Iterator[Page]:
    """A signed-in page that fails the test where the browser complains."""
    context = browser.new_context(
        timezone_id="Europe/Belgrade", locale="en-GB", viewport={"width": 1440, "height": 900}
    )
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{shop.address}/sign-in")
    page.get_by_label("E-mail").fill("ana@lumo.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/customers")
    yield page
    context.close()
    assert complaints == []
