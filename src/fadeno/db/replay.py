"""Plays a script of pg_dump or pg_restore into a database, in one transaction, without psql.

Such a script is SQL with `COPY … FROM stdin;` blocks between. The wheel's psql carries GNU readline (GPL), so we do not
run it; what it does for a script is little.

Source: pg_dump's plain format, https://www.postgresql.org/docs/18/app-pgdump.html, and COPY's text format,
https://www.postgresql.org/docs/18/sql-copy.html, read 2026-11-23.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, LiteralString

import psycopg

from fadeno.db import binaries
from fadeno.kit.errors import FadenoError

_COPY = re.compile(rb"COPY .* FROM stdin;\r?\n")
_END = b"\\.\n"
# Orders to psql itself, and a setting that servers before 17 do not know; 0 is its default.
_SKIPPED = (b"\\restrict ", b"\\unrestrict ", b"SET transaction_timeout")
_CHUNK_BYTES = 256 * 1024


class ReplayError(FadenoError):
    """What was written can't be read back; nothing was changed."""

    code = "replay"
    status = 500


def replay(url: str, program: Sequence[str | Path], *, before: LiteralString = "") -> None:
    """Run the program and play what it writes, all of it or nothing.

    Args:
        before: SQL to run first, in the same transaction.

    Raises:
        ReplayError: the program failed, or the database refused what it wrote.
    """
    with tempfile.TemporaryFile() as said, psycopg.connect(url) as connection:
        with subprocess.Popen(  # noqa: S603 - our own binary
            program, stdout=subprocess.PIPE, stderr=said, env=binaries.environment()
        ) as running:
            try:
                if before:
                    connection.execute(before)
                _play(connection, running.stdout)
            except psycopg.Error as error:
                running.kill()
                # Only the first line: what follows may quote rows.
                raise ReplayError(f"the database refused it: {error.diag.message_primary or error}") from None
            running.stdout.close()
        if running.returncode:  # raised inside the block, so that the transaction is undone
            said.seek(0)
            raise ReplayError(f"{Path(program[0]).name} failed: {said.read(2000).decode('utf-8', 'replace').strip()}")


def _play(connection: psycopg.Connection, script: IO[bytes]) -> None:
    waiting: list[bytes] = []
    for line in script:
        if _COPY.fullmatch(line):
            _execute(connection, waiting)
            with connection.cursor() as cursor, cursor.copy(line) as copy:
                for chunk in _chunks(script):
                    copy.write(chunk)
        elif not line.startswith(_SKIPPED):
            waiting.append(line)
    _execute(connection, waiting)


def _execute(connection: psycopg.Connection, waiting: list[bytes]) -> None:
    if any(line.strip() for line in waiting):
        connection.execute(b"".join(waiting))
    waiting.clear()


def _chunks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The rows up to the end of this COPY, many at a time."""
    rows, size = [], 0
    for line in lines:
        if line == _END:
            break
        rows.append(line)
        size += len(line)
        if size > _CHUNK_BYTES:
            yield b"".join(rows)
            rows, size = [], 0
    if rows:
        yield b"".join(rows)
