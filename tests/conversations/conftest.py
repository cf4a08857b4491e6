"""What the tests of conversations stand on."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import psycopg
import pytest

from fadeno.db import Tx


@pytest.fixture
def shared_tx(shared_url: str) -> Callable[[], AbstractAsyncContextManager[Tx]]:
    """A transaction of its own for each example of a property, rolled back at its end."""

    @asynccontextmanager
    async def one() -> AsyncIterator[Tx]:
        async with (
            await psycopg.AsyncConnection.connect(shared_url, autocommit=True) as connection,
            connection.transaction(force_rollback=True),
        ):
            yield Tx(connection)

    return one
