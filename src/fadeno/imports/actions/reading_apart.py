"""A big file read in a process of its own, so that reading, placing and the database work side by side.

The child gets what to read on its input and hands batches over on its output, each with its length before it; an
empty one says that the file is at its end. It reads ahead as far as the pipe and our buffer take, and ends when nobody
listens any more, however we ended. Meanwhile it hears whether most rows are of somebody new, which it then prepares.
"""

import asyncio
import os
import pickle
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from fadeno import customers
from fadeno.imports.actions.reading import Reader
from fadeno.imports.actions.wording import packed
from fadeno.imports.model import Batch, Import, Item, OurFault, Packed
from fadeno.kit import clock, garbage
from fadeno.kit.errors import FadenoError

_PROGRAM = "from fadeno.imports.actions.reading_apart import main; main()"
_AHEAD_BYTES = 4 * 1024 * 1024
_LENGTH_BYTES = 4


class _Frame(msgspec.Struct, array_like=True):
    """A batch on its way.

    Attributes:
        packed: rows that say something of somebody.
        rest: other rows and refused ones, or a fault, pickled.
    """

    end: int
    left_out: int
    told: dict[str, int]
    packed: list[tuple[UUID, UUID, int, str, int, Packed]]
    rest: bytes


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Frame).decode


async def batches(path: Path, made: Import, region: str, mostly_new: Callable[[], bool]) -> AsyncIterator[Batch]:
    """As `Reader.batches`; close it, so that the child ends.

    Args:
        mostly_new: whether most rows so far were of somebody new.

    Raises:
        FadenoError: as there.
        OurFault: the child ended in the middle; the import can go on where it is.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PROGRAM,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=_AHEAD_BYTES,
        preexec_fn=os.setpgrp,  # Ctrl-C is for us: we stop after the batch we are at. `nice` counts within a session
    )  # fmt: skip
    try:
        introducing = True
        start = pickle.dumps((path, made, region, customers.ordered_as()))
        child.stdin.write(len(start).to_bytes(_LENGTH_BYTES) + start)
        while length := int.from_bytes(await child.stdout.readexactly(_LENGTH_BYTES)):
            yield _batch(_decode(await child.stdout.readexactly(length)))
            if introducing is not mostly_new():
                introducing = not introducing
                child.stdin.write(b"+" if introducing else b"-")
    except asyncio.IncompleteReadError as cut:
        name = f"reader: {await child.wait()}"  # below zero, the number of the signal that ended it
        raise OurFault(f"The process that reads the file ended ({name}).", name=name) from cut
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


def _batch(frame: _Frame) -> Batch:
    rest = pickle.loads(frame.rest)  # noqa: S301 - of our own child
    if isinstance(rest, _Fault):
        raise rest.again()
    items, refused = rest
    items += [Item(*one) for one in frame.packed]
    return Batch(frame.end, items, refused, frame.left_out, frame.told)


class _Fault:
    """A fault on its way: not all of ours can be made again from their message alone."""

    def __init__(self, error: FadenoError) -> None:
        self.of = type(error)
        self.args = error.args
        self.said: dict[str, Any] = vars(error)

    def again(self) -> FadenoError:
        error = self.of.__new__(self.of, *self.args)
        vars(error).update(self.said)
        return error


def main() -> None:
    """What the child does."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints, prints elsewhere
    path, made, region, language = pickle.loads(_received(int.from_bytes(_received(_LENGTH_BYTES))))  # noqa: S301
    customers.order_as(language)
    os.set_blocking(0, False)
    garbage.spare()
    introducing = True
    try:
        try:
            for batch in Reader(path, made, region).batches():
                introducing = _heard(introducing)
                _send(out, _encode(_frame(made, batch, introducing=introducing)))
        except FadenoError as error:
            _send(out, _encode(_Frame(0, 0, {}, [], pickle.dumps(_Fault(error)))))
        _send(out, b"")
    except BrokenPipeError:
        os._exit(1)  # nobody listens any more


def _received(size: int) -> bytes:
    """So many bytes of what our parent says, and none ahead."""
    found = b""
    while len(found) < size:
        some = os.read(0, size - len(found))
        if not some:
            raise EOFError
        found += some
    return found


def _heard(before: bool) -> bool:
    """The last our parent said of whether most rows are of somebody new."""
    with suppress(BlockingIOError):
        if said := os.read(0, _LENGTH_BYTES):
            return said.endswith(b"+")
    return before


def _frame(made: Import, batch: Batch, *, introducing: bool) -> _Frame:
    now = clock.now()
    is_done = batch.end <= made.rows_read
    items = [] if is_done else [packed(made, item, now, introducing=introducing) for item in batch.items]
    told = [tuple(item) for item in items if isinstance(item.said, Packed)]
    rest = [item for item in items if not isinstance(item.said, Packed)]
    refused = [] if is_done else batch.refused
    return _Frame(batch.end, batch.left_out, batch.told, told, pickle.dumps((rest, refused)))


def _send(out: Any, frame: bytes) -> None:
    out.write(len(frame).to_bytes(_LENGTH_BYTES))
    out.write(frame)
    out.flush()
