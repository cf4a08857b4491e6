"""Power cuts between every two steps of a mail in and its answer out: nothing is lost, nothing leaves twice."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from fadeno import access, conversations, customers, settings, switchboard
from fadeno import app as house
from tests.switchboard.conftest import MailServer, mail_server  # noqa: F401 -- a fixture

NEVER = 0


def _goes(url: str, folder: Path, dies_at: int) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "tests.rough.mail_trip", url, str(folder), str(dies_at)]
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.rough
@pytest.mark.timeout(600)
async def test_a_mail_and_its_answer_survive_a_kill_between_every_two_steps(
    url: str, tmp_path: Path, mail_server: MailServer  # noqa: F811
) -> None:  # fmt: skip
    app = await house.start(replace(settings.load({}, data_dir=tmp_path), allow_private=True), url)
    told = []
    try:
        async with app.db.transaction() as tx:
            where = {"address": "service@shop.example", "smtp_host": f"127.0.0.1:{mail_server.port}"}
            await switchboard.add(tx, access.SYSTEM, app.vault, channel="email", name="Service", credentials=where)
        dies_at, steps = 1, None
        while steps is None:
            cut = _goes(url, tmp_path, dies_at)
            is_cut = cut.returncode < 0
            again = _goes(url, tmp_path, NEVER) if is_cut else cut
            assert again.returncode == 0, again.stderr
            steps = None if is_cut else int(cut.stdout)
            told.append(await _stands(app, mail_server))
            await _forget(app)
            mail_server.taken.clear()
            dies_at += 1
    finally:
        await app.stop()
    assert dies_at - 2 == steps >= 16
    assert told[-1] == ("sent", 1)
    assert set(told) == {("sent", 1), ("unknown", 0), ("unknown", 1)}
    # Only who dies between taking the message in hand and noting its fate leaves it unknown: four steps of all.
    assert sum(state == "unknown" for state, _ in told) <= 4


async def _stands(app: house.App, mail_server: MailServer) -> tuple[str, int]:  # noqa: F811
    """The state of the one answer in the one case, and how often it left."""
    async with app.db.transaction() as tx:
        address = await customers.find_address(tx, "email", "anna@home.example")
        ((case,), _) = await conversations.cases_of(tx, address)
        answer, heard = (await conversations.stream(tx, case.id))[0]
        assert (heard.text, answer.text) == ("It does not light up.", "We send another one.")
        for check in house.CHECKS:
            assert (await check(tx))[1] == []
    return answer.state, len(mail_server.taken)


async def _forget(app: house.App) -> None:
    async with app.db.transaction() as tx:
        await tx.connection.execute(
            "TRUNCATE switchboard.parcel, switchboard.leaving, conversations.case, jobs.outbox, jobs.strand CASCADE"
        )
