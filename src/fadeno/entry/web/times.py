"""Moments as a person reads them: near ones by word, far ones by date, in the viewer's zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_datetime, format_skeleton, format_time
from markupsafe import Markup

from fadeno.entry.web import words
from fadeno.kit import clock

_WEEK = 7


def zone_of(name: str) -> tzinfo:
    """A zone by its IANA name; UTC where there is none such."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


@dataclass(frozen=True, slots=True)
class Times:
    """How moments are written for one viewer."""

    lang: str
    zone: tzinfo
    now: datetime

    @classmethod
    def here(cls, lang: str, zone: tzinfo) -> "Times":
        """As of this moment."""
        return cls(lang, zone, clock.now().astimezone(zone))

    def local(self, moment: datetime) -> datetime:
        """A moment on the viewer's clock."""
        return moment.astimezone(self.zone)

    def when(self, moment: datetime) -> Markup:
        """Near: "today 14:02", "Tue 14:02"; else "15 Nov", with the year where it is another."""
        return self._time(moment, self.near(moment))

    def near(self, moment: datetime) -> str:
        """The words of `when` alone."""
        here = self.local(moment)
        days = (self.now.date() - here.date()).days
        clock_time = self._clock(here)
        if days in (0, 1):
            return str(words.say(self.lang, ("frame.today", "frame.yesterday")[days], time=clock_time))
        if 0 < days < _WEEK:
            return f"{self._skeleton('E', here)} {clock_time}"
        return self._skeleton("dMMM" if here.year == self.now.year else "yMMMd", here)

    def hour(self, moment: datetime) -> Markup:
        """Only the time of day, where the day stands above."""
        return self._time(moment, self._clock(self.local(moment)))

    def day(self, day: date | datetime) -> str:
        """A date in short."""
        here = self.local(day).date() if isinstance(day, datetime) else day
        return self._skeleton("dMMM" if here.year == self.now.year else "yMMMd", here)

    def day_head(self, day: date) -> tuple[str, str]:
        """A day as a separator says it: the near word, then the date."""
        days = (self.now.date() - day).days
        dated = self._skeleton("dMMMM" if day.year == self.now.year else "yMMMMd", day)
        weekday = self._skeleton("EEEE", day)
        if days in (0, 1):
            near = str(words.say(self.lang, ("frame.today_head", "frame.yesterday_head")[days]))
            return near, f"{dated}, {weekday}" if self._weekday_is_last() else f"{weekday} {dated}"
        return weekday, dated

    def _weekday_is_last(self) -> bool:
        """Whether the language names the weekday after the date, as Hungarian does."""
        whole = words.locale(self.lang).date_formats["full"].pattern
        return bool(whole.find("E") > whole.find("d"))

    def age(self, moment: datetime) -> str:
        """How long ago, in one unit: "4 min", "3 h", "2 d"."""
        seconds = max(0, int((self.now - self.local(moment)).total_seconds()))
        if seconds < 60:
            return str(words.say(self.lang, "frame.age.s", n=seconds))
        for unit, size, below in (("min", 60, 3600), ("h", 3600, 2 * 86_400)):
            if seconds < below:
                return str(words.say(self.lang, f"frame.age.{unit}", n=seconds // size))
        return str(words.say(self.lang, "frame.age.d", n=seconds // 86_400))

    def full(self, moment: datetime) -> str:
        """The whole moment, for a title."""
        return format_datetime(self.local(moment), "full", locale=words.locale(self.lang))

    def _time(self, moment: datetime, said: str) -> Markup:
        # to the second: what is between is no business of a page
        iso = moment.astimezone(UTC).isoformat(timespec="seconds")
        # its own direction: beside a name in another script a date would fall apart
        return Markup('<time datetime="{}" title="{}" dir="auto">{}</time>').format(iso, self.full(moment), said)

    def _clock(self, here: datetime) -> str:
        return format_time(here, "short", locale=words.locale(self.lang))

    def _skeleton(self, skeleton: str, moment: Any) -> str:
        if isinstance(moment, datetime):
            return format_skeleton(skeleton, moment, tzinfo=self.zone, locale=words.locale(self.lang))
        if skeleton == "EEEE":
            return format_date(moment, "EEEE", locale=words.locale(self.lang))
        noon = datetime.combine(moment, datetime.min.time(), self.zone) + timedelta(hours=12)
        return format_skeleton(skeleton, noon, tzinfo=self.zone, locale=words.locale(self.lang))
