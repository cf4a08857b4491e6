"""The embedded PostgreSQL: made, started, stopped, taken over from a process that died.

It listens only on a socket in a folder no other account can enter. `entry` reaches it through `fadeno.db.reached`.
"""

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from fadeno.db import binaries
from fadeno.db.binaries import Account, ServerError
from fadeno.db.place import Place

USER = "fadeno"
START_S = 60
_SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "'128MB'",
    "deadlock_timeout": "'200ms'",  # writers lock in one order; where they can't, nobody shall wait a second
    "wal_buffers": "'16MB'",
    "work_mem": "'8MB'",
    "maintenance_work_mem": "'64MB'",
    "effective_cache_size": "'1GB'",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_wal_size": "'2GB'",
    "min_wal_size": "'256MB'",
    "wal_compression": "on",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "checkpoint_timeout": "'15min'",
    "autovacuum_max_workers": "2",
    "max_parallel_workers_per_gather": "1",
    "idle_in_transaction_session_timeout": "'10min'",
    "logging_collector": "on",
    "log_filename": "'postgres-%a.log'",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "'1d'",
    "log_rotation_size": "0",
    "log_timezone": "'UTC'",
    "timezone": "'UTC'",
    "lc_messages": "'C'",
}
_SETTINGS_18 = {"io_method": "sync"}  # no I/O processes of its own: they cost memory a small shop does not have
_SCRATCH = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "logging_collector": "off",
}


@dataclass(slots=True)
class Server:
    """A running PostgreSQL of ours."""

    place: Place
    process: subprocess.Popen[bytes]
    scratch: bool = False
    _fds: list[int] = field(default_factory=list)

    def url(self, database: str = "fadeno") -> str:
        """How to reach a database of this server."""
        return url_of(self.place.sockets, database)

    def stop(self, patience_s: float = 2.0) -> None:
        """Stop it: politely, then at once. What is committed is kept either way."""
        for number, wait_s in (
            (signal.SIGQUIT if self.scratch else signal.SIGINT, patience_s),
            (signal.SIGQUIT, 2.0),
            (signal.SIGKILL, 5.0),
        ):
            if self.process.poll() is not None:
                break
            self.process.send_signal(number)
            try:
                self.process.wait(wait_s)
            except subprocess.TimeoutExpired:
                continue
        self.place.forget_sockets()


def url_of(sockets: Path, database: str) -> str:
    """The address of a database behind a socket folder."""
    return f"postgresql://{USER}@/{database}?host={quote(str(sockets), safe='')}&port=5432"


def start(data_dir: Path, *, scratch: bool = False, name: str = "postgres", major: int | None = None) -> Server:
    """Start the server of `data_dir`, making its data on the first day. Blocks until it answers.

    The caller must hold the data directory (`fadeno.db.holder`), and be the thread that lives longest:
    the server ends with it.

    Args:
        scratch: for data nobody needs tomorrow: no fsync, stopped at once.
        name: the folder below `data_dir` the data are in.
        major: which PostgreSQL; None is the newest.

    Raises:
        ServerError: it can't be made or started; the message says what PostgreSQL said.
    """
    account = binaries.account_for(data_dir / name)
    place = Place.of(data_dir, name, account)
    major = major or binaries.newest()
    if not (place.data / "PG_VERSION").exists():
        _make(place, major, scratch=scratch)
    place.own()
    end_orphan(place)
    _configure(place, major, scratch=scratch)
    return _run(place, major, scratch=scratch)


def version_of(data_dir: Path, name: str = "postgres") -> int | None:
    """The major version the data were made with; None where there are none yet."""
    try:
        return int((data_dir / name / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def end_orphan(place: Place) -> None:
    """Stop a server left behind by a fadeno that died.

    Raises:
        ServerError: it does not stop.
    """
    pid = place.postmaster()
    if pid is None:
        return
    for number, wait_s in ((signal.SIGINT, 5.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 2.0)):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        until = time.monotonic() + wait_s
        while time.monotonic() < until:
            if place.postmaster() != pid:
                return
            time.sleep(0.02)
    raise ServerError(
        f"a PostgreSQL left behind by an earlier run (process {pid}) does not stop", hint="end it, then start again"
    )


def _make(place: Place, major: int, *, scratch: bool) -> None:
    """Run initdb beside, then put the result in place: a half-made folder is never mistaken for data."""
    making = Place.of(place.data.parent, place.data.name + ".making", place.account)
    shutil.rmtree(making.data, ignore_errors=True)
    making.data.mkdir(mode=0o700)
    account = binaries.named_account() if place.account else None
    making.own(account)
    program = binaries.program("initdb", major, account)
    with making.seen(making.data) as (path, fds):
        command = [program, "-D", path, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-instructions"]
        command += ["--locale=C", "--data-checksums"]
        command += ["--locale-provider=builtin", "--builtin-locale=C"] if major >= 17 else []
        command += ["--no-sync"] if scratch else []
        done = subprocess.run(  # noqa: S603 - our own binary
            command,
            capture_output=True,
            text=True,
            pass_fds=fds,
            env=binaries.environment(),
            check=False,
            **_as(account),
        )
    if done.returncode:
        shutil.rmtree(making.data, ignore_errors=True)
        raise ServerError(f"the database folder {place.data} can't be made: {done.stderr.strip()}")
    making.own()
    making.data.rename(place.data)


def _configure(place: Place, major: int, *, scratch: bool) -> None:
    """Write the settings anew at each start; `postgres.conf` in the data directory has the last word."""
    settings = _SETTINGS | (_SETTINGS_18 if major >= 18 else {}) | (_SCRATCH if scratch else {})
    lines = ["# Written by fadeno at every start. Put your own settings into postgres.conf in the data directory."]
    lines += [f"{key} = {value}" for key, value in settings.items()]
    own = place.data.parent / "postgres.conf"
    if own.exists():
        lines.append(own.read_text("utf-8"))
    target = place.data / "postgresql.conf"
    target.write_text("\n".join(lines) + "\n", "utf-8")


def _run(place: Place, major: int, *, scratch: bool) -> Server:
    program = binaries.program("postgres", major, place.account)
    log = place.data.parent / f"{place.data.name}.start.log"
    with (
        place.seen(place.data) as (data, data_fds),
        place.seen(place.make_sockets()) as (sockets, socket_fds),
        log.open("wb") as out,
    ):
        process = subprocess.Popen(  # noqa: S603 - our own binary
            [program, "-D", data, "-k", sockets],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd="/",
            pass_fds=[*data_fds, *socket_fds],
            env=binaries.environment(),
            start_new_session=True,  # Ctrl-C in the terminal is for fadeno, which then stops us in order
            preexec_fn=binaries.end_with_parent(signal.SIGQUIT if scratch else signal.SIGINT),
            **_as(place.account),
        )
    server = Server(place, process, scratch)
    try:
        _wait(server, log)
    except BaseException:
        server.stop()
        raise
    return server


def _wait(server: Server, log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if server.process.poll() is not None:
            said = log.read_text("utf-8", "replace").strip() or "nothing"
            raise ServerError(f"the database did not start. It said: {said}", hint=f"see {server.place.data / 'log'}")
        if server.place.ready(server.process.pid):
            _make_database(server.url("postgres"))
            return
        time.sleep(0.01)
    raise ServerError(f"the database did not answer within {START_S} seconds", hint=f"see {server.place.data / 'log'}")


def _make_database(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'fadeno'").fetchone():
            connection.execute("CREATE DATABASE fadeno TEMPLATE template0")


def _as(account: Account | None) -> dict[str, object]:
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
