"""What the company says, once and for all channels: when it is there for people.

A calendar is the opening hours of a place or a team with public holidays of its region and days that are otherwise.
What it means is a pure function of it and a moment: whether it is open, when it opens next, how working time passes.
"""

from fadeno.content.actions.calendars import (
    add_special_days,
    change_calendar,
    create_calendar,
    remove_calendar,
    remove_special_days,
)
from fadeno.content.model.calendar import (
    AS_USUAL,
    CLOSED,
    TEXT_KINDS,
    Calendar,
    CalendarNameTaken,
    KeptCalendar,
    MainCalendarStays,
    NoCalendar,
    SpecialDays,
    checked_calendar,
)
from fadeno.content.model.public_holidays import countries, holidays_in, regions
from fadeno.content.model.texts import VARIABLES, Rendered, in_language, render, variables_in
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
from fadeno.content.reads import calendar, calendar_for, calendars

__all__ = [
    "AS_USUAL",
    "CLOSED",
    "TEXT_KINDS",
    "VARIABLES",
    "Calendar",
    "CalendarNameTaken",
    "Day",
    "KeptCalendar",
    "MainCalendarStays",
    "NeverOpen",
    "NoCalendar",
    "Rendered",
    "SpecialDays",
    "add_special_days",
    "add_working_time",
    "calendar",
    "calendar_for",
    "calendars",
    "change_calendar",
    "checked_calendar",
    "countries",
    "create_calendar",
    "days_from",
    "due_times",
    "holidays_in",
    "in_language",
    "is_open",
    "next_closing",
    "next_opening",
    "regions",
    "remove_calendar",
    "remove_special_days",
    "render",
    "today",
    "variables_in",
    "working_time_between",
]
