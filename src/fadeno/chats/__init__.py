"""Customers who talk with us from a page, and what they see of what was said.

A browser is known by a token only we can make; what it proves is its own chat and nothing else. Who signs in on the
site, or opens a link mailed to them, proves more. A customer sees what came through addresses proven to their level,
whatever the channel; an address somebody merely typed shows nothing of it. Nothing here decides whose words are whose:
that follows from the addresses, and the case they belong to from the conversations.
"""

from fadeno.chats.actions.knowing import KIND, erase, give_mail, keep_chat, look, prove_mail, sign_in
from fadeno.chats.actions.mailing import ask_link, filled, mailbox_for, make_pass, passed, revoke_passes, said
from fadeno.chats.actions.rating import rate
from fadeno.chats.model import (
    LINK,
    MAILED,
    NOBODY,
    Chat,
    Identity,
    NotHere,
    NotYours,
    Pass,
    PassOver,
    Said,
    Token,
    Viewer,
    is_allowed,
    key_of,
    read_id,
    read_identity,
    read_token,
    signed_id,
    sites_of,
    token_of,
)
from fadeno.chats.reads import (
    chat,
    chats_in,
    customer_of,
    export,
    last_said,
    next_said_at,
    to_rate,
    viewer,
    viewer_of_mail,
    waiting,
)
from fadeno.chats.tasks import drop_passes, send_on
from fadeno.chats.writing import hearing_writing, tell_writing

__all__ = [
    "KIND",
    "LINK",
    "MAILED",
    "NOBODY",
    "Chat",
    "Identity",
    "NotHere",
    "NotYours",
    "Pass",
    "PassOver",
    "Said",
    "Token",
    "Viewer",
    "ask_link",
    "chat",
    "chats_in",
    "customer_of",
    "drop_passes",
    "erase",
    "export",
    "filled",
    "give_mail",
    "hearing_writing",
    "is_allowed",
    "keep_chat",
    "key_of",
    "last_said",
    "look",
    "mailbox_for",
    "make_pass",
    "next_said_at",
    "passed",
    "prove_mail",
    "rate",
    "read_id",
    "read_identity",
    "read_token",
    "revoke_passes",
    "said",
    "send_on",
    "sign_in",
    "signed_id",
    "sites_of",
    "tell_writing",
    "to_rate",
    "token_of",
    "viewer",
    "viewer_of_mail",
    "waiting",
]
