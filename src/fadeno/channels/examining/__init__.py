"""Whether an adapter keeps the contract: the one examination every adapter passes because it has a folder.

What is looked at: its label and guide are complete, its samples are read and written as recorded, the same body gives
the same letters, one changed byte of a signed body is refused, broken bodies raise only our errors, limits are kept,
providers' answers are told apart (later, refused), and secrets stand nowhere they can be read.
"""

from fadeno.channels.examining.contents import label_faults
from fadeno.channels.examining.faults import Fault
from fadeno.channels.examining.incoming import incoming_faults
from fadeno.channels.examining.outgoing import outgoing_faults
from fadeno.channels.examining.samples import recorded
from fadeno.channels.examining.starting import start
from fadeno.channels.registry import Adapter

__all__ = ["Fault", "examine", "recorded", "start"]


def examine(adapter: Adapter) -> list[Fault]:
    """Everything in which an adapter breaks the contract; empty where it keeps it."""
    return [*label_faults(adapter), *incoming_faults(adapter), *outgoing_faults(adapter)]
