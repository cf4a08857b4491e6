"""A draft as a mail: the same draft gives the same bytes, so a mail sent twice is known as one."""

import hashlib
import re
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.utils import format_datetime

import idna

from fadeno.channels.contract import Account, Attachment, Draft, Envelope, Party, Refused, Request

MAX_REFERENCES = 20
RECIPIENTS_AT_ONCE = 100
_POLICY = policy.SMTP.clone(max_line_length=78, refold_source="all", mangle_from_=False)
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
_ID = re.compile(r"[^\s<>\x00-\x1f\x7f]{1,900}")
_TRAILING_SPACE = re.compile(r"[ \t]+(?=\n|\Z)")
_LONGEST_LINE_CHARS = 76


def write(draft: Draft, account: Account) -> list[Request]:
    """The mail a draft is, for at most 100 recipients at a time; hidden copies stand in no header.

    Raises:
        Refused: an address can't be written, or an attachment's content is not at hand.
    """
    sender = _address(Party(account.address, account.name))
    provider_id = message_id(draft.key, sender.domain)
    try:
        content = _mail(draft, sender, provider_id).as_bytes(policy=_POLICY)
    except (MessageError, ValueError, UnicodeError, IndexError) as fault:
        raise Refused(f"This can't be written as a mail: {fault}") from fault
    everybody = (*draft.recipients, *draft.copies, *draft.hidden_copies)
    unique = list(dict.fromkeys(_address(party).addr_spec for party in everybody))
    return [
        Envelope(provider_id, sender.addr_spec, tuple(unique[at : at + RECIPIENTS_AT_ONCE]), content)
        for at in range(0, len(unique), RECIPIENTS_AT_ONCE)
    ]


def message_id(key: str, domain: str) -> str:
    """The id a draft's mail bears, without brackets; known before it is written, for answers that come early."""
    return f"{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}"


def _mail(draft: Draft, sender: Address, provider_id: str) -> EmailMessage:
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = sender
    for name, parties in (("To", draft.recipients), ("Cc", draft.copies)):
        if parties:
            mail[name] = tuple(map(_address, parties))
    if draft.reply_to:
        mail["Reply-To"] = _address(draft.reply_to)
    mail["Subject"] = _one_line(draft.subject)
    mail["Date"] = format_datetime(draft.written_at)
    mail["Message-ID"] = f"<{provider_id}>"
    _thread(mail, draft)
    if draft.automatic:
        mail["Auto-Submitted"] = f"auto-{draft.automatic}"
        mail["X-Auto-Response-Suppress"] = "All"
        mail["X-Loop"] = sender.addr_spec
    if draft.leave_url:
        mail["List-Unsubscribe"] = f"<{_one_line(draft.leave_url).replace('>', '%3E')}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    _fill(mail, draft)
    _name_boundaries(mail, provider_id)
    return mail


def _thread(mail: EmailMessage, draft: Draft) -> None:
    """What it answers, and what was said before: the first and the latest.

    Source: RFC 5322 section 3.6.4, 2026-11-24.
    """
    known = [one for one in (*draft.thread_ids, draft.reply_to_id) if _ID.fullmatch(one)]
    known = [one for one in dict.fromkeys(known) if not one.startswith("sha256:")]
    if draft.reply_to_id in known:
        mail["In-Reply-To"] = f"<{draft.reply_to_id}>"
    if known:
        shown = known if len(known) <= MAX_REFERENCES else [known[0], *known[1 - MAX_REFERENCES :]]
        mail["References"] = " ".join(f"<{one}>" for one in shown)


def _fill(mail: EmailMessage, draft: Draft) -> None:
    mail.set_content(_sent_text(draft.text), subtype="plain", charset="utf-8", cte=_encoding(draft.text))
    inline = [one for one in draft.attachments if one.is_inline and one.content_id and draft.html]
    if draft.html:
        mail.add_alternative(draft.html, subtype="html", charset="utf-8", cte="quoted-printable")
        shown = mail.get_payload()[1]
        for one in inline:
            _attach(shown.add_related, one, cid=f"<{_one_line(one.content_id)}>", disposition="inline")
    for one in draft.attachments:
        if one not in inline:
            _attach(mail.add_attachment, one)


def _attach(add: object, one: Attachment, **more: str) -> None:
    if one.content is None:
        raise Refused(f"The content of {one.name[:80]!r} is not at hand; fetch it first.")
    kind = one.type.lower() if _TYPE.fullmatch(one.type.lower()) else "application/octet-stream"
    main, _, sub = kind.partition("/")
    if main in ("multipart", "message"):  # those may not be made fit to travel
        main, sub = "application", "octet-stream"
    add(one.content, maintype=main, subtype=sub, filename=_one_line(one.name)[:200] or "attachment", **more)


def _name_boundaries(mail: MIMEPart, provider_id: str) -> None:
    """Boundaries that are the same each time, and stand in no part: they are made of the mail's id."""
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            made = hashlib.sha256(f"{provider_id} {number}".encode()).hexdigest()[:40]
            part.set_boundary(f"=_{made}")


def _sent_text(text: str) -> str:
    """Text without blanks at line ends, which programs that join lines would take for soft breaks."""
    return (
        _TRAILING_SPACE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")).rstrip("\n") + "\n"
    )


def _encoding(text: str) -> str:
    if text.isascii():
        return "7bit" if max(map(len, text.split("\n"))) <= _LONGEST_LINE_CHARS else "quoted-printable"
    strange = sum(not letter.isascii() for letter in text[:10_000])
    return "base64" if strange * 3 > len(text[:10_000]) else "quoted-printable"


def _one_line(text: str) -> str:
    return _BREAKS.sub(" ", text).strip()


def _address(party: Party) -> Address:
    """An address as mail servers everywhere take it.

    Raises:
        Refused: it is none, or only servers that speak UTF-8 could reach it.
    """
    local, at, domain = party.address.strip().rpartition("@")
    if not at or not local or not domain or _BREAKS.search(party.address):
        raise Refused(f"{party.address[:80]!r} is no e-mail address.")
    if not local.isascii():
        raise Refused(
            f"{party.address[:80]!r}: a name with letters beyond ASCII can't be reached by every mail server."
        )
    try:
        domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
        return Address(_one_line(party.name), addr_spec=f"{local}@{domain}")
    except (MessageError, ValueError, IndexError, UnicodeError) as fault:
        raise Refused(f"{party.address[:80]!r} is no e-mail address.") from fault
