"""How an examination says what is wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which an adapter breaks the contract.

    Attributes:
        where: the file, or the file and what in it.
        what: what is wrong and what would be right, for who writes the adapter.
    """

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"
