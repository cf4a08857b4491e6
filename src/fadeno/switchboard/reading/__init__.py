"""Mailboxes as they are read by IMAP: one reader for each, whichever worker has the duty.

What a mailbox holds is put down as parcels together with how far it was read; it stays there as it was unless the
account's settings say otherwise. A server that hangs, breaks off or talks nonsense harms nobody but its own account.
"""

from fadeno.switchboard.reading.faults import CantRead
from fadeno.switchboard.reading.line import Line, connected
from fadeno.switchboard.reading.reader import Tools
from fadeno.switchboard.reading.signing_in import signed_in
from fadeno.switchboard.reading.watching import read_mailboxes

__all__ = ["CantRead", "Line", "Tools", "connected", "read_mailboxes", "signed_in"]
