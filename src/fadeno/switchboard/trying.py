"""Whether an account works, asked of its provider; nothing is sent."""

from dataclasses import dataclass

from fadeno import channels
from fadeno.channels import Label
from fadeno.switchboard.carrying import AccountFails
from fadeno.switchboard.wires import sign_in


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it.

    Attributes:
        words: the provider's own where it failed.
    """

    works: bool
    words: str = ""


async def tried(label: Label, account: channels.Account, *, allow_private: bool) -> Tried:
    """Sign in where messages leave."""
    if label.transport != "smtp":
        return Tried(True)
    try:
        await sign_in(account, allow_private=allow_private)
    except AccountFails as fails:
        return Tried(False, str(fails))
    return Tried(True)
