"""Who may know of people but not reach them learns no way to reach anybody, by whatever way they ask."""

import httpx
import pytest

from fadeno.app import App
from tests.entry.test_pages_customers import Says, _signed_in, _words, manager, marketing, says
from tests.entry.test_stream import Listener

__all__ = ["manager", "marketing", "says"]

SECRETS = ("geheim", "641987", "64 198", "64/198", "98765", "Tajna", "zora_ig")


@pytest.fixture
async def zora(says: Says) -> None:
    """Somebody whose addresses stand in every place a source may write them to."""
    traits = {
        "name": "Zora Vidić", "email": "zq.zora@geheim.example", "phone": "+381641987654", "mobilePhone": "0641987654",
        "contactNumber": "064/198-76-54", "homeAddress": "Tajna ulica 77", "instagram": "zora_ig",
        "address": {"street": "Tajna ulica 77", "city": "Niš"},
        "shipping": {"line1": "Tajna ulica 77", "tel": 641987654},
    }  # fmt: skip
    await says("identify", userId="u-zora-77", traits=traits)
    said = {
        "note": "Call 064 198 76 54 or 0641987654",
        "zq.zora@geheim.example": "as a name",
        "billing": traits["shipping"],
    }
    await says("track", userId="u-zora-77", event="Message from zq.zora@geheim.example", properties=said)
    await says("identify", traits={"email": "nameless@geheim.example"})
    await says("identify", traits={"email": "other@geheim.example"})


def _is_hidden(text: str) -> bool:
    return not any(secret in text for secret in SECRETS)


async def _zora(browser: httpx.AsyncClient) -> str:
    found = (await browser.get("/api/customers", params={"q": "vidic"})).json()["items"]
    assert [one["name"] for one in found] == ["Zora Vidić"]
    return found[0]["id"]


@pytest.mark.usefixtures("zora")
async def test_not_on_a_page_nor_in_an_answer(marketing: httpx.AsyncClient):
    id_ = await _zora(marketing)
    for path in ("", "/thread", "/links", "/why", "/addresses"):
        answer = await marketing.get(f"/api/customers/{id_}{path}")
        assert answer.status_code == 200
        assert _is_hidden(answer.text.replace("@geheim.example", "")), path
    for path in (f"/customers/{id_}", f"/customers/{id_}/thread", "/customers?q=vidic"):
        page = await marketing.get(path)
        assert page.status_code == 200
        assert _is_hidden(_words(page).replace("z…@geheim.example", "")), path


@pytest.mark.usefixtures("zora")
@pytest.mark.parametrize(
    "typed", ["zq.", "zq.zora@geheim.example", "email:zq.zora@geheim.example", "geheim", "641987", "u-zora", "nameless"]
)
async def test_not_by_what_a_search_finds(manager: httpx.AsyncClient, marketing: httpx.AsyncClient, typed: str):
    for path in ("/api/customers", "/api/search"):
        assert (await marketing.get(path, params={"q": typed})).json() in ({"items": [], "next": None}, {"groups": []})
    assert "Zora" not in _words(await marketing.get("/customers", params={"q": typed}))
    if typed != "geheim":
        assert (await manager.get("/api/customers", params={"q": typed})).json()["items"]


@pytest.mark.usefixtures("zora")
async def test_not_by_asking_for_an_address(marketing: httpx.AsyncClient):
    id_ = await _zora(marketing)
    for path in ("/api/customers?address", "/api/orders?customer", f"/api/customers/{id_}/why?address"):
        for said in ("email:zq.zora@geheim.example", "email:nobody@geheim.example"):
            answer = await marketing.get(f"{path}={said}")
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), path


@pytest.mark.usefixtures("zora")
async def test_not_by_where_a_page_of_a_list_ends(manager: httpx.AsyncClient, marketing: httpx.AsyncClient):
    listed, after = [], None
    while True:
        asked = {"limit": 1, **({"after": after} if after else {})}
        answer = (await marketing.get("/api/customers", params=asked)).json()
        listed += answer["items"]
        after = answer["next"]
        if not after:
            break
        assert _is_hidden(after)
    assert len(listed) == 3
    assert listed == (await marketing.get("/api/customers")).json()["items"]
    made_up = {"after": f"{listed[0]['id']}~name"}
    assert (await marketing.get("/api/customers", params=made_up)).json()["code"] == "invalid"
    assert (await manager.get("/customers", params=made_up)).status_code == 400


@pytest.mark.usefixtures("zora")
async def test_not_on_the_live_stream(app: App, asgi: object, http: httpx.AsyncClient, manager: httpx.AsyncClient):
    analyst = await _signed_in(app, http, "analyst")
    for browser, is_hidden in ((analyst, True), (manager, False)):
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        listener = Listener(asgi, "/api/stream?after=0", {"cookie": cookie})
        heard = await listener.until("event", 4)
        await listener.leave()
        assert _is_hidden(str(heard)) is is_hidden
    await analyst.aclose()
