"""Signing in, joining, one's account, members, keys and audit as pages, with hostile visitors."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pyotp
import pytest
from litestar import Litestar

from fadeno import access
from fadeno.access import SYSTEM
from fadeno.app import App
from fadeno.entry.door import COOKIE, DEVICE_COOKIE, FORM_COOKIE, WAITING_COOKIE
from fadeno.kit import clock

PASSWORD = "three plain words"
ANA = "ana@lumo.example"


@pytest.fixture
async def ana(app: App) -> access.Member:
    async with app.db.transaction() as tx:
        return await access.member(tx, SYSTEM, await access.add_member(tx, SYSTEM, ANA, "Ana", "admin", PASSWORD))


@pytest.fixture
async def other(http: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A second browser."""
    async with httpx.AsyncClient(transport=http._transport, base_url="http://test") as client:
        yield client


def _token(page: httpx.Response) -> str:
    return re.search(r'name="_csrf" value="([0-9a-f]+)"', page.text)[1]


async def _send(browser: httpx.AsyncClient, shown: str, path: str | None = None, **form: str) -> httpx.Response:
    """Open a page and send a form of it."""
    page = await browser.get(shown)
    assert page.status_code == 200, page.text
    return await browser.post(path or shown, data={"_csrf": _token(page), **form})


async def _sign_in(
    browser: httpx.AsyncClient, email: str = ANA, password: str = PASSWORD, **more: str
) -> httpx.Response:
    return await _send(browser, "/sign-in", email=email, password=password, **more)


# The first run


@pytest.fixture
def link(app: App) -> str:
    """What `fadeno serve` prints while nobody is a member."""
    return f"/welcome?token={access.set_up_token(app.settings.secret_key)}"


async def _said_of_the_first(app: App) -> list[dict]:
    async with app.db.transaction() as tx:
        return [entry.detail for entry in await access.audit(tx, SYSTEM, access.Asked(object_kind="member"))]


async def test_an_empty_fadeno_lets_in_who_has_the_link(http: httpx.AsyncClient, app: App, link: str):
    assert (await http.get("/sign-in")).headers["location"] == "/welcome"
    page = await http.get(link)
    form = {"_csrf": _token(page), "token": link.partition("=")[2], "name": "Ana", "email": ANA}
    again = await http.post("/welcome", data={**form, "password": "short"})
    assert (again.status_code, link.partition("=")[2] in again.text) == (422, True)
    answer = await http.post("/welcome", data={**form, "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await http.get("/members")).status_code == 200
    assert await _said_of_the_first(app) == [{"by": "set-up link"}, {"role": "admin", "how": "first run"}]


async def test_the_first_visitor_of_a_public_address_does_not_win(http: httpx.AsyncClient, app: App, link: str):
    page = await http.get("/welcome")
    assert (page.status_code, "Show that it is yours" in page.text) == (403, True)
    form = {"_csrf": access.form_token(http.cookies[FORM_COOKIE]), "email": "eve@x.example", "password": PASSWORD}
    for token in ("", "0" * 64, link.partition("=")[2].upper()):
        answer = await http.post("/welcome", data={**form, "token": token})
        assert (answer.status_code, COOKIE in answer.cookies) == (403, False)
    tries = [(await http.get("/welcome", params={"token": f"{n}"})).status_code for n in range(40)]
    assert (tries[0], tries[-1]) == (403, 429)
    async with app.db.transaction() as tx:
        assert not await access.has_members(tx)
    assert (
        await http.get("/welcome", params={"token": f"http://x{link}"})
    ).status_code == 200  # the owner is not shut out


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        ("127.0.0.1", {"host": "localhost:8000"}, 200),
        ("127.9.9.9", {"host": "127.0.0.1:8000"}, 200),
        ("::1", {"host": "[::1]:8000"}, 200),
        ("::ffff:127.0.0.1", {"host": "localhost"}, 200),
        ("203.0.113.9", {"host": "localhost:8000"}, 403),
        ("127.0.0.1", {"host": "evil.example:8000"}, 403),
        ("127.0.0.1", {"host": "localhost", "x-forwarded-for": "127.0.0.1"}, 403),
        ("127.0.0.1", {"host": "localhost", "forwarded": "for=127.0.0.1"}, 403),
        ("127.0.0.1", {"host": "localhost", "via": "1.1 proxy"}, 403),
    ],
)
async def test_a_browser_on_the_same_machine_needs_no_link(
    app: App, asgi: Litestar, client: str, headers: dict[str, str], status: int
):
    asgi.state.fadeno = app
    transport = httpx.ASGITransport(app=asgi, client=(client, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as browser:
        page = await browser.get("/welcome")
        assert page.status_code == status
        if status == 200:
            form = {"_csrf": _token(page), "name": "Ana", "email": ANA, "password": PASSWORD}
            assert (await browser.post("/welcome", data=form)).status_code == 303


@pytest.mark.parametrize("change", [{"public_url": "https://fadeno.example"}, {"behind_proxy": True}])
async def test_who_is_reached_through_another_address_asks_everybody_for_the_link(
    app: App, asgi: Litestar, change: dict
):
    app.settings = replace(app.settings, **change)
    asgi.state.fadeno = app
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=asgi), base_url="http://localhost") as browser:
        assert (await browser.get("/welcome")).status_code == 403


async def test_the_first_run_page_is_gone_once_somebody_is_a_member(http: httpx.AsyncClient, ana: access.Member):
    assert (await http.get("/welcome")).headers["location"] == "/sign-in"
    await http.get("/sign-in")
    form = {"_csrf": access.form_token(http.cookies[FORM_COOKIE]), "email": "eve@x.example", "password": PASSWORD}
    answer = await http.post("/welcome", data=form)
    assert answer.headers["location"] == "/sign-in"
    assert COOKIE not in answer.cookies


async def test_two_visitors_of_the_first_run_page_make_one_administrator(
    http: httpx.AsyncClient, other: httpx.AsyncClient, app: App, link: str
):
    pages = [await browser.get(link) for browser in (http, other)]
    forms = [
        {"_csrf": _token(page), "token": link.partition("=")[2], "email": f"p{n}@x.example", "password": PASSWORD}
        for n, page in enumerate(pages)
    ]
    answers = await asyncio.gather(http.post("/welcome", data=forms[0]), other.post("/welcome", data=forms[1]))
    assert sorted(answer.headers["location"] for answer in answers) == ["/", "/sign-in"]
    async with app.db.transaction() as tx:
        assert len(await access.all_members(tx, SYSTEM)) == 1


# Signing in


async def test_signing_in_and_out(http: httpx.AsyncClient, ana: access.Member):
    answer = await _sign_in(http, next="/audit?q=x")
    assert (answer.status_code, answer.headers["location"]) == (303, "/audit?q=x")
    assert (await http.get("/account")).status_code == 200
    signed_out = await _send(http, "/account", "/sign-out")
    assert signed_out.headers["location"] == "/sign-in?done=out"
    assert (await http.get("/account", headers={"accept": "text/html"})).status_code == 303


async def test_the_cookies_can_not_be_read_by_scripts_nor_sent_from_elsewhere(
    http: httpx.AsyncClient, ana: access.Member
):
    set_cookies = (await _sign_in(http)).headers.get_list("set-cookie")
    session = next(line for line in set_cookies if line.startswith(f"{COOKIE}="))
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    assert "Secure" not in session  # plain http


async def test_behind_https_the_cookies_are_secure(http: httpx.AsyncClient, ana: access.Member):
    async with httpx.AsyncClient(transport=http._transport, base_url="https://test") as browser:
        lines = (await _sign_in(browser)).headers.get_list("set-cookie")
    assert all("Secure" in line for line in lines)


async def test_a_session_token_offered_by_the_visitor_is_never_taken_on(http: httpx.AsyncClient, ana: access.Member):
    planted = "a" * 43
    http.cookies.set(COOKIE, planted)
    await _sign_in(http)
    assert planted not in {cookie.value for cookie in http.cookies.jar if cookie.domain != ""}
    async with httpx.AsyncClient(transport=http._transport, base_url="http://test", cookies={COOKIE: planted}) as thief:
        assert (await thief.get("/account")).status_code == 401


@pytest.mark.parametrize(
    "onward", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\n//x", "/\t/x"]
)
async def test_signing_in_leads_nowhere_else(http: httpx.AsyncClient, ana: access.Member, onward: str):
    assert (await _sign_in(http, next=onward)).headers["location"] == "/"


async def test_a_wrong_password_and_an_unknown_member_get_the_same_page(http: httpx.AsyncClient, ana: access.Member):
    wrong = await _sign_in(http, password="wrong wrong")
    unknown = await _sign_in(http, email="nob@lumo.example", password="wrong wrong")
    assert wrong.status_code == unknown.status_code == 401
    assert "That did not match. 4 tries left." in wrong.text
    told = [re.sub(r"[0-9a-f]{128}", "", page.text) for page in (wrong, unknown)]
    assert told[0].replace(ANA, "") == told[1].replace("nob@lumo.example", "")


async def test_after_five_wrong_passwords_even_the_right_one_waits(http: httpx.AsyncClient, ana: access.Member):
    for _ in range(5):
        await _sign_in(http, password="wrong wrong")
    waits = await _sign_in(http)
    assert waits.status_code == 429
    assert 1 <= int(waits.headers["retry-after"]) <= 2
    assert "Too many tries" in waits.text


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code", "/welcome", "/invitation/x", "/reset/x"])
async def test_a_form_before_signing_in_needs_our_page_in_the_same_browser(
    http: httpx.AsyncClient, other: httpx.AsyncClient, ana: access.Member, path: str
):
    form = {"email": ANA, "password": PASSWORD}
    assert (await http.post(path, data=form)).status_code == 403
    theirs = _token(await other.get("/sign-in"))
    await http.get("/sign-in")
    assert (await http.post(path, data={**form, "_csrf": theirs})).status_code == 403
    assert COOKIE not in http.cookies


@pytest.mark.parametrize(
    "path",
    [
        "/sign-out",
        "/account/look",
        "/account/password",
        "/account/codes",
        "/account/sessions/end-others",
        "/members/invite",
        "/keys",
    ],
)
async def test_a_form_without_our_token_does_nothing(http: httpx.AsyncClient, ana: access.Member, path: str):
    await _sign_in(http)
    assert (await http.post(path, data={"email": "e@x.example", "role": "admin"})).status_code == 403
    headers = {"sec-fetch-site": "cross-site", "x-csrf-token": access.form_token(http.cookies[COOKIE])}
    assert (await http.post(path, data={}, headers=headers)).status_code == 403
    assert (await http.get("/account")).status_code == 200


# One-time codes


async def _turn_on_codes(http: httpx.AsyncClient) -> tuple[str, str]:
    shown = await _send(http, "/account", "/account/codes", current=PASSWORD)
    secret = re.search(r"<bdi>((?:[A-Z2-7]{4} ?){8})</bdi>", shown.text)[1].replace(" ", "")
    assert "<svg" in shown.text
    code = pyotp.TOTP(secret).at(clock.now() - timedelta(seconds=30))
    done = await http.post("/account/codes/confirm", data={"_csrf": _token(shown), "code": code})
    return secret, re.search(r"big\">([a-z0-9]{5}-[a-z0-9]{5})<", done.text)[1]


async def test_codes_are_set_up_asked_for_and_never_taken_twice(
    http: httpx.AsyncClient, other: httpx.AsyncClient, ana: access.Member
):
    await _sign_in(http)
    secret, recovery = await _turn_on_codes(http)
    half = await _sign_in(other)
    assert half.headers["location"].startswith("/sign-in/code")
    assert COOKIE not in other.cookies
    assert (await other.get("/account")).status_code == 401
    other.cookies.set(COOKIE, other.cookies[WAITING_COOKIE])
    assert (await other.get("/account")).status_code == 401
    other.cookies.delete(COOKIE)
    code = pyotp.TOTP(secret).at(clock.now())
    assert (await _send(other, "/sign-in/code", code=code)).status_code == 303
    assert (await other.get("/account")).status_code == 200
    async with httpx.AsyncClient(transport=http._transport, base_url="http://test") as third:
        await _sign_in(third)
        again = await _send(third, "/sign-in/code", code=code)
        assert (again.status_code, "That did not match" in again.text) == (401, True)
        assert (await _send(third, "/sign-in/code", code=recovery)).status_code == 303


async def test_setting_up_codes_needs_the_password_again(http: httpx.AsyncClient, ana: access.Member):
    await _sign_in(http)
    refused = await _send(http, "/account", "/account/codes", current="wrong wrong")
    assert refused.status_code == 422
    assert "otpauth" not in refused.text


async def test_guessing_while_setting_up_codes_has_to_wait(http: httpx.AsyncClient, ana: access.Member):
    await _sign_in(http)
    page = await _send(http, "/account", "/account/codes", current=PASSWORD)
    form = {"_csrf": _token(page), "code": "000000"}
    answers = [(await http.post("/account/codes/confirm", data=form)).status_code for _ in range(6)]
    assert answers == [422, 422, 422, 422, 422, 429]


async def test_turning_codes_off_needs_the_password_again(http: httpx.AsyncClient, ana: access.Member, app: App):
    await _sign_in(http)
    await _turn_on_codes(http)
    assert (await _send(http, "/account", "/account/codes/off", current="wrong wrong")).status_code == 422
    assert (await _send(http, "/account", "/account/codes/off", current=PASSWORD)).status_code == 303
    async with app.db.transaction() as tx:
        assert not (await access.member(tx, SYSTEM, ana.id)).totp_on


# Links


async def _link(page: httpx.Response) -> str:
    return re.search(r'value="http://test(/(?:invitation|reset)/[^"]+)"', page.text)[1]


async def test_an_invitation_is_made_shown_once_and_accepted_once(
    http: httpx.AsyncClient, other: httpx.AsyncClient, ana: access.Member
):
    await _sign_in(http)
    path = await _link(await _send(http, "/members", "/members/invite", email="lea@lumo.example", role="shop"))
    assert path not in (await http.get("/members")).text
    seen = await other.get(path)
    assert seen.headers["referrer-policy"] == "no-referrer"
    assert "lea@lumo.example" in seen.text
    assert (await _send(other, path, name="Lea", password="short")).status_code == 422
    assert (await _send(other, path, name="Lea", password=PASSWORD)).status_code == 303
    assert (await other.get("/account")).status_code == 200
    assert (await other.get("/members")).status_code == 403
    assert (await http.get(path)).status_code == 410


async def test_a_reset_link_sets_a_password_and_ends_the_sessions(
    http: httpx.AsyncClient, other: httpx.AsyncClient, ana: access.Member
):
    await _sign_in(http)
    page = await _send(http, "/members", f"/members/{ana.id}/reset")
    path = await _link(page)
    assert (await _send(other, path, password="four other plain words")).status_code == 303
    assert (await http.get("/account")).status_code == 401
    assert (await other.get("/account")).status_code == 200
    assert (await other.get(path)).status_code == 410


async def test_a_reset_link_does_not_go_round_the_code(
    http: httpx.AsyncClient, other: httpx.AsyncClient, ana: access.Member, app: App
):
    await _sign_in(http)
    await _turn_on_codes(http)
    async with app.db.transaction() as tx:
        token = await access.make_reset(tx, SYSTEM, ana.id)
    answer = await _send(other, f"/reset/{token}", password="four other plain words")
    assert answer.headers["location"].startswith("/sign-in/code")
    assert (await other.get("/account")).status_code == 401


# The account and the settings


async def test_a_password_is_changed_only_with_the_old_one(
    http: httpx.AsyncClient, other: httpx.AsyncClient, ana: access.Member
):
    await _sign_in(http)
    await _sign_in(other)
    form = {"password": "four other plain words"}
    assert (await _send(http, "/account", "/account/password", current="wrong wrong", **form)).status_code == 422
    assert (await _send(http, "/account", "/account/password", current=PASSWORD, password="short")).status_code == 422
    assert (await _send(http, "/account", "/account/password", current=PASSWORD, **form)).status_code == 303
    assert (await http.get("/account")).status_code == 200
    assert (await other.get("/account")).status_code == 401


async def test_guessing_the_old_password_from_a_stolen_session_has_to_wait(http: httpx.AsyncClient, ana: access.Member):
    await _sign_in(http)
    form = {"current": "wrong wrong", "password": "four other plain words"}
    answers = [(await _send(http, "/account", "/account/password", **form)).status_code for _ in range(6)]
    assert answers == [422, 422, 422, 422, 422, 429]


async def test_another_session_is_ended_from_the_account(
    http: httpx.AsyncClient, other: httpx.AsyncClient, ana: access.Member
):
    await _sign_in(http)
    await _sign_in(other)
    page = await http.get("/account")
    [path] = re.findall(r'action="(/account/sessions/[0-9a-f-]{36}/end)"', page.text)
    assert (await http.post(path, data={"_csrf": _token(page)})).status_code == 303
    assert (await other.get("/account")).status_code == 401
    assert (await http.get("/account")).status_code == 200


async def test_the_look_is_kept_and_used(http: httpx.AsyncClient, ana: access.Member):
    await _sign_in(http)
    form = {"name": "Ana P.", "zone": "Asia/Kathmandu", "density": "roomy", "theme": "dark"}
    assert (await _send(http, "/account", "/account/look", **form)).status_code == 303
    page = (await http.get("/account")).text
    assert 'data-density="roomy"' in page
    assert 'data-theme="dark"' in page
    assert (await _send(http, "/account", "/account/look", **{**form, "theme": "pink"})).status_code == 422


async def test_names_of_members_and_keys_are_only_ever_text(http: httpx.AsyncClient, ana: access.Member):
    await _sign_in(http)
    evil = "<script>alert(1)</script>"
    await _send(http, "/account", "/account/look", name=evil)
    made = await _send(http, "/keys", name=evil, scope="read", source="")
    for page in (made, await http.get("/members"), await http.get("/keys"), await http.get("/audit")):
        assert page.status_code in (200, 201)
        assert evil not in page.text
        assert "&lt;script&gt;" in page.text


async def test_a_key_is_shown_once_and_revoked(http: httpx.AsyncClient, ana: access.Member, app: App):
    await _sign_in(http)
    made = await _send(http, "/keys", name="crm", scope="read", source="")
    key = re.search(r"fdn_read_[0-9a-f]{48}", made.text)[0]
    page = await http.get("/keys")
    assert key not in page.text
    [path] = re.findall(r'action="(/keys/[0-9a-f-]{36}/revoke)"', page.text)
    await http.post(path, data={"_csrf": _token(page)})
    async with app.db.transaction() as tx:
        assert await access.key_actor(tx, key) is None


async def test_the_last_administrator_stays(http: httpx.AsyncClient, ana: access.Member):
    await _sign_in(http)
    answer = await _send(http, "/members", f"/members/{ana.id}/role", role="agent")
    assert (answer.status_code, "The last administrator must stay one." in answer.text) == (409, True)


async def test_a_changed_role_is_given_back_from_where_it_was_changed(
    http: httpx.AsyncClient, ana: access.Member, app: App
):
    await _sign_in(http)
    async with app.db.transaction() as tx:
        lea = await access.add_member(tx, access.SYSTEM, "lea@lumo.example", "Lea", "shop", PASSWORD)
    changed = await _send(http, "/members", f"/members/{lea}/role", role="agent")
    toast = (await http.get(changed.headers["location"])).text.partition('class="toast"')[2]
    undo = {
        "_csrf": re.search(r'name="_csrf" value="(\w+)"', toast)[1],
        "role": re.search(r'"role" value="(\w+)"', toast)[1],
    }
    assert f'hx-post="/members/{lea}/role"' in toast
    answer = await http.post(f"/members/{lea}/role", data=undo, headers={"hx-request": "true"})
    # A script that sends a form is told where to go on; a redirect it would follow unseen.
    assert answer.status_code == 200
    assert answer.headers["hx-redirect"].startswith("/members?saved=role")
    async with app.db.transaction() as tx:
        assert (await access.member(tx, access.SYSTEM, lea)).role == "shop"


async def test_the_trail_is_searched_on_its_page(http: httpx.AsyncClient, ana: access.Member):
    await _sign_in(http)
    await _send(http, "/keys", name="webshop", scope="read", source="")
    found = (await http.get("/audit", params={"q": "websh"})).text
    assert "webshop" in found
    assert "Nothing found" in (await http.get("/audit", params={"q": "zzz"})).text
    today = clock.now().date().isoformat()
    assert "webshop" in (await http.get("/audit", params={"since": today, "until": today})).text
    for hostile in ({"since": "yesterday"}, {"by": "x"}, {"before": "'"}, {"until": "9999-12-31"}):
        assert (await http.get("/audit", params=hostile)).status_code == 422


@pytest.mark.parametrize("path", ["/sign-in", "/account", "/members", "/keys", "/audit"])
async def test_no_page_needs_a_script_or_style_inside(http: httpx.AsyncClient, ana: access.Member, path: str):
    if path != "/sign-in":
        await _sign_in(http)
    page = await http.get(path)
    assert "style-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", page.text)


async def test_a_known_browser_keeps_its_own_count(
    http: httpx.AsyncClient, other: httpx.AsyncClient, ana: access.Member
):
    await _sign_in(http)
    assert http.cookies[DEVICE_COOKIE]
    await _send(http, "/account", "/sign-out")
    for _ in range(6):
        await _sign_in(other, password="wrong wrong")
    assert (await _sign_in(other)).status_code == 429
    assert (await _sign_in(http)).status_code == 303
