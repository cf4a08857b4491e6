"""The room's statements."""

from collections.abc import Mapping
from typing import Any

import msgspec

from fadeno.db import Queries

Q = Queries("fadeno.conversations")
_encode = msgspec.json.Encoder().encode


def record(values: Mapping[str, Any]) -> str:
    """A row as PostgreSQL reads it from JSON."""
    return _encode(values).decode()
