"""The certificate of the mail door, taken up anew when its file changes."""

import ssl
from pathlib import Path


class Certificate:
    """A certificate and its key; none where no files are given."""

    def __init__(self, path: Path | None, key: Path | None) -> None:
        self._path, self._key = path, key
        self._context: ssl.SSLContext | None = None
        self._of = 0.0

    def context(self) -> ssl.SSLContext | None:
        """What the next line is encrypted with; the one before where the new file is not whole yet."""
        if self._path is None or self._key is None:
            return None
        try:
            if (changed := self._path.stat().st_mtime) != self._of:
                context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                context.load_cert_chain(self._path, self._key)
                self._context, self._of = context, changed
        except OSError:  # ssl.SSLError is one
            if self._context is None:
                raise
        return self._context
