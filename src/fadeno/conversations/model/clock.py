"""Working time on a calendar of the company, to the second. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fadeno import content
from fadeno.content import Calendar, NeverOpen
from fadeno.conversations.model.states import Always

_ALWAYS = Always()


@dataclass(frozen=True, slots=True)
class OnCalendar:
    """The clock that runs while a calendar is open; on one that never is, it runs always."""

    calendar: Calendar

    def after(self, at: datetime, seconds: int) -> datetime:
        """The first moment when so much working time has passed since `at`."""
        minutes, rest = divmod(max(0, seconds), 60)
        try:
            whole = content.add_working_time(self.calendar, at, minutes)
            if not rest:
                return whole
            then = whole + timedelta(seconds=rest)
            if content.working_time_between(self.calendar, whole, then) == then - whole:
                return then
            return content.add_working_time(self.calendar, at, minutes + 1) - timedelta(seconds=60 - rest)
        except NeverOpen:
            return _ALWAYS.after(at, seconds)

    def between(self, start: datetime, end: datetime) -> int:
        """Seconds of working time from `start` to `end`; 0 where `end` is not later."""
        if end <= start:
            return 0
        return int(content.working_time_between(self.calendar, start, end).total_seconds())
