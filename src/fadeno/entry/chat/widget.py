"""`/widget.js`: the chat for a page of another site, made once of its parts, its sheet and what it says."""

import hashlib
import json
import re
from functools import cache
from pathlib import Path

from litestar import MediaType, Request, Response, get

from fadeno.entry.web import words

FOLDER = Path(__file__).parent / "widget"
START = "chats.widget."
KEPT_S = 600  # how long browsers use it without asking: a change is seen everywhere after this


@cache
def widget() -> tuple[bytes, str]:
    """The script and its sign."""
    parts = [path.read_text("utf-8") for path in sorted(FOLDER.glob("*.js"))]
    known = {"TEXTS": _texts(), "SHEET": _short_css((FOLDER / "widget.css").read_text("utf-8"))}
    told = "".join(f"const {name} = {json.dumps(value, ensure_ascii=False)};\n" for name, value in known.items())
    script = f'(() => {{\n"use strict";\n{told}{_short("".join(parts))}}})();\n'.encode()
    return script, f'"{hashlib.sha256(script).hexdigest()[:16]}"'


def _texts() -> dict[str, dict[str, str]]:
    start = "chats.widget."
    return {
        lang: {
            key.removeprefix(start): str(said) for key, said in words.catalogue(lang).items() if key.startswith(start)
        }
        for lang in words.offered()
    }


def _short(script: str) -> str:
    """Without what only we read: comments on lines of their own, and how far lines are set in."""
    lines = (line.strip() for line in script.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("// "))


def _short_css(sheet: str) -> str:
    return re.sub(r"\s*([{};])\s*", r"\1", " ".join(sheet.split()))


@get("/widget.js", include_in_schema=False, media_type=MediaType.TEXT)
async def script(request: Request) -> Response[bytes]:
    """The chat's script, for any page: what it may do there the account says."""
    content, sign = widget()
    headers = {
        "content-type": "text/javascript; charset=utf-8",
        "cache-control": f"public, max-age={KEPT_S}",
        "etag": sign,
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
    }
    if request.headers.get("if-none-match") == sign:
        return Response(b"", status_code=304, headers=headers)
    return Response(content, headers=headers)
