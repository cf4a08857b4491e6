"""What an adapter reads, tried on its samples and on what is left of them when they are broken."""

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from fadeno.channels.contract import Letter, Refused, Unreadable
from fadeno.channels.examining.faults import Fault
from fadeno.channels.examining.samples import InSample, letter_shown, samples
from fadeno.channels.registry import Adapter

SLOWEST_S = 1.0
_MOST_CUTS = 24
_MOST_CHANGES = 48
_MOST_REPLACED = 300
_ODD: tuple[Any, ...] = (None, [], {}, "", -1, 1e308, True, "\ud800\0", [[]], {"": None})
_NONSENSE = (
    b"", b"\0", b"\0" * 4096, b"{", b"[]", b"{}", b"null", b"1e999", b'"', b"\xff\xfe{", b"[" * 100_000,
    b'{"a":' * 100_000, b"a=1&b=%zz&=&%00", b"<html><body>502 Bad Gateway</body></html>", b"-" * 20_000,
    b"\r\n" * 10_000, b"\xf0\x9f\x92" * 500, b'{"entry":[{"changes":[{}]}],"object":0}', b"A: b\r\n" * 5_000,
)  # fmt: skip


def incoming_faults(adapter: Adapter) -> Iterator[Fault]:
    """What of the samples is not read as recorded, and what breaks the reader."""
    seen: set[str] = set()
    bodies: list[tuple[str, bytes, Mapping[str, str]]] = [("a broken body", one, {}) for one in _NONSENSE]
    for name, sample in samples(adapter, InSample):
        if isinstance(sample, Exception):
            yield Fault(name, f"it is no sample: {sample}")
            continue
        if not sample.source.strip() or not sample.about.strip():
            yield Fault(name, "it must say what it is about and which source it is from")
        yield from _as_recorded(adapter, name, sample, seen)
        yield from _signature(adapter, name, sample)
        bodies += [(name, body, sample.headers) for body in _broken(sample)]
    if missing := sorted(set(adapter.label.reads) - seen):
        yield Fault("samples", f"the label says it reads {', '.join(missing)}; no sample shows it")
    if adapter.label.signature and not any(one.secret for _, one in samples(adapter, InSample) if _is(one)):
        yield Fault("samples", "the label names a signature; no sample with `secret` and its headers shows it")
    yield from _breaks(adapter, bodies)
    yield from _too_large(adapter)


def _is(sample: Any) -> bool:
    return isinstance(sample, InSample)


def _as_recorded(adapter: Adapter, name: str, sample: InSample, seen: set[str]) -> Iterator[Fault]:
    try:
        letters = adapter.read(sample.content(), sample.headers, sample.secret)
    except (Refused, Unreadable) as no:
        said = "refused" if isinstance(no, Refused) else "unreadable"
        if sample.no != said:
            yield Fault(name, f"it is {said} ({no.message}); recorded is {sample.no or 'that it is read'}")
        return
    except Exception as error:  # whatever an adapter does, the examination tells it
        yield Fault(name, f"reading it raises {_words(error)}; an adapter raises Unreadable or Refused only")
        return
    if sample.no:
        yield Fault(name, f"it is read; recorded is that it is {sample.no}")
        return
    shown = [letter_shown(one) for one in letters]
    if sample.letters is None:
        yield Fault(name, "it has no `letters`: `fadeno channels check FOLDER --record` writes what is read now")
    elif shown != sample.letters:
        yield Fault(name, f"read otherwise than recorded: {_difference(shown, sample.letters)}")
    seen.update(one.kind for one in letters)
    yield from _letters(adapter, name, letters)
    if adapter.read(sample.content(), sample.headers, sample.secret) != letters:
        yield Fault(name, "read a second time it gives other letters")


def _letters(adapter: Adapter, name: str, letters: list[Letter]) -> Iterator[Fault]:
    """What must be so of all letters."""
    ids = [one.provider_id for one in letters]
    if not all(ids) or len(set(ids)) != len(ids):
        yield Fault(name, "each letter needs a `provider_id` of its own: by it a second delivery is known")
    for one in letters:
        if one.kind not in adapter.label.reads:
            yield Fault(name, f"it gives a {one.kind}, which the label does not name under `reads`")
        if one.status and one.status not in adapter.label.receipts:
            yield Fault(name, f"it says {one.status}, which the label does not name under `receipts`")
        if one.kind in ("receipt", "bounce") and not one.concerns and not one.outcomes:
            yield Fault(name, f"a {one.kind} must say what it concerns")
        if one.occurred_at and one.occurred_at.tzinfo is None:
            yield Fault(name, "`occurred_at` must be in UTC")
        if "\0" in one.text + one.visible + one.subject + one.html:
            yield Fault(name, "a text holds U+0000, which no database takes")


def _signature(adapter: Adapter, name: str, sample: InSample) -> Iterator[Fault]:
    """One changed byte of what is signed, no signature, another secret: each is refused."""
    if sample.secret is None or sample.no:
        return
    content, signed = sample.content(), adapter.label.signature.lower()
    tries: list[tuple[str, bytes, dict[str, str], str]] = [
        ("another secret", content, sample.headers, f"{sample.secret}x"),
        ("an empty secret", content, sample.headers, ""),
        ("no signature", content, {k: v for k, v in sample.headers.items() if k.lower() != signed}, sample.secret),
    ]
    for key, value in sample.headers.items():
        if key.lower() == signed:
            tries += [
                ("another signature", content, {**sample.headers, key: changed}, sample.secret)
                for changed in ("", value[:-1], f"{value}0", value[:-2] + "zz", "é", value.swapcase() + " ")
                if changed.strip().lower() != value.strip().lower()
            ]
    if adapter.label.signs == "body":
        tries += [("one changed byte", one, sample.headers, sample.secret) for one in _changed(content)]
        tries.append(("an added byte", content + b" ", sample.headers, sample.secret))
    for what, body, headers, secret in tries:
        try:
            adapter.read(body, headers, secret)
        except Refused as no:
            if sample.secret in no.message and len(sample.secret) > 3:
                yield Fault(name, f"with {what} its refusal tells the secret")
            continue
        except Exception as error:
            yield Fault(name, f"with {what} it raises {_words(error)}; it must be Refused before it is read")
            return
        yield Fault(name, f"with {what} it is taken; it must be Refused")
        return


def _changed(content: bytes) -> Iterator[bytes]:
    step = max(1, len(content) // _MOST_CHANGES)
    for at in range(0, len(content), step):
        yield content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def _broken(sample: InSample) -> Iterator[bytes]:
    """A body cut short, with bytes changed, and with each of its values replaced by what nobody sends."""
    content = sample.content()
    yield from (content[: len(content) * part // _MOST_CUTS] for part in range(_MOST_CUTS))
    yield from _changed(content)
    try:
        said = json.loads(content)
    except ValueError:
        return
    places = list(_places(said))
    step = max(1, len(places) * len(_ODD) // _MOST_REPLACED)
    pairs = [(place, odd) for place in places for odd in _ODD]
    for place, odd in pairs[::step]:
        yield json.dumps(_replaced(said, place, odd)).encode()


def _places(said: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    inner = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    for key, value in inner:
        yield from _places(value, (*at, key))


def _replaced(said: Any, place: tuple[Any, ...], odd: Any) -> Any:
    if not place:
        return odd
    key, *rest = place
    if isinstance(said, dict):
        return {**said, key: _replaced(said[key], tuple(rest), odd)}
    return [_replaced(one, tuple(rest), odd) if index == key else one for index, one in enumerate(said)]


def _breaks(adapter: Adapter, bodies: list[tuple[str, bytes, Mapping[str, str]]]) -> Iterator[Fault]:
    told: set[tuple[str, str]] = set()
    for name, body, headers in bodies:
        begun = time.process_time()
        try:
            letters = adapter.read(body, headers, None)
            if any(not one.provider_id for one in letters):
                yield Fault(name, f"broken it gives a letter without provider_id: {body[:80]!r}")
        except (Refused, Unreadable):
            pass
        except Exception as error:
            words = _words(error)
            if (name, words) not in told:
                told.add((name, words))
                yield Fault(name, f"broken it raises {words}, not Unreadable: {body[:80]!r}")
        if (took := time.process_time() - begun) > SLOWEST_S:
            yield Fault(name, f"broken it takes {took:.1f} s to read: {body[:80]!r}")


def _too_large(adapter: Adapter) -> Iterator[Fault]:
    try:
        adapter.read(b"a" * (adapter.label.limits.body_bytes + 1), {}, None)
    except Unreadable:
        return
    yield Fault("channel.toml", "a body over `limits.body_bytes` is read")


def _difference(made: list[dict[str, Any]], recorded: list[dict[str, Any]]) -> str:
    if len(made) != len(recorded):
        return f"{len(made)} letters, recorded {len(recorded)}"
    for number, (now, then) in enumerate(zip(made, recorded, strict=True)):
        for key in sorted(now.keys() | then.keys()):
            if now.get(key) != then.get(key):
                return f"letter {number}, {key}: {now.get(key)!r}, recorded {then.get(key)!r}"[:600]
    return "in nothing that can be told"


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:160]
