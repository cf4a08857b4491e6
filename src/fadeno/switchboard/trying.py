"""Whether an account works, asked of its provider step by step; nothing is sent and nothing is taken."""

from dataclasses import dataclass
from uuid import UUID

from fadeno import channels
from fadeno.channels import Label
from fadeno.db import Tx
from fadeno.switchboard import actions, mailbox
from fadeno.switchboard.carrying import AccountFails
from fadeno.switchboard.mailbox import Mailbox
from fadeno.switchboard.reading import CantRead, Line, connected, fetching, signed_in
from fadeno.switchboard.tokens import Tokens
from fadeno.switchboard.wires import sign_in

TOKEN, READING, FOLDERS, SENDING = "token", "reading", "folders", "sending"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried.

    Attributes:
        name: token, reading, folders or sending.
        words: what was done; the provider's own words where it failed.
    """

    name: str
    works: bool
    words: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it.

    Attributes:
        words: of what failed.
    """

    works: bool
    words: str = ""
    steps: tuple[Step, ...] = ()


async def tried(
    label: Label,
    account: channels.Account,
    *,
    allow_private: bool,
    id: UUID | None = None,
    tokens: Tokens | None = None,
) -> Tried:
    """Sign in where messages are read and where they leave.

    Args:
        id, tokens: the account's own, for one that signs in by token.
    """
    steps: list[Step] = []
    box = mailbox.asked(account.options)
    if tokens and id and account.options.get("sign_in", ""):
        try:
            account = await tokens.signed(id, account)
        except AccountFails as fails:
            return _outcome([Step(TOKEN, False, str(fails))])
    if box:
        steps += await _reading(box, account, allow_private=allow_private)
    if label.transport == "smtp":
        steps.append(await _sending(account, allow_private=allow_private))
    return _outcome(steps)


async def note_tried(tx: Tx, id: UUID, outcome: Tried) -> None:
    """Note what came of it as how the account fares; where nothing could be tried, nothing is known."""
    if not outcome.steps:
        return
    failed = {one.name: one.words for one in outcome.steps if not one.works}
    token = failed.get(TOKEN, "")
    reading, sending = failed.get(READING) or failed.get(FOLDERS) or token, failed.get(SENDING) or token
    for way, words in (("in", reading), ("out", sending)):
        await actions.set_health(tx, id, "fails" if words else "works", words, way=way)


async def _reading(box: Mailbox, account: channels.Account, *, allow_private: bool) -> list[Step]:
    steps: list[Step] = []
    try:
        async with connected(box, allow_private=allow_private) as line:
            await signed_in(line, account)
            tells = await fetching.can_tell(line)
            how = "tells of new mails at once" if tells else "is asked for new mails every half minute"
            steps.append(Step(READING, True, f"{box.host}:{box.port} lets {box.login} in, and {how}"))
            missing = [name for name in box.folders if not await fetching.opened(line, name, to_change=False)]
            steps.append(await _folders(line, box, missing))
    except CantRead as fault:
        steps.append(Step(FOLDERS if steps else READING, False, fault.words))
    return steps


async def _folders(line: Line, box: Mailbox, missing: list[str]) -> Step:
    if missing:
        return Step(FOLDERS, False, await fetching.missing_words(line, missing))
    return Step(FOLDERS, True, f"reads {', '.join(box.folders)}")


async def _sending(account: channels.Account, *, allow_private: bool) -> Step:
    host = account.options.get("smtp_host", "")
    try:
        await sign_in(account, allow_private=allow_private)
    except AccountFails as fails:
        return Step(SENDING, False, str(fails))
    login = account.options.get("login")
    return Step(SENDING, True, f"{host} lets {login} in" if login else f"{host} answers; nobody signs in there")


def _outcome(steps: list[Step]) -> Tried:
    failed = [one.words for one in steps if not one.works]
    return Tried(not failed, "; ".join(failed), tuple(steps))
