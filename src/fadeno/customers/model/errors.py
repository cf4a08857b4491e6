"""How customers says no."""

from fadeno.kit.errors import Conflict, Invalid, NotFound


class NoCustomer(NotFound):
    """There is no customer by that id or address."""

    code = "no_customer"
    hint = "Search for an address or a name."


class NoAction(NotFound):
    """There is no merge or split by that id."""

    code = "no_action"


class NoLink(NotFound):
    """There is no link by that id."""

    code = "no_link"


class NoRound(NotFound):
    """There is no round of merges by that id."""

    code = "no_round"


class NoLikely(Invalid):
    """No pair of that certainty waits."""

    code = "no_likely"


class OnePerson(Invalid):
    """A merge needs at least two customers."""

    code = "one_person"
    hint = "Name two or more customers by their ids."


class NothingToSplit(Invalid):
    """A split needs some of the customer's addresses, and must leave some."""

    code = "nothing_to_split"
    hint = "Choose at least one of the addresses, and not all."


class Shared(Conflict):
    """This address is used by many people and can't make two customers one."""

    code = "shared_address"
    hint = "Mark the address as not shared first."


class AlreadyUndone(Conflict):
    """This was undone already."""

    code = "already_undone"
    hint = "Undo the undoing to bring it back."


class Erased(Conflict):
    """This customer was erased; what is left can't be joined or divided."""

    code = "erased"
