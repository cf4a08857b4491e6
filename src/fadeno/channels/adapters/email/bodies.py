"""Which parts of a mail are its text, its HTML and its attachments."""

import re
from dataclasses import dataclass, field

from fadeno.channels.adapters.email.charsets import decode
from fadeno.channels.adapters.email.headers import header_text
from fadeno.channels.adapters.email.mime import Part, parse
from fadeno.channels.contract import Attachment
from fadeno.channels.html import html_to_text

MAX_TEXT_CHARS = 1_000_000
MAX_ATTACHMENTS = 1_000
_REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status", "message/disposition-notification"})
_RETURNED = frozenset({"text/rfc822-headers", "message/global-headers", "message/feedback-report"})
_LEFT_TO_REPORTS = _REPORTS | _RETURNED
_TEXTS = frozenset(
    {"text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown", "text/x-markdown", "text"}
)
_MAILS = frozenset({"message/rfc822", "message/global"})
_ENDINGS = {
    "text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "text/csv": ".csv", "text/vcard": ".vcf",
    "text/x-vcard": ".vcf", "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp",
    "application/pdf": ".pdf", "application/zip": ".zip", "message/rfc822": ".eml", "message/global": ".eml",
    "application/pkcs7-signature": ".p7s", "application/pgp-signature": ".asc", "application/ms-tnef": ".dat",
}  # fmt: skip
_PATH = re.compile(r"[\x00-\x1f\x7f/\\]+")
_ENRICHED = re.compile(r"</?(?!<)[\w-]{1,60}>|<param>.*?</param>", re.IGNORECASE)


@dataclass(slots=True)
class Bodies:
    """What a mail holds.

    Attributes:
        texts, htmls: what is to be read, in order; a mail may have several.
        calendars: calendar entries, as text.
    """

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    calendars: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def html(self) -> str:
        """Its HTML, as it came."""
        return "\n".join(self.htmls)

    @property
    def text(self) -> str:
        """Its text; read out of the HTML where there is none worth reading."""
        said = "\n\n".join(text.strip("\n") for text in self.texts if text.strip())
        if self.htmls and len(said.strip()) < 3:
            said = html_to_text(self.html)
        return said


def bodies_of(mail: Part) -> Bodies:
    """What a mail holds: of alternatives text and HTML each once; what has a name is attached."""
    found = Bodies()
    _gather(mail, found, is_alternative=False, is_root=True)
    return found


def _gather(part: Part, found: Bodies, *, is_alternative: bool, is_root: bool = False) -> None:
    kind = part.content_type
    if part.parts:
        if kind.main == "multipart/alternative":
            _gather_alternatives(part, found)
        else:
            for index, child in enumerate(part.parts):
                _gather(child, found, is_alternative=is_alternative or (kind.main == "multipart/related" and index > 0))
        return
    if kind.main.startswith("multipart/"):
        _take_text(part, "text/plain", found)  # parts that can't be told apart are shown as they stand
        return
    if kind.main in _LEFT_TO_REPORTS and not part.disposition.params.get("filename"):
        return
    is_file = part.disposition.main == "attachment" or bool(_said_name(part))
    if kind.main in _TEXTS and (not is_file or (is_root and part.disposition.main != "attachment")):
        is_more = is_alternative and bool(found.htmls if kind.main == "text/html" else found.texts)
        if not is_more:
            _take_text(part, kind.main, found)
            return
    if len(found.attachments) >= MAX_ATTACHMENTS:
        found.faults.append("too_many_attachments")
        return
    _attach(part, kind.main, found)


def _gather_alternatives(part: Part, found: Bodies) -> None:
    """Of several ways to say the same, text and HTML each once."""
    inner = Bodies()
    for child in part.parts:
        _gather(child, inner, is_alternative=True)
    found.texts += inner.texts
    found.htmls += inner.htmls
    if inner.htmls and not inner.texts and found.texts:
        found.texts.append(html_to_text(inner.html))  # text around it is no reason to lose what stands in HTML only
    found.calendars += inner.calendars
    found.attachments += inner.attachments
    found.faults += inner.faults


def _take_text(part: Part, kind: str, found: Bodies) -> None:
    params = part.content_type.params
    text, is_true = decode(part.content(), params.get("charset", ""))
    if not is_true and params.get("charset"):
        found.faults.append("charset_lies")
    if len(text) > MAX_TEXT_CHARS:
        found.faults.append("text_cut")
        text = text[:MAX_TEXT_CHARS]
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if kind == "text/html":
        found.htmls.append(text)
    elif kind in ("text/enriched", "text/richtext"):
        found.texts.append(_ENRICHED.sub("", text).replace("<<", "<"))
    else:
        is_flowed = params.get("format", "").lower() == "flowed"
        found.texts.append(unflowed(text, params.get("delsp", "").lower() == "yes") if is_flowed else text)


def _attach(part: Part, kind: str, found: Bodies) -> None:
    content = part.content()
    if kind == "text/calendar":
        found.calendars.append(decode(content, part.content_type.params.get("charset", ""))[0][:MAX_TEXT_CHARS])
    content_id = header_text(part.first("content-id")).strip("<> ")[:500]
    if part.raw[part.begin : part.end].strip() and not content:
        found.faults.append("attachment_unreadable")
    found.attachments.append(
        Attachment(
            name=_name(part, kind, len(found.attachments) + 1),
            type=kind[:120],
            size_bytes=len(content),
            content=content,
            content_id=content_id,
            is_inline=part.disposition.main == "inline" or (bool(content_id) and part.disposition.main != "attachment"),
        )
    )


def _said_name(part: Part) -> str:
    return part.disposition.params.get("filename") or part.content_type.params.get("name") or ""


def _name(part: Part, kind: str, number: int) -> str:
    """A file name of its own kind: no path, nothing unseen, never empty."""
    said = _PATH.sub("_", _said_name(part)).strip("_. ")[-200:]
    if said:
        return said
    if kind in _MAILS:
        subject = _PATH.sub("_", header_text(parse(part.content())[0].first("subject"))).strip("_. ")[:120]
        return f"{subject or 'mail'}.eml"
    return f"attachment-{number}{_ENDINGS.get(kind, '')}"


def unflowed(text: str, joins_words: bool = False) -> str:
    """Lines broken only for the journey, joined again.

    Args:
        joins_words: the blank at the end of such a line was added too.

    Source: RFC 3676 section 4, 2026-11-24.
    """
    out: list[str] = []
    run: list[str] = []
    run_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:]
        content = content[1:] if content.startswith(" ") else content
        if run and depth != run_depth:
            out.append(_flow(run, run_depth))
            run = []
        run_depth = depth
        is_soft = content.endswith(" ") and content != "-- "
        run.append(content[:-1] if is_soft and joins_words else content)
        if not is_soft:
            out.append(_flow(run, depth))
            run = []
    if run:
        out.append(_flow(run, run_depth))
    return "\n".join(out)


def _flow(run: list[str], depth: int) -> str:
    return f"{'>' * depth}{' ' if depth else ''}{''.join(run)}"
