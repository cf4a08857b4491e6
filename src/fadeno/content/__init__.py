"""What the company says, once and for all channels: when it is there for people, what it says by itself, saved answers.

A calendar is the opening hours of a place or a team with public holidays of its region and days that are otherwise.
What it means is a pure function of it and a moment: whether it is open, when it opens next, how working time passes.
`saying` is what fadeno says to a customer by itself, in their language; each word of texts and answers is kept.
"""

from fadeno.content.actions.answers import change_answer, remove_answer, save_answer, use_answer
from fadeno.content.actions.calendars import (
    add_special_days,
    change_calendar,
    create_calendar,
    remove_calendar,
    remove_special_days,
)
from fadeno.content.actions.texts import set_text
from fadeno.content.model.answers import NoSavedAnswer, SavedAnswer, ShortcutTaken
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
    checked_zone,
)
from fadeno.content.model.public_holidays import countries, holidays_in, regions
from fadeno.content.model.saying import Saying, own_words, told_when
from fadeno.content.model.texts import (
    TEXT_KINDS,
    VARIABLES,
    KeptText,
    Rendered,
    Version,
    gaps_left,
    in_language,
    render,
    variables_in,
)
from fadeno.content.model.weeks import WEEKDAYS, hours_of_week, week_in
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
from fadeno.content.reads import (
    away_now,
    calendar,
    calendar_for,
    calendars,
    saved_answer,
    saved_answers,
    saying,
    text_versions,
    texts,
)

__all__ = [
    "AS_USUAL",
    "CLOSED",
    "TEXT_KINDS",
    "VARIABLES",
    "WEEKDAYS",
    "Calendar",
    "CalendarNameTaken",
    "Day",
    "KeptCalendar",
    "KeptText",
    "MainCalendarStays",
    "NeverOpen",
    "NoCalendar",
    "NoSavedAnswer",
    "Rendered",
    "SavedAnswer",
    "Saying",
    "ShortcutTaken",
    "SpecialDays",
    "Version",
    "add_special_days",
    "add_working_time",
    "away_now",
    "calendar",
    "calendar_for",
    "calendars",
    "change_answer",
    "change_calendar",
    "checked_calendar",
    "checked_zone",
    "countries",
    "create_calendar",
    "days_from",
    "due_times",
    "gaps_left",
    "holidays_in",
    "hours_of_week",
    "in_language",
    "is_open",
    "next_closing",
    "next_opening",
    "own_words",
    "regions",
    "remove_answer",
    "remove_calendar",
    "remove_special_days",
    "render",
    "save_answer",
    "saved_answer",
    "saved_answers",
    "saying",
    "set_text",
    "text_versions",
    "texts",
    "today",
    "told_when",
    "use_answer",
    "variables_in",
    "week_in",
    "working_time_between",
]
