"""What `fadeno check` is made of: one function per law, which looks at the data at hand and says what it saw."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Checked:
    """One law, verified.

    Attributes:
        law: what must hold, as one sentence.
        looked_at: how many things were looked at.
        of: what they are, in the plural ("events", "addresses").
        faults: each thing that breaks the law, in words a person can act on; at most some dozens.
    """

    law: str
    looked_at: int
    of: str
    faults: list[str] = field(default_factory=list)
