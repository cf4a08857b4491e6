"""The room's statements, and handing many values over and back quickly."""

import re
from collections.abc import Collection
from typing import Any

import msgspec
from psycopg.rows import namedtuple_row

from fadeno.db import Queries, Query, Tx

Q = Queries("fadeno.customers")
_encode = msgspec.json.Encoder().encode
_ESCAPE = re.compile(rb"\\[bfnrtu]")


def array(values: Collection[Any]) -> str | list[Any]:
    """Values as one PostgreSQL array literal: made ten times faster than a list is by the driver.

    JSON's quoting of texts and PostgreSQL's are the same but for control characters; where there are such, the
    driver does it.
    """
    encoded = _encode(values if isinstance(values, list | tuple | set | frozenset) else list(values))
    if b"\\" in encoded and _ESCAPE.search(encoded):
        return list(values)
    return f"{{{encoded[1:-1].decode()}}}"


async def fetched(tx: Tx, query: Query, **params: Any) -> list[Any]:
    """Rows in PostgreSQL's binary form: for large sets of ids half the time of the text form."""
    async with tx.connection.cursor(binary=True, row_factory=namedtuple_row) as cursor:
        await cursor.execute(query.text.encode(), params)
        return await cursor.fetchall()
