"""Cases: what customers want settled, across channels, with every word that was said about it.

What a customer writes is put into the case it provably belongs to (`hear`), and only its own customer's case unless a
signed reply address says so; what we say (`answer`) is a message, an event on the thread and a job, in one transaction,
refused while its author has not seen the last word. A case names one address and is never re-owned: whose it is follows
the address map through every merge and split of customers. Every message is in exactly one case; all that is done to
a case is kept with how it stood before, so that `undo` takes it back. Due times are counted on the company's calendars
and stand still, honestly, only while the customer has the word.
"""

from fadeno.conversations.actions.answering import JOB, answer, fared, hold_back
from fadeno.conversations.actions.hearing import hear, is_known
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
    TooLate,
    Unseen,
    Way,
    reply_token,
    signed_case,
)
from fadeno.conversations.reads.cases import case, cases_of, numbered, stream, where_now

__all__ = [
    "JOB",
    "PRIORITIES",
    "STAGES",
    "STANDS",
    "STATES",
    "Act",
    "Answer",
    "Area",
    "Attached",
    "CantBeSent",
    "Case",
    "ChangedSince",
    "DeskMember",
    "Draft",
    "Gone",
    "Heard",
    "Incoming",
    "Message",
    "NoAct",
    "NoCase",
    "NoMessage",
    "NotMovable",
    "Outgoing",
    "TooLate",
    "Unseen",
    "Way",
    "answer",
    "case",
    "cases_of",
    "fared",
    "hear",
    "hold_back",
    "is_known",
    "numbered",
    "reply_token",
    "signed_case",
    "stream",
    "where_now",
]
