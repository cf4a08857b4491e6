"""Ids that sort by time: UUID version 7, strictly rising within a process.

Source: RFC 9562 section 5.7 and 6.2 method 1 (counter), https://www.rfc-editor.org/rfc/rfc9562, read 2026-11-23.
"""

import os
import threading
import time
import uuid
from datetime import UTC, datetime

_DRAWN_BYTES = 32_768  # asking the system once for many ids: each time another thread may take over for 5 ms
_lock = threading.Lock()
_last_ms = 0
_counter = 0
_drawn = b""
_used = 0


def _forget_drawn() -> None:
    """A child process must not use the random bytes of its parent."""
    global _drawn
    _drawn = b""


os.register_at_fork(after_in_child=_forget_drawn)


def new_id() -> uuid.UUID:
    """A fresh id, greater than every id this process made before."""
    global _last_ms, _counter, _drawn, _used
    with _lock:
        if _used + 8 > len(_drawn):
            _drawn, _used = os.urandom(_DRAWN_BYTES), 0
        random = int.from_bytes(_drawn[_used : _used + 8], "big")
        _used += 8
        ms = time.time_ns() // 1_000_000
        if ms > _last_ms:
            _last_ms, _counter = ms, random & 0x7FF
        else:
            _counter += 1
            if _counter > 0xFFF:
                _last_ms, _counter = _last_ms + 1, 0
        ms, counter = _last_ms, _counter
    return uuid.UUID(int=(ms << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | (random >> 2))


def first_id_at(moment: datetime) -> uuid.UUID:
    """The smallest id of `moment`: the lower edge of a range of ids by time."""
    return uuid.UUID(int=(int(moment.timestamp() * 1000) << 80) | (0x7 << 76) | (0b10 << 62))


def made_at(id_: uuid.UUID) -> datetime:
    """When an id was made, to the millisecond, in UTC."""
    return datetime.fromtimestamp((id_.int >> 80) / 1000, UTC)
