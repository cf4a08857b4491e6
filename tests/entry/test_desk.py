"""The desk: a case is found in its list, read, answered once, taken back; nothing is said past what was said."""

import json
import re
from uuid import UUID

import httpx
import pytest

from fadeno import access, content, conversations, customers, promises, switchboard
from fadeno.access import SYSTEM, Place
from fadeno.app import App
from fadeno.conversations import Heard, Incoming
from fadeno.customers import Evidence, Mention
from fadeno.entry.door import COOKIE, CSRF_HEADER, form_token
from fadeno.kit.ids import new_id

PART = {"hx-request": "true"}


@pytest.fixture
async def chat(app: App) -> switchboard.Account:
    async with app.db.transaction() as tx:
        return await switchboard.add(tx, SYSTEM, app.vault, channel="webchat", name="Chat", credentials={"sites": "*"})


@pytest.fixture
def writes(app: App, chat: switchboard.Account):
    async def write(text: str, who: str = "anna@home.example", **more) -> Heard:
        async with app.db.transaction() as tx:
            evidence = Evidence(new_id(), chat.source_id, tx.now, (Mention("email", who, 1),), "letter")
            (placed,) = await customers.place(tx, [evidence])
            letter = Incoming(new_id(), chat.id, "webchat", placed.address_id, placed.customer_id, text=text, **more)
            return await conversations.hear(tx, letter)

    return write


@pytest.fixture
async def ada(app: App, http: httpx.AsyncClient) -> httpx.AsyncClient:
    """The browser of an agent."""
    async with app.db.transaction() as tx:
        member_id = await access.add_member(tx, SYSTEM, "ada@x.example", "Ada Agent", "agent", "three plain words")
        token = (await access.admit(tx, member_id, Place())).token
    http.cookies.set(COOKIE, token)
    http.headers.update({CSRF_HEADER: form_token(token), "accept": "text/html"})
    return http


def wink(answer: httpx.Response, name: str) -> dict:
    """What an answer tells the script."""
    assert answer.status_code == 200, answer.text
    return json.loads(answer.headers.get("hx-trigger") or answer.headers["hx-trigger-after-settle"])[name]


async def said(app: App, case_id: UUID) -> list[tuple[str, str]]:
    async with app.db.transaction() as tx:
        return [(m.text, m.state) for m in reversed((await conversations.stream(tx, case_id))[0])]


async def test_the_desk_is_in_the_rail_once_there_is_something_to_answer(ada: httpx.AsyncClient, chat) -> None:
    assert 'href="/desk"' in (await ada.get("/customers")).text
    empty = await ada.get("/desk")
    assert "No cases wait for you" in empty.text


async def test_a_case_is_listed_opened_and_answered_by_the_proposed_way(app: App, ada: httpx.AsyncClient, writes, chat):
    case_id = (await writes("Where is my <b>lamp</b>?", subject="The lamp")).case_id
    listed = (await ada.get("/desk?view=unassigned")).text
    assert "The lamp" in listed
    assert f"/desk/{case_id}" in listed
    page = (await ada.get(f"/desk/{case_id}?view=all")).text
    assert "Where is my &lt;b&gt;lamp&lt;/b&gt;?" in page
    seen = re.search(r'name="seen_upto" value="(\d+)"', page)[1]
    form = {"text": "I look into it.", "seen_upto": seen, "key": "k"}
    answered = await ada.post(f"/desk/{case_id}/say", data=form, headers=PART)
    assert wink(answered, "desk:said")["what"] == "queued"
    await ada.post(f"/desk/{case_id}/say", data=form, headers=PART)
    assert await said(app, case_id) == [("Where is my <b>lamp</b>?", "received"), ("I look into it.", "queued")]


async def test_what_was_not_seen_is_shown_before_anything_is_said(app: App, ada: httpx.AsyncClient, writes):
    case_id = (await writes("Where is my lamp?")).case_id
    page = (await ada.get(f"/desk/{case_id}")).text
    seen = re.search(r'name="seen_upto" value="(\d+)"', page)[1]
    await writes("Forget it, it came.")
    form = {"text": "It comes tomorrow.", "seen_upto": seen}
    held = await ada.post(f"/desk/{case_id}/say", data=form, headers=PART)
    assert "Forget it, it came." in held.text
    newer = wink(held, "desk:unseen")["position"]
    assert [text for text, _ in await said(app, case_id)] == ["Where is my lamp?", "Forget it, it came."]
    sent = await ada.post(f"/desk/{case_id}/say", data=form | {"seen_upto": newer}, headers=PART)
    assert wink(sent, "desk:said")


async def test_an_answer_held_back_takes_its_promise_back_and_gives_its_words_back(app: App, ada, writes):
    case_id = (await writes("Please call me")).case_id
    text = "I'll call you tomorrow at 10:00."
    found = (await ada.post(f"/desk/{case_id}/proposed", data={"text": text}, headers=PART)).text
    due = re.search(r'data-due="([^"]+)"', found)[1]
    form = {"text": text, "seen_upto": 2**40, "promise_kind": "call_back", "promise_due": due, "promise_said": text}
    sent = wink(await ada.post(f"/desk/{case_id}/say", data=form, headers=PART), "desk:said")
    async with app.db.transaction() as tx:
        assert [one.state for one in await promises.in_case(tx, case_id)] == ["open"]
    held = await ada.post(f"/desk/messages/{sent['message']}/hold-back", headers=PART)
    assert wink(held, "desk:held") == {"case": str(case_id)}
    async with app.db.transaction() as tx:
        assert [one.state for one in await promises.in_case(tx, case_id)] == ["withdrawn"]
    assert text.replace("'", "&#39;") in (await ada.get(f"/desk/{case_id}")).text.partition("<textarea")[2]


async def test_a_case_is_filed_and_each_change_taken_back(app: App, ada: httpx.AsyncClient, writes):
    case_id = (await writes("Do you have ten of these?")).case_id
    for form in ({"take": "yes"}, {"priority": "1"}, {"add_tag": "Lamps"}, {"area": "sales"}, {"state": "solved"}):
        told = await ada.post(f"/desk/{case_id}/change", data=form, headers=PART)
        assert told.status_code == 200, told.text
    undo = re.search(r'hx-post="(/desk/acts/[^"]+)"', told.text)[1]
    await ada.post(undo, headers=PART)
    async with app.db.transaction() as tx:
        case = await conversations.case(tx, case_id)
    assert (case.state, case.area, case.priority, case.tags) == ("open", "sales", 1, ["lamps"])
    wrong = await ada.post(f"/desk/{case_id}/change", data={"area": "moon"}, headers=PART)
    assert (wrong.status_code, "moon" in wrong.text) == (400, False)


async def test_many_cases_are_settled_and_opened_again_at_once(app: App, ada: httpx.AsyncClient, writes):
    ids = [str((await writes("Lamp", who=f"p{n}@home.example")).case_id) for n in range(3)]
    told = await ada.post("/desk/together", data={"what": "state:solved", "case": ids}, headers=PART)
    assert "3 cases changed" in told.text
    assert "Lamp" not in (await ada.get("/desk/list?view=all", headers=PART)).text
    await ada.post(re.search(r'hx-post="(/desk/together/[^"]+)"', told.text)[1], headers=PART)
    assert (await ada.get("/desk/list?view=all", headers=PART)).text.count('class="item') == 3


async def test_words_said_in_a_case_and_names_are_found_from_the_list(ada: httpx.AsyncClient, writes):
    case_id = (await writes("My chair squeaks terribly", subject="Hello")).case_id
    found = (await ada.get("/desk/list", params={"view": "all", "q": "squeak"}, headers=PART)).text
    assert f"/desk/{case_id}" in found
    by_person = (await ada.get("/desk/list", params={"view": "mine", "q": "anna@home.example"}, headers=PART)).text
    assert f"/desk/{case_id}" in by_person


async def test_a_mail_as_it_came_stands_in_a_frame_that_runs_and_loads_nothing(ada: httpx.AsyncClient, writes):
    html = "<p>Hi</p><script>alert(1)</script><img src='https://elsewhere.example/p.gif'>"
    heard = await writes("Hi", html=html)
    part = (await ada.get(f"/desk/messages/{heard.message_id}/original", headers=PART)).text
    assert 'sandbox="allow-same-origin allow-popups' in part
    assert "1 picture from elsewhere is not loaded" in part
    alone = await ada.get(f"/desk/messages/{heard.message_id}/html")
    policy = alone.headers["content-security-policy"]
    assert "script" not in alone.text
    assert ("default-src 'none'" in policy, "https:" in policy, "sandbox" in policy) == (True, False, True)
    asked = await ada.get(f"/desk/messages/{heard.message_id}/html?pictures=yes")
    assert "https:" in asked.headers["content-security-policy"]


async def test_a_long_stream_is_read_page_by_page_and_looked_at_anew_as_far_as_it_is_shown(ada, writes):
    for n in range(60):
        case_id = (await writes(f"word {n:02}.")).case_id
    thread = f"/desk/{case_id}/thread"
    first = (await ada.get(thread, headers=PART)).text
    assert ("word 10." in first, "word 09." in first) == (True, False)
    older = re.search(r"thread\?before=([^\"]+)\"", first)[1]
    rest = (await ada.get(f"{thread}?before={older}", headers=PART)).text
    assert ("word 00." in rest, "word 09." in rest, "word 10." in rest) == (True, True, False)
    anew = (await ada.get(f"{thread}?through={older}", headers=PART)).text
    assert re.findall(r"word \d\d", anew) == re.findall(r"word \d\d", first)
    assert "before=" in anew
    assert (await ada.get(f"{thread}?through=all", headers=PART)).text.count('class="said') == 60
    for wrong in ("yesterday", "2026-01-01_x", "2026-01-01T00:00:00_5'"):
        assert (await ada.get(thread, params={"through": wrong}, headers=PART)).status_code == 400
        assert (await ada.get(thread, params={"before": wrong}, headers=PART)).status_code == 400
    assert (await ada.get(thread, params={"before": "2026-01-01T00:00:00_5"}, headers=PART)).status_code == 200


async def test_nobody_without_a_right_to_cases_sees_the_desk(app: App, http: httpx.AsyncClient, writes):
    case_id = (await writes("Secret")).case_id
    async with app.db.transaction() as tx:
        member_id = await access.add_member(tx, SYSTEM, "m@x.example", "Mo", "marketing", "three plain words")
        token = (await access.admit(tx, member_id, Place())).token
    http.cookies.set(COOKIE, token)
    for path in ("/desk", f"/desk/{case_id}", "/desk/list", f"/desk/{case_id}/thread", f"/desk/{case_id}/around"):
        answer = await http.get(path)
        assert (answer.status_code, "Secret" in answer.text) == (403, False), path


async def test_a_case_is_found_by_its_number_and_title_in_the_palette(ada: httpx.AsyncClient, writes):
    case_id = (await writes("Hi", subject="A chair that squeaks")).case_id
    for q in ("squeak", "#1"):
        assert f'href="/desk/{case_id}"' in (await ada.get("/find", params={"q": q}, headers=PART)).text
    assert (await ada.get("/desk/numbered/1")).headers["location"] == f"/desk/{case_id}"


async def test_a_manager_says_how_soon_an_area_answers_and_who_answers_what(app: App, http: httpx.AsyncClient, chat):
    async with app.db.transaction() as tx:
        olga = await access.add_member(tx, SYSTEM, "olga@x.example", "Olga", "manager", "three plain words")
        token = (await access.admit(tx, olga, Place())).token
    http.cookies.set(COOKIE, token)
    http.headers.update({CSRF_HEADER: form_token(token), "accept": "text/html"})
    async with app.db.transaction() as tx:
        night = await content.create_calendar(tx, SYSTEM, "Night", hours="Mo-Fr 20:00-24:00", zone="UTC")
    assert "First answer within" in (await http.get("/areas")).text
    form = {"name": "Help", "first_s": "90", "resolve_s": "48", "reopen_days": "7", "is_routed": "yes"}
    form["calendar"] = str(night.id)
    form |= {"is_next_taken": "yes", "asks_rating": "everywhere"}
    assert (await http.post("/areas/service", data=form)).status_code == 303
    said = {"area": ["service"], "languages": "hu, sr-Latn", "skills": "Lamps", "most_open": "5", "is_on_duty": "yes"}
    assert (await http.post(f"/areas/members/{olga}", data=said)).status_code == 303
    async with app.db.transaction() as tx:
        area = next(one for one in await conversations.areas(tx) if one.key == "service")
        assert (area.is_next_taken, area.asks_rating) == (True, "everywhere")
        (member,) = await conversations.desk_members(tx)
    assert (area.name, area.first_s, area.next_s, area.resolve_s) == ("Help", 5400, None, 172_800)
    assert (area.reopen_days, area.is_routed, area.calendar) == (7, True, str(night.id))
    assert (member.areas, member.languages, member.skills) == (["service"], ["hu", "sr-Latn"], ["lamps"])
    assert (member.most_open, member.is_on_duty) == (5, True)
    wrong = await http.post("/areas/service", data=form | {"first_s": "-1"})
    assert (wrong.status_code, 'role="alert"' in wrong.text) == (400, True)


async def test_whoever_reads_a_case_that_goes_into_another_goes_along(app: App, ada: httpx.AsyncClient, writes):
    gone, into = (await writes("One", subject="One")).case_id, (await writes("Two", subject="Two")).case_id
    if gone == into:
        async with app.db.transaction() as tx:
            found, _ = await conversations.stream(tx, gone)
            into = (await conversations.split(tx, SYSTEM, gone, [found[0].id], title="Two")).id
    await ada.post(f"/desk/{gone}/merge", data={"into": str(into)}, headers=PART)
    for part in ("thread", "around"):
        answer = await ada.get(f"/desk/{gone}/{part}", headers=PART)
        assert (answer.headers["hx-redirect"], answer.headers["x-case-now"]) == (f"/desk/{into}", str(into))


async def test_ways_are_looked_at_anew_with_what_stands_around(ada: httpx.AsyncClient, writes):
    case_id = (await writes("Hi")).case_id
    near = (await ada.get(f"/desk/{case_id}/around", headers=PART)).text
    assert ('id="desk-ways"' in near, 'id="desk-lately"' in near) == (True, True)


async def test_a_member_begins_and_ends_their_duty_at_the_desk(app: App, ada: httpx.AsyncClient, chat):
    assert 'aria-pressed="true" title="You are given cases' in (await ada.get("/desk")).text
    for said, is_on in (("no", False), ("yes", True)):
        assert (await ada.post("/desk/duty", data={"duty": said}, headers=PART)).status_code == 200
        async with app.db.transaction() as tx:
            (mine,) = await conversations.desk_members(tx)
        assert mine.is_on_duty is is_on
