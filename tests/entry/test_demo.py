"""`fadeno demo` as a person starts it: a process, a terminal that tells what to do, a browser that signs in."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ENVIRON = {k: v for k, v in os.environ.items() if not k.startswith("FADENO_")}


@dataclass
class Demo:
    """A demo that is ready, and what it said."""

    process: subprocess.Popen[str]
    address: str
    password: str
    said: str

    def stop(self) -> float:
        """End it as a terminal does; how many seconds that took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=20) == 0
        return time.monotonic() - began


@contextmanager
def demo(folder: Path, *args: str) -> Iterator[Demo]:
    """`fadeno demo` on any free port."""
    command = [sys.executable, "-m", "fadeno", "demo", "--data-dir", str(folder), "--port", "0", *args]
    with open(folder.parent / "log", "w+") as log:
        process = subprocess.Popen(command, env=ENVIRON, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            said = ""
            for line in process.stdout or ():
                said += line
                if "Ctrl-C" in line:
                    break
            else:
                log.seek(0)
                pytest.fail(f"it ended before it was ready: {said}{log.read()}")
            address = re.search(r"fadeno ready on (\S+)", said)
            password = re.search(r"Password +(\S+)", said)
            assert address
            assert password
            yield Demo(process, address[1], password[1], said)
        finally:
            process.terminate()  # not killed: the database must end with it
            process.wait(timeout=20)


@contextmanager
def signed_in(demo: Demo) -> Iterator[httpx.Client]:
    """A browser that typed what the terminal said."""
    with httpx.Client(base_url=demo.address, follow_redirects=True) as client:
        form = client.get("/sign-in").text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
        answer = client.post("/sign-in", data={**hidden, "email": "demo@lumo.example", "password": demo.password})
        assert answer.status_code == 200
        assert "fadeno_session" in client.cookies
        yield client


def accepted(client: httpx.Client) -> dict[str, int]:
    """Events in the log, by source."""
    found = client.get("/api/sources").json()["items"]
    return {one["name"]: client.get(f"/api/sources/{one['id']}/accounts").json()["accepted"] for one in found}


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_demo_is_signed_into_ended_and_gone_on_with(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with demo(folder, "--customers", "12", "--no-live") as first:
        with signed_in(first) as browser:
            once = accepted(browser)
            assert browser.get("/").status_code == 200
            assert browser.get("/api/customers?q=Jelica").json()["items"]
            assert browser.get("/api/orders").json()["items"]
        assert str(folder / "samples") in first.said
        assert {path.suffix for path in (folder / "samples").iterdir()} == {".xlsx", ".csv", ".ods"}
        assert sum(once.values()) > 100
        assert first.stop() < 3
    assert (folder / "demo.json").stat().st_mode & 0o077 == 0
    with demo(folder, "--customers", "15", "--no-live") as second:
        assert second.password == first.password
        with signed_in(second) as browser:
            more = accepted(browser)
        assert sum(more.values()) > sum(once.values())
        assert all(more[name] >= once[name] for name in once)
        assert second.stop() < 3
    with demo(folder, "--no-live") as third:
        with signed_in(third) as browser:
            assert accepted(browser) == more
        assert third.stop() < 3


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_demo_lives_on(tmp_path: Path) -> None:
    with demo(tmp_path / "data", "--customers", "10") as going, signed_in(going) as browser:
        before = sum(accepted(browser).values())
        until = time.monotonic() + 30
        while sum(accepted(browser).values()) == before:
            assert time.monotonic() < until
            time.sleep(0.5)
        assert going.stop() < 3


def test_a_demo_stays_out_of_other_peoples_data(url: str, tmp_path: Path) -> None:
    environ = ENVIRON | {"FADENO_DATABASE_URL": _as_uri(url), "FADENO_DATA_DIR": str(tmp_path)}
    fadeno = [sys.executable, "-m", "fadeno"]
    add = [*fadeno, "members", "add", "ada@example.com", "--role", "admin", "--password-stdin"]
    subprocess.run(add, env=environ, input="three oak lamps\n", text=True, check=True, timeout=60)
    done = subprocess.run([*fadeno, "demo", "--port", "0"], env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "has members already" in done.stderr
    assert not (tmp_path / "demo.json").exists()


def test_a_demo_of_another_seed_is_another_folder(tmp_path: Path) -> None:
    state = {"seed": 1, "customers": 5, "began_at": "2026-11-23T12:00:00+00:00", "password": "x"}
    (tmp_path / "demo.json").write_text(json.dumps(state))
    command = [sys.executable, "-m", "fadeno", "demo", "--data-dir", str(tmp_path), "--seed", "2"]
    done = subprocess.run(command, env=ENVIRON, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "seed 1" in done.stderr


def _as_uri(conninfo: str) -> str:
    parts = dict(part.split("=", 1) for part in conninfo.split())
    return f"postgresql:///{parts.pop('dbname')}?" + "&".join(f"{k}={v}" for k, v in parts.items())
