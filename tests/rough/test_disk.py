"""A full disk is said, costs no answered event, and is over when there is room again."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from fadeno import db
from tests.rough.conftest import Process, send
from tests.rough.test_kill import message_ids, the_accounts_add_up

SIZE_MB = 320
LEFT_BYTES = 4 * 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, soon full."""
    if os.geteuid() != 0:
        pytest.skip("needs root to mount a small file system: run as root")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=0711", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("needs the right to mount: run it where CAP_SYS_ADMIN is given")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


@pytest.mark.rough
@pytest.mark.timeout(300)
async def test_a_full_disk_loses_nothing_and_heals(small_disk: Path) -> None:
    process = Process(small_disk / "data")
    try:
        await _fill_and_heal(process, small_disk)
    finally:
        process.stop()


async def _fill_and_heal(process: Process, disk: Path) -> None:
    process.command("sources", "create", "shop")
    key = process.command("keys", "create", "k", "--scope", "collect", "--source", "shop")
    process.start()
    answered: list[str] = []
    await _send_for(process, key, "before", answered, 2)
    ballast = disk / "ballast"
    status = os.statvfs(disk)
    ballast.write_bytes(bytes(status.f_bavail * status.f_frsize - LEFT_BYTES))
    await _send_for(process, key, "full", answered, 30)
    assert process.refusals or not process.is_running(), "the disk did not fill; send more"
    ballast.unlink()
    if not process.is_running():
        process.start()
    before = len(answered)
    async with asyncio.timeout(60):
        while len(answered) == before:
            await _send_for(process, key, f"again{len(answered)}", answered, 2)
            if not process.is_running():
                process.start()
    async with db.reached(process.folder, None, what="test") as url:
        kept = await message_ids(url)
        assert sorted(kept) == sorted(set(kept))
        assert set(answered) <= set(kept)
        await the_accounts_add_up(url)


async def _send_for(process: Process, key: str, name: str, answered: list[str], seconds: float) -> None:
    stop = asyncio.Event()
    senders = [asyncio.create_task(send(process, key, f"{name}.{n}", answered, stop)) for n in range(4)]
    await asyncio.wait(senders, timeout=seconds)
    stop.set()
    await asyncio.gather(*senders)
