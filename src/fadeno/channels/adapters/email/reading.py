"""A raw mail as one letter."""

import hashlib
from collections.abc import Mapping

from fadeno.channels.adapters.email.automatic import why_automatic
from fadeno.channels.adapters.email.bodies import bodies_of
from fadeno.channels.adapters.email.headers import addresses, header_text, ids, time_of
from fadeno.channels.adapters.email.invitations import invitations_of
from fadeno.channels.adapters.email.mime import Part, parse
from fadeno.channels.adapters.email.reports import report_of
from fadeno.channels.contract import Invitation, Letter, Party, Unreadable
from fadeno.channels.stripping import strip, strip_html

MAX_BODY_BYTES = 52_428_800
MAX_RECIPIENTS = 1_000
_HINTS = ("authentication-results", "list-id", "x-mailer", "user-agent", "content-language", "importance", "x-priority")
_NAMES = frozenset({"from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version", "sender"})


def read(body: bytes, headers: Mapping[str, str], secret: str | None) -> list[Letter]:
    """The letter a raw mail is.

    Args:
        headers, secret: not used: a mail comes by a signed-in mailbox, and proves nothing about its sender.

    Raises:
        Unreadable: it is empty, too large, or has neither a header nor a text.
    """
    if len(body) > MAX_BODY_BYTES:
        raise Unreadable(f"The mail has {len(body):,} bytes; {MAX_BODY_BYTES:,} are read.")
    if not body.strip(b"\x00 \t\r\n"):
        raise Unreadable("The mail is empty.")
    mail, faults = parse(body)
    if not {name for name, _ in mail.fields} & _NAMES and not mail.first("content-type"):
        raise Unreadable("This is no mail: it has none of the headers a mail has.")
    return [_letter(mail, body, faults)]


def _letter(mail: Part, body: bytes, faults: tuple[str, ...]) -> Letter:
    sender = next(iter(addresses(mail.first("from")) or addresses(mail.first("sender"))), None)
    subject = " ".join(header_text(mail.first("subject")).split())[:2_000]
    found = bodies_of(mail)
    text = found.text
    report = report_of(mail, text, sender.address or sender.name if sender else "", subject)
    machine, many = why_automatic(mail, subject)
    hints = {name: header_text(mail.first(name))[:2_000] for name in _HINTS if mail.first(name)}
    has_own_text = any(one.strip() for one in found.texts)
    stripped = strip(text) if has_own_text or not found.htmls else strip_html(found.html)
    answers = ids(mail.first("in-reply-to"))
    earlier = tuple(reversed(ids(mail.first("references"))))
    return Letter(
        kind=report.kind if report else "auto" if machine else "message",
        provider_id=next(iter(ids(mail.first("message-id"))), "") or f"sha256:{hashlib.sha256(body).hexdigest()}",
        text=text,
        visible=stripped.visible,
        quoted=stripped.quoted,
        html=found.html,
        subject=subject,
        sender=sender,
        recipients=_named(mail, ("to", "apparently-to"), found.faults),
        copies=_named(mail, ("cc", "bcc"), found.faults),
        reply_to=addresses(mail.first("reply-to"))[:20],
        occurred_at=time_of(mail.first("date")),
        attachments=tuple(found.attachments),
        invitations=_invitations(found.calendars),
        status=report.status if report else None,
        why=report.why if report else machine,
        outcomes=report.outcomes if report else (),
        concerns=report.concerns if report else (),
        reply_to_ids=tuple(dict.fromkeys(answers + earlier)),
        hints=hints | ({"to_many": many} if many else {}),
        faults=tuple(dict.fromkeys((*faults, *found.faults))),
    )


def _named(mail: Part, names: tuple[str, ...], faults: list[str]) -> tuple[Party, ...]:
    found = tuple(party for name in names for value in mail.all(name) for party in addresses(value))
    if len(found) > MAX_RECIPIENTS:
        faults.append("recipients_cut")
    return tuple(dict.fromkeys(found[:MAX_RECIPIENTS]))


def _invitations(calendars: list[str]) -> tuple[Invitation, ...]:
    found = [one for text in calendars for one in invitations_of(text)]
    return tuple({(one.uid, one.begins): one for one in found}.values())[:20]
