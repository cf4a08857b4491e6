"""The list of customers and the choosing among thousands of addresses, as pages."""

import re

import httpx

from tests.entry.test_pages_customers import Says, _id, _words, manager, marketing, says

__all__ = ["manager", "marketing", "says"]


async def test_each_row_says_what_happened_last_and_by_which_ways_they_came(manager: httpx.AsyncClient, says: Says):
    about = {"userId": "u-1", "context": {"channel": "web"}}
    await says("identify", traits={"name": "Anna Kovács"}, **about)
    await says("track", event="Order Completed", properties={"order_id": "10-1"}, **about)
    wrote = {"text": "Hol a <b>lámpám</b>?", "language": "hu"}
    await says("track", userId="u-1", event="Message Received", properties=wrote, context={"channel": "whatsapp"})
    await says("track", userId="u-2", event="Lamp Hummed", context={"channel": "till"})
    page = await manager.get("/customers")
    assert 'aria-label="Came by Website and WhatsApp"' in page.text
    assert "Wrote: Hol a <b>lámpám</b>?" in _words(page)
    assert 'lang="hu">Hol a &lt;b&gt;' in page.text
    found = await manager.get("/customers", params={"q": "u-2"}, headers={"HX-Request": "true"})
    assert "Lamp Hummed" in _words(found)
    for name in ("whatsapp", "till"):
        assert f'id="i-{name}"' in page.text  # rows that come later may use it


async def test_the_list_tells_nobody_how_to_reach_people_who_may_not_know(marketing: httpx.AsyncClient, says: Says):
    wrote = {"text": "Write to anna@posta.example or +36 20 555 0139"}
    await says("track", userId="u-1", event="Message Received", properties=wrote)
    read = _words(await marketing.get("/customers"))
    assert "Wrote: Write to" in read
    assert "anna@posta.example" not in read
    assert "555 0139" not in read


async def test_after_a_merge_the_list_says_what_the_thread_says(manager: httpx.AsyncClient, says: Says):
    await says("identify", userId="u-1", traits={"name": "Anna"})
    await says("identify", userId="u-2", traits={"name": "Boris"})
    await says("track", userId="u-2", event="Order Delivered", properties={"order_id": "10-2"})
    one, other = await _id(manager, "anna"), await _id(manager, "boris")
    preview = await manager.get(f"/customers/{one}/merge", params={"with": str(other)})
    token = preview.text.partition('name="_csrf" value="')[2].partition('"')[0]
    await manager.post(f"/customers/{one}/merge", data={"_csrf": token, "with": str(other)})
    read = _words(await manager.get("/customers"))
    assert "Joined with another customer" in read
    assert read.count("Anna") + read.count("Boris") == 1


def _form(page: httpx.Response) -> dict[str, str | list[str]]:
    """What the form of a page would send as it stands, its buttons left out."""
    form = page.text.partition("<form")[2].partition("</form>")[0]
    ticked = re.findall(r'<input type="checkbox" name="(\w+)" value="([^"]*)" checked', form)
    found: dict[str, list[str]] = {}
    for name, value in [*re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form), *ticked]:
        found.setdefault(name, []).append(value)
    return found


async def test_thousands_of_addresses_are_split_by_kind_by_value_and_by_search(
    manager: httpx.AsyncClient, http: httpx.AsyncClient, keys: dict[str, str]
):
    batch = [{"type": "track", "event": "X", "userId": "u-1", "anonymousId": f"cookie-{n:04}"} for n in range(520)]
    await http.post("/v1/batch", json={"batch": batch}, auth=(keys["collect"], ""))
    await http.post("/v1/identify", json={"userId": "u-1", "traits": {"name": "Anna"}}, auth=(keys["collect"], ""))
    anna = await _id(manager, "anna")
    choose = f"/customers/{anna}/split/choose"
    page = await manager.get(f"/customers/{anna}/split")
    assert "There are 521 of them" in _words(page)
    assert page.text.count('name="address"') == 50
    more = await manager.post(choose, data={**_form(page), "act": re.search(r'value="(after:[^"]+)"', page.text)[1]})
    assert not set(re.findall(r'name="address" value="([^"]+)"', page.text)) & set(
        re.findall(r'type="checkbox" name="address" value="([^"]+)"', more.text)
    )

    nothing = await manager.post(choose, data={**_form(page), "act": "preview"})
    assert "Choose at least one address." in _words(nothing)
    strange = await manager.post(choose, data={**_form(page), "values": "cookie-0001, nobodys", "act": "preview"})
    assert "1 value is none of theirs: nobodys" in _words(strange)

    found = await manager.post(choose, data={**_form(page), "q": "cookie-0007", "act": "find"})
    assert found.text.count('name="address"') == 1
    seven = re.search(r'name="address" value="([^"]+)"', found.text)[1]
    kept = await manager.post(choose, data={**_form(found), "address": seven, "q": "cookie-0008", "act": "find"})
    assert _form(kept)["address"] == [seven]  # what was ticked on another page stays chosen
    assert "1 address chosen so far" in _words(kept)
    preview = await manager.post(choose, data={**_form(kept), "values": "Cookie-0009", "act": "preview"})
    assert "Split this customer?" in _words(preview)
    assert _form(preview)["n"] == ["2"]

    moved = await manager.post(f"/customers/{anna}/split", data={**_form(preview), "n": "3"})
    assert "changed meanwhile" in _words(moved)
    done = await manager.post(f"/customers/{anna}/split", data=_form(moved))
    assert "Split. Each has their own thread again." in _words(done)
    left = await manager.get(f"/customers/{anna}/split")
    assert "There are 519 of them" in _words(left)
    by_kind = await manager.post(choose, data={**_form(left), "kind": "cookie", "act": "preview"})
    assert _form(by_kind)["n"] == ["518"]
