"""The beginning of an adapter: a project of its own that passes the examination from its first minute."""

import hmac
import json
import re
from importlib.resources import files
from pathlib import Path
from string import Template

from fadeno.channels.registry import NoAdapter, adapters

_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
_BODY = '{"id":"m-1","from":"ada","name":"Ada","text":"Does the lamp come in green?","at":"2026-11-24T09:12:03Z"}'
_SECRET = "a-secret-of-the-sample"  # noqa: S105 -- it opens nothing


def start(name: str, into: Path) -> list[Path]:
    """Write a project for an adapter of that name; the files it wrote.

    Raises:
        NoAdapter: the name can't be one, is taken, or the folder is there already.
    """
    if not _NAME.fullmatch(name):
        raise NoAdapter(f"{name[:40]!r} is no name: small letters, digits and underscores, a letter first.")
    if name in adapters():
        raise NoAdapter(f"There is a channel {name!r} already.", hint="`fadeno channels kinds` shows which there are.")
    project = into / f"fadeno-{name.replace('_', '-')}"
    if project.exists():
        raise NoAdapter(f"{project} is there already.")
    signature = hmac.new(_SECRET.encode(), _BODY.encode(), "sha256").hexdigest()
    said = {
        "name": name, "title": name.replace("_", " ").title(), "project": project.name, "package": f"fadeno_{name}",
        "body": json.dumps(_BODY), "secret": _SECRET, "signature": signature,
    }  # fmt: skip
    written = []
    for template in _templates():
        at = project / Template(template.name.removesuffix(".txt").replace("--", "/")).substitute(said)
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(Template(template.read_text("utf-8")).substitute(said), "utf-8")
        written.append(at)
    return written


def _templates() -> list[Path]:
    folder = files("fadeno.channels.examining") / "template"
    return sorted((one for one in folder.iterdir() if one.name.endswith(".txt")), key=lambda one: one.name)
