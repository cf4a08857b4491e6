"""The room's statements."""

from collections.abc import Sequence
from typing import Any

import msgspec

from fadeno.db import Queries

Q = Queries("fadeno.commerce")
_encode = msgspec.json.Encoder(decimal_format="string").encode


def recordset(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as PostgreSQL reads them from JSON: one parameter, whatever their number."""
    return _encode(rows).decode()
