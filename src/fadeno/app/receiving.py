"""What comes in by a channel: whose it is, which case it belongs to, and what it says of what we sent."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

import httpx

from fadeno import channels, chats, conversations, customers, files, jobs, switchboard
from fadeno.app.away import tell_away
from fadeno.app.joining import App
from fadeno.app.leaving import reply_key
from fadeno.channels import Letter, Party
from fadeno.conversations import Attached, Heard, Incoming
from fadeno.customers import Evidence, Mention
from fadeno.db import Tx
from fadeno.kit import addresses, tongues
from fadeno.kit.ids import new_id
from fadeno.switchboard import Account, Understood

_CLAIMED, _OBSERVED = 1, 2
_BECAME = {"delivered": "delivered", "read": "read", "failed": "failed"}
_REPORTS = frozenset({"receipt", "bounce", "complaint"})
_SAID = frozenset({"message", "auto", "unknown", "edited", "reaction"})
_WAKES_NOBODY = frozenset({"auto", "reaction"})


def understanding(app: App, http: httpx.AsyncClient | None = None) -> jobs.Delivery:
    """How parcels are understood; without a client their files are not fetched from providers."""
    fetched = partial(_fetched, app, http) if http else None
    return switchboard.understanding(app.journal, app.shelf, partial(_received, app), fetched)


async def _fetched(app: App, http: httpx.AsyncClient, account: Account, file: channels.Attachment) -> bytes | None:
    async with app.db.transaction() as tx:
        credentials = await switchboard.credentials(tx, app.vault, account)
    allow_private = app.settings.allow_private
    return await switchboard.fetched(http, account.channel, credentials, file, allow_private=allow_private)


async def _received(app: App, tx: Tx, understood: Understood) -> Heard | None:
    return await receive(tx, app, understood)


async def receive(tx: Tx, app: App, understood: Understood) -> Heard | None:
    """Take in one letter: what a customer said goes on their thread and into a case, reports mark what we sent.

    The same letter again changes nothing. None where it opens nothing: a report, or our own mail come back.
    """
    letter = understood.letter
    account = await _meant(tx, understood.account, letter)
    tx.after_commit(app.live.poke)
    if letter.kind in _REPORTS:
        await _reported(tx, account, letter)
        return None
    sender = await _sender(tx, account, letter)
    if letter.kind not in _SAID or sender is None:
        return None
    if known := await conversations.is_known(tx, account.id, letter.provider_id):
        return known
    label = channels.adapter(account.channel).label
    proven = _proven(label, account, letter, sender)
    kind, id, at = label.address_kind, new_id(), min(letter.occurred_at or tx.now, tx.now)
    mention = Mention(kind, addresses.normalise(kind, sender.address), proven)
    traits = {"name": sender.name} if sender.name and sender.name != sender.address else {}
    evidence = Evidence(id, account.source_id, at, (mention,), "letter", traits)
    (placed,) = await customers.place(tx, [evidence])
    if not await customers.stays(tx, placed.customer_id):
        (placed,) = await customers.place(tx, [evidence])  # whoever was forgotten meanwhile is somebody new
    heard = await conversations.hear(
        tx,
        Incoming(
            id, account.id, account.channel, placed.address_id, placed.customer_id, tuple(placed.other_address_ids),
            account.source_id, proven, at, letter.provider_id,
            signed_case=_signed_case(app, account, letter),
            references=(*letter.concerns, *letter.reply_to_ids),
            author_name=sender.name,
            subject=letter.subject,
            text=letter.visible or letter.text,
            quoted=letter.quoted,
            html=letter.html,
            language=_language(letter),
            attachments=await _attached(tx, id, understood),
            area=account.area,
            is_automatic=letter.kind in _WAKES_NOBODY,
        ),
    )  # fmt: skip
    if letter.kind != "reaction":
        if heard.because == "signed":
            await chats.answered_by_mail(tx, heard.message_id)
        await tell_away(tx, app, account, letter, heard)
    return heard


async def _meant(tx: Tx, account: Account, letter: Letter) -> Account:
    """The account a letter is for: providers bring what is for all numbers of a company to one address.

    Raises:
        Refused: it is for none of ours; its parcel waits until somebody connects that account.
    """
    key = channels.adapter(account.channel).label.account_key
    if not key or not letter.account or account.options.get(key) == letter.account:
        return account
    for one in await switchboard.accounts(tx):
        if one.channel == account.channel and one.options.get(key) == letter.account:
            return one
    raise channels.Refused(f"It is for {letter.account[:60]}, which is no account here.")


# Who wrote ---------------------------------------------------------------------------------------------------------


async def _sender(tx: Tx, account: Account, letter: Letter) -> Party | None:
    """Who wrote, as the letter says; of a form of our own site whoever filled it in; None for our own words."""
    if letter.sender is None or not letter.sender.address:
        return None
    if channels.adapter(account.channel).label.transport == "none":
        return letter.sender  # what never leaves never comes back
    ours = {one.address.lower() for one in await switchboard.accounts(tx) if one.channel == account.channel}
    if letter.sender.address.lower() not in ours:
        return letter.sender
    return next((one for one in letter.reply_to if one.address and not _is_ours(one.address, ours)), None)


def _is_ours(address: str, ours: set[str]) -> bool:
    local, at, domain = address.lower().rpartition("@")
    return bool({address.lower(), f"{local.partition('+')[0]}{at}{domain}"} & ours)


def _proven(label: channels.Label, account: Account, letter: Letter, sender: Party) -> int:
    """How sure it is that who wrote owns the address: what the channel vouches for, or our mail server looked at.

    Source: RFC 8601 section 5 (whose word in Authentication-Results counts), 2026-11-24.
    """
    if label.proof == "observed":
        return _OBSERVED
    server = account.options.get("authentication_server", "")
    said = letter.hints.get("authentication-results", "").lower()
    by, _, results = said.partition(";")
    is_checked = server and by.split()[:1] == [server.lower()] and "dmarc=pass" in results.replace(" ", "")
    return _OBSERVED if is_checked and sender == letter.sender else _CLAIMED


def _language(letter: Letter) -> str:
    """As the page says that was written on, else as the words themselves tell, else as the mail program is set."""
    words = f"{letter.subject}\n{letter.visible or letter.text}"
    said = letter.hints.get("language") or tongues.guess(words) or letter.hints.get("content-language", "")
    return said.split(",")[0].strip()[:20]


# Which case --------------------------------------------------------------------------------------------------------


def _signed_case(app: App, account: Account, letter: Letter) -> UUID | None:
    """The case a reply address of ours names, if the signature is ours."""
    local, _, domain = account.address.lower().rpartition("@")
    for party in (*letter.recipients, *letter.copies):
        to_local, _, to_domain = party.address.lower().rpartition("@")
        name, plus, token = to_local.partition("+")
        if plus and (name, to_domain) == (local, domain):
            case_id = conversations.signed_case(reply_key(app.settings.secret_key), token, account.id)
            if case_id:
                return case_id
    return None


# What came with it, and what it says of ours -----------------------------------------------------------------------


async def _attached(tx: Tx, message_id: UUID, understood: Understood) -> tuple[Attached, ...]:
    """What came with a letter; what was too large to be kept is named all the same."""
    found = []
    for one, kept in zip(understood.letter.attachments, understood.kept, strict=True):
        if kept is None:
            found.append(Attached("", one.name, one.type, one.size_bytes))
            continue
        named = {"name": one.name, "content_id": one.content_id}
        await files.keep(tx, kept, room="conversations", object_id=message_id, **named)
        found.append(Attached(kept.hash.hex(), files.safe_name(one.name), kept.media_type, kept.size_bytes))
    return tuple(found)


async def _reported(tx: Tx, account: Account, letter: Letter) -> None:
    state = _BECAME.get(letter.status or "")
    if letter.kind == "bounce" and state is None:
        return  # it says that it is late, not that it failed
    if state is None:
        return
    words = _words(letter.outcomes)
    for message_id in await conversations.sent_as(tx, account.channel, letter.concerns):
        await conversations.fared(tx, message_id, state, words=words, at=tx.now)


def _words(outcomes: Sequence[channels.Outcome]) -> str:
    return "; ".join(" ".join(filter(None, (one.code, one.words))) for one in outcomes[:3])
