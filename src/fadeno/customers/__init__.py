"""Who is who: addresses, the evidence that joins them, and what is known of the person behind them.

A customer is a grouping of addresses, computed from evidence alone: what events said, and what members said about
it. The order in which evidence came makes no difference, nothing is ever re-owned, and every merge and split can be
taken back exactly. Rooms above hand in what an event mentions (`place`) and are told whose it is; profile, thread,
consent and search are answered here, exact also while the log is still being rewritten after a merge.
"""

from fadeno.customers.actions.placing import place
from fadeno.customers.model import Evidence, Mention, Placed, blocked_because

__all__ = ["Evidence", "Mention", "Placed", "blocked_because", "place"]
