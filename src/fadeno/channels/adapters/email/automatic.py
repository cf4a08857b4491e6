"""Telling what a machine wrote, so that no machine of ours answers it."""

import re
import tomllib
from functools import cache
from importlib.resources import files

from fadeno.channels.adapters.email.headers import header_text
from fadeno.channels.adapters.email.mime import Part

MAX_HOPS = 50
_NULL_SENDERS = ("<>", "<MAILER-DAEMON>")
_MACHINES = frozenset({"auto_reply", "auto-reply", "bulk", "junk", "list"})


def why_automatic(mail: Part, subject: str) -> tuple[str, str]:
    """Why a mail is no person's word to us, and why it came to many; both empty where neither is so.

    A mail to many (a list, a newsletter) is still a message; it only must not be answered by a machine.

    Source: RFC 3834 sections 2 and 5, RFC 2919, RFC 8058, 2026-11-24.
    """
    return _machine(mail, subject), _many(mail)


def _machine(mail: Part, subject: str) -> str:
    said = header_text(mail.first("auto-submitted")).lower().split(";")[0].strip()
    if _loops(mail):
        return "loop"
    if said and said != "no":
        return "auto_replied" if "repl" in said else "auto_generated"
    if _says_auto_reply(mail):
        return "auto_replied"
    if header_text(mail.first("return-path")).replace(" ", "") in _NULL_SENDERS:
        return "null_sender"
    if _subject_pattern().match(subject):
        return "auto_replied"
    precedence = header_text(mail.first("precedence")).lower().strip()
    if precedence in _MACHINES and not _many(mail):
        return "auto_replied" if precedence.startswith("auto") else "precedence"
    return ""


def _says_auto_reply(mail: Part) -> bool:
    names = {name for name, _ in mail.fields}
    if names & {"x-autoreply", "x-autorespond", "x-autoreply-from", "x-mail-autoreply", "x-autoresponder"}:
        return header_text(mail.first("x-autoreply")).lower() not in ("no", "false")
    return header_text(mail.first("x-auto-response-suppress")).lower() in ("all", "autoreply") and _is_exchange_auto(
        mail
    )


def _is_exchange_auto(mail: Part) -> bool:
    """Exchange asks in much it sends not to be answered; its automatic answers bear a mark of their own too."""
    return b"rules:oof" in mail.first("x-ms-exchange-inbox-rules-loop").lower() or bool(
        mail.first("x-ms-exchange-generated-message-source")
    )


def _loops(mail: Part) -> bool:
    """Whether it went round: delivered to the same mailbox twice, or through more servers than any mail needs."""
    delivered = [header_text(value).lower() for value in mail.all("delivered-to")]
    return (
        len(mail.all("received")) > MAX_HOPS
        or len(delivered) - len(set(delivered)) >= 2
        or bool(mail.first("x-loop") and mail.first("x-fadeno-account"))
    )


def _many(mail: Part) -> str:
    names = {name for name, _ in mail.fields}
    if names & {"list-id", "list-post", "x-mailing-list"}:
        return "list"
    if "list-unsubscribe" in names or "feedback-id" in names:
        return "bulk"
    return "list" if header_text(mail.first("precedence")).lower().strip() == "list" and "sender" in names else ""


@cache
def _subject_pattern() -> re.Pattern[str]:
    """How automatic answers call themselves; a subject must be it, or say it before a colon or dash."""
    text = (files("fadeno.channels.adapters.email") / "automatic.toml").read_text("utf-8")
    phrases = sorted({phrase for language in tomllib.loads(text)["subjects"].values() for phrase in language}, key=len)
    either = "|".join(re.escape(phrase) for phrase in reversed(phrases))
    return re.compile(rf"\s*[\[(]?(?:{either})[\])]?\s*(?:[:：!–—-]|\Z|\()", re.IGNORECASE)
