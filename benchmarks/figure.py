"""One measured figure, and how it stands to its goal."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured.

    Attributes:
        what: in words, with the sizes.
        value: as it is written down, with its unit.
        goal: the budget, as it is written down; "" where there is none.
        reached: None where there is no goal.
        note: where the time goes, what it was compared with.
    """

    what: str
    value: str
    goal: str = ""
    reached: bool | None = None
    note: str = ""


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the sorted values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def short(number: int) -> str:
    """A large number as people say it."""
    return f"{number / 1e6:.3g} M" if number >= 1e6 else f"{number / 1e3:.3g} k"
