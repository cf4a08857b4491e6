"""What mail servers and mail programs say of mails we sent: bounces, delays, read receipts, complaints."""

import re
from dataclasses import dataclass

from fadeno.channels.adapters.email.charsets import decode
from fadeno.channels.adapters.email.headers import header_text, ids
from fadeno.channels.adapters.email.mime import Part, parse
from fadeno.channels.contract import Kind, Outcome, Status

MAX_OUTCOMES = 1_000
_DELIVERY = ("message/delivery-status", "message/global-delivery-status")
_READING = ("message/disposition-notification", "message/global-disposition-notification")
_COMPLAINT = "message/feedback-report"
_RETURNED = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers", "text/rfc822")
_DONE: dict[str, Status] = {
    "failed": "failed", "delayed": "delayed", "delivered": "delivered", "relayed": "sent", "expanded": "sent",
}  # fmt: skip
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_POSTMASTER = re.compile(
    r"(?i)(?:mailer-daemon|mail-daemon|mailerdaemon|postmaster|mdaemon|bounce[sd]?)\b[^@]*@|^mailer-daemon$"
)
_RETURNED_SUBJECT = re.compile(
    r"(?i)undeliver|not delivered|delivery (?:status|failure|has failed|problem|incomplete|report)|failure notice"
    r"|returned|mail delivery|delivery notification|could not be delivered|unzustellbar"
    r"|nicht zugestellt|non remis|non-remis"
    r"|no entregado|impossibile recapitare|mancato recapito|onbestelbaar|niet bezorg|não entregue|kézbesíthetetlen"
    r"|nem kézbesít|недоставлен|не доставлен|neisporučen|nedoručen|niedostarcz|teslim edilemedi"
    r"|تعذر تسليم|配信不能|退信"
)
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_CODE = re.compile(r"(?:^|\s)([45]\d\d)[ -]")
_ORIGINAL = re.compile(
    r"(?im)^\s*(?:-{2,}.*(?:original|copy of|returned|body of|message follows).*|return-path:.*|received:.*)$"
)


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says."""

    kind: Kind
    status: Status
    why: str
    outcomes: tuple[Outcome, ...] = ()
    concerns: tuple[str, ...] = ()


def report_of(mail: Part, text: str, sender: str, subject: str) -> Report | None:
    """What a mail reports, if it is a report.

    Source: RFC 3464, RFC 8098, RFC 5965, 2026-11-24.
    """
    parts = [part for part in mail.walk() if not part.parts]
    kinds = {part.content_type.main: part for part in reversed(parts)}
    concerns = _concerns(parts)
    for name in _DELIVERY:
        if name in kinds:
            return _delivery(kinds[name], concerns)
    for name in _READING:
        if name in kinds:
            return _reading(kinds[name], concerns)
    if _COMPLAINT in kinds:
        return _complaint(kinds[_COMPLAINT], concerns)
    return _told_by_words(mail, text, sender, subject, concerns)


def _concerns(parts: list[Part]) -> tuple[str, ...]:
    """The ids of the mails that came back, or their headers."""
    found: list[str] = []
    for part in parts:
        if part.content_type.main in _RETURNED:
            found += ids(parse(part.content())[0].first("message-id"))
    return tuple(dict.fromkeys(found))


def _groups(part: Part) -> list[dict[str, str]]:
    """Headers in groups parted by blank lines, as reports have them."""
    text, _ = decode(part.content()[: 1 << 20])
    groups = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip()):
        fields, _ = parse(block.encode("utf-8", "surrogateescape") + b"\n\n")
        groups.append({name: header_text(value) for name, value in reversed(fields.fields)})
    return groups


def _typed(value: str) -> str:
    """`rfc822; anna@example.com` without its type."""
    return value.partition(";")[2].strip() or value.strip()


def _delivery(part: Part, concerns: tuple[str, ...]) -> Report:
    outcomes = []
    for group in _groups(part):
        address = _typed(group.get("final-recipient", "") or group.get("original-recipient", ""))
        if not address and "action" not in group:
            continue
        code = match.group() if (match := _STATUS.search(group.get("status", ""))) else ""
        action = group.get("action", "").split()[0].lower().strip(";,.") if group.get("action", "").split() else ""
        status = _DONE.get(action) or (
            "delivered" if code.startswith("2") else "delayed" if code[:1] == "4" else "failed"
        )
        outcomes.append(
            Outcome(
                address=_typed(group.get("original-recipient", "")) or address,
                status=status,
                code=code,
                words=_typed(group.get("diagnostic-code", ""))[:2_000],
                is_final=status == "failed" and not code.startswith("4"),
            )
        )
        if len(outcomes) >= MAX_OUTCOMES:
            break
    worst = _worst(outcomes)
    kind: Kind = "bounce" if worst in ("failed", "delayed") else "receipt"
    return Report(kind, worst, "delivery_report", tuple(outcomes), concerns)


def _worst(outcomes: list[Outcome]) -> Status:
    order: tuple[Status, ...] = ("failed", "delayed", "delivered", "sent")
    said = {outcome.status for outcome in outcomes}
    return next((status for status in order if status in said), "failed")


def _reading(part: Part, concerns: tuple[str, ...]) -> Report:
    said = {name: value for group in reversed(_groups(part)) for name, value in group.items()}
    disposition = said.get("disposition", "").lower()
    kind = disposition.partition(";")[2].split("/")[0].strip()
    status: Status = "read" if kind == "displayed" else "failed" if kind in ("failed", "error") else "delivered"
    named = ids(said.get("original-message-id", "").encode()) or concerns
    who = _typed(said.get("final-recipient", "") or said.get("original-recipient", ""))
    return Report("receipt", status, "read_receipt", (Outcome(who, status, words=disposition[:200]),), named)


def _complaint(part: Part, concerns: tuple[str, ...]) -> Report:
    said = {name: value for group in reversed(_groups(part)) for name, value in group.items()}
    who = _typed(said.get("original-rcpt-to", "")).strip("<> ")
    kind = said.get("feedback-type", "abuse").strip().lower()[:40]
    return Report("complaint", "delivered", kind, (Outcome(who, "delivered", words=kind),), concerns)


def _told_by_words(mail: Part, text: str, sender: str, subject: str, concerns: tuple[str, ...]) -> Report | None:
    """A bounce of a server that writes no report for machines."""
    failed = header_text(mail.first("x-failed-recipients"))
    is_server = bool(_POSTMASTER.search(sender))
    is_null = header_text(mail.first("return-path")).replace(" ", "") in ("<>", "<MAILER-DAEMON>")
    if not failed and not ((is_server or is_null) and _RETURNED_SUBJECT.search(subject)):
        return None
    own = text[:20_000]
    if cut := _ORIGINAL.search(own):
        own, returned = own[: cut.start()], text[cut.start() : cut.start() + 50_000]
        concerns = concerns or ids(" ".join(re.findall(r"(?im)^message-id:\s*(<[^<>\s]+>)", returned)).encode())
    named = _ADDRESS.findall(failed) or [one for one in _ADDRESS.findall(own) if not _POSTMASTER.search(one)]
    code = match.group() if (match := _STATUS.search(own)) else (m[1] if (m := _CODE.search(own)) else "")
    is_final = not code.startswith("4")
    status: Status = "failed" if is_final else "delayed"
    words = " ".join(own.split())[:500]
    unique = tuple(dict.fromkeys(one.strip(".").lower() for one in named))[:20]
    outcomes = tuple(Outcome(one, status, code, words, is_final) for one in unique)
    return Report("bounce", status, "told_by_words", outcomes, concerns)
