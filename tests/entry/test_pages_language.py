"""Each member chooses the language of the pages; whoever is not signed in is asked by cookie, address and browser."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from fadeno import access
from fadeno.entry.web import page, words
from tests.entry.test_access_pages import _send, _sign_in, ana, other

__all__ = ["ana", "other"]

_SAID = {
    "hu": '[access.sign_in]\nhead = "Jó, hogy itt vagy"\n[error]\nnot_found = "Itt nincs semmi"\n',
    "ar": '[access.sign_in]\nhead = "أهلا بك"\n[frame.room]\ncustomers = "العملاء"\n',
    "sr": '[access.sign_in]\nhead = "Dobro došli"\n',
}


@pytest.fixture(autouse=True)
def _catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Small catalogues: what they do not say is said in English."""
    folder = tmp_path / "messages"
    folder.mkdir()
    (folder / "en").symlink_to(words.FOLDER / "en")
    for lang, said in _SAID.items():
        (folder / lang).mkdir()
        (folder / lang / "some.toml").write_text(said, "utf-8")
    monkeypatch.setattr(words, "FOLDER", folder)
    words.offered.cache_clear()
    words.catalogue.cache_clear()
    yield
    words.offered.cache_clear()
    words.catalogue.cache_clear()


async def test_before_signing_in_the_browser_is_answered_as_it_asks(http: httpx.AsyncClient, ana: access.Member):
    asked = await http.get("/sign-in", headers={"accept-language": "hr;q=0.4, hu-HU"})
    assert '<html lang="hu" dir="ltr"' in asked.text
    assert "Jó, hogy itt vagy" in asked.text
    assert '<html lang="sr"' in (await http.get("/sign-in", headers={"accept-language": "hr"})).text


async def test_a_language_chosen_at_the_door_is_kept_by_the_browser(http: httpx.AsyncClient, ana: access.Member):
    chosen = await http.get("/sign-in?speak=sr-Cyrl", headers={"accept-language": "hu"})
    assert "Добро дошли" in chosen.text
    assert "Добро дошли" in (await http.get("/sign-in")).text
    await http.get("/sign-in?speak=../../etc")
    assert http.cookies[page.LANGUAGE_COOKIE] == "sr-Cyrl"


async def test_a_member_reads_in_their_own_language_wherever_they_sign_in(
    http: httpx.AsyncClient, other: httpx.AsyncClient, ana: access.Member
):
    await _sign_in(http)
    await _send(http, "/account", "/account/look", language="ar", look="all")
    await _sign_in(other)
    first = await other.get("/customers", headers={"accept-language": "hu"})
    assert '<html lang="ar" dir="rtl"' in first.text
    assert "العملاء" in first.text
    assert other.cookies[page.LANGUAGE_COOKIE] == "ar"
    assert '<html lang="ar"' in (await other.get("/no-such-page", headers={"accept": "text/html"})).text


async def test_who_gives_the_choice_back_is_asked_by_the_browser_again(http: httpx.AsyncClient, ana: access.Member):
    await _sign_in(http)
    await _send(http, "/account", "/account/look", language="ar", look="all")
    await _send(http, "/account", "/account/look", language="", look="all")
    assert page.LANGUAGE_COOKIE not in http.cookies
    assert '<html lang="hu"' in (await http.get("/account", headers={"accept-language": "hu"})).text
    refused = await _send(http, "/account", "/account/look", language="xx", look="all")
    assert refused.status_code == 422


async def test_what_is_missing_is_told_in_the_language_of_the_browser(http: httpx.AsyncClient):
    gone = await http.get("/no-such-page", headers={"accept": "text/html", "accept-language": "hu"})
    assert gone.status_code == 404
    assert "Itt nincs semmi" in gone.text


async def test_one_request_does_not_speak_the_language_of_the_one_before(http: httpx.AsyncClient, ana: access.Member):
    assert '<html lang="ar"' in (await http.get("/sign-in", headers={"accept-language": "ar"})).text
    assert '<html lang="en"' in (await http.get("/sign-in")).text
