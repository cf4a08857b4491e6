"""Answers in words go out packed to who takes it, and tell nothing by their length."""

import re

import httpx
import pytest

from fadeno import access
from fadeno.app import App
from fadeno.entry.door import FORM_COOKIE

_PLAIN = {"accept-encoding": "identity"}


@pytest.fixture(autouse=True)
async def _ana(app: App) -> None:
    async with app.db.transaction() as tx:
        await access.add_member(tx, access.SYSTEM, "ana@lumo.example", "Ana", "admin", "three plain words")


async def _sizes(http: httpx.AsyncClient, path: str, **headers: str) -> tuple[str | None, int]:
    async with http.stream("GET", path, headers={"accept-encoding": "gzip, br", **headers}) as answer:
        sent = b"".join([part async for part in answer.aiter_raw()])
    return answer.headers.get("content-encoding"), len(sent)


async def test_a_page_is_a_fraction_of_itself_and_reads_the_same(http: httpx.AsyncClient):
    plain = await http.get("/sign-in", headers=_PLAIN)
    packed = await http.get("/sign-in")
    veiled = re.compile(r"[0-9a-f]{128}")
    assert "content-encoding" not in plain.headers
    assert veiled.sub("", packed.text) == veiled.sub("", plain.text)
    assert packed.headers["vary"] == "Accept-Encoding"
    encoding, length = await _sizes(http, "/sign-in")
    assert encoding == "gzip"
    assert length < len(plain.content) / 2


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_what_another_site_asks_for_goes_out_as_it_is(http: httpx.AsyncClient, site: str):
    encoding, _ = await _sizes(http, "/sign-in", **{"sec-fetch-site": site})
    assert encoding is None
    encoding, _ = await _sizes(http, "/sign-in", **{"sec-fetch-site": "same-origin"})
    assert encoding == "gzip"


async def test_small_answers_and_what_is_packed_already_stay_as_they_are(http: httpx.AsyncClient):
    assert (await _sizes(http, "/healthz"))[0] is None
    assert (await _sizes(http, "/healthz", **{"accept-encoding": "gzip;q=0"}))[0] is None
    style = re.search(r'href="(/static/base[^"]+)"', (await http.get("/sign-in")).text)[1]
    zipped = await http.get(style)
    assert zipped.headers.get_list("content-encoding") == ["gzip"]
    assert zipped.text.startswith("/* fadeno")


async def test_the_token_of_a_form_is_written_differently_each_time_and_still_fits(http: httpx.AsyncClient):
    pages = [(await http.get("/sign-in")).text for _ in range(2)]
    one, other = (re.search(r'name="_csrf" value="([0-9a-f]+)"', page)[1] for page in pages)
    assert one != other
    bare = access.form_token(http.cookies[FORM_COOKIE])
    assert all(bare not in page for page in pages)
    form = {"email": "nobody@x.example", "password": "does not matter"}
    for token in (one, other):
        assert (await http.post("/sign-in", data={"_csrf": token, **form})).status_code != 403
    for wrong in (one[:-2] + "zz", "0" * 128, other[:64] + one[64:]):
        assert (await http.post("/sign-in", data={"_csrf": wrong, **form})).status_code == 403
