"""What an adapter writes, tried on its samples, over its limits, with what providers answer, and for its secrets."""

import contextlib
import io
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from fadeno.channels.contract import Account, Answer, Attachment, Draft, Envelope, Party, Refused, TryLater
from fadeno.channels.examining.faults import Fault
from fadeno.channels.examining.samples import OutSample, Said, request_shown, samples
from fadeno.channels.registry import Adapter

_AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_LATER = (408, 429, 500, 502, 503, 504)
_NEVER = (400, 401, 403, 404, 413, 422)


def outgoing_faults(adapter: Adapter) -> Iterator[Fault]:
    """What of the samples is not written as recorded, and which limits, answers and secrets are not kept."""
    found = [(name, one) for name, one in samples(adapter, OutSample)]
    if not found:
        yield Fault("samples", "no NAME.out.json shows what is written")
    for name, sample in found:
        if isinstance(sample, Exception):
            yield Fault(name, f"it is no sample: {sample}")
            continue
        if not sample.source.strip() or not sample.about.strip():
            yield Fault(name, "it must say what it is about and which source it is from")
        yield from _as_recorded(adapter, name, sample)
        yield from (fault for said in sample.answers for fault in _answer(adapter, name, sample.account, said))
        if not sample.refused:
            yield from _limits(adapter, name, sample)
            yield from _secrets(adapter, name, sample)
    if adapter.label.transport == "http":
        yield from _answers(adapter)
        if found and not any(one.answers for _, one in found if isinstance(one, OutSample)):
            yield Fault("samples", "no `answers` of a NAME.out.json show what the provider says to a message")


def _as_recorded(adapter: Adapter, name: str, sample: OutSample) -> Iterator[Fault]:
    try:
        requests = adapter.write(sample.draft, sample.account)
    except Refused as no:
        if not sample.refused or sample.refused not in no.message:
            yield Fault(name, f"it is refused: {no.message}")
        return
    except Exception as error:
        yield Fault(name, f"writing it raises {type(error).__name__}: {error}; an adapter raises Refused only")
        return
    shown = [request_shown(one) for one in requests]
    if sample.refused:
        yield Fault(name, "it is written; recorded is that it is refused")
    elif sample.requests is None:
        yield Fault(name, "it has no `requests`: `fadeno channels check FOLDER --record` writes what is written now")
    elif shown != sample.requests:
        yield Fault(name, f"written otherwise than recorded: {shown!r}"[:900])
    if adapter.write(sample.draft, sample.account) != requests:
        yield Fault(name, "written a second time it is something else; what is sent twice must be known as one")
    if (adapter.label.transport == "none") != (not requests) and not sample.refused:
        yield Fault(name, f"the label's transport is {adapter.label.transport}; it gives {len(requests)} requests")


def _limits(adapter: Adapter, name: str, sample: OutSample) -> Iterator[Fault]:
    """As much as the label says is written, one more is refused, or parted where the channel can."""
    limits, plain = adapter.label.limits, replace(sample.draft, attachments=(), html="")
    if _refusal(adapter, replace(plain, text="a" * limits.text_chars), sample.account):
        yield Fault(name, f"a text of {limits.text_chars:,} characters is refused; the label says it is carried")
    file = Attachment("a.txt", "text/plain", 1, b"a", url="https://files.example/a.txt")
    large = replace(file, size_bytes=limits.attachments_bytes + 1, content=b"")
    over: list[tuple[str, Draft]] = [
        ("a text longer", replace(plain, text="a" * (limits.text_chars + 1))),
        ("more files", replace(plain, attachments=(file,) * (limits.attachments + 1))),
        ("larger files", replace(plain, attachments=(large,))),
    ]
    for what, draft in over:
        if not _refusal(adapter, draft, sample.account):
            yield Fault(name, f"{what} than the label's limits is written; it must be Refused")
    parties = tuple(Party(f"a{index}@example.com") for index in range(limits.recipients + 1))
    if limits.recipients > 1:
        for one in adapter.write(replace(plain, recipients=parties), sample.account):
            if isinstance(one, Envelope) and len(one.recipients) > limits.recipients:
                yield Fault(name, "more recipients at once than the label's limit")


def _refusal(adapter: Adapter, draft: Draft, account: Account) -> str:
    try:
        adapter.write(draft, account)
    except Refused as no:
        return no.message
    return ""


def _answer(adapter: Adapter, name: str, account: Account, said: Said) -> Iterator[Fault]:
    """One recorded answer, and what it means."""
    what = f"the answer {said.status}"
    try:
        made = adapter.answered(Answer(said.status, said.headers, said.content(), _AT), account)
    except TryLater as later:
        if not said.later or later.after_s != said.after_s:
            yield Fault(name, f"{what} is to be tried again after {later.after_s} s; recorded is otherwise")
    except Refused as no:
        if not said.refused or said.refused not in no.message:
            yield Fault(name, f"{what} is refused with {no.message!r}; recorded is otherwise")
    except Exception as error:
        yield Fault(name, f"{what} raises {type(error).__name__}: {error}")
    else:
        if said.later or said.refused or made != (said.provider_id or ""):
            yield Fault(name, f"{what} gives the id {made!r}; recorded is otherwise")


def _answers(adapter: Adapter) -> Iterator[Fault]:
    """What any provider, or whatever stands before it, may say."""
    account = Account("a", secrets={"token": "s3cret-in-the-answer"})
    for body in (b"<html>s3cret-in-the-answer</html>", b"", b"{", b"[]", b'{"error":null}', b"\xff" * 2_000):
        for status in (200, *_LATER, *_NEVER, 301):
            what, error = f"{status} with {body[:40]!r}", None
            try:
                adapter.answered(Answer(status, {"Retry-After": "7"}, body, _AT), account)
            except Exception as raised:
                error = raised
            yield from (Fault("answers", f"{what} {wrong}") for wrong in _misjudged(status, error))


def _misjudged(status: int, error: Exception | None) -> Iterator[str]:
    """What is wrong with what an adapter made of an answer."""
    if error is None:
        if status != 200:
            yield "is taken for sent"
    elif not isinstance(error, TryLater | Refused):
        yield f"raises {type(error).__name__}: {error}; only TryLater or Refused may be raised"
    else:
        wanted = TryLater if status in _LATER else Refused
        if type(error) is not wanted and status != 200:
            yield f"is {type(error).__name__}; it must be {wanted.__name__}"
        if isinstance(error, TryLater) and status != 200 and error.after_s is None:
            yield "asks to wait for 7 s (Retry-After), and the error does not say so"
        if "s3cret" in error.message:
            yield "repeats in its error what is secret"


def _secrets(adapter: Adapter, name: str, sample: OutSample) -> Iterator[Fault]:
    """Whatever is secret stands in no repr, no log, nothing printed and no error."""
    names = [one.name for one in adapter.label.credentials if one.secret]
    if not names:
        return
    marks = {one: sample.account.secrets.get(one) or f"s3cret-{number}" for number, one in enumerate(names)}
    account = replace(sample.account, secrets=marks)
    heard: list[Any] = [account]
    with _overheard() as said:
        for draft in (sample.draft, replace(sample.draft, recipients=(Party("\0"),), text="")):
            try:
                heard += adapter.write(draft, account)
            except Refused as no:
                heard.append(str(no))
            except Exception as error:
                yield Fault(name, f"an address that is none raises {type(error).__name__}: {error}, not Refused")
    shown = repr(heard) + said.getvalue()
    for one, mark in marks.items():
        if mark in shown:
            yield Fault(name, f"{one} can be read in a repr, a log or an error")


@contextlib.contextmanager
def _overheard() -> Iterator[io.StringIO]:
    """Everything logged or printed meanwhile."""
    said = io.StringIO()
    listener = logging.StreamHandler(said)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            yield said
    finally:
        root.removeHandler(listener)
        root.setLevel(level)
