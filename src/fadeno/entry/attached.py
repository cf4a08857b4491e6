"""How attachments are given out: saved, not opened, but for pictures that can hold no script; nothing in them runs."""

from urllib.parse import quote

from litestar.response import Stream

from fadeno.files import Attachment, Shelf

# A page of its own, as if of nobody: even a browser that takes a file for a page runs and loads nothing in it.
CSP = "default-src 'none'; style-src 'none'; img-src 'self'; sandbox"
DAY_S = 86_400


def given(shelf: Shelf, file: Attachment, *, small: bool = False) -> Stream:
    """A file with headers that keep whoever opens it safe.

    Args:
        small: the small picture of it, where there is one.
    """
    is_small = small and bool(file.thumbnail_key)
    key, kind = (file.thumbnail_key, "image/webp") if is_small else (file.key, file.media_type)
    way = "inline" if file.is_shown else "attachment"
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in file.name)
    headers = {
        "content-type": kind if file.is_shown else "application/octet-stream",
        "content-disposition": f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}",
        "content-security-policy": CSP,
        "x-content-type-options": "nosniff",
        "cache-control": f"private, max-age={DAY_S}, immutable",
        "cross-origin-resource-policy": "cross-origin",
        "referrer-policy": "no-referrer",
    }
    if not is_small:
        headers["content-length"] = str(file.size_bytes)
    return Stream(shelf.stream(key), headers=headers)
