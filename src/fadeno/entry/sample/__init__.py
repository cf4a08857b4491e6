"""Lumo, a company that does not exist: lamps and furniture, shops in four countries, customers in six.

Made from a seed, so that everybody who tries fadeno can see the same people, and pure: nothing here sends anything.
What it makes is what ordinary clients would send – anonymous visits that become customers, parcels that are late,
two people with one mailbox, a tablet a whole shop uses, tills that were off line, events nobody can understand.
"""

from fadeno.entry.sample.company import SOURCES, history, onwards
from fadeno.entry.sample.people import Person, person
from fadeno.entry.sample.telling import Sent, Step, sent

__all__ = ["SOURCES", "Person", "Sent", "Step", "history", "onwards", "person", "sent"]
