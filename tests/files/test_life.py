"""From the shelf into the database and out of both: in a folder, and in S3-compatible storage."""

import asyncio
import io
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from PIL import Image

from fadeno import files, jobs
from fadeno.db import Database, Tx
from fadeno.files import Shelf
from fadeno.kit import clock
from fadeno.kit.ids import new_id

TODAY = f"{clock.now():%Y/%m/%d}"


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen([sys.executable, "-m", "moto.server", "-p", str(port)], **quiet)
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=10)) as http:
            http.put(f"http://127.0.0.1:{port}/attached").raise_for_status()
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


@pytest.fixture(params=["folder", "bucket"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    if request.param == "folder":
        return files.shelf_at(None, tmp_path)
    given = {"ENDPOINT_URL": request.getfixturevalue("bucket"), "ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b"}
    for name, value in given.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    return files.shelf_at(f"s3://attached/{new_id().hex}", tmp_path)


async def _attach(db: Database, shelf: Shelf, content: bytes, to: UUID, name: str = "a.txt") -> UUID:
    kept = await files.put(shelf, content)
    async with db.transaction() as tx:
        return await files.keep(tx, kept, room="conversations", object_id=to, name=name)


async def _work(db: Database, shelf: Shelf) -> None:
    """Let the worker do what there is to do about files."""
    stopping = asyncio.Event()
    worker = asyncio.create_task(jobs.deliver(db, files.deliveries(shelf), stopping))
    async with asyncio.timeout(30):
        while True:
            async with db.transaction() as tx:
                if not any(stock.open for stock in await jobs.stock(tx)):
                    break
            await asyncio.sleep(0.02)
    stopping.set()
    await worker


async def test_the_same_file_sent_twice_is_kept_once_and_goes_with_its_last_use(db: Database, shelf: Shelf) -> None:
    one, other = new_id(), new_id()
    await _attach(db, shelf, b"the same", one)
    second = await _attach(db, shelf, b"the same", other, name="b.txt")
    await _work(db, shelf)
    assert len(await shelf.keys(TODAY)) == 1

    async with db.transaction() as tx:
        await files.forget(tx, "conversations", [one])
    await _work(db, shelf)
    async with db.transaction() as tx:
        left = await files.attachment(tx, second)
    assert (await shelf.read(left.key), left.name) == (b"the same", "b.txt")
    assert b"".join([piece async for piece in shelf.stream(left.key)]) == b"the same"

    async with db.transaction() as tx:
        await files.forget(tx, "conversations", [other])
        assert (await files.check(tx))[1] == []
    await _work(db, shelf)
    assert await shelf.keys(TODAY) == []
    with pytest.raises(files.NoAttachment):
        await shelf.read(left.key)


async def test_what_was_put_and_never_named_is_swept_up_and_what_is_named_stays(
    db: Database, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = clock.now() - timedelta(days=3)
    with monkeypatch.context() as then:
        then.setattr(clock, "now", lambda: before)
        named = await _attach(db, shelf, b"named", new_id())
        await files.put(shelf, b"lost in a crash")
    assert len(await shelf.keys(f"{before:%Y/%m/%d}")) == 2
    async with db.transaction() as tx:
        await files.plan_sweep(tx)
    await _work(db, shelf)
    async with db.transaction() as tx:
        found = await files.attachment(tx, named)
    assert await shelf.keys(f"{before:%Y/%m/%d}") == [found.key]


async def test_a_picture_gets_a_small_one_and_a_broken_one_gets_none(db: Database, shelf: Shelf) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (1200, 300), "teal").save(drawn, "JPEG")
    picture = await _attach(db, shelf, drawn.getvalue(), new_id(), "teal.jpg")
    broken = await _attach(db, shelf, drawn.getvalue()[:400], new_id(), "broken.jpg")
    await _work(db, shelf)
    async with db.transaction() as tx:
        whole, none = await files.attachment(tx, picture), await files.attachment(tx, broken)
    assert (whole.width, whole.height, none.thumbnail_key) == (1200, 300, "")
    with Image.open(io.BytesIO(await shelf.read(whole.thumbnail_key))) as small:
        assert (small.format, small.size) == ("WEBP", (480, 120))


async def test_who_names_a_file_while_its_last_use_goes_finds_it_still_there(db: Database, tmp_path: Path) -> None:
    shelf = files.shelf_at(None, tmp_path)
    old = new_id()
    await _attach(db, shelf, b"contested", old)
    kept = await files.put(shelf, b"contested")
    named = asyncio.Event()

    async def name_it() -> UUID:
        async with db.transaction() as tx:
            id = await files.keep(tx, kept, room="conversations", object_id=new_id(), name="again.txt")
            named.set()
            await asyncio.sleep(0.2)  # the one who forgets comes to the same row meanwhile
            return id

    async def forget_it() -> None:
        await named.wait()
        async with db.transaction() as tx:
            await files.forget(tx, "conversations", [old])

    id, _ = await asyncio.gather(name_it(), forget_it())
    await _work(db, shelf)
    async with db.transaction() as tx:
        assert await shelf.read((await files.attachment(tx, id)).key) == b"contested"


async def test_only_ones_own_can_be_handed_over_and_what_waits_too_long_goes(
    db: Database, tmp_path: Path, tx: Tx, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = files.shelf_at(None, tmp_path)
    member, stranger, message = new_id(), new_id(), new_id()
    kept = await files.put(shelf, b"draft")
    id = await files.keep(tx, kept, room="waiting", object_id=member, name="draft.txt")
    with pytest.raises(files.NoAttachment):
        await files.hand_over(tx, [id], from_=("waiting", stranger), to=("conversations", message))
    await files.hand_over(tx, [id], from_=("waiting", member), to=("conversations", message))
    assert [a.name for a in (await files.attachments(tx, "conversations", [message]))[message]] == ["draft.txt"]

    forgotten = await files.keep(tx, await files.put(shelf, b"unsent"), room="waiting", object_id=member, name="u")
    monkeypatch.setattr(tx, "now", tx.now + timedelta(days=3))
    await files.forget_waiting(tx)
    with pytest.raises(files.NoAttachment):
        await files.attachment(tx, forgotten)
    assert await files.attachment(tx, id)


async def test_more_than_is_taken_is_refused_before_it_is_kept(tmp_path: Path) -> None:
    shelf = files.shelf_at(None, tmp_path)
    with pytest.raises(files.TooLarge):
        await files.put(shelf, b"x" * 11, limit_bytes=10)
    assert await shelf.keys(TODAY) == []
