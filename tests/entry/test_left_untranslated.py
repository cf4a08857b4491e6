"""No page says anything that stands in no catalogue, and what people wrote stands apart from what we say.

All messages are turned into Greek letters, all data is words with `zz` in them, and dates are those of Arabic: what is
left of Latin letters on a page is English that nobody can translate.
"""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from fadeno import access, commerce, content, conversations, customers, imports, intake, promises, sources, switchboard
from fadeno.access import SYSTEM, Actor
from fadeno.app import App
from fadeno.commerce import NewPlace, NewPrice, NewProduct, NewStock
from fadeno.entry.web import page, thread, words
from fadeno.events import Matter
from fadeno.kit.ids import new_id
from tests.entry.test_pages_customers import _signed_in, _token

LANG = "ar"  # its dates, numbers and plural forms are written around the messages, from right to left
_PLACE = re.compile(r"(\{\w+\})")
_LATIN = re.compile(r"[A-Za-z]+")
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_DATUM = re.compile(rf"{_UUID}|\S*(?:zz|lumo)\S*|\bwebchat\b\S*|\b(?:Kundennummer|Name|E-Mail|Admin)\b", re.IGNORECASE)
# Names of things that are the same in every language; what is typed, pressed or read by machines stands in its own tag.
_SAME = re.compile(r"\b(fadeno|UTC|HUF|EUR|DE|GTIN|Ctrl|K|python-httpx|[0-9a-f]*[0-9][0-9a-f]*)\b|\{n\}")
_KEY = re.compile(r" \([A-Z]\)$")  # what one presses is the same in every language
_ASIDE = frozenset({"script", "style", "pre", "code", "kbd", "textarea", "datalist", "svg"})
_ASIDE_CLASSES = frozenset({"mono", "key", "face"})
_EMPTY = frozenset({"input", "meta", "link", "br", "use", "img", "hr"})
_SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-failed", "data-failed-more")
_APART = frozenset({"bdi", "option", "title", "h1", "pre", "code", "textarea"})
NAMES = (*thread._NAMED, "zzunheard")
CSV = "Kundennummer;Name;E-Mail\n1;Zzo Zzum;zzo@zz.example\n2;Zzp;zzp@zz.example\n;Zzniemand;\n"


def _greek(said: str | Mapping[str, str]) -> str | dict[str, str]:
    if not isinstance(said, str):
        return {form: str(_greek(text)) for form, text in said.items()}
    parts = _PLACE.split(said)
    return "".join(part if _PLACE.fullmatch(part) else _LATIN.sub(lambda m: "λ" * len(m[0]), part) for part in parts)


@pytest.fixture(autouse=True)
def _every_message_in_greek(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {key: _greek(text) for key, text in words.catalogue(words.DEFAULT).items()}
    monkeypatch.setattr(words, "catalogue", lambda lang: said)


class _Reader(HTMLParser):
    """What a person reads or hears of a page, and what of it stands among our words without a tag of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[tuple[str, bool]] = []
        self.left: list[str] = []
        self.mixed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        is_foreign = "lang" in known and tag != "html"
        aside = tag in _ASIDE or is_foreign or bool(_ASIDE_CLASSES & {*(known.get("class") or "").split()})
        if not aside and not self._is_aside():
            self.left += [f"{name}={text}" for name in _SPOKEN if (text := known.get(name)) and _english(text)]
        if tag not in _EMPTY:
            self.inside.append((tag, aside or known.get("name") == "zone" or known.get("id") == "f-zone"))

    def handle_endtag(self, tag: str) -> None:
        while tag not in _EMPTY and self.inside and self.inside.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not data.strip() or self._is_aside():
            return
        if _english(data):
            self.left.append(f"<{self.inside[-1][0] if self.inside else ''}> {data.strip()}")
        bare = re.sub("\u2068[^\u2069]*\u2069", "", data)
        if _DATUM.search(bare) and _DATUM.sub("", bare).strip(" ·") and not _APART & {tag for tag, _ in self.inside}:
            self.mixed.append(data.strip())

    def _is_aside(self) -> bool:
        return any(aside for _, aside in self.inside)


def _english(text: str) -> bool:
    return bool(_LATIN.search(_SAME.sub("", _DATUM.sub("", _KEY.sub("", text)))))


async def _people(http: httpx.AsyncClient, key: str) -> None:
    """Customers whose threads hold everything a thread can show, and events that can't be read."""
    goods = [{"name": "zzlamp", "sku": "ZZ-1", "price": 5, "quantity": 2}]
    said = {
        "order_id": "ZZ-10", "total": 10.5, "currency": "EUR", "products": goods, "query": "zzq", "reason": "zzwhy",
        "carrier": "zzcar", "shop": "zzshop", "duration_s": 65, "by": "zzby", "stars": 4, "state": "queued",
        "known": ["zzk", "zzl"], "subject": "zzsub", "text": "zztext", "to": "zzto", "from": "zzfrom",
    }  # fmt: skip
    began = datetime.now(UTC) - timedelta(days=9)
    batch: list[dict[str, object]] = [
        {
            "type": "track", "event": name.title(), "userId": "zz1", "properties": said,
            "timestamp": (began + timedelta(hours=3 * n)).isoformat(), "context": {"channel": channel},
        }
        for n, (name, channel) in enumerate(zip(NAMES, _channels(), strict=False))
    ]  # fmt: skip
    traits = {
        "name": "Zzelica Zzic", "email": "zza@zz.example", "phone": "+36205550139", "city": "Zzcity", "language": "zz",
        "birthday": "1980-01-02", "zzodd": True, "zznone": 5.5, "company": "Zzco", "size_of_shade": "zzl",
    }  # fmt: skip
    agreed = {"categoryPreferences": {"offers_email": True, "zzoffers": False}}
    batch += [
        {"type": "identify", "userId": "zz1", "traits": traits, "context": {"consent": agreed}},
        {"type": "identify", "userId": "zz2", "traits": {**traits, "email": "zzb@zz.example"}},
        {"type": "identify", "userId": "zz3", "traits": {"email": "zza@zz.example"}},
        {"type": "page", "userId": "zz1", "name": "zzpage"},
        {"type": "screen", "userId": "zz1", "name": "zzscreen"},
        {"type": "group", "userId": "zz1", "groupId": "zzg"},
        {"type": "alias", "userId": "zz1", "previousId": "zz0"},
        {"type": "track", "event": "zz", "properties": {}},
        {"type": "track", "userId": "zz1"},
        {"type": "zz", "userId": "zz1"},
        {"type": "track", "event": "zz", "userId": "zz1", "timestamp": "31.02.zz"},
    ]
    answer = await http.post("/v1/batch", json={"batch": batch}, auth=(key, ""))
    assert answer.status_code == 200, answer.text


def _channels() -> list[str]:
    known = [key.removeprefix("channel.") for key in words.catalogue("en") if key.startswith("channel.")]
    return (known * 3)[: len(NAMES)]


async def _things(app: App, source_id: int) -> dict[str, str]:
    word = {"said_in": new_id()}
    async with app.db.transaction() as tx:
        made = [NewProduct(sku="ZZ-1", name="zzlamp", gtin="4006381333931", names={"hu": "zzl", "en": "zzm"})]
        await commerce.keep_products(tx, source_id, [*made, NewProduct(key="ZZ-r", variant_of="ZZ-1")], **word)
        places = [NewPlace("zzbuda", name="zzbuda", hours="zz 9-18", country="HU", address="zz 1", kind="shop")]
        await commerce.keep_places(tx, source_id, places, **word)
        prices = [NewPrice("ZZ-1", Decimal("7990.5"), "HUF", place="zzbuda"), NewPrice("ZZ-1", Decimal(2), "EUR")]
        await commerce.keep_prices(tx, source_id, prices, **word)
        now = datetime.now(UTC)
        await commerce.keep_stock(tx, source_id, [NewStock("ZZ-1", Decimal(-2), place="zzbuda", said_at=now)], **word)
        while await customers.find_likely(tx):
            pass
        product = next(one for one in (await commerce.products(tx))[0] if one.sku == "ZZ-1")
        order = (await commerce.orders(tx))[0][0]
        round_id = await customers.merge_all_likely(tx, SYSTEM, 50)  # nobody goes on with it: the pairs stay
        calendar = await content.create_calendar(tx, SYSTEM, "zzhours", hours="Mo-Fr 09:00-18:00", zone="UTC")
        answer = await content.save_answer(tx, SYSTEM, "zzback", {"en": "zztext"}, name="zzname")
        chat = await switchboard.add(
            tx, SYSTEM, app.vault, channel="webchat", name="zzbox", credentials={"sites": "https://zz.example"}
        )
    return {
        "product_id": str(product.id), "order_id": str(order.id), "round_id": str(round_id),
        "calendar_id": str(calendar.id), "answer_id": str(answer.id), "kind": "away",
        "account_id": str(chat.id),
    }  # fmt: skip


async def _case(app: App) -> dict[str, str]:
    """A case in which everything was done that can be, and one more of the same customer."""
    async with app.db.transaction() as tx:
        chat = await switchboard.add(tx, SYSTEM, app.vault, channel="webchat", name="zz", credentials={"sites": "*"})
        me = (await access.members(tx, SYSTEM))[0]
        by = Actor("member", me.id, "Zzadmin", role="admin")
        address_id = await customers.find_address(tx, "email", "zza@zz.example")
        whose = await customers.customer_of(tx, address_id)
        more = {"html": "<p>zz</p><img src='http://zz.example/zz.png'>", "quoted": "zz", "subject": "zztitle"}
        letters = [
            conversations.Incoming(
                new_id(), chat.id, "webchat", address_id, whose, text="zzwords",
                matter=Matter("order", f"ZZ-{n}"), **more,
            )
            for n in (10, 11)
        ]  # fmt: skip
        heard = [await conversations.hear(tx, letter) for letter in letters]
        id_ = heard[0].case_id
        case = await conversations.case(tx, id_)
        await conversations.take(tx, by, id_)
        await conversations.hand(tx, by, id_, "sales")
        await conversations.prioritise(tx, by, id_, 1)
        await conversations.tag(tx, by, id_, add=["zztag"])
        await conversations.follow(tx, by, id_)
        await conversations.link(tx, by, id_, "case", heard[1].case_id)
        await conversations.set_state(tx, by, id_, "waiting_until", until=tx.now + timedelta(days=2))
        await conversations.note(tx, by, id_, "zznote")
        await conversations.answer(tx, by, id_, conversations.Answer("zzanswer", 2**40, undo_s=0))
        await promises.make(
            tx, by, promises.NewPromise("call_back", id_, case.address_id, tx.now + timedelta(days=1), said="zzsaid")
        )
        await conversations.save_draft(tx, by, id_, "zzdraft")
        await conversations.save_view(tx, by, "zzview", conversations.View("all", by.id, channel="webchat"))
    return {"case_id": str(id_), "message_id": str(heard[0].message_id), "number": str(case.number)}


async def _noted(app: App) -> None:
    """Entries of the trail with every kind of detail that is noted anywhere."""
    details = [
        {"role": ["agent", "admin"], "how": "invited"}, {"role": "shop", "how": "added", "by": "password"},
        {"how": "reset link"}, {"how": "by oneself"}, {"how": "first run"}, {"on": True, "by": "recovery code"},
        {"purpose": "offers_email", "granted": False}, {"target": "customers", "source": 1, "source_id": 1},
        {"fields": ["enabled", "kind", "mapping", "region", "rhythm_s"], "name": "zzname", "scope": "collect"},
        {"before": [new_id(), new_id()], "after": [new_id()], "action": new_id()}, {"orders": 2, "events": 3},
        {"url": True, "count": 4, "kinds": ["track:zz"], "state": "paused", "after": 1_200_000},
        {"by": "invitation", "addresses": 3},
    ]  # fmt: skip
    async with app.db.transaction() as tx:
        for detail in details:
            await access.note(tx, Actor("member", new_id(), "Zzana"), "change", "webhook", str(new_id()), detail)


@pytest.fixture
async def admin(app: App, http: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    browser = await _signed_in(app, http, "admin")
    browser.cookies.set(page.LANGUAGE_COOKIE, LANG)
    async with app.db.transaction() as tx:
        me = (await access.members(tx, SYSTEM))[0]
        await access.set_preferences(tx, Actor("member", me.id, "Zz", role="admin"), language=LANG, name="Zzadmin")
    yield browser
    await browser.aclose()


async def _import(app: App, browser: httpx.AsyncClient, raw: bytes) -> str:
    form = {"_csrf": _token(await browser.get("/imports")), "source": "zz-shop", "target": "customers"}
    made = await browser.post("/imports", data=form, files={"file": ("zzlist.csv", raw)})
    id_ = made.url.path.rpartition("/")[2]
    with suppress(imports.Unreadable):
        await imports.work(app.db, app.vault, SYSTEM, (await _wanted(app))[0])
    return id_


async def _wanted(app: App) -> list:
    async with app.db.transaction() as tx:
        return await imports.wanted(tx, 5)


@pytest.fixture
async def house(app: App, http: httpx.AsyncClient, admin: httpx.AsyncClient) -> dict[str, list[str]]:
    """A house with something of everything; where each page of it is."""
    async with app.db.transaction() as tx:
        source = await sources.create(tx, SYSTEM, "zz-shop", region="HU")
        await sources.create(tx, SYSTEM, "zz-site", kind="browser")
        key = await access.create_key(tx, SYSTEM, "zzkey", "collect", source.id)
        _, letter = await access.invite(tx, SYSTEM, "zzinvited@zz.example", "agent")
    await _people(http, key)
    found = await _things(app, source.id)
    await _noted(app)
    ready = await _import(app, admin, CSV.encode())
    failed = await _import(app, admin, b"\xff\xd8\xff\xe0JFIF" * 9)
    async with app.db.transaction() as tx:
        ids = [str(await customers.find(tx, "user", f"zz{n}")) for n in (1, 2, 3)]
        waiting = str((await intake.quarantine(tx))[0].id)
    return {
        "customer_id": ids[:2], "import_id": [ready, failed], "source_id": [str(source.id)], "event_id": [waiting],
        "key": [letter], "token": [letter], "channel": ["email", "whatsapp"],
        **{name: [id_] for name, id_ in found.items()},
    }  # fmt: skip


# What is no page: what machines ask for, and files.
_NO_PAGE = re.compile(
    r"^/(healthz|readyz|metrics|static/.*|favicon.*|api(/.*)?|v1/.*|export/.*|desk(/.*)?|hooks/.*|.*\.(xlsx|js)|(chat|attachments|my|rate)/.*|)$"
)
_OTHER = re.compile(r"\{(act_id|view_id|id)\}")  # of what is only done, and has no page
_PARAMETER = re.compile(r"\{(\w+):\w+\}")
_MORE = (
    "/customers?q=zzo&days=30&channel=web", "/customers?q=nobodyatall", "/orders?number=nothing", "/products?q=nothing",
    "/customers/{customer_id}/merge?with={other_id}", "/customers/{customer_id}/merge?q=zz", "/audit?q=nothing",
    "/customers/{customer_id}/split?address={customer_id}", "/find?q=zz", "/orders?customer={customer_id}",
    "/imports/{import_id}?only=refused", "/imports/{import_id}?only=changed",
    "/sources/{source_id}?saved=yes", "/suggestions?sure=very&reason=same_name",
    "/quarantine?done=replay&accepted=1&duplicate=2&still=3", "/account?saved=look", "/members?saved=role",
    "/suggestions/merge?least=50", "/no-such-page", "/audit?since=zz", "/customers?days=zz",
    "/customers/0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b",
)  # fmt: skip


def _pages(asgi: Litestar, house: dict[str, list[str]]) -> list[str]:
    """Every page there is, of each thing there is."""
    found = list(_MORE)
    for route in asgi.routes:
        if isinstance(route, HTTPRoute) and "GET" in route.methods and not _NO_PAGE.match(route.path):
            found.append(_PARAMETER.sub(r"{\1}", route.path))
    known = {name: ids[0] for name, ids in house.items()} | {"other_id": house["customer_id"][1]}
    asked = {name for path in found for name in re.findall(r"\{(\w+)\}", path)}
    assert asked <= known.keys(), "the house needs one of each thing that has a page"
    others = [{**known, name: ids[1]} for name, ids in house.items() if len(ids) > 1]
    return list(dict.fromkeys(path.format(**each) for path in found for each in (known, *others)))


async def test_no_page_says_what_no_catalogue_holds(
    asgi: Litestar, admin: httpx.AsyncClient, house: dict[str, list[str]]
):
    await _see_all_said(admin, _pages(asgi, house))


async def test_nothing_at_the_desk_is_said_that_no_catalogue_holds(
    app: App, asgi: Litestar, admin: httpx.AsyncClient, house: dict[str, list[str]]
):
    case = await _case(app) | {"answer_id": house["answer_id"][0]}
    pages = [route for route in asgi.routes if isinstance(route, HTTPRoute) and "GET" in route.methods]
    paths = [_PARAMETER.sub(r"{\1}", route.path) for route in pages]
    looked = [path.format(**case) for path in paths if path.startswith("/desk") and not _OTHER.search(path)]
    views = ("all", "all&q=zz", "solved", "waiting", "all&tag=zznone", "mine")
    await _see_all_said(admin, [*looked, *(f"/desk?view={view}" for view in views)])


async def _see_all_said(admin: httpx.AsyncClient, paths: list[str]) -> None:
    left, mixed = [], []
    for path in paths:
        seen = await admin.get(path, headers={"hx-request": "true"} if path.endswith(("/state", "/filters")) else {})
        if not seen.headers.get("content-type", "").startswith("text/html"):
            continue
        reader = _Reader()
        reader.feed(seen.text.replace("<wbr>", ""))
        left += [f"{path} ({seen.status_code}): {text}" for text in reader.left]
        mixed += [f"{path}: {text}" for text in reader.mixed]
    assert "\n".join(sorted(set(left))) == ""
    assert "\n".join(sorted(set(mixed))) == ""
