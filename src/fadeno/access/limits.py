"""How many tries there are before waiting, and how long the waits get. Pure.

A try counts against several buckets at once. A browser the member has signed in from before has its own
bucket and is not held up by the account's, so whoever guesses from elsewhere can slow strangers down but
can't lock the owner out. No wait is longer than a quarter of an hour, and a reset link lifts the account's.
"""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_WAIT_S = 900
FORGET_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Bucket:
    """One count of failed tries: how many are free, then 2, 4, 8 … seconds of waiting up to `longest_s`.

    `own` means that a success wipes it; a network address must not clear its count by signing in to an
    account of its own.
    """

    digest: bytes
    free: int
    longest_s: int
    own: bool


def wait_s(bucket: Bucket, failures: int) -> int:
    """How long to wait after that many failures in a row."""
    over = failures - bucket.free
    return 0 if over < 0 else min(bucket.longest_s, 2 ** min(over + 1, 20))


def failures_now(failures: int, last_at: datetime, now: datetime) -> int:
    """What is left of old failures: forgotten after a quiet day."""
    return 0 if now - last_at > FORGET_AFTER else failures


def sign_in_buckets(account: str, address: str, device: bytes | None) -> list[Bucket]:
    """The buckets of one try to sign in."""
    if device is not None:
        return [_bucket("device", account, device.hex(), free=10)]
    return [
        *account_buckets(account),
        _bucket("pair", account, network(address), free=5),
        _bucket("address", network(address), free=30),
    ]


def code_buckets(member_id: str) -> list[Bucket]:
    """The buckets of one try of a one-time code: a million codes are soon guessed, so this one is strict."""
    return [_bucket("code", member_id, free=5)]


def link_buckets(address: str) -> list[Bucket]:
    """The buckets of opening one-time links."""
    return [_bucket("link", network(address), free=30)]


def account_buckets(account: str) -> list[Bucket]:
    """The buckets a reset lifts."""
    return [_bucket("account", account, free=50, longest_s=60)]


def network(address: str) -> str:
    """What counts as one place: an IPv4 address, or the /64 a household or server has of IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def _bucket(kind: str, *parts: str, free: int, longest_s: int = LONGEST_WAIT_S) -> Bucket:
    text = "\x00".join((kind, *parts))
    name = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]
    return Bucket(name, free, longest_s, own=kind in ("device", "pair", "code"))
