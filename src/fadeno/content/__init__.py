"""What the company says, once and for all channels: when it is there for people.

A calendar is the opening hours of a place or a team with public holidays of its region and days that are otherwise.
What it means is a pure function of it and a moment: whether it is open, when it opens next, how working time passes.
"""

from fadeno.content.model.calendar import (
    AS_USUAL,
    CLOSED,
    Calendar,
    CalendarNameTaken,
    KeptCalendar,
    MainCalendarStays,
    NoCalendar,
    SpecialDays,
    checked_calendar,
)
from fadeno.content.model.public_holidays import countries, holidays_in, regions
from fadeno.content.model.working import (
    Day,
    NeverOpen,
    add_working_time,
    days_from,
    due_times,
    is_open,
    next_closing,
    next_opening,
    today,
    working_time_between,
)

__all__ = [
    "AS_USUAL",
    "CLOSED",
    "Calendar",
    "CalendarNameTaken",
    "Day",
    "KeptCalendar",
    "MainCalendarStays",
    "NeverOpen",
    "NoCalendar",
    "SpecialDays",
    "add_working_time",
    "checked_calendar",
    "countries",
    "days_from",
    "due_times",
    "holidays_in",
    "is_open",
    "next_closing",
    "next_opening",
    "regions",
    "today",
    "working_time_between",
]
