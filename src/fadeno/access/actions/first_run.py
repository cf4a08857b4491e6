"""The first run: only who can read the terminal, or sits at the machine, becomes the first administrator.

The set-up token is made from the secret key, so that every door of an installation knows it, none keeps it, and a
restart does not change it. It opens nothing once somebody is a member.
"""

import hashlib
import hmac

from fadeno.access import limits
from fadeno.access.actions.signing_in import Place, count
from fadeno.access.model import same
from fadeno.db import Tx


def set_up_token(secret_key: bytes) -> str:
    """What the set-up link of an installation carries."""
    return hmac.new(secret_key, b"fadeno set-up link", hashlib.sha256).hexdigest()


def is_set_up_token(given: str, secret_key: bytes) -> bool:
    """Whether that is the token, in a time that does not tell how much of it agrees."""
    return same(given, set_up_token(secret_key))


async def count_set_up_try(tx: Tx, place: Place) -> None:
    """Count a wrong set-up token; commit it before answering.

    Raises:
        TooManyTries: this network address has to wait.
    """
    await count(tx, tuple(limits.link_buckets(place.address)))
