"""Cases over the API: read, answered, filed, merged, taken back; nothing is said past what was said."""

from uuid import UUID

import httpx
import pytest

from fadeno import access, conversations, customers, switchboard
from fadeno.access import SYSTEM, Place
from fadeno.app import App
from fadeno.conversations import Heard, Incoming
from fadeno.customers import Evidence, Mention
from fadeno.entry.door import COOKIE, CSRF_HEADER, form_token
from fadeno.kit.ids import new_id
from fadeno.switchboard import Account


@pytest.fixture
async def chat(app: App) -> Account:
    async with app.db.transaction() as tx:
        return await switchboard.add(tx, SYSTEM, app.vault, channel="webchat", name="Chat", credentials={"sites": "*"})


@pytest.fixture
def writes(app: App, chat: Account):
    async def write(text: str, who: str = "anna@home.example", **more) -> Heard:
        async with app.db.transaction() as tx:
            evidence = Evidence(new_id(), chat.source_id, tx.now, (Mention("email", who, 1),), "letter")
            (placed,) = await customers.place(tx, [evidence])
            letter = Incoming(
                new_id(), chat.id, "webchat", placed.address_id, placed.customer_id, text=text, **more
            )  # fmt: skip
            return await conversations.hear(tx, letter)

    return write


@pytest.fixture
async def ada(app: App, http: httpx.AsyncClient) -> httpx.AsyncClient:
    """The client, signed in as an agent."""
    async with app.db.transaction() as tx:
        member_id = await access.add_member(tx, SYSTEM, "ada@x.example", "Ada", "agent", "three plain words")
        token = (await access.admit(tx, member_id, Place())).token
    http.cookies.set(COOKIE, token)
    http.headers[CSRF_HEADER] = form_token(token)
    return http


def by(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


async def test_a_case_is_read_answered_and_nothing_is_said_past_what_was_said(ada: httpx.AsyncClient, writes):
    case_id = (await writes("Where is my lamp?")).case_id
    one = (await ada.get(f"/api/cases/{case_id}")).json()
    seen = one["case"]["last_said"]
    await writes("Hello?")
    late = {"text": "On its way.", "seen_upto": seen}
    refused = await ada.post(f"/api/cases/{case_id}/messages", json=late)
    assert (refused.status_code, refused.json()["code"]) == (409, "unseen")
    assert [m["text"] for m in refused.json()["newer"]] == ["Hello?"]
    said = late | {"seen_upto": refused.json()["seen_upto"], "key": "k-1"}
    sent = await ada.post(f"/api/cases/{case_id}/messages", json=said)
    again = await ada.post(f"/api/cases/{case_id}/messages", json=said)
    assert (sent.status_code, sent.json()["state"], again.json()["id"]) == (201, "queued", sent.json()["id"])
    noted = await ada.post(f"/api/cases/{case_id}/messages", json={"kind": "note", "text": "She is nice."})
    assert noted.json()["direction"] == "note"
    page = (await ada.get(f"/api/cases/{case_id}/messages", params={"limit": 2})).json()
    assert [m["text"] for m in page["items"]] == ["She is nice.", "On its way."]
    rest = (await ada.get(f"/api/cases/{case_id}/messages", params={"before": page["next"]})).json()
    assert [m["text"] for m in rest["items"]] == ["Hello?", "Where is my lamp?"]
    held = await ada.post(f"/api/messages/{sent.json()['id']}/hold-back")
    assert held.json()["state"] == "cancelled"
    assert (await ada.get(f"/api/cases/{case_id}")).json()["case"]["state"] == "open"


async def test_what_is_brought_goes_with_the_answer_of_who_brought_it(app: App, ada: httpx.AsyncClient, keys, writes):
    case_id = (await writes("Where is my lamp?")).case_id
    name = {"x-file-name": "l%C3%A1mpa.txt", "content-type": "text/plain"}
    brought = (await ada.post("/api/attachments", content=b"the lamp", headers=name)).json()
    said = {"text": "See here.", "seen_upto": 2**40, "attachments": [brought["id"]]}
    by_another = await httpx.AsyncClient(transport=ada._transport, base_url="http://test").post(
        f"/api/cases/{case_id}/messages", json=said, headers=by(keys["write"])
    )
    assert by_another.json()["code"] == "no_attachment"
    sent = (await ada.post(f"/api/cases/{case_id}/messages", json=said)).json()
    assert [one["name"] for one in sent["attachments"]] == ["lámpa.txt"]
    async with app.db.transaction() as tx:
        out = await conversations.outgoing(tx, UUID(sent["id"]))
    assert out.attachments


async def test_a_case_is_changed_and_each_change_taken_back(ada: httpx.AsyncClient, writes):
    case_id = (await writes("Do you have ten of these?")).case_id
    change = {
        "area": "sales", "priority": 2, "add_tags": ["Lamps"], "stage": "offered", "state": "waiting_customer",
        "value": {"amount": "120.50", "currency": "EUR"},
    }  # fmt: skip
    case = (await ada.patch(f"/api/cases/{case_id}", json=change)).json()
    assert (case["area"], case["priority"], case["tags"], case["stage"]) == ("sales", 2, ["lamps"], "offered")
    assert (case["value_minor"], case["currency"], case["state"]) == (12050, "EUR", "waiting_customer")
    acts = (await ada.get(f"/api/cases/{case_id}/acts")).json()["items"]
    assert [act["verb"] for act in acts] == ["expect", "tag", "prioritise", "wait", "hand"]
    undone = await ada.post(f"/api/cases/acts/{acts[2]['id']}/undo")
    assert undone.json()["priority"] == 3
    bad = await ada.patch(f"/api/cases/{case_id}", json={"area": "moon"})
    assert (bad.status_code, bad.json()["field"]) == (400, "area")
    many = await ada.post(
        "/api/cases/change", json={"cases": [case_id and str(case_id), str(new_id())], "change": {"state": "solved"}}
    )
    assert sorted(one["code"] for one in many.json()) == ["", "no_case"]


async def test_cases_are_merged_split_linked_followed_and_drafts_kept(ada: httpx.AsyncClient, writes):
    first, second = (await writes("The lamp", subject="Lamp")).case_id, (await writes("A", subject="Chair")).case_id
    assert first != second
    into = (await ada.post(f"/api/cases/{second}/merge", json={"into": str(first)})).json()
    assert (into["id"], into["message_count"]) == (str(first), 2)
    gone = await ada.patch(f"/api/cases/{second}", json={"priority": 1})
    assert gone.json()["code"] == "case_gone"
    newest = (await ada.get(f"/api/cases/{first}/messages")).json()["items"][0]["id"]
    apart = (await ada.post(f"/api/cases/{first}/split", json={"messages": [newest], "title": "Chair"})).json()
    assert (apart["title"], apart["message_count"]) == ("Chair", 1)
    linked = await ada.post(f"/api/cases/{first}/links", json={"kind": "case", "id": apart["id"]})
    assert linked.json()["cases"] == [apart["id"]]
    assert len((await ada.post(f"/api/cases/{first}/follow", json={})).json()["followers"]) == 1
    assert (await ada.put(f"/api/cases/{first}/draft", json={"text": "Dear"})).json()["text"] == "Dear"
    assert (await ada.get(f"/api/cases/{first}/draft")).json()["text"] == "Dear"
    assert (await ada.post(f"/api/cases/{first}/read", json={"seen_upto": 9})).status_code == 204


async def test_who_may_not_see_cases_sees_none(app: App, http: httpx.AsyncClient, writes):
    case_id = (await writes("Where is my lamp?")).case_id
    async with app.db.transaction() as tx:
        member_id = await access.add_member(tx, SYSTEM, "max@x.example", "Max", "marketing", "three plain words")
        http.cookies.set(COOKIE, (await access.admit(tx, member_id, Place())).token)
    for path in ("", "/messages", "/acts"):
        assert (await http.get(f"/api/cases/{case_id}{path}")).status_code == 403


async def test_lists_are_narrowed_paged_counted_kept_and_searched(ada: httpx.AsyncClient, writes):
    for n in range(3):
        await writes(f"The lamp number {n} flickers", who=f"anna{n}@home.example", subject=f"Lamp {n}")
    await writes("A chair", who="bea@home.example", subject="Chair", area="sales")
    first = (await ada.get("/api/cases", params={"limit": 3})).json()
    rest = (await ada.get("/api/cases", params={"limit": 3, "after": first["next"]})).json()
    titles = [one["title"] for one in first["items"] + rest["items"]]
    assert (sorted(titles), rest["next"]) == (["Chair", "Lamp 0", "Lamp 1", "Lamp 2"], None)
    narrowed = (await ada.get("/api/cases", params={"area": "sales"})).json()["items"]
    assert [one["title"] for one in narrowed] == ["Chair"]
    number = narrowed[0]["number"]
    assert (await ada.get(f"/api/cases/numbered/{number}")).json()["title"] == "Chair"
    assert (await ada.get("/api/cases/counts")).json()["area:sales"] == 1
    kept = (await ada.post("/api/cases/views", json={"name": "Sold", "area": "sales"})).json()
    assert [one["name"] for one in (await ada.get("/api/cases/views")).json()["items"]] == ["Sold"]
    assert (await ada.delete(f"/api/cases/views/{kept['id']}")).status_code == 204
    found = (await ada.get("/api/messages", params={"q": "flick lamp", "limit": 2})).json()
    assert [one["title"] for one in found["items"]] == ["Lamp 2", "Lamp 1"]
    wrong = await ada.get("/api/cases", params={"view": "lost"})
    assert (wrong.status_code, wrong.json()["field"]) == (400, "kind")
    assert (await ada.get("/api/nudges")).json() == {"items": []}


async def test_areas_and_members_of_the_desk_are_set_by_whoever_runs_it(
    app: App, ada: httpx.AsyncClient, keys: dict[str, str]
):
    me = (await ada.get("/api/members/me")).json()["id"]
    assert (await ada.put("/api/areas/repairs", json={"name": "Repairs"})).status_code == 403
    on = (await ada.put("/api/desk-members/me/duty", json={"is_on_duty": False})).json()
    assert (on["member_id"], on["is_on_duty"]) == (me, False)
    ada.cookies.clear()
    ada.headers.update(by(keys["admin"]))
    made = await ada.put("/api/areas/repairs", json={"name": "Repairs", "first_s": 3600, "is_routed": True})
    assert (made.json()["key"], made.json()["first_s"]) == ("repairs", 3600)
    rules = {"next_channel_s": 600, "is_next_taken": True, "asks_rating": "everywhere"}
    ruled = (await ada.put("/api/areas/repairs", json=rules)).json()
    assert {name: ruled[name] for name in rules} == rules
    assert (await ada.put("/api/areas/repairs", json={"asks_rating": "always"})).status_code == 400
    bad = await ada.put("/api/areas/repairs", json={"calendar": "moon"})
    assert (bad.status_code, bad.json()["field"]) == (400, "calendar")
    set_ = await ada.put(f"/api/desk-members/{me}", json={"areas": ["repairs"], "skills": ["lamps"], "most_open": 5})
    assert set_.json()["areas"] == ["repairs"]
    assert "repairs" in {one["key"] for one in (await ada.get("/api/areas")).json()["items"]}
    assert [one["most_open"] for one in (await ada.get("/api/desk-members")).json()["items"]] == [5]


async def test_ways_to_answer_are_proposed_and_what_was_said_lately_is_shown(ada: httpx.AsyncClient, writes):
    case_id = (await writes("Where is my lamp?")).case_id
    ways = (await ada.get(f"/api/cases/{case_id}/ways")).json()["items"]
    assert [(one["value"], one["refused"]) for one in ways] == [("anna@home.example", "no_account")]
    await ada.post(f"/api/cases/{case_id}/messages", json={"text": "On its way.", "seen_upto": 2**40})
    one = (await ada.get(f"/api/cases/{case_id}")).json()
    assert (one["onward"], one["case"]["rating"]) == ([], None)
    customer_id = one["case"]["customer_id"]
    lately = (await ada.get(f"/api/customers/{customer_id}/lately-sent")).json()["items"]
    assert [(one["words"], one["state"]) for one in lately] == [("On its way.", "queued")]
