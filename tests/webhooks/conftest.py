"""An endpoint for every test that wants one."""

from collections.abc import AsyncIterator

import pytest

from tests.webhooks.endpoint import Receiver, receiving


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as one:
        yield one
