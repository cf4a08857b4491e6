"""Attachments: what people send along, kept once by what it holds, given out safely, forgotten when nobody uses it.

The bytes lie on a *shelf*, a folder or S3-compatible storage; the database says which there are and who uses them.
`put` brings bytes to the shelf before the transaction that names them (`keep`), so a row never points at nothing;
what was put and never named is swept away a day later. A file goes when its last use does.
"""

from fadeno.files.actions import forget, hand_over, keep, put
from fadeno.files.model import (
    LIMIT_BYTES,
    SHOWN,
    Attachment,
    Kept,
    NoAttachment,
    TooLarge,
    media_type_of,
    safe_name,
)
from fadeno.files.reads import attachment, attachments, check
from fadeno.files.shelf import Shelf, ShelfDown, shelf_at
from fadeno.files.tasks import FORGET, SWEEP, THUMBNAIL, deliveries, forget_waiting, plan_sweep

__all__ = [
    "FORGET",
    "LIMIT_BYTES",
    "SHOWN",
    "SWEEP",
    "THUMBNAIL",
    "Attachment",
    "Kept",
    "NoAttachment",
    "Shelf",
    "ShelfDown",
    "TooLarge",
    "attachment",
    "attachments",
    "check",
    "deliveries",
    "forget",
    "forget_waiting",
    "hand_over",
    "keep",
    "media_type_of",
    "plan_sweep",
    "put",
    "safe_name",
    "shelf_at",
]
