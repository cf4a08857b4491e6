"""How far something is: one line at a terminal that is drawn over, nothing elsewhere."""

import shutil
import sys
import time

_BAR_CHARS = 28
_DRAWN_EVERY_S = 0.1
_MINUTE_S = 60
_HOUR_S = 3600


class Bar:
    """Rows done of all, how fast, and how long it still takes.

    Args:
        total: of the rows; 0 where nobody knows.
        is_quiet: draw nothing, also at a terminal.
    """

    def __init__(self, total: int = 0, *, is_quiet: bool = False) -> None:
        self.is_shown = sys.stderr.isatty() and not is_quiet
        self._total = total
        self._began_at = self._drawn_at = time.monotonic()
        self._first: int | None = None

    def show(self, done: int, more: str = "") -> None:
        """Draw it, if there is somebody to see it.

        Args:
            more: what else is to be told of it.
        """
        now = time.monotonic()
        if not self.is_shown or (now - self._drawn_at < _DRAWN_EVERY_S and done < self._total):
            return
        self._drawn_at = now
        if self._first is None:
            self._first, self._began_at = done, now  # what was done before we looked tells nothing of the pace
        said = line(done, self._total, self._pace(done, now), more)
        sys.stderr.write(f"\r\033[K  {said[: shutil.get_terminal_size().columns - 3]}")
        sys.stderr.flush()

    def _pace(self, done: int, now: float) -> float:
        spent = now - self._began_at
        return (done - (self._first or 0)) / spent if spent > 0 else 0.0

    def end(self) -> None:
        """Leave the line empty."""
        if self.is_shown:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def line(done: int, total: int, per_s: float, more: str = "") -> str:
    """What the bar says; a total that proves too small is not told."""
    is_counted = 0 < done <= total
    parts = [f"{done:,} of {total:,} rows" if is_counted else f"{done:,} rows"]
    if per_s >= 1:
        parts.append(f"{per_s:,.0f} rows/s")
        if is_counted:
            parts.append(f"{_lasting((total - done) / per_s)} left")
    if more:
        parts.append(more)
    full = int(done / total * _BAR_CHARS) if is_counted else 0
    bar = "━" * full + "╌" * (_BAR_CHARS - full) + " " if is_counted else ""
    return bar + ", ".join(parts)


def _lasting(seconds: float) -> str:
    if seconds < _MINUTE_S:
        return f"{seconds:.0f} s"
    if seconds < _HOUR_S:
        return f"{seconds / _MINUTE_S:.0f} min"
    return f"{seconds / _HOUR_S:.1f} h"
