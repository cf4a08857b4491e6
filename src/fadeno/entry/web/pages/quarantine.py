"""Events that could not be read: why, as they came, and reading them again."""

import re
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import intake, sources
from fadeno.entry import door
from fadeno.entry.web import page
from fadeno.intake import Replayed
from fadeno.kit.errors import Invalid

_MOST = 50
_MOST_AT_ONCE = 200
_REASON = re.compile(r"[a-z_]{1,60}")
_MOST_RUNS = 50  # of 200 events each, in one request; pressing again goes on


@get("/quarantine", include_in_schema=False)
async def list_quarantine(request: Request) -> Response:
    """What waits, newest first, by source and reason."""
    asked = request.query_params
    source_id, reason = _number(asked.get("source", "")), _reason(asked.get("reason", ""))
    before = _uuid(asked.get("before", ""))
    told = {name: n for name in _TOLD if (n := _number(asked.get(name, ""))) is not None}
    async with door.opened(request, "see", "quarantine") as (tx, actor):
        found = await intake.quarantine(tx, source_id=source_id, reason=reason or None, before=before, limit=_MOST + 1)
        counts = await intake.quarantine_counts(tx)
        shown = [row for row in counts if source_id in (None, row[0]) and reason in ("", row[1])]
        return await page.inside(
            request,
            tx,
            actor,
            "quarantine/list.html",
            found=found[:_MOST],
            more=str(found[_MOST - 1].id) if len(found) > _MOST else None,
            counts=counts,
            waiting=sum(n for _, _, n in shown),
            reasons=_summed(counts, 1, source_id, 0),
            by_source=_summed(counts, 0, reason, 1),
            source_names={one.id: one.name for one in await sources.all_sources(tx)},
            source_id=source_id,
            reason=reason,
            told=told if asked.get("done") else None,
            done=asked.get("done", ""),
            query=partial(_query, source_id, reason),
        )


_TOLD = ("accepted", "duplicate", "still", "dismissed", "again")


def _summed(counts: list[Any], what: int, only: Any, where: int) -> dict[Any, int]:
    sums: dict[Any, int] = {}
    for row in counts:
        if only in (None, "") or row[where] == only:
            sums[row[what]] = sums.get(row[what], 0) + row[2]
    return dict(sorted(sums.items(), key=lambda pair: -pair[1]))


def _query(source_id: int | None, reason: str, /, **changed: Any) -> str:
    asked = {"source": source_id, "reason": reason, **changed}
    return urlencode({name: value for name, value in asked.items() if value})


@get("/quarantine/{event_id:uuid}", include_in_schema=False)
async def show_quarantined(request: Request, event_id: FromPath[UUID]) -> Response:
    """One event as it came, secrets masked; within the list, or on a page of its own."""
    template = "quarantine/raw.html" if request.headers.get("hx-request") == "true" else "quarantine/one.html"
    async with door.opened(request, "see", "quarantine") as (tx, actor):
        found = await intake.quarantined(tx, request.app.state.fadeno.vault, event_id)
        return await page.inside(request, tx, actor, template, raw=found.raw)


@post("/quarantine", include_in_schema=False)
async def settle(request: Request) -> Redirect:
    """Read the chosen events again, or give them up; or read all again that the filter shows."""
    async with door.opened(request, "change", "quarantine"):
        form = await request.form()
    act = form.get("act")
    source_id, reason = _number(str(form.get("source", ""))), _reason(str(form.get("reason", "")))
    if act == "all":
        told = await _replay_all(request, source_id, reason or None)
    else:
        ids = [_uuid(str(text)) for text in form.getall("event", [])]
        chosen = [id_ for id_ in ids if id_][:_MOST_AT_ONCE]
        told = await _chosen(request, str(act), chosen) if chosen else {}
    query = urlencode({"done": act if told else "nothing", **told})
    kept = _query(source_id, reason)
    return Redirect(f"/quarantine?{kept}{'&' if kept else ''}{query}", status_code=303)


@post("/quarantine/undo", include_in_schema=False)
async def undo(request: Request) -> Redirect:
    """Let what was dismissed at a time wait again."""
    async with door.opened(request, "change", "quarantine") as (tx, actor):
        form = await request.form()
        again = await intake.wait_again(tx, actor, _moment(str(form.get("dismissed_at", ""))))
    return Redirect(f"/quarantine?{urlencode({'done': 'undo', 'again': again})}", status_code=303)


async def _chosen(request: Request, act: str, chosen: list[UUID]) -> dict[str, Any]:
    app = request.app.state.fadeno
    async with door.opened(request, "change", "quarantine") as (tx, actor):
        if act == "dismiss":
            return {"dismissed": await intake.dismiss(tx, actor, chosen), "at": tx.now.isoformat()}
        if act != "replay":
            raise Invalid("Choose replay or dismiss.", field="act", word="bad_choice")
        done = await intake.replay(tx, actor, app.vault, chosen)
        tx.after_commit(app.live.poke)
        return _told(done)


async def _replay_all(request: Request, source_id: int | None, reason: str | None) -> dict[str, int]:
    app = request.app.state.fadeno
    total: dict[str, int] = {"accepted": 0, "duplicate": 0, "still": 0}
    after: UUID | None = None
    for _ in range(_MOST_RUNS):
        async with door.opened(request, "change", "quarantine") as (tx, actor):
            done = await intake.replay_all(tx, actor, app.vault, source_id=source_id, reason=reason, after=after)
            tx.after_commit(app.live.poke)
        total = {name: total[name] + n for name, n in _told(done).items()}
        after = done.last_id
        if after is None:
            break
    return total


def _told(done: Replayed) -> dict[str, int]:
    return {"accepted": done.accepted, "duplicate": done.duplicate, "still": done.still_waiting}


def _reason(text: str) -> str:
    return text if _REASON.fullmatch(text) else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Invalid("Say when it was dismissed, with its zone.", field="dismissed_at", word="bad_choice")
    return at


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


routes = [list_quarantine, show_quarantined, settle, undo]
