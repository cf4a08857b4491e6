"""The append-only log: everything that happened, once, and the live stream over it.

Rooms above append what they understood; nobody changes an event afterwards, except that a job restamps
its cached customer after a merge or split, and an erasure empties its body. A sequencer gives every committed
event a position on the live stream, so that a reader who remembers one number misses nothing. What changes and is no
event (whose case it is, what became of an answer) gets a position too, by a sign.
"""

from fadeno.events.actions import (
    append,
    append_own,
    append_prepared,
    blank,
    ensure_partitions,
    prepare,
    restamp,
    restore,
    sign,
    supersede,
    trim_signs,
    whisper,
    withdraw,
)
from fadeno.events.matter import Matter, is_same, matter_of
from fadeno.events.model import OURSELVES, Event, NewEvent, Prepared, Sign, StreamedEvent
from fadeno.events.reads import last_position, signs_since, since
from fadeno.events.stream import Live, Wake, whispers

__all__ = [
    "OURSELVES",
    "Event",
    "Live",
    "Matter",
    "NewEvent",
    "Prepared",
    "Sign",
    "StreamedEvent",
    "Wake",
    "append",
    "append_own",
    "append_prepared",
    "blank",
    "ensure_partitions",
    "is_same",
    "last_position",
    "matter_of",
    "prepare",
    "restamp",
    "restore",
    "sign",
    "signs_since",
    "since",
    "supersede",
    "trim_signs",
    "whisper",
    "whispers",
    "withdraw",
]
