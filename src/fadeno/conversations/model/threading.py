"""To which case something a customer wrote belongs, by proof. Pure.

The strongest proof decides: a reply address only we can sign; an answer the channel itself vouches for; references,
which anybody can write, therefore only into cases of the very customer; an open case of the same matter; for words
that name no matter (a chat) the customer's latest case. What proves nothing opens a new case. A number quoted in a
text or subject is no proof, and an empty id matches nothing.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fadeno.events import Matter, is_same

_MAC_BYTES = 10
CHATTED_WITHIN = timedelta(days=14)  # words that name no matter go on in an open case this long after its last word
THANKED_WITHIN = timedelta(days=1)  # and in a solved one this long


@dataclass(frozen=True, slots=True)
class Standing:
    """A case that could be meant.

    Attributes:
        is_same_customer: it is of whoever wrote.
    """

    id: UUID
    is_same_customer: bool
    is_solved: bool
    solved_at: datetime | None
    last_at: datetime
    matter: Matter | None
    reopen_days: int = 14


@dataclass(frozen=True, slots=True)
class Proofs:
    """What points to cases, each as strong as its name.

    Attributes:
        signed: by a reply address of ours.
        answered: by the channel's own word.
        referred: by references, nearest first, of whatever customer.
        theirs: the customer's cases, the latest first.
    """

    signed: Standing | None = None
    answered: Standing | None = None
    referred: Sequence[Standing] = ()
    theirs: Sequence[Standing] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Where it belongs.

    Attributes:
        case: None = a new one.
        because: signed, answers, references, matter, latest, new.
        after: the solved case a new one goes on from, too long ago to be opened again.
    """

    case: Standing | None
    because: str
    after: Standing | None = None


def case_for(proofs: Proofs, matter: Matter | None, at: datetime) -> Found:
    """The case something written at `at` about `matter` belongs to."""
    after = None
    for case, because in _pointed(proofs):
        if not case.is_solved or _may_reopen(case, at):
            return Found(case, because)
        after = after or (case if case.is_same_customer else None)
    if after is None:
        for case in proofs.theirs:
            if case.is_same_customer and _goes_on(case, matter, at):
                return Found(case, "matter" if matter else "latest")
    return Found(None, "new", after)


def _pointed(proofs: Proofs) -> list[tuple[Standing, str]]:
    found = [(proofs.signed, "signed"), (proofs.answered, "answers")]
    found += [(case, "references") for case in proofs.referred if case.is_same_customer]
    return [(case, because) for case, because in found if case is not None]


def _may_reopen(case: Standing, at: datetime) -> bool:
    return case.solved_at is None or at - case.solved_at <= timedelta(days=case.reopen_days)


def _goes_on(case: Standing, matter: Matter | None, at: datetime) -> bool:
    if matter is None:
        return abs(at - case.last_at) <= (THANKED_WITHIN if case.is_solved else CHATTED_WITHIN)
    return not case.is_solved and case.matter is not None and is_same(case.matter, case.last_at, matter, at)


# Reply addresses -------------------------------------------------------------------------------------------------


def reply_token(key: bytes, case_id: UUID, account_id: UUID) -> str:
    """What stands after the plus of an account's address in what we send: 42 letters and digits, in small letters."""
    return base64.b32encode(case_id.bytes + _mac(key, case_id, account_id)).decode().rstrip("=").lower()


def signed_case(key: bytes, token: str, account_id: UUID) -> UUID | None:
    """The case a reply token is of, if we made it for this account."""
    text = token.strip().upper()
    try:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        return None
    if len(raw) != 16 + _MAC_BYTES:
        return None
    case_id = UUID(bytes=raw[:16])
    return case_id if hmac.compare_digest(raw[16:], _mac(key, case_id, account_id)) else None


def _mac(key: bytes, case_id: UUID, account_id: UUID) -> bytes:
    said = b"fadeno reply address 1" + case_id.bytes + account_id.bytes
    return hmac.new(key, said, hashlib.sha256).digest()[:_MAC_BYTES]
