"""Who may be one person is looked for in a process of its own, once there are many to compare."""

from datetime import UTC, datetime

import pytest

from fadeno import customers
from fadeno.app import App
from fadeno.customers import Evidence, Mention
from fadeno.customers.model.evidence import OBSERVED
from fadeno.entry.worker.children import Children
from fadeno.kit.ids import new_id
from tests.entry.test_promises_api import as_url

AT = datetime(2026, 1, 1, tzinfo=UTC)
PAIRS = 130


def _heard(n: int, domain: str) -> Evidence:
    mention = Mention("email", f"jelica.nr{n}@{domain}.example", OBSERVED)
    return Evidence(new_id(), 1, AT, (mention,), "said", {"name": f"Jelica Petrović{n}", "birthday": "1980-01-02"})


async def test_many_are_compared_in_a_process_of_their_own(app: App, url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FADENO_DATABASE_URL", as_url(url))
    async with app.db.transaction() as tx:
        await customers.place(tx, [_heard(n, domain) for n in range(PAIRS) for domain in ("home", "work")])
    children = Children(app)
    async with app.db.transaction() as tx:
        await children.seek(tx)
        assert await customers.count_likely(tx, 75) < PAIRS
    assert children._seeking is not None
    await children._seeking
    async with app.db.transaction() as tx:
        assert await customers.count_likely(tx, 75) >= PAIRS
