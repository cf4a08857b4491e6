"""The embedded server: made, joined, taken over, and never left behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

import fadeno.db
from fadeno.db import binaries, holder, migrate, server
from fadeno.db.server import Server
from tests.conftest import NEEDS_TWO
from tests.house.rules import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def ask(url: str, question: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(question).fetchone()[0]


def gone(pid: int, within_s: float = 40) -> bool:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def test_data_outlive_a_stop_and_a_start(folder: Path):
    first = server.start(folder)
    with psycopg.connect(first.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE t AS SELECT 'kept' AS x")
    first.stop()
    assert first.process.poll() is not None
    second = server.start(folder)
    try:
        assert ask(second.url(), "SELECT x FROM t") == "kept"
    finally:
        second.stop()


def test_text_sorts_by_code_point_on_every_machine(test_server):
    with psycopg.connect(test_server.admin) as connection:
        order = connection.execute("SELECT string_agg(x, '' ORDER BY x) FROM unnest('{a,Z,é,B}'::text[]) x").fetchone()
    assert order == ("BZaé",)


def test_nobody_but_the_owner_gets_near_the_socket(folder: Path):
    running = server.start(folder, scratch=True)
    try:
        assert running.place.sockets.stat().st_mode & 0o077 == 0
        assert (folder / "postgres").stat().st_mode & 0o077 == 0
        assert ask(running.url(), "SHOW listen_addresses") == ""
        if os.geteuid() == 0:
            assert running.place.sockets.stat().st_uid != 0
    finally:
        running.stop()
    assert not running.place.sockets.exists()


@pytest.mark.skipif(
    os.geteuid() != 0, reason="needs root, who alone can hide a folder from the database: run it as root"
)
def test_root_needs_no_open_parents(folder: Path):
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    (closed / "data").mkdir()
    running = server.start(closed / "data", scratch=True)
    try:
        assert ask(running.url(), "SELECT 'here'") == "here"
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        running.stop()


def test_a_path_too_long_for_a_socket_still_works(folder: Path):
    deep = folder / ("x" * 100)
    deep.mkdir()
    running = server.start(deep, scratch=True)
    try:
        assert ask(running.url(), "SELECT 'here'") == "here"
        assert len(str(running.place.sockets)) < 104
        assert running.place.sockets.stat().st_mode & 0o077 == 0
    finally:
        running.stop()


def test_settings_of_ones_own_have_the_last_word(folder: Path):
    (folder / "postgres.conf").write_text("work_mem = '5MB'\n")
    running = server.start(folder, scratch=True)
    try:
        assert ask(running.url(), "SHOW work_mem") == "5MB"
    finally:
        running.stop()


def test_a_broken_setting_is_told_in_postgresqls_own_words(folder: Path):
    (folder / "postgres.conf").write_text("work_mum = '5MB'\n")
    with pytest.raises(server.ServerError, match="work_mum"):
        server.start(folder, scratch=True)


def test_a_half_made_folder_is_made_anew(folder: Path):
    (folder / "postgres.making").mkdir()
    (folder / "postgres.making" / "PG_VERSION").write_text("18\n")
    running = server.start(folder, scratch=True)
    running.stop()
    assert not (folder / "postgres.making").exists()


def start_in_a_child(folder: Path) -> tuple[subprocess.Popen[str], int]:
    code = (
        "import sys, time; from pathlib import Path; from fadeno.db import server;"
        f"s = server.start(Path({str(folder)!r})); print(s.process.pid, flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT / "src")
    return child, int(child.stdout.readline())


@pytest.mark.skipif(
    sys.platform != "linux", reason="needs Linux, which alone tells a child that its parent died: run it in a container"
)
def test_the_server_ends_with_a_parent_killed_outright(folder: Path):
    child, pid = start_in_a_child(folder)
    child.kill()
    child.wait()
    child.stdout.close()
    assert gone(pid)


def test_an_orphan_is_stopped_and_its_data_taken_over(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(binaries, "end_with_parent", lambda number: lambda: None)
    orphan = server.start(folder)
    with psycopg.connect(orphan.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE t AS SELECT 'kept' AS x")
    second = server.start(folder)
    try:
        assert orphan.process.wait(5) is not None
        assert ask(second.url(), "SELECT x FROM t") == "kept"
    finally:
        second.stop()


def test_a_note_left_by_a_dead_server_whose_number_went_to_another_process_is_dropped(folder: Path):
    server.start(folder).stop()
    (folder / "postgres" / "postmaster.pid").write_text(f"{os.getppid()}\n{folder}/postgres\n1\n5432\n\n\n0 0\nready\n")
    running = server.start(folder)
    try:
        assert ask(running.url(), "SELECT 'here'") == "here"
    finally:
        running.stop()


@pytest.mark.parametrize("everything", [True, False])
def test_after_a_server_that_was_killed_the_next_one_starts_at_once(folder: Path, everything: bool):
    for _ in range(3):
        killed = server.start(folder)
        children = Path(f"/proc/{killed.process.pid}/task/{killed.process.pid}/children").read_text().split()
        for pid in [killed.process.pid, *map(int, children if everything else ())]:
            os.kill(pid, signal.SIGKILL)
        killed.process.wait()
    running = server.start(folder)
    try:
        assert ask(running.url(), "SELECT 'here'") == "here"
    finally:
        running.stop()


async def test_a_second_process_hears_who_holds_the_folder(folder: Path):
    held = await holder.hold(folder, "fadeno serve")
    try:
        held.note(address="http://127.0.0.1:8000", url=held.server.url())
        with pytest.raises(
            holder.Held, match=rf"held by `fadeno serve` at http://127.0.0.1:8000 \(process {os.getpid()}"
        ):
            await holder.hold(folder, "fadeno serve")
    finally:
        held.release()
    assert holder.who(folder) is None


async def test_a_command_joins_the_running_server_and_leaves_it_running(folder: Path):
    held = await holder.hold(folder, "fadeno serve")
    try:
        await fadeno.db.migrated(held.server.url(), folder)
        held.note(url=held.server.url())
        async with fadeno.db.reached(folder, None, what="fadeno check") as url:
            assert url == held.server.url()
        assert held.server.process.poll() is None
    finally:
        held.release()


async def test_a_command_does_not_migrate_under_a_running_server(folder: Path):
    held = await holder.hold(folder, "fadeno serve")
    try:
        held.note(url=held.server.url())
        with pytest.raises(migrate.MigrationError, match="older version than this command"):
            async with fadeno.db.reached(folder, None, what="fadeno check"):
                pass
    finally:
        held.release()


async def test_two_commands_at_once_share_one_server_and_leave_none(folder: Path):
    seen: list[str] = []

    async def work(pause_s: float) -> None:
        async with fadeno.db.reached(folder, None, what="fadeno check") as url:
            await asyncio.sleep(pause_s)
            async with await psycopg.AsyncConnection.connect(url) as connection:
                cursor = await connection.execute("SHOW data_directory")
                seen.append((await cursor.fetchone())[0])

    await asyncio.gather(work(0.1), work(0.6))
    assert len(seen) == 2
    assert not (folder / "postgres" / "postmaster.pid").exists()
    assert holder.who(folder) is None


@pytest.mark.slow
@pytest.mark.skipif(len(binaries.installs()) < 2, reason=NEEDS_TWO)
async def test_data_of_an_older_postgresql_are_brought_to_the_newest(folder: Path):
    oldest = min(binaries.installs())
    old: Server = server.start(folder, major=oldest)
    with psycopg.connect(old.url(), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA kept; CREATE TABLE kept.t AS SELECT 'kept' AS x")
    old.stop()
    held = await holder.hold(folder, "fadeno serve")
    try:
        assert ask(held.server.url(), "SELECT x FROM kept.t") == "kept"
        assert server.version_of(folder) == binaries.newest()
        assert server.version_of(folder, f"postgres.{oldest}") == oldest
    finally:
        held.release()


def test_data_of_a_postgresql_that_does_not_come_with_fadeno_are_left_alone(folder: Path):
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(server.ServerError, match="PostgreSQL 9 does not come"):
        asyncio.run(holder.hold(folder, "fadeno serve"))
    assert holder.who(folder) is None
