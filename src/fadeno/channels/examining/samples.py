"""Samples: bodies as providers send them and drafts as we write them, each with what is made of it."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal

import msgspec

from fadeno.channels.contract import Account, Call, Draft, Envelope, Letter, Request
from fadeno.channels.registry import Adapter, NoAdapter

FOLDER = "samples"


class InSample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A body that came in: `samples/NAME.in.json`.

    Attributes:
        source: where it is from and when it was read there, or who wrote it.
        body: text is taken as it stands, anything else is written as JSON; `body_base64` is for other bytes.
        secret: with which it is signed.
        letters: what is read out of it; None where `no` says how it is refused.
    """

    about: str
    source: str
    body: Any = None
    body_base64: bytes | None = None
    headers: dict[str, str] = {}
    secret: str | None = None
    letters: list[dict[str, Any]] | None = None
    no: Literal["", "unreadable", "refused"] = ""

    def content(self) -> bytes:
        """The bytes of the body."""
        if self.body_base64 is not None:
            return self.body_base64
        if isinstance(self.body, str):
            return self.body.encode()
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a provider answered to a request, and what it means: one of the last three.

    Attributes:
        later: it is to be tried again; `after_s` is how long it asked to wait.
        refused: it will never be taken; words of the provider that our error must say.
    """

    status: int
    headers: dict[str, str] = {}
    body: Any = ""
    provider_id: str | None = None
    later: bool = False
    after_s: float | None = None
    refused: str = ""

    def content(self) -> bytes:
        """The bytes of the answer."""
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


class OutSample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A draft that is to leave: `samples/NAME.out.json`.

    Attributes:
        requests: what is written for it; None where `refused` has words of why it is not.
        answers: what the provider may say to it.
    """

    about: str
    source: str
    account: Account
    draft: Draft
    requests: list[dict[str, Any]] | None = None
    refused: str = ""
    answers: list[Said] = []


def samples(adapter: Adapter, kind: type[InSample] | type[OutSample]) -> Iterator[tuple[str, Any]]:
    """The samples of an adapter by file name; one that can't be understood comes as the error it makes."""
    ending = ".in.json" if kind is InSample else ".out.json"
    for found in _files(adapter):
        if found.name.endswith(ending):
            try:
                yield f"{FOLDER}/{found.name}", msgspec.json.decode(found.read_bytes(), type=kind)
            except (msgspec.DecodeError, UnicodeDecodeError) as fault:
                yield f"{FOLDER}/{found.name}", fault


def stray_samples(adapter: Adapter) -> list[str]:
    """Files among the samples that are none."""
    return [found.name for found in _files(adapter) if not found.name.endswith((".in.json", ".out.json"))]


def _files(adapter: Adapter) -> list[Traversable]:
    folder = adapter.folder / FOLDER
    return sorted(folder.iterdir(), key=lambda one: one.name) if folder.is_dir() else []


def letter_shown(letter: Letter) -> dict[str, Any]:
    """A letter as a sample records it: what it says, without what is empty; of files all but their bytes."""
    files = [{**_said(one), "content": None} for one in letter.attachments]
    return _filled(
        {**_said(letter), "hints": dict(letter.hints), "details": dict(letter.details), "attachments": files}
    )


def request_shown(request: Request) -> dict[str, Any]:
    """A request as a sample records it: its content as JSON where it is, as text elsewhere."""
    said = {**_said(request), "content": _content(request.content)}
    return _filled(said | ({"headers": dict(request.headers)} if isinstance(request, Call) else {}))


def _content(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return content.decode("utf-8", "replace").replace("\r\n", "\n")


def _said(one: Letter | Envelope | Call | Any) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in dataclasses.fields(one)}


def _filled(said: Mapping[str, Any]) -> Any:
    """As JSON has it, without what is empty, at any depth of ours; content stays as it is."""
    content = said.get("content")
    plain = _without_empty(msgspec.to_builtins({k: v for k, v in said.items() if k != "content"}))
    return plain | ({"content": content} if content not in (None, "", b"") else {})


def _without_empty(said: Any) -> Any:
    if isinstance(said, dict):
        kept = {key: _without_empty(value) for key, value in said.items()}
        return {key: value for key, value in kept.items() if value not in (None, "", [], {}, False)}
    return [_without_empty(one) for one in said] if isinstance(said, list | tuple) else said


def recorded(adapter: Adapter, folder: Path) -> list[str]:
    """Write into samples that lack it what is read and written now; look at it, it is the record from then on.

    Raises:
        NoAdapter: a sample can't be understood.
    """
    done = []
    for kind, lacking in ((InSample, "letters"), (OutSample, "requests")):
        for name, sample in samples(adapter, kind):
            if isinstance(sample, Exception):
                raise NoAdapter(f"{name}: {sample}")
            if getattr(sample, lacking) is not None or getattr(sample, "no", "") or getattr(sample, "refused", ""):
                continue
            made = (
                [letter_shown(one) for one in adapter.read(sample.content(), sample.headers, sample.secret)]
                if isinstance(sample, InSample)
                else [request_shown(one) for one in adapter.write(sample.draft, sample.account)]
            )
            file = folder / name
            said = json.loads(file.read_bytes()) | {lacking: made}
            file.write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", "utf-8")
            done.append(name)
    return done
