"""Cases: what customers want settled, across channels, with every word that was said about it.

What a customer writes is put into the case it provably belongs to (`hear`), and only its own customer's case unless a
signed reply address says so; what we say (`answer`) is a message, an event on the thread and a job, in one transaction,
refused while its author has not seen the last word. A case names one address and is never re-owned: whose it is follows
the address map through every merge and split of customers. Every message is in exactly one case; all that is done to
a case is kept with how it stood before, so that `undo` takes it back. Due times are counted on the company's calendars
and stand still, honestly, only while the customer has the word.
"""

from fadeno.conversations.actions.answering import JOB, answer, fared, hold_back, send_again
from fadeno.conversations.actions.bringing import bring
from fadeno.conversations.actions.changing import (
    assign,
    entitle,
    expect,
    hand,
    prioritise,
    set_state,
    tag,
    take,
)
from fadeno.conversations.actions.desk import seen, set_area, set_desk_member
from fadeno.conversations.actions.forgetting import erase
from fadeno.conversations.actions.going_on import hold_onward
from fadeno.conversations.actions.hearing import hear, is_known
from fadeno.conversations.actions.moving import merge, split
from fadeno.conversations.actions.noting import follow, hear_nudges, link, mark_read, note, save_draft
from fadeno.conversations.actions.rating import (
    MOST_RATING_CHARS,
    RATED_WITHIN,
    note_asked,
    rate,
    to_ask,
    was_asked_lately,
)
from fadeno.conversations.actions.timing import remind
from fadeno.conversations.actions.together import Done, Together, change_together, undo_together
from fadeno.conversations.actions.undoing import undo
from fadeno.conversations.actions.viewing import remove_view, save_view
from fadeno.conversations.model import (
    PRIORITIES,
    STAGES,
    STANDS,
    STATES,
    Act,
    Answer,
    Area,
    Attached,
    CantBeSent,
    Case,
    ChangedSince,
    DeskMember,
    Draft,
    Gone,
    Heard,
    Incoming,
    Message,
    NoAct,
    NoCase,
    NoMessage,
    NotMovable,
    Outgoing,
    RatingOver,
    TooLate,
    Unseen,
    Way,
    reply_token,
    signed_case,
)
from fadeno.conversations.model.composer import Onward, ProposedWay
from fadeno.conversations.model.listing import KINDS, NARROWED_BY, Listed, NoView, SavedView, View
from fadeno.conversations.model.recorded import RecordedAct, RecordedCase, RecordedMessage, read_record
from fadeno.conversations.model.sought import Filters, FoundMessage, FoundMessages
from fadeno.conversations.reads.cases import (
    acts,
    as_now,
    came_into,
    case,
    cases_of,
    message,
    numbered,
    original,
    place_of,
    stream,
    stream_after,
    where_now,
)
from fadeno.conversations.reads.checking import check
from fadeno.conversations.reads.composer import Sent, lately_sent, onward, ways
from fadeno.conversations.reads.desk import Around, Nudge, areas, around, desk_members, draft, nudges
from fadeno.conversations.reads.handing import export
from fadeno.conversations.reads.leaving import NotLeft, not_left, outgoing, sent_as
from fadeno.conversations.reads.listing import cases_in, counts, counts_of_everybody, views
from fadeno.conversations.reads.recording import recorded
from fadeno.conversations.reads.seeking import found
from fadeno.conversations.tasks import go_on, make_pieces, retime, route, tell_broken, wake, warn

__all__ = [
    "JOB",
    "KINDS",
    "MOST_RATING_CHARS",
    "NARROWED_BY",
    "PRIORITIES",
    "RATED_WITHIN",
    "STAGES",
    "STANDS",
    "STATES",
    "Act",
    "Answer",
    "Area",
    "Around",
    "Attached",
    "CantBeSent",
    "Case",
    "ChangedSince",
    "DeskMember",
    "Done",
    "Draft",
    "Filters",
    "FoundMessage",
    "FoundMessages",
    "Gone",
    "Heard",
    "Incoming",
    "Listed",
    "Message",
    "NoAct",
    "NoCase",
    "NoMessage",
    "NoView",
    "NotLeft",
    "NotMovable",
    "Nudge",
    "Onward",
    "Outgoing",
    "ProposedWay",
    "RatingOver",
    "RecordedAct",
    "RecordedCase",
    "RecordedMessage",
    "SavedView",
    "Sent",
    "Together",
    "TooLate",
    "Unseen",
    "View",
    "Way",
    "acts",
    "answer",
    "areas",
    "around",
    "as_now",
    "assign",
    "bring",
    "came_into",
    "case",
    "cases_in",
    "cases_of",
    "change_together",
    "check",
    "counts",
    "counts_of_everybody",
    "desk_members",
    "draft",
    "entitle",
    "erase",
    "expect",
    "export",
    "fared",
    "follow",
    "found",
    "go_on",
    "hand",
    "hear",
    "hear_nudges",
    "hold_back",
    "hold_onward",
    "is_known",
    "lately_sent",
    "link",
    "make_pieces",
    "mark_read",
    "merge",
    "message",
    "not_left",
    "note",
    "note_asked",
    "nudges",
    "numbered",
    "onward",
    "original",
    "outgoing",
    "place_of",
    "prioritise",
    "rate",
    "read_record",
    "recorded",
    "remind",
    "remove_view",
    "reply_token",
    "retime",
    "route",
    "save_draft",
    "save_view",
    "seen",
    "send_again",
    "sent_as",
    "set_area",
    "set_desk_member",
    "set_state",
    "signed_case",
    "split",
    "stream",
    "stream_after",
    "tag",
    "take",
    "tell_broken",
    "to_ask",
    "undo",
    "undo_together",
    "views",
    "wake",
    "warn",
    "was_asked_lately",
    "ways",
    "where_now",
]
