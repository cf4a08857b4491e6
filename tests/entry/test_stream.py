"""The live stream: whole events for systems, wakes for screens, nothing missed."""

import asyncio
import json

import httpx
import pytest

from fadeno import access
from fadeno.app import App
from fadeno.entry.api import stream
from tests.entry.test_collect import EVENT, basic


class Listener:
    """Reads server-sent events off the ASGI application as they come."""

    def __init__(self, asgi: object, path: str, headers: dict[str, str]) -> None:
        path, _, query = path.partition("?")
        self._scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
            "client": ("127.0.0.1", 1), "server": ("test", 80),
        }  # fmt: skip
        self._asgi, self._text, self._more = asgi, "", asyncio.Event()
        self._gone = asyncio.Event()
        self.status = 0
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        await self._asgi(self._scope, self._receive, self._send)
        self._more.set()

    async def _receive(self) -> dict[str, str]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self._text += message.get("body", b"").decode()
        self._more.set()

    def heard(self, kind: str) -> list[dict]:
        parts = [p for p in self._text.split("\n\n") if f"event: {kind}\n" in p]
        return [json.loads(p.split("data: ")[1]) | {"position": int(p.split("id: ")[1].split("\n")[0])} for p in parts]

    async def until(self, kind: str, count: int) -> list[dict]:
        async with asyncio.timeout(40):
            while len(self.heard(kind)) < count:
                self._more.clear()
                await self._more.wait()
        return self.heard(kind)

    async def leave(self) -> None:
        self._gone.set()
        await asyncio.wait_for(self.task, 40)


async def send(http: httpx.AsyncClient, keys: dict[str, str], *names: str) -> None:
    batch = [EVENT | {"event": name} for name in names]
    answer = await http.post("/v1/batch", json={"batch": batch}, headers=basic(keys["collect"]))
    assert answer.status_code == 200


async def test_a_system_hears_every_event_from_where_it_stopped(
    http: httpx.AsyncClient, asgi: object, keys: dict[str, str]
) -> None:
    await send(http, keys, "A", "B", "C")
    first = Listener(asgi, "/api/stream?after=0&kind=track", {"X-Api-Key": keys["read"]})
    heard = await first.until("event", 3)
    await first.leave()
    await send(http, keys, "D")
    again = Listener(
        asgi, "/api/stream?kind=track", {"X-Api-Key": keys["read"], "Last-Event-ID": str(heard[1]["position"])}
    )
    assert [e["name"] for e in await again.until("event", 2)] == ["C", "D"]
    await send(http, keys, "E")
    assert [e["name"] for e in await again.until("event", 3)] == ["C", "D", "E"]
    await again.leave()


async def test_a_screen_is_woken_with_whose_thread_moved(
    app: App, http: httpx.AsyncClient, asgi: object, keys: dict[str, str]
) -> None:
    screen = Listener(asgi, "/live", {"X-Api-Key": keys["read"]})
    await screen.until("more", 1)
    await send(http, keys, "A")
    woken = (await screen.until("more", 2))[-1]
    found = (await http.get("/api/customers?address=user:ada", headers={"X-Api-Key": keys["read"]})).json()["items"]
    assert woken["customers"] == [found[0]["id"]]
    await screen.leave()
    late = Listener(asgi, "/live", {"X-Api-Key": keys["read"], "Last-Event-ID": "0"})
    assert (await late.until("more", 1))[0]["customers"] is None  # it missed something: look at everything
    await late.leave()


@pytest.mark.parametrize("path", ["/live", "/api/stream"])
async def test_nobody_listens_without_the_right_to(asgi: object, app: App, keys: dict[str, str], path: str) -> None:
    asgi.state.fadeno = app
    for headers, status in (({}, 401), ({"X-Api-Key": keys["collect"]}, 403)):
        listener = Listener(asgi, path, headers)
        await asyncio.wait_for(listener.task, 40)
        assert listener.status == status


async def revoke(http: httpx.AsyncClient, keys: dict[str, str], name: str) -> None:
    listed = (await http.get("/api/keys", headers={"X-Api-Key": keys["admin"]})).json()["items"]
    (key,) = [k for k in listed if k["name"] == name]
    done = await http.delete(f"/api/keys/{key['id']}", headers={"X-Api-Key": keys["admin"]})
    assert done.status_code == 204


async def test_a_revoked_key_ends_its_streams_at_once_and_no_others(
    http: httpx.AsyncClient, asgi: object, keys: dict[str, str]
) -> None:
    ended = [Listener(asgi, "/live", {"X-Api-Key": keys["read"]}) for _ in range(3)]
    stays = Listener(asgi, "/live", {"X-Api-Key": keys["write"]})
    for listener in (*ended, stays):
        await listener.until("more", 1)
    await revoke(http, keys, "read")
    await asyncio.wait_for(asyncio.gather(*(listener.task for listener in ended)), 10)
    await send(http, keys, "A")
    await stays.until("more", 2)
    await stays.leave()


async def test_what_is_revoked_while_a_stream_opens_does_not_listen(
    app: App, asgi: object, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asgi.state.fadeno = app
    let_in = stream._let_in

    async def revoked_just_then(request: object, what: str) -> object:
        listener = await let_in(request, what)
        async with app.db.transaction() as tx:
            await access.revoke_key(tx, access.SYSTEM, listener.actor.id)
        return listener

    monkeypatch.setattr(stream, "_let_in", revoked_just_then)
    await asyncio.wait_for(Listener(asgi, "/live", {"X-Api-Key": keys["read"]}).task, 10)


async def test_what_another_process_revokes_ends_the_stream_with_the_next_beat(
    app: App, http: httpx.AsyncClient, asgi: object, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BEAT_S", 0.05)
    listener = Listener(asgi, "/live", {"X-Api-Key": keys["read"]})
    await listener.until("more", 1)
    monkeypatch.setattr(type(access.word._word), "go_out", lambda *_: None)
    await revoke(http, keys, "read")
    await asyncio.wait_for(listener.task, 40)


async def test_streams_end_at_once_when_fadeno_stops(app: App, asgi: object, keys: dict[str, str]) -> None:
    asgi.state.fadeno = app
    listeners = [Listener(asgi, "/live", {"X-Api-Key": keys["read"]}) for _ in range(20)]
    await asyncio.gather(*(one.until("more", 1) for one in listeners))
    app.stopping.set()
    await asyncio.wait_for(asyncio.gather(*(one.task for one in listeners)), 10)


async def test_a_position_is_a_number(asgi: object, app: App, keys: dict[str, str]) -> None:
    asgi.state.fadeno = app
    listener = Listener(asgi, "/live?after=abc", {"X-Api-Key": keys["read"]})
    await asyncio.wait_for(listener.task, 40)
    assert listener.status == 400


async def test_an_unknown_path_has_the_safe_headers_too(http: httpx.AsyncClient) -> None:
    answer = await http.get("/nowhere")
    assert answer.status_code == 404
    assert "default-src 'none'" in answer.headers["content-security-policy"]
