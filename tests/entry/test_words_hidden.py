"""Who may not see cases learns no word of what was said in them, by whatever way they ask."""

from datetime import timedelta

import httpx
import pytest

from fadeno import conversations, promises
from fadeno.app import App
from fadeno.kit import clock
from fadeno.promises import NewPromise
from tests.conversations.playing import ADA, answers, writes
from tests.entry.test_pages_customers import _words, manager, marketing

__all__ = ["manager", "marketing"]

SECRETS = ("knieleiden", "quietlywritten", "loudlypromised", "thesubjectline", "unhappilyrated")


@pytest.fixture
async def whose(app: App) -> str:
    """A customer with whom words were changed in a case."""
    async with app.db.transaction() as tx:
        heard = await writes(tx, "email:jelena@example.org", "My knieleiden is back", subject="thesubjectline")
        case = await conversations.case(tx, heard.case_id)
        await answers(tx, ADA, case.id, "This is quietlywritten", then="solved")
        due = clock.now() + timedelta(hours=2)
        await promises.make(tx, ADA, NewPromise("call_back", case.id, case.address_id, due, said="loudlypromised"))
        await conversations.rate(tx, case.id, 1, "email", words="unhappilyrated")
    return str(case.customer_id)


def _told(text: str) -> set[str]:
    return {secret for secret in SECRETS if secret in text}


async def test_not_on_the_thread_of_a_customer(manager: httpx.AsyncClient, marketing: httpx.AsyncClient, whose: str):
    assert _told((await manager.get(f"/api/customers/{whose}/thread")).text) == set(SECRETS)
    for path in (f"/api/customers/{whose}/thread", f"/api/customers/{whose}"):
        answer = await marketing.get(path)
        assert (answer.status_code, _told(answer.text)) == (200, set()), path
    assert _told(_words(await manager.get(f"/customers/{whose}"))) >= {"knieleiden", "quietlywritten"}
    for path in (f"/customers/{whose}", f"/customers/{whose}/thread", "/customers"):
        page = await marketing.get(path)
        assert (page.status_code, _told(page.text)) == (200, set()), path


async def test_not_in_what_was_promised(manager: httpx.AsyncClient, marketing: httpx.AsyncClient, whose: str):
    for path in ("/api/promises", f"/api/customers/{whose}/promises"):
        assert "loudlypromised" in (await manager.get(path)).text
        listed = await marketing.get(path)
        assert (len(listed.json()["items"]), _told(listed.text)) == (1, set()), path
    id_ = listed.json()["items"][0]["id"]
    assert _told((await marketing.get(f"/api/promises/{id_}")).text) == set()
