"""One file with everything: database, secret key, attachments of this machine. Made while fadeno runs; read back in
one transaction."""

import asyncio
import contextlib
import io
import json
import os
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from psycopg import sql

from fadeno import __version__
from fadeno.db import binaries, migrate
from fadeno.db.replay import ReplayError, replay
from fadeno.kit import clock
from fadeno.kit.errors import FadenoError

FORMAT = 1
_LABEL, _DUMP, _KEY, _FILES = "fadeno.json", "database.dump", "secret.key", "files"


class BackupError(FadenoError):
    """The backup could not be made or read."""

    code = "backup"
    status = 500


async def save(url: str, data_dir: Path, target: Path) -> None:
    """Write a backup to `target`, readable by its owner only; whole or not at all.

    Raises:
        BackupError: the file exists, or the database can't be read.
    """
    if target.exists():
        raise BackupError(f"{target} exists already", hint="choose another name, or remove it")
    label = {"format": FORMAT, "version": __version__, "made_at": clock.now().isoformat(), "server": await _server(url)}
    await asyncio.to_thread(_write, url, data_dir, target, label)


async def load(url: str, data_dir: Path, source: Path, *, replace: bool = False) -> dict[str, Any]:
    """Read a backup into the database and bring it to this version's shape; its label.

    The database changes in one transaction; the key follows it, the key it replaces is kept beside.

    Args:
        replace: there may be something in the database, and it goes away.

    Raises:
        BackupError: the file is none of ours or damaged, or the database is in use or not empty.
    """
    with TemporaryDirectory(dir=data_dir, prefix=".restore-") as folder:
        label = await asyncio.to_thread(_unpack, source, Path(folder))
        await _demand_quiet(url, replace=replace)
        schemas = await _schemas(url)
        await asyncio.to_thread(_read, url, Path(folder), schemas)
        await asyncio.to_thread(_put_files, Path(folder) / _FILES, data_dir / _FILES)
        key = Path(folder) / _KEY
        if key.exists():
            _put_key(key, data_dir / _KEY)
    await migrate.migrate(url)
    return label


def _write(url: str, data_dir: Path, target: Path, label: dict[str, Any]) -> None:
    try:
        with TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:  # only we can look into it
            dump, partial = Path(folder) / _DUMP, Path(folder) / "whole"
            _call("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", dump, "--dbname", url)
            with tarfile.open(partial, "w", format=tarfile.PAX_FORMAT) as tar:
                _add(tar, _LABEL, json.dumps(label, indent=1).encode())
                if (key := data_dir / _KEY).exists():
                    _add(tar, _KEY, key.read_bytes())
                tar.add(dump, _DUMP, filter=_anonymous)
                _add_files(tar, data_dir / _FILES)
            partial.chmod(0o600)
            with partial.open("rb") as file:
                os.fsync(file.fileno())
            partial.rename(target)
    except OSError as error:
        raise BackupError(f"{target} can't be written: {error.strerror}") from error


def _add_files(tar: tarfile.TarFile, root: Path) -> None:
    """Add the attachments that lie in a folder. They are never changed; one that goes meanwhile was let go of."""
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix != ".making":
            with contextlib.suppress(FileNotFoundError):
                tar.add(path, f"{_FILES}/{path.relative_to(root).as_posix()}", filter=_anonymous)


def _put_files(source: Path, root: Path) -> None:
    """Put attachments back beside those that are there; a key is never used again for others."""
    for path in source.rglob("*"):
        if path.is_file():
            place = root / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.replace(place)


def _anonymous(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = 0o600
    return info


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = len(content), 0o600, int(clock.now().timestamp())
    tar.addfile(info, io.BytesIO(content))


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    try:
        file = source.open("rb")
    except OSError as error:
        raise BackupError(
            f"{source} can't be read: {error.strerror}", hint="name what `fadeno backup` wrote"
        ) from error
    try:
        with file, tarfile.open(fileobj=file, mode="r:") as tar:
            for info in tar:
                if info.isreg() and (info.name in (_LABEL, _DUMP, _KEY) or info.name.startswith(f"{_FILES}/")):
                    tar.extract(info, folder, filter="data")
        label = json.loads((folder / _LABEL).read_bytes())
    except (OSError, tarfile.TarError, ValueError) as error:
        raise BackupError(f"{source} is not a backup of fadeno, or it is damaged: {error}") from error
    if label.get("format") != FORMAT or not (folder / _DUMP).exists():
        raise BackupError(f"{source} was made by a version this one can't read ({label.get('version')})")
    return label


def _read(url: str, folder: Path, schemas: list[str]) -> None:
    drop = sql.SQL("; ").join(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)) for name in schemas)
    program = [binaries.program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", folder / _DUMP]
    try:
        replay(url, program, before="SET client_min_messages = warning; " + drop.as_string(None))
    except ReplayError as error:
        raise BackupError(error.message) from error


def _call(program: str, *arguments: Any) -> None:
    done = subprocess.run(  # noqa: S603 - our own binary
        [binaries.program(program), *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=binaries.environment(),
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()}")


def _put_key(new: Path, place: Path) -> None:
    if place.exists():
        if place.read_bytes() == new.read_bytes():
            return
        place.rename(place.with_name(f"{_KEY}.before-{clock.now():%Y%m%dT%H%M%S}"))
    new.rename(place)


async def _server(url: str) -> str:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute("SHOW server_version")
        return (await cursor.fetchone())[0]


async def _schemas(url: str) -> list[str]:
    """The schemas fadeno made, which a restore replaces."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname <> 'public' AND nspname <> 'information_schema'"
            " AND nspname NOT LIKE 'pg\\_%%'"
        )
        return [name for (name,) in await cursor.fetchall()]


async def _demand_quiet(url: str, *, replace: bool) -> None:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute(
            "SELECT count(*), to_regclass('db.migration') IS NOT NULL FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        others, holds_data = await cursor.fetchone()
    if others:
        raise BackupError("the database is in use", hint="stop every fadeno that uses it first")
    if holds_data and not replace:
        raise BackupError("there are data already", hint="give --replace to replace them")
