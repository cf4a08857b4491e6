"""The words and pure rules of customers."""

from fadeno.customers.model.errors import (
    AlreadyUndone,
    Erased,
    NoAction,
    NoCustomer,
    NoLink,
    NothingToSplit,
    OnePerson,
    Shared,
)
from fadeno.customers.model.evidence import (
    ATTESTED,
    CLAIMED,
    OBSERVED,
    SAID,
    Address,
    Evidence,
    Link,
    Mention,
    Placed,
    Ruling,
    blocked_because,
    is_anchor,
    limit_of,
    link_id,
    shared_above,
)
from fadeno.customers.model.grouping import (
    APART,
    BLOCKED,
    LIMIT,
    PROTECTED,
    SHARED,
    Grouping,
    group,
)
from fadeno.customers.model.profile import (
    NAME_TRAITS,
    Allowed,
    Consent,
    Label,
    Said,
    Trait,
    allowed,
    label,
    traits,
    value_hash,
)

__all__ = [
    "APART", "ATTESTED", "BLOCKED", "CLAIMED", "LIMIT", "NAME_TRAITS", "OBSERVED", "PROTECTED", "SAID", "SHARED",
    "Address", "Allowed", "AlreadyUndone", "Consent", "Erased", "Evidence", "Grouping", "Label", "Link", "Mention",
    "NoAction", "NoCustomer", "NoLink", "NothingToSplit", "OnePerson", "Placed", "Ruling", "Said", "Shared",
    "Trait", "allowed", "blocked_because", "group", "is_anchor", "label", "limit_of", "link_id", "shared_above",
    "traits", "value_hash",
]  # fmt: skip
