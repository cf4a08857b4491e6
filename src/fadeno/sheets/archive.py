"""Workbooks are zip archives of XML: opened without trust, read as a stream, never unpacked as a whole."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from xml.parsers import expat

from fadeno.sheets.model import Limits, Unreadable

CHUNK_BYTES = 1 << 16
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ArithmeticError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    IndexError,
    KeyError,
    expat.ExpatError,
)


def open_archive(file: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    """The archive, if what it says of its size is bearable.

    A part can't give more than the directory says: reading stops there.

    Raises:
        Unreadable: it is damaged, or would grow too large.
    """
    with readable():
        archive = zipfile.ZipFile(file)
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = min(sum(part.compress_size for part in parts), file.seek(0, 2))  # parts may share the same bytes
    if len(parts) > limits.parts or unpacked > limits.unpacked_bytes:
        raise Unreadable("too_big")
    if unpacked > limits.small_bytes and unpacked > limits.ratio * max(packed, 1):
        raise Unreadable("too_big")
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("password")
    return archive


@contextmanager
def readable() -> Iterator[None]:
    """Whatever a damaged archive raises becomes `Unreadable`."""
    try:
        yield
    except _BROKEN as fault:
        raise Unreadable("broken") from fault


def chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The bytes of one part; nothing when there is no such part."""
    if name not in archive.NameToInfo:
        return
    with readable(), archive.open(name) as part:
        while chunk := part.read(CHUNK_BYTES):
            yield chunk


def parser() -> "expat.XMLParserType":
    """A parser that knows local names only, and no document types (so nothing can be expanded)."""
    made = expat.ParserCreate()
    made.buffer_text = True

    def refuse(*_: object) -> None:
        raise Unreadable("broken")

    made.StartDoctypeDeclHandler = refuse
    made.EntityDeclHandler = refuse
    return made


def local(name: str) -> str:
    """The name of an element without its prefix."""
    return name.rpartition(":")[2]
