"""A real fadeno process on a database of its own, for clients that know nothing of our tests."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.conftest import TestServer

HERE = Path(__file__).parent
NO_NODE = "needs node, npm and the packages of tests/clients: `cd tests/clients && npm ci`"


@dataclass
class Served:
    """Where the process listens, and the key that may do all."""

    address: str
    admin_key: str

    def source(self, name: str, kind: str = "server") -> tuple[int, str]:
        """A new source: its id and a write key for it."""
        made = self.post("/api/sources", {"name": name, "kind": kind})
        key = self.post("/api/keys", {"name": name, "scope": "collect", "source": name})
        return made["id"], key["key"]

    def accounts(self, source_id: int) -> dict[str, int]:
        return self.get(f"/api/sources/{source_id}/accounts").json()

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.address + path, headers={"Authorization": f"Bearer {self.admin_key}"})

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = httpx.post(self.address + path, json=body, headers={"Authorization": f"Bearer {self.admin_key}"})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def thread(self, address: str) -> list[dict]:
        """The thread of the customer behind an address."""
        found = self.get(f"/api/customers?address={address}").json()["items"]
        assert len(found) == 1, found
        return self.get(f"/api/customers/{found[0]['id']}/thread?limit=100").json()["items"]


def _as_url(conninfo: str) -> str:
    """The way people write it in FADENO_DATABASE_URL."""
    parts = conninfo_to_dict(conninfo)
    return f"postgresql:///{parts.pop('dbname')}?{urlencode(parts)}"


def _fadeno(environ: dict[str, str], *args: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "fadeno", *args], env=environ, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


@pytest.fixture(scope="session")
def served(test_server: TestServer, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`fadeno serve` on any free port, one for all clients of this worker, stopped at the end."""
    name = test_server.clone(template)
    environ = {k: v for k, v in os.environ.items() if not k.startswith("FADENO_")}
    environ["FADENO_DATABASE_URL"] = _as_url(test_server.url(name))
    environ["FADENO_DATA_DIR"] = str(tmp_path_factory.mktemp("clients"))
    key = _fadeno(environ, "keys", "create", "tests", "--scope", "admin")
    process = subprocess.Popen(
        [sys.executable, "-m", "fadeno", "serve", "--port", "0"], env=environ, stdout=subprocess.PIPE, text=True
    )
    try:
        address = ""
        for line in process.stdout:
            if ready := re.search(r"fadeno ready on (\S+)", line):
                address = ready[1]
                break
        assert address, "fadeno did not get ready"
        yield Served(address, key)
    finally:
        process.terminate()
        assert process.wait(10) == 0
        test_server.drop(name)


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The unmodified node clients."""
    folder = HERE / "node_modules"
    if not folder.exists() or not shutil.which("node"):
        pytest.skip(NO_NODE)
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """A real browser."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("needs a browser: install Debian's package chromium")
    return found
