"""Who is who: addresses, the evidence that joins them, and what is known of the person behind them.

A customer is a grouping of addresses, computed from evidence alone: what events said, and what members said about
it. The order in which evidence came makes no difference, nothing is ever re-owned, and every merge and split can be
taken back exactly. Rooms above hand in what an event mentions (`place`) and are told whose it is; profile, thread,
consent and search are answered here, exact also while the log is still being rewritten after a merge.
"""

from fadeno.customers.actions.checking import check
from fadeno.customers.actions.deciding import (
    Outcome,
    confirm,
    merge,
    preview_merge,
    preview_split,
    refuse,
    retract_link,
    split,
    undo,
)
from fadeno.customers.actions.forgetting import erase, export, hold, stays
from fadeno.customers.actions.likely import (
    confirm_all_likely,
    confirm_likely,
    confirm_these_likely,
    refuse_likely,
)
from fadeno.customers.actions.marking import say_consent, set_blocked, set_shared
from fadeno.customers.actions.newcomers import introduce, welcome
from fadeno.customers.actions.placing import place, place_many
from fadeno.customers.actions.rounds import go_on_rounds, merge_all_likely, undo_round
from fadeno.customers.actions.withdrawing import supersede, withdraw
from fadeno.customers.model import (
    Allowed,
    Consent,
    Evidence,
    Introduction,
    Mention,
    NoCustomer,
    Placed,
    Said,
    Trait,
    blocked_because,
    is_contact,
    masked,
    order_as,
    ordered_as,
    without_contacts,
)
from fadeno.customers.model.likeness import MOST, MOST_OF_A_HOUSEHOLD, POINTS
from fadeno.customers.reads.apart import Apart, told_apart
from fadeno.customers.reads.choosing import Choice, address_kinds, addresses_with, chosen, of_lines
from fadeno.customers.reads.latest import Latest, latest
from fadeno.customers.reads.likely import (
    Decided,
    Likely,
    Side,
    count_likely,
    decided_likely,
    likely,
    likely_of,
    sides,
    some_likely,
)
from fadeno.customers.reads.narrowing import REACHED_BY, Narrow, known_channels, known_purposes, narrowed
from fadeno.customers.reads.person import (
    Address,
    Person,
    Summary,
    addresses_of,
    customer_of,
    find,
    find_address,
    person,
    summaries,
)
from fadeno.customers.reads.profiles import Profile, profiles
from fadeno.customers.reads.rounds import Round, round_of, rounds
from fadeno.customers.reads.search import Found, search
from fadeno.customers.reads.thread import Count, Item, thread, thread_counts
from fadeno.customers.reads.whose import erased_among, owners, sharing_said, whose
from fadeno.customers.reads.why import End, ShownLink, Step, Suggestion, actions, links, suggestions, why
from fadeno.customers.tasks import (
    find_likely,
    forget_spellings,
    keep_order,
    learn_spellings,
    learn_ways,
    rewrite_events,
    weigh_news,
)

__all__ = [
    "MOST",
    "MOST_OF_A_HOUSEHOLD",
    "POINTS",
    "REACHED_BY",
    "Address",
    "Allowed",
    "Apart",
    "Choice",
    "Consent",
    "Count",
    "Decided",
    "End",
    "Evidence",
    "Found",
    "Introduction",
    "Item",
    "Latest",
    "Likely",
    "Mention",
    "Narrow",
    "NoCustomer",
    "Outcome",
    "Person",
    "Placed",
    "Profile",
    "Round",
    "Said",
    "ShownLink",
    "Side",
    "Step",
    "Suggestion",
    "Summary",
    "Trait",
    "actions",
    "address_kinds",
    "addresses_of",
    "addresses_with",
    "blocked_because",
    "check",
    "chosen",
    "confirm",
    "confirm_all_likely",
    "confirm_likely",
    "confirm_these_likely",
    "count_likely",
    "customer_of",
    "decided_likely",
    "erase",
    "erased_among",
    "export",
    "find",
    "find_address",
    "find_likely",
    "forget_spellings",
    "go_on_rounds",
    "hold",
    "introduce",
    "is_contact",
    "keep_order",
    "known_channels",
    "known_purposes",
    "latest",
    "learn_spellings",
    "learn_ways",
    "likely",
    "likely_of",
    "links",
    "masked",
    "merge",
    "merge_all_likely",
    "narrowed",
    "of_lines",
    "order_as",
    "ordered_as",
    "owners",
    "person",
    "place",
    "place_many",
    "preview_merge",
    "preview_split",
    "profiles",
    "refuse",
    "refuse_likely",
    "retract_link",
    "rewrite_events",
    "round_of",
    "rounds",
    "say_consent",
    "search",
    "set_blocked",
    "set_shared",
    "sharing_said",
    "sides",
    "some_likely",
    "split",
    "stays",
    "suggestions",
    "summaries",
    "supersede",
    "thread",
    "thread_counts",
    "told_apart",
    "undo",
    "undo_round",
    "weigh_news",
    "welcome",
    "whose",
    "why",
    "withdraw",
    "without_contacts",
]
