"""Which way an answer should take, with reasons, and which it can't, with what can instead. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

MARKETING = "marketing"
CONSENTS = frozenset({"marketing", "news", "newsletter"})  # purposes that allow an answer of the area marketing
_CLAIMED = 1


@dataclass(frozen=True, slots=True)
class Reached:
    """An address of the customer.

    Attributes:
        heard_at: when they wrote from it last, by `heard_by` (an account); `heard_here` = in this very case.
        failed_at: when an answer to it did not get through, with the provider's `failed_words`.
    """

    address_id: UUID
    kind: str
    value: str
    proven: int
    blocked: str | None
    shared: bool
    heard_at: datetime | None
    heard_by: UUID | None
    heard_here: datetime | None
    failed_at: datetime | None
    failed_words: str


@dataclass(frozen=True, slots=True)
class Speaking:
    """An account of ours, with the kind of address its channel reaches.

    Attributes:
        window_s: how long after their last word its channel carries an answer; None = always.
    """

    id: UUID
    name: str
    channel: str
    reaches: str
    area: str
    is_on: bool
    is_test: bool
    is_failing: bool
    window_s: int | None = None


@dataclass(frozen=True, slots=True)
class ProposedWay:
    """One way to answer.

    Attributes:
        account_id: through which account; None where no account reaches such an address.
        reasons: why it stands where it stands, the strongest first: written_here, preferred, written_lately,
            window_open, proven, same_area.
        cautions: what to know before: unproven, shared, account_fails, test_account, refused_purpose.
        refused: why it can't be taken, empty = it can: no_account, account_off, blocked, undelivered, window_closed,
            no_consent.
        words: what the provider said of a failure.
        instead: the address to take instead; None where there is none.
        is_proposed: the one to take unless somebody chooses another.
    """

    account_id: UUID | None
    account_name: str
    channel: str
    address_id: UUID
    kind: str
    value: str
    heard_at: datetime | None
    reasons: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    refused: str = ""
    words: str = ""
    instead: UUID | None = None
    is_proposed: bool = False


@dataclass(frozen=True, slots=True)
class Onward:
    """What became of an answer that did not arrive in time.

    Attributes:
        because: the state it was in: failed, sent, unknown, queued.
        became: taken (it went another way as the message `as_id`), proposed, nothing (there is no other way).
        held: why it was not taken by itself: area_proposes, may_arrive, or what speaks against the way.
        address_id: where the next way leads.
    """

    message_id: UUID
    because: str
    became: str
    held: str
    address_id: UUID | None
    as_id: UUID | None
    made_at: datetime


def next_way(
    ways: Sequence[ProposedWay], tried: Collection[UUID], *, by_itself: bool, as_test: bool = False
) -> tuple[ProposedWay | None, str]:
    """The way after those that were tried, and what speaks against taking it by itself.

    Args:
        by_itself: nobody looks at it before: then a way nothing speaks against goes before those proposed first.
        as_test: what was tried reached no real customer, so the next way by itself must not either.
    """
    left = [way for way in ways if not way.refused and way.address_id not in tried]
    if not left or not by_itself:
        return next(iter(left), None), "" if left else "no_way"
    usual = {"test_account"} if as_test else set()
    for way in left:
        if set(way.cautions) == usual:
            return way, ""
    return left[0], min(set(left[0].cautions) ^ usual)


def ways_to(
    addresses: Sequence[Reached],
    accounts: Iterable[Speaking],
    area: str,
    consents: Mapping[str, bool],
    now: datetime,
    preferred: str = "",
) -> list[ProposedWay]:
    """Every way to a customer, the proposed one first, the refused ones last, each naming what can be taken instead.

    Args:
        preferred: the channel, or kind of address, they said they would rather be written to by.
    """
    there = list(accounts)
    taken = {one.address_id: _account(one, there, area) for one in addresses}
    liked = {id_ for id_, by in taken.items() if preferred and by and preferred in (by.channel, by.reaches)}
    every = [
        _way(one, taken[one.address_id], area, consents, now, is_liked=one.address_id in liked) for one in addresses
    ]
    places = {one.address_id: _place(one, is_liked=one.address_id in liked) for one in addresses}
    every.sort(key=lambda way: (bool(way.refused), places[way.address_id]))
    best = next((way.address_id for way in every if not way.refused), None)
    return [
        replace(
            way, is_proposed=way.address_id == best, instead=best if way.refused else None,
        )
        for way in every
    ]  # fmt: skip


def _place(one: Reached, *, is_liked: bool) -> tuple[float, bool, float, int, bool]:
    """What was written in this case last, then what they prefer, then anywhere last, then what is proven best."""
    here = -one.heard_here.timestamp() if one.heard_here else 0.0
    return here, not is_liked, -one.heard_at.timestamp() if one.heard_at else 0.0, -one.proven, one.shared


def _account(one: Reached, accounts: Sequence[Speaking], area: str) -> Speaking | None:
    """The account they wrote to last, else one of this area, else any that works."""
    fitting = [account for account in accounts if account.reaches == one.kind]
    fitting.sort(key=lambda a: (a.id != one.heard_by, not a.is_on, a.is_failing, a.area != area, a.is_test, a.name))
    on = next((account for account in fitting if account.is_on), None)
    return on or next(iter(fitting), None)


def _way(
    one: Reached, account: Speaking | None, area: str, consents: Mapping[str, bool], now: datetime, *, is_liked: bool
) -> ProposedWay:
    reasons = {
        "written_here": one.heard_here is not None,
        "preferred": is_liked,
        "written_lately": one.heard_at is not None and one.heard_here is None,
        "window_open": account is not None and account.window_s is not None and _is_open(one, account, now),
        "proven": one.proven > _CLAIMED,
        "same_area": account is not None and account.area == area,
    }
    cautions = {
        "unproven": one.proven <= _CLAIMED,
        "shared": one.shared,
        "account_fails": account is not None and account.is_failing,
        "test_account": account is not None and account.is_test,
        "refused_purpose": account is not None and consents.get(account.channel) is False,
    }
    refused = _refused(one, account, area, consents, now)
    return ProposedWay(
        account.id if account else None, account.name if account else "", account.channel if account else "",
        one.address_id, one.kind, one.value, one.heard_at,
        reasons=tuple(name for name, is_so in reasons.items() if is_so),
        cautions=tuple(name for name, is_so in cautions.items() if is_so),
        refused=refused, words=one.failed_words if refused == "undelivered" else "",
    )  # fmt: skip


def _is_open(one: Reached, account: Speaking, now: datetime) -> bool:
    """Whether they wrote from there so lately that the channel still carries an answer."""
    window_s = account.window_s
    return window_s is None or (one.heard_at is not None and now - one.heard_at < timedelta(seconds=window_s))


def _refused(one: Reached, account: Speaking | None, area: str, consents: Mapping[str, bool], now: datetime) -> str:
    if account is None:
        return "no_account"
    if not account.is_on:
        return "account_off"
    if one.blocked:
        return "blocked"
    if one.failed_at and (one.heard_at is None or one.heard_at < one.failed_at):
        return "undelivered"
    if not _is_open(one, account, now):
        return "window_closed"
    if area == MARKETING and not any(consents.get(purpose) for purpose in CONSENTS):
        return "no_consent"
    return ""
