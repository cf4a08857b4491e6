"""One PostgreSQL per run, one template with the schema, a clone (~40 ms) or a rolled-back transaction per test.

`FADENO_TEST_DATABASE_URL` takes any other server (15 or newer, a superuser), `FADENO_TEST_POSTGRES` other programs (a
folder with `bin`, e.g. /usr/lib/postgresql/15); else the embedded one is started.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg.conninfo import make_conninfo

from fadeno import events
from fadeno.db import Database, Tx, binaries, migrate, server
from fadeno.kit import clock
from fadeno.kit.ids import new_id
from tests.house.rules import ROOT

# What an installer compiles once is not to be compiled anew by each process a test starts.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

if _programs := os.environ.get("FADENO_TEST_POSTGRES"):
    binaries.installs = lambda: {int(Path(_programs).name): Path(_programs)}

# A slow machine is no fault of what is tested, and a change must not fail by the luck of another's dice.
_TIMELESS = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
hypothesis_settings.register_profile("same", derandomize=True, **_TIMELESS)
hypothesis_settings.register_profile("new", print_blob=True, **_TIMELESS)  # make seek
hypothesis_settings.load_profile(os.environ.get("FADENO_TEST_EXAMPLES", "same"))

NEEDS_TWO = "needs two versions of PostgreSQL, which the wheel brings: run it without FADENO_TEST_POSTGRES"
ROOM_BYTES = 2 * 1024**3
_ADMIN = "FADENO_TEST_ADMIN_URL"  # handed from the controlling process to its workers, as is
_RUN = "FADENO_TEST_RUN"  # the name of this run


# Copying files takes a tenth of the time of writing each block of 500 little tables to the log.
COPIED = "STRATEGY FILE_COPY"
C_LOCALE = f"ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' {COPIED}"


@dataclass
class TestServer:
    """The server of this run: how to reach it as its administrator."""

    __test__ = False
    admin: str
    _dropping: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def url(self, database: str) -> str:
        return make_conninfo(self.admin, dbname=database)

    def run(self, statement: str) -> None:
        with psycopg.connect(self.admin, autocommit=True) as connection:
            connection.execute(statement)

    def clone(self, template: str) -> str:
        name = f"t_{new_id().hex}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} {COPIED}")
        return name

    def made_once(self, name: str, of: str, make: Callable[[str], Awaitable[object]], how: str) -> str:
        """A template by this name, which whichever worker comes first makes of another."""
        with psycopg.connect(self.admin, autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_lock(1)")
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
                return name
            making = f"{name}_making"
            connection.execute(f"DROP DATABASE IF EXISTS {making} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {making} TEMPLATE {of} {how}")
            asyncio.run(make(self.url(making)))
            connection.execute(f"ALTER DATABASE {making} RENAME TO {name}")
        return name

    def made_for_this_run(self, name: str, of: str, make: Callable[[str], Awaitable[object]]) -> str:
        """The same for what hangs on more than the migrations: gone when the run is over."""
        return self.made_once(f"{name}_{os.environ[_RUN]}", of, make, COPIED)

    def drop(self, name: str) -> None:
        """Let it go while the next test runs: most of a drop is waiting for who is still leaving."""
        self._dropping.submit(self.run, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def finish(self) -> None:
        """Wait until all is dropped."""
        self._dropping.shutdown()


def _memory() -> str | None:
    """A disk in memory, where there is one with room: a clone is two thousand little files."""
    at = "/dev/shm"
    is_roomy = "TMPDIR" not in os.environ and os.path.isdir(at) and shutil.disk_usage(at).free > ROOM_BYTES
    return at if is_roomy and os.access(at, os.W_OK) else None


def _start() -> tuple[str, server.Server | None, str | None]:
    if given := os.environ.get("FADENO_TEST_DATABASE_URL"):
        return given, None, None
    folder = tempfile.mkdtemp(prefix="fadeno-test-", dir=_memory())
    running = server.start(Path(folder), scratch=True)
    return running.url("postgres"), running, folder


def pytest_configure(config: pytest.Config) -> None:
    """Start the server once, in the process that outlives all workers, before any of them begins."""
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None) or config.option.collectonly:
        return
    _keep(config)


def _keep(config: pytest.Config) -> str:
    admin, running, folder = _start()
    os.environ[_ADMIN] = admin
    os.environ[_RUN] = run = new_id().hex

    def end() -> None:
        os.environ.pop(_ADMIN, None)
        if running:
            running.stop()
            shutil.rmtree(folder, ignore_errors=True)
            return
        with psycopg.connect(admin, autocommit=True) as connection:
            for (name,) in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (f"%{run}",)):
                connection.execute(f"DROP DATABASE {name}")

    config.add_cleanup(end)
    return admin


@pytest.fixture(scope="session")
def test_server(request: pytest.FixtureRequest) -> Iterator[TestServer]:
    """The PostgreSQL of this run."""
    made = TestServer(os.environ.get(_ADMIN) or _keep(request.config))
    yield made
    made.finish()


@pytest.fixture(scope="session")
def template(test_server: TestServer) -> str:
    """A database with the migrated schema, made once per server and set of migrations."""
    return test_server.made_once(f"template_{migrate.checksum()[:16]}", "template0", migrate.migrate, C_LOCALE)


@pytest.fixture(scope="session")
def furnished(test_server: TestServer, template: str) -> str:
    """The same with the partitions that events of today need, as a database has that was served once."""
    return test_server.made_once(f"{template}_{clock.now():%Y%m}", template, _furnish, COPIED)


async def _furnish(url: str) -> None:
    database = Database(url, size=1)
    await database.open()
    async with database.transaction() as tx:
        await events.ensure_partitions(tx)
    await database.close()


@pytest.fixture(scope="session")
def served_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a database that was made and migrated: to be copied, as making one takes seconds."""
    folder = tmp_path_factory.mktemp("served") / "data"
    environ = {k: v for k, v in os.environ.items() if not k.startswith("FADENO_")} | {"PYTHONPATH": "src"}
    command = [sys.executable, "-m", "fadeno", "check", "--data-dir", str(folder)]
    subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=True, timeout=120)
    return folder


@pytest.fixture
def empty_url(test_server: TestServer) -> Iterator[str]:
    """A database of this test's own with nothing in it, not even the schema."""
    name = f"t_{new_id().hex}"
    test_server.run(f"CREATE DATABASE {name} TEMPLATE template0 {C_LOCALE}")
    yield test_server.url(name)
    test_server.drop(name)


@pytest.fixture
def url(test_server: TestServer, furnished: str) -> Iterator[str]:
    """A database of this test's own, with the schema, today's partitions and nothing else."""
    name = test_server.clone(furnished)
    yield test_server.url(name)
    test_server.drop(name)


@pytest.fixture
def bare_url(test_server: TestServer, template: str) -> Iterator[str]:
    """A database of this test's own, with the schema and nothing else."""
    name = test_server.clone(template)
    yield test_server.url(name)
    test_server.drop(name)


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    """A pool on this test's own database."""
    database = Database(url, size=8)
    await database.open()
    yield database
    await database.close()


@pytest.fixture(scope="session")
def shared_url(test_server: TestServer, template: str) -> Iterator[str]:
    """A database for all tests of this worker that leave no trace."""
    name = test_server.clone(template)
    yield test_server.url(name)
    test_server.drop(name)


@pytest.fixture
async def tx(shared_url: str) -> AsyncIterator[Tx]:
    """An open transaction, rolled back at the end of the test."""
    async with (
        await psycopg.AsyncConnection.connect(shared_url, autocommit=True) as connection,
        connection.transaction(force_rollback=True),
    ):
        yield Tx(connection)
