"""How much may come in at once: by token, by network address, by account. In memory of each process."""

import time
from collections import OrderedDict
from dataclasses import dataclass, field

from fadeno.access import network
from fadeno.kit.errors import FadenoError

MOST_KNOWN = 50_000


class TooMuch(FadenoError):
    """Too much was written at once."""

    code = "chat_too_much"
    status = 429
    hint = "Wait a moment; nothing you wrote is lost."

    def __init__(self, retry_after_s: float) -> None:
        super().__init__()
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, then one every `every_s` seconds."""

    burst: int
    every_s: float


# What one of each may do. A network is a household, an office, or a whole town behind one address.
MESSAGES = {"token": Rate(12, 2.0), "network": Rate(120, 0.25), "account": Rate(3_000, 0.002)}
BEGINNINGS = {"network": Rate(120, 1.0), "account": Rate(6_000, 0.001)}
FILES = {"token": Rate(10, 10.0), "network": Rate(40, 4.0), "account": Rate(500, 0.1)}
ADDRESSES = {"token": Rate(5, 60.0), "network": Rate(60, 10.0)}
LINKS = {"network": Rate(60, 5.0)}
LOOKS = {"token": Rate(60, 0.5), "network": Rate(2_000, 0.01)}
TYPING = {"token": Rate(20, 2.0), "network": Rate(600, 0.1)}
MOST_STREAMS = {"token": 6, "network": 300}


@dataclass(slots=True)
class Flood:
    """Counts of what came lately; who is not heard of for long is forgotten first."""

    full_at: OrderedDict[tuple[str, str], float] = field(default_factory=OrderedDict)
    streams: dict[tuple[str, str], int] = field(default_factory=dict)

    def let(self, what: str, rates: dict[str, Rate], **who: str) -> None:
        """Count one more of these.

        Raises:
            TooMuch: one of them is over its rate; nothing was counted.
        """
        now = time.monotonic()
        places = []
        for kind, rate in rates.items():
            key = (f"{what} {kind}", who[kind])
            at = max(self.full_at.get(key, now), now) + rate.every_s
            if at - now > rate.burst * rate.every_s:
                raise TooMuch(at - now - rate.burst * rate.every_s)
            places.append((key, at))
        for key, at in places:
            self.full_at[key] = at
            self.full_at.move_to_end(key)
        while len(self.full_at) > MOST_KNOWN:
            self.full_at.popitem(last=False)

    def open_stream(self, **who: str) -> list[tuple[str, str]]:
        """Count an open stream until `close_stream`.

        Raises:
            TooMuch: there are too many of one of these.
        """
        keys = [(kind, who[kind]) for kind in MOST_STREAMS]
        if any(self.streams.get(key, 0) >= MOST_STREAMS[key[0]] for key in keys):
            raise TooMuch(30)
        for key in keys:
            self.streams[key] = self.streams.get(key, 0) + 1
        return keys

    def close_stream(self, keys: list[tuple[str, str]]) -> None:
        """A stream is no longer open."""
        for key in keys:
            left = self.streams.pop(key, 1) - 1
            if left:
                self.streams[key] = left


__all__ = [
    "ADDRESSES",
    "BEGINNINGS",
    "FILES",
    "LINKS",
    "LOOKS",
    "MESSAGES",
    "TYPING",
    "Flood",
    "Rate",
    "TooMuch",
    "network",
]
