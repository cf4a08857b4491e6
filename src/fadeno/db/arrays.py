"""Handing many values to the database quickly."""

import re
from collections.abc import Collection
from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode
_ESCAPE = re.compile(rb"\\[bfnrtu]")
NULL = "\\N"  # as COPY's text format writes it
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def array(values: Collection[Any]) -> str | list[Any]:
    """Values as one PostgreSQL array literal: made ten times faster than a list is by the driver.

    JSON's quoting of texts and PostgreSQL's are the same but for control characters; where there are such, the
    driver does it. The statement casts it: `%(ids)s::uuid[]`.
    """
    encoded = _encode(values if isinstance(values, list | tuple | set | frozenset) else list(values))
    if b"\\" in encoded and _ESCAPE.search(encoded):
        return list(values)
    return f"{{{encoded[1:-1].decode()}}}"


def copied(text: str | None) -> str:
    """A text as a cell of COPY's text format."""
    if text is None:
        return NULL
    # Most texts need no escaping, and asking is cheaper than translating.
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        return text.translate(_ESCAPES)
    return text
