"""Excel's days counted from 1900 or 1904 as dates.

Source: ECMA-376 part 1, §18.17.4 (dates in workbooks), 2026-11-23.
In the way of 1900 there is a 29 February 1900, which never was.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from fadeno.sheets.model import Broken

_EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 a sheet knows no zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_LAST = 2_958_466
_DAY_MS = 86_400_000


@lru_cache(maxsize=65_536)
def moment(days: float, since_1904: bool) -> date | datetime | time | Broken:
    """The date (whole days), the moment, or the time of day (less than one day)."""
    if not 0 <= days < _LAST:
        return Broken(format(days, ".15g"), "bad_date")
    milliseconds = round(days * _DAY_MS)
    whole, within = divmod(milliseconds, _DAY_MS)
    if whole == 0 and (within or days == 0):
        return (_EPOCH_1904 + timedelta(milliseconds=_seconds(within))).time()
    if not since_1904 and whole == 60:
        return Broken("1900-02-29", "bad_date")
    epoch = _EPOCH_1904 if since_1904 else _EPOCH_1900
    if not since_1904 and whole < 60:
        whole += 1
    at = epoch + timedelta(days=whole, milliseconds=_seconds(within))
    return at if within else at.date()


def _seconds(milliseconds: int) -> int:
    """A day's fraction is a float: a moment within 5 ms of a whole second is that second."""
    near = round(milliseconds, -3)
    return near if abs(near - milliseconds) <= 5 else milliseconds
