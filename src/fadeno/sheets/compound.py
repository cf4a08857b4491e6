"""Compound files of old Office, looked into far enough to know what reading them whole would cost.

The library that reads old workbooks lays each sheet out as one rectangle: two cells at its far corners take a gigabyte.
So the places of the cells are looked up first.

Source: [MS-CFB] 2.2-2.6 and [MS-XLS] 2.4, https://learn.microsoft.com/openspecs, 2026-11-23.
"""

import struct
from collections.abc import Iterator

_FREE = 0xFFFFFFFA  # from here on numbers of sectors mean something else
_ENTRY_BYTES = 128
_BEGIN, _END = 0x0809, 0x000A
# Records of cells begin with row and column: formula, label, number, RK, rich text, string, truth or error.
_CELLS = frozenset((0x0006, 0x0204, 0x0203, 0x027E, 0x00D6, 0x00FD, 0x0205))
_MANY_CELLS = 0x00BD  # row, first column, …, last column
_DIMENSIONS = 0x0200
_MAX_ROWS, _MAX_COLUMNS = 1 << 16, 1 << 8


class BadCompound(ValueError):
    """It is not what a compound file is."""


def workbook_of(data: bytes) -> bytes:
    """The stream an old workbook lies in; empty when there is none.

    Raises:
        BadCompound: its tables of sectors lead nowhere.
    """
    try:
        return _stream(data, {"workbook", "book"})
    except (struct.error, IndexError, ValueError) as fault:
        raise BadCompound() from fault


def largest_sheet(stream: bytes) -> int:
    """How many cells the rectangle round the cells of the largest sheet has.

    Raises:
        BadCompound: a sheet says that it has more rows or columns than a sheet can have.
    """
    largest, depth = 0, 0
    top, bottom, left, right = 1 << 20, -1, 1 << 20, -1
    for kind, body in _records(stream):
        if kind == _BEGIN:
            depth += 1
            if depth == 1:
                top, bottom, left, right = 1 << 20, -1, 1 << 20, -1
        elif kind == _END:
            depth = max(0, depth - 1)
        elif kind == _DIMENSIONS and len(body) >= 12:
            rows, columns = struct.unpack_from("<4xI2xH", body)
            if rows > _MAX_ROWS or columns > _MAX_COLUMNS:
                raise BadCompound()
        elif (kind in _CELLS or kind == _MANY_CELLS) and len(body) >= 4:
            row, first = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MANY_CELLS else first
            top, bottom, left, right = min(top, row), max(bottom, row), min(left, first), max(right, last)
            largest = max(largest, (bottom - top + 1) * (right - left + 1))
    return largest


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _stream(data: bytes, names: set[str]) -> bytes:
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or small_shift != 6:
        raise BadCompound()
    directory_at, small_limit, small_fat_at = (struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60))
    fat = _fat(data, shift)
    directory = _chain(data, directory_at, fat, shift)
    root_at, found = 0, None
    for at in range(0, len(directory) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
        entry = directory[at : at + _ENTRY_BYTES]
        chars, kind = struct.unpack_from("<HB", entry, 64)
        name = entry[: max(0, min(chars, 64) - 2)].decode("utf-16-le", "replace")
        start, size = struct.unpack_from("<IQ", entry, 116)
        if kind == 5:
            root_at = start
        elif kind == 2 and name.lower() in names and found is None:
            found = start, size & 0xFFFFFFFF
    if found is None:
        return b""
    start, size = found
    if size >= small_limit:
        return _chain(data, start, fat, shift)[:size]
    small = _chain(data, root_at, fat, shift)
    small_fat = _numbers(_chain(data, small_fat_at, fat, shift))
    return _chain(b"\0" * (1 << small_shift) + small, start, small_fat, small_shift)[:size]


def _fat(data: bytes, shift: int) -> list[int]:
    """Which sector follows which."""
    sectors = list(struct.unpack_from("<109I", data, 76))
    following = struct.unpack_from("<I", data, 68)[0]
    most = len(data) >> shift
    while following < _FREE and len(sectors) <= most + 109:
        more = _numbers(_sector(data, following, shift))
        sectors += more[:-1]
        following = more[-1]
    fat: list[int] = []
    for sector in sectors[: most + 109]:
        if sector < _FREE:
            fat += _numbers(_sector(data, sector, shift))
    return fat


def _chain(data: bytes, start: int, fat: list[int], shift: int) -> bytes:
    pieces = []
    at = start
    while at < _FREE:
        if len(pieces) > len(fat):
            raise BadCompound()
        pieces.append(_sector(data, at, shift))
        at = fat[at]
    return b"".join(pieces)


def _sector(data: bytes, number: int, shift: int) -> bytes:
    begin = (number + 1) << shift
    if begin >= len(data):
        raise BadCompound()
    return data[begin : begin + (1 << shift)]


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))
