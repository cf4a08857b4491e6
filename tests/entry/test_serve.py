"""The process as a person meets it: ready, joined by commands, stopped, killed, started again."""

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from fadeno.entry import cli
from tests.house.rules import ROOT

STREAMS = 50
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("FADENO_")} | {"PYTHONPATH": str(ROOT / "src")}


@dataclass
class Serving:
    """A `fadeno serve` of this test."""

    process: subprocess.Popen[str]
    data_dir: Path
    address: str
    ready_s: float

    def database(self) -> list[psutil.Process]:
        return [p for p in psutil.Process(self.process.pid).children() if p.name() == "postgres"]

    def stop(self, number: int) -> float:
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(30)
        return time.monotonic() - began


def fadeno(*arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fadeno", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=60,
        check=False,
    )


def start(data_dir: Path) -> Serving:
    began = time.monotonic()
    log = (data_dir.parent / "serve.log").open("a")
    process = subprocess.Popen(
        [sys.executable, "-m", "fadeno", "serve", "--data-dir", str(data_dir), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env=ENVIRONMENT,
    )
    log.close()
    line = process.stdout.readline()
    match = re.fullmatch(r"fadeno ready on (http://127\.0\.0\.1:\d+)\n", line)
    assert match, line + (data_dir.parent / "serve.log").read_text()
    return Serving(process, data_dir, match[1], time.monotonic() - began)


@pytest.fixture
def serving(tmp_path: Path, served_before: Path) -> Iterator[Serving]:
    started = start(shutil.copytree(served_before, tmp_path / "data"))
    yield started
    end(started)


@pytest.fixture(scope="module")
def unharmed(tmp_path_factory: pytest.TempPathFactory, served_before: Path) -> Iterator[Serving]:
    """One for all tests that leave it as it is."""
    started = start(shutil.copytree(served_before, tmp_path_factory.mktemp("unharmed") / "data"))
    yield started
    end(started)


def end(serving: Serving) -> None:
    if serving.process.poll() is None:
        serving.process.kill()
        serving.process.wait()
    serving.process.stdout.close()


@contextlib.contextmanager
def open_streams(serving: Serving, key: str, count: int) -> Iterator[list[socket.socket]]:
    port = int(serving.address.rsplit(":", 1)[1])
    with contextlib.ExitStack() as stack:
        sockets = []
        for _ in range(count):
            stream = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            stream.settimeout(40)
            stream.sendall(
                f"GET /api/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
                "Accept: text/event-stream\r\n\r\n".encode()
            )
            sockets.append(stream)
        for stream in sockets:
            assert stream.recv(4096).startswith(b"HTTP/1.1 200"), "the stream does not open"
        yield sockets


def read_key(serving: Serving) -> str:
    done = fadeno("keys", "create", "desk", "--scope", "read", "--data-dir", str(serving.data_dir))
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_it_answers_and_commands_work_beside_it(unharmed: Serving):
    assert httpx.get(unharmed.address + "/healthz").status_code == 200
    assert httpx.get(unharmed.address + "/readyz").status_code == 200
    before = fadeno("--data-dir", str(unharmed.data_dir), "check", "--json")
    after = fadeno("check", "--json", "--data-dir", str(unharmed.data_dir))
    assert before.returncode == after.returncode == 0, before.stderr + after.stderr
    assert json.loads(after.stdout)["faults"] == 0
    saved = fadeno("backup", str(unharmed.data_dir / "one.fadeno"), "--data-dir", str(unharmed.data_dir))
    assert saved.returncode == 0, saved.stderr
    refused = fadeno("restore", str(unharmed.data_dir / "one.fadeno"), "--data-dir", str(unharmed.data_dir))
    assert refused.returncode == 1
    assert "is held by `fadeno serve`" in refused.stderr


def test_the_first_start_prints_the_link_that_makes_the_administrator(serving: Serving):
    assert serving.process.stdout.readline() == "Nobody works here yet. Make yourself the administrator:\n"
    link = serving.process.stdout.readline().strip()
    assert link.startswith(f"{serving.address}/welcome?token=")
    assert httpx.get(link).status_code == 200
    from_afar = {"x-forwarded-for": "203.0.113.9"}
    assert httpx.get(serving.address + "/welcome").status_code == 200  # a browser here
    assert httpx.get(serving.address + "/welcome", headers=from_afar).status_code == 403
    assert httpx.get(link, headers=from_afar).status_code == 200


def test_a_second_start_says_who_holds_the_data(unharmed: Serving):
    second = fadeno("serve", "--data-dir", str(unharmed.data_dir), "--port", "0")
    assert second.returncode == 1
    assert f"held by `fadeno serve` at {unharmed.address} (process {unharmed.process.pid}" in second.stderr
    assert second.stdout == ""


@pytest.mark.slow  # measures time, so it runs alone
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_with_open_screens_everything_stops_within_three_seconds(serving: Serving, number: int):
    assert serving.ready_s < 8
    key = read_key(serving)
    (database,) = serving.database()
    with open_streams(serving, key, STREAMS) as streams:
        took_s = serving.stop(number)
        assert serving.process.returncode == 0
        assert not database.is_running()
        assert took_s <= 3
        assert (serving.data_dir.parent / "serve.log").read_text() == "", "an orderly stop has nothing to say"
        for stream in streams:
            with contextlib.suppress(ConnectionResetError):
                while stream.recv(4096):
                    pass  # the stream ended, it does not hang
    assert not (serving.data_dir / "postgres" / "postmaster.pid").exists()


def test_after_a_kill_the_next_start_takes_over(serving: Serving):
    key = read_key(serving)
    serving.process.kill()
    serving.process.wait()
    again = start(serving.data_dir)
    try:
        listed = httpx.get(again.address + "/api/sources", headers={"Authorization": f"Bearer {key}"})
        assert listed.status_code == 200
    finally:
        again.stop(signal.SIGTERM)
        end(again)


def test_a_database_that_dies_ends_the_process_with_a_word(serving: Serving):
    (database,) = serving.database()
    database.kill()
    assert serving.process.wait(15) == 1
    assert "the database ended" in (serving.data_dir.parent / "serve.log").read_text()


def test_a_taken_port_is_said_before_anything_starts(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = fadeno("serve", "--data-dir", str(tmp_path / "data"), "--port", str(port))
    assert done.returncode == 1
    assert f"can't listen on 127.0.0.1:{port}" in done.stderr
    assert not (tmp_path / "data" / "postgres").exists()


def test_backup_and_restore_without_a_running_server(tmp_path: Path):
    here, there, file = str(tmp_path / "here"), str(tmp_path / "there"), str(tmp_path / "all.fadeno")
    key = fadeno("keys", "create", "desk", "--scope", "read", "--data-dir", here).stdout.strip()
    assert fadeno("backup", file, "--data-dir", here).returncode == 0
    done = fadeno("restore", file, "--data-dir", there)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "there" / "secret.key").read_text() == (tmp_path / "here" / "secret.key").read_text()
    restored = start(tmp_path / "there")
    try:
        listed = httpx.get(restored.address + "/api/sources", headers={"Authorization": f"Bearer {key}"})
        assert listed.status_code == 200
    finally:
        restored.stop(signal.SIGTERM)
        end(restored)


def test_an_idle_installation_is_small(unharmed: Serving):
    time.sleep(1)
    main = psutil.Process(unharmed.process.pid)
    family = [main, *main.children(recursive=True)]
    kept = sum(p.memory_full_info().pss for p in family)
    assert kept <= 350 * 1024 * 1024, f"{kept / 2**20:.0f} MB"


def commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in dict.fromkeys(action.choices.values()):
                yield child
                yield from commands(child)


def test_every_command_has_an_example_and_takes_the_data_directory_on_both_sides():
    root = cli.parser()
    found = list(commands(root))
    names = {parser.prog.removeprefix("fadeno ") for parser in found}
    assert {"serve", "backup", "restore", "check", "members add", "keys create", "sources create"} <= names
    for parser in found:
        assert "example:\n  fadeno " in parser.format_help(), parser.prog
        assert "--data-dir DIR" in parser.format_help(), parser.prog
    assert root.parse_args(["--data-dir", "a", "check"]).data_dir == "a"
    assert root.parse_args(["check", "--data-dir", "a"]).data_dir == "a"


def test_a_command_loads_only_what_it_needs_and_is_the_same_as_among_all():
    whole = cli.parser()._subparsers._group_actions[0].choices
    for name, command in whole.items():
        alone = cli.parser(name)._subparsers._group_actions[0].choices[name]
        assert alone.format_help() == command.format_help()
    assert list(cli.parser("frame")._subparsers._group_actions[0].choices) == list(whole)
    code = "import sys; from fadeno.entry.cli import parser; parser('import'); print('litestar' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
