"""What we promised customers: an answer by a time, a call at one; who keeps it, and what became of it.

A promise has exactly one outcome (kept, broken, withdrawn, moved) or is open with somebody who keeps it and a due time.
Nothing but a person's answer keeps a promised answer; what is overdue is called broken by a timer, what was done too
late is broken too and says when it was done. Who keeps it is reminded before. It all stands on the customer's thread.
`proposed_in` finds in what a member writes what would be a promise: "I'll call you at ten".
"""

from fadeno.promises.actions import answered, erase, give, keep, make, move, unsay, withdraw
from fadeno.promises.model.promise import KINDS, STATES, NewPromise, NoPromise, Promise, PromiseOver
from fadeno.promises.model.proposing import Proposed, proposed_in
from fadeno.promises.reads import check, export, in_case, listed, promise, to_customer
from fadeno.promises.tasks import break_overdue, warn

__all__ = [
    "KINDS",
    "STATES",
    "NewPromise",
    "NoPromise",
    "Promise",
    "PromiseOver",
    "Proposed",
    "answered",
    "break_overdue",
    "check",
    "erase",
    "export",
    "give",
    "in_case",
    "keep",
    "listed",
    "make",
    "move",
    "promise",
    "proposed_in",
    "to_customer",
    "unsay",
    "warn",
    "withdraw",
]
