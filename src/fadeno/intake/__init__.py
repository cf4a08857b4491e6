"""Parcel in, customer found, event kept.

What a source sends is a *parcel*; it holds events. Each event is read into a *letter* or, where it can't be, into a
quarantined one with the reason. Letters of many parcels are committed together; only then is any of them answered.
Every event received is accepted, duplicate or quarantined, and the accounts say so per source.
"""

from fadeno.intake.actions import Replayed, count_kept, count_refusal, dismiss, forget, replay, replay_all, wait_again
from fadeno.intake.gate import Busy, Gate, Unavailable
from fadeno.intake.journal import Journal, KeyDestroyed
from fadeno.intake.keeping import keep
from fadeno.intake.listening import Listener, listen, tell
from fadeno.intake.model import (
    BATCH_LIMIT_BYTES,
    BATCH_LIMIT_EVENTS,
    Accounts,
    Bad,
    Letter,
    Parcel,
    QuarantinedEvent,
    QuarantinedRaw,
)
from fadeno.intake.reading import CHANNELS, LATE, read_event
from fadeno.intake.reads import (
    accounts,
    accounts_by_source,
    check,
    quarantine,
    quarantine_counts,
    quarantined,
)
from fadeno.intake.splitting import Unreadable, cut, split_batch
from fadeno.intake.tasks import destroy_old_keys, fold_accounts, forget_old_messages

__all__ = [
    "BATCH_LIMIT_BYTES",
    "BATCH_LIMIT_EVENTS",
    "CHANNELS",
    "LATE",
    "Accounts",
    "Bad",
    "Busy",
    "Gate",
    "Journal",
    "KeyDestroyed",
    "Letter",
    "Listener",
    "Parcel",
    "QuarantinedEvent",
    "QuarantinedRaw",
    "Replayed",
    "Unavailable",
    "Unreadable",
    "accounts",
    "accounts_by_source",
    "check",
    "count_kept",
    "count_refusal",
    "cut",
    "destroy_old_keys",
    "dismiss",
    "fold_accounts",
    "forget",
    "forget_old_messages",
    "keep",
    "listen",
    "quarantine",
    "quarantine_counts",
    "quarantined",
    "read_event",
    "replay",
    "replay_all",
    "split_batch",
    "tell",
    "wait_again",
]
