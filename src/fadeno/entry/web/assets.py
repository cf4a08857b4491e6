"""Style sheets, scripts and icons: served from memory under names that hold their content's hash."""

import gzip
import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_SYMBOL = re.compile(r'<symbol id="i-([a-z]+)".*?</symbol>', re.DOTALL)
_USED = re.compile(r'"#i-([a-z]+)"')


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    name: str
    url_name: str
    media_type: str
    plain: bytes
    zipped: bytes


@lru_cache
def all_assets() -> dict[str, Asset]:
    """Every file by its name, as `vendor/htmx.js`."""
    found = {}
    for path in sorted(FOLDER.rglob("*")):
        if path.suffix in _TYPES:
            name = path.relative_to(FOLDER).as_posix()
            plain = path.read_bytes()
            stem, dot, suffix = name.rpartition(".")
            hashed = f"{stem}.{sha256(plain).hexdigest()[:12]}{dot}{suffix}"
            found[name] = Asset(name, hashed, _TYPES[path.suffix], plain, gzip.compress(plain, mtime=0))
    return found


@lru_cache
def by_url_name() -> dict[str, Asset]:
    """The same by the name they are asked for with."""
    return {asset.url_name: asset for asset in all_assets().values()}


def url(name: str) -> str:
    """Where a file is served; another content has another address, so it may be kept for ever."""
    return f"/static/{all_assets()[name].url_name}"


@lru_cache
def _symbols() -> dict[str, str]:
    text = all_assets()["icons.svg"].plain.decode()
    return {match[1]: match[0] for match in _SYMBOL.finditer(text)}


def sprite(html: str, also: tuple[str, ...] = ()) -> Markup:
    """The symbols a page uses, once, and those it may come to use."""
    names = sorted({*_USED.findall(html), *also} & _symbols().keys())
    symbols = "".join(_symbols()[name] for name in names)
    return Markup(f'<svg class="sprite" aria-hidden="true" width="0" height="0">{symbols}</svg>')  # noqa: S704 - our file
