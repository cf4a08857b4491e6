"""The ways a company is reached, each behind one small frame.

An adapter is a folder: a *label* says what its channel can, `read` makes letters of what comes, `write` makes requests
of what goes, and both are pure: no database, no clock, no settings, no connection of their own. Nobody outside asks
which channel it is; they ask the label. What is read is a claim of whoever sent it: a name or address in a letter
proves nothing. Adapters of other packages come in by the entry point `fadeno.channels`.
"""

from fadeno.channels import examining
from fadeno.channels.contract import (
    RECEIVED_AT,
    URL,
    Account,
    Answer,
    Attachment,
    Call,
    Credential,
    Draft,
    Envelope,
    Invitation,
    Kind,
    Label,
    Letter,
    Limits,
    Outcome,
    Party,
    Refused,
    Request,
    Status,
    TryLater,
    Unreadable,
    judge_http,
    judge_smtp,
)
from fadeno.channels.html import SafeHtml, html_to_text, safe_html
from fadeno.channels.registry import Adapter, NoAdapter, UnknownChannel, adapter, adapter_in, adapters, broken
from fadeno.channels.stripping import Stripped, strip, strip_html

__all__ = [
    "RECEIVED_AT",
    "URL",
    "Account",
    "Adapter",
    "Answer",
    "Attachment",
    "Call",
    "Credential",
    "Draft",
    "Envelope",
    "Invitation",
    "Kind",
    "Label",
    "Letter",
    "Limits",
    "NoAdapter",
    "Outcome",
    "Party",
    "Refused",
    "Request",
    "SafeHtml",
    "Status",
    "Stripped",
    "TryLater",
    "UnknownChannel",
    "Unreadable",
    "adapter",
    "adapter_in",
    "adapters",
    "broken",
    "examining",
    "html_to_text",
    "judge_http",
    "judge_smtp",
    "safe_html",
    "strip",
    "strip_html",
]
