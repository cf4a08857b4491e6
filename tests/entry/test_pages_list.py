"""The list of customers and the choosing among thousands of addresses, as pages."""

import httpx

from tests.entry.test_pages_customers import Says, _id, _quick_passwords, _words, manager, marketing, says

__all__ = ["_quick_passwords", "manager", "marketing", "says"]


async def test_each_row_says_what_happened_last_and_by_which_ways_they_came(manager: httpx.AsyncClient, says: Says):
    about = {"userId": "u-1", "context": {"channel": "web"}}
    await says("identify", traits={"name": "Anna Kovács"}, **about)
    await says("track", event="Order Completed", properties={"order_id": "10-1"}, **about)
    wrote = {"text": "Hol a <b>lámpám</b>?", "language": "hu"}
    await says("track", userId="u-1", event="Message Received", properties=wrote, context={"channel": "whatsapp"})
    await says("track", userId="u-2", event="Lamp Hummed", context={"channel": "till"})
    page = await manager.get("/customers")
    assert 'aria-label="Came by Website, WhatsApp"' in page.text
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
    token = preview.text.partition('name="_csrf" value="')[2][:64]
    await manager.post(f"/customers/{one}/merge", data={"_csrf": token, "with": str(other)})
    read = _words(await manager.get("/customers"))
    assert "Joined with another customer" in read
    assert read.count("Anna") + read.count("Boris") == 1
