"""Customers who talk with us from a page, and what they see of what was said.

A browser is known by a token only we can make; what it proves is its own chat and nothing else. Who signs in on the
site, or opens a link mailed to them, proves more. A customer sees what came through addresses proven to their level,
whatever the channel; an address somebody merely typed shows nothing of it. Nothing here decides whose words are whose:
that follows from the addresses, and the case they belong to from the conversations.
"""

from fadeno.chats.actions import KIND, give_mail, keep_chat, look, sign_in
from fadeno.chats.model import (
    NOBODY,
    Chat,
    Identity,
    NotHere,
    NotYours,
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
from fadeno.chats.reads import chat, customer_of, last_said, next_said_at, viewer, waiting

__all__ = [
    "KIND",
    "NOBODY",
    "Chat",
    "Identity",
    "NotHere",
    "NotYours",
    "Said",
    "Token",
    "Viewer",
    "chat",
    "customer_of",
    "give_mail",
    "is_allowed",
    "keep_chat",
    "key_of",
    "last_said",
    "look",
    "next_said_at",
    "read_id",
    "read_identity",
    "read_token",
    "sign_in",
    "signed_id",
    "sites_of",
    "token_of",
    "viewer",
    "waiting",
]
