"""When it is open, and how working time passes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening_hours import OpeningHours

from fadeno import content
from fadeno.content import Calendar, SpecialDays
from fadeno.kit.errors import Invalid

BELGRADE = ZoneInfo("Europe/Belgrade")
OFFICE = Calendar("Mo-Fr 09:00-12:00,13:00-17:00; PH off", "Europe/Belgrade", "RS")
CALENDARS = (
    OFFICE,
    Calendar("24/7", "Europe/Belgrade", on_holidays=content.AS_USUAL),
    Calendar("Mo-Su 18:00-02:30", "Africa/Cairo", "EG"),
    Calendar("Mo,We,Fr 22:00-06:00; Sa 01:30-02:30; PH 10:00-14:00", "America/New_York", "US", "CA"),
    Calendar(
        "Mo-Fr 08:00-16:00", "Australia/Lord_Howe", special_days=(SpecialDays(date(2026, 1, 1), date(2026, 7, 1)),)
    ),
    Calendar(
        "Mo-Sa 09:00-20:00",
        "Asia/Kathmandu",
        special_days=(SpecialDays(date(2026, 3, 27), date(2026, 3, 30), "20:00-05:00"),),
    ),
)
calendars = st.sampled_from(CALENDARS)
minutes = st.integers(0, 20_000)
YEARS_S = 3 * 365 * 86_400
# The days on which the clocks change somewhere, and the year.
CHANGES = [
    date(2026, *day) for day in ((3, 28), (3, 29), (10, 24), (10, 25), (3, 8), (11, 1), (4, 5), (12, 31), (1, 1))
]
moments = st.one_of(
    st.integers(0, YEARS_S).map(lambda s: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=s)),
    st.builds(
        lambda day, s: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=s),
        st.sampled_from(CHANGES),
        st.integers(0, 86_399),
    ),
)


def at(text: str, zone: ZoneInfo = BELGRADE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def add(calendar: Calendar, start: str, minutes: int) -> datetime:
    return content.add_working_time(calendar, at(start), minutes)


@given(calendars, moments, minutes)
def test_the_working_time_until_it_has_passed_is_as_much_as_was_added(
    calendar: Calendar, start: datetime, n: int
) -> None:
    due = content.add_working_time(calendar, start, n)
    assert content.working_time_between(calendar, start, due) == timedelta(minutes=n)
    # and no earlier moment would do
    assert n == 0 or content.working_time_between(calendar, start, due - timedelta(microseconds=1)) < timedelta(
        minutes=n
    )


@given(calendars, moments, moments, minutes, minutes)
def test_what_begins_later_or_takes_longer_is_due_later(
    calendar: Calendar, one: datetime, other: datetime, n: int, more: int
) -> None:
    early, late = sorted((one, other))
    assert content.add_working_time(calendar, early, n) <= content.add_working_time(calendar, late, n)
    due = content.add_working_time(calendar, early, n)
    assert content.add_working_time(calendar, due, more) == content.add_working_time(calendar, early, n + more)


@given(calendars, moments, moments, moments)
def test_working_time_adds_up(calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
    between = content.working_time_between
    assert between(calendar, a, b) + between(calendar, b, c) == between(calendar, a, c)
    assert abs(between(calendar, a, b)) <= abs(b - a)


@given(calendars, moments)
def test_time_works_exactly_while_it_is_open(calendar: Calendar, start: datetime) -> None:
    opens = content.next_opening(calendar, start)
    assert opens is not None
    assert content.is_open(calendar, opens)
    assert content.working_time_between(calendar, start, opens) == timedelta(0)
    closes = content.next_closing(calendar, opens)
    if closes is not None:
        assert not content.is_open(calendar, closes)
        assert content.working_time_between(calendar, opens, closes) == closes - opens
    assert content.is_open(calendar, start) == (opens == start)


@given(calendars, st.lists(st.tuples(moments, minutes), max_size=20))
def test_many_at_once_are_due_when_each_is(calendar: Calendar, asked: list[tuple[datetime, int]]) -> None:
    assert content.due_times(calendar, asked) == [content.add_working_time(calendar, *one) for one in asked]


@given(
    st.sampled_from(
        ["Mo-Fr 09:00-12:00,13:00-17:00", "Mo[1],We 22:00-24:00; Dec 24 off", "week 1-53/2 Mo-Su 06:00-14:00"]
    ),
    moments,
)
def test_a_week_is_open_when_its_text_says_so(hours: str, start: datetime) -> None:
    assert content.is_open(Calendar(hours), start) == OpeningHours(hours).is_open(start.replace(tzinfo=None))


def test_lunch_the_night_and_the_weekend_do_not_work() -> None:
    assert add(OFFICE, "2026-11-20T11:30", 60) == at("2026-11-20T13:30")
    assert add(OFFICE, "2026-11-20T16:30", 60) == at("2026-11-23T09:30")
    assert add(OFFICE, "2026-11-21T12:00", 0) == at("2026-11-21T12:00")
    assert add(OFFICE, "2026-11-20T09:00", 7 * 60) == at("2026-11-20T17:00")  # when it closes, not when it opens again


def test_a_public_holiday_does_not_work_unless_it_is_said() -> None:
    assert not content.is_open(OFFICE, at("2026-11-11T10:00"))
    open_on_them = Calendar("Mo-Fr 09:00-17:00", "Europe/Belgrade", "RS", on_holidays=content.AS_USUAL)
    assert content.is_open(open_on_them, at("2026-11-11T10:00"))
    short = Calendar("Mo-Fr 09:00-17:00; PH 10:00-12:00", "Europe/Belgrade", "RS")
    assert content.next_closing(short, at("2026-11-11T10:30")) == at("2026-11-11T12:00")


def test_a_region_has_holidays_of_its_own() -> None:
    saxony, hamburg = (Calendar("Mo-Fr 09:00-17:00", "Europe/Berlin", "DE", region) for region in ("SN", "HH"))
    repentance = at("2026-11-18T10:00", ZoneInfo("Europe/Berlin"))
    assert not content.is_open(saxony, repentance)
    assert content.is_open(hamburg, repentance)


def test_a_night_belongs_to_the_day_it_began_on() -> None:
    bar = Calendar(
        "Mo-Su 18:00-02:00",
        "Europe/Belgrade",
        special_days=(SpecialDays(date(2026, 11, 25), date(2026, 11, 25), name="Repairs"),),
    )
    assert content.is_open(bar, at("2026-11-25T01:59"))  # since Tuesday
    assert not content.is_open(bar, at("2026-11-25T19:00"))
    assert not content.is_open(bar, at("2026-11-26T01:00"))
    assert content.next_opening(bar, at("2026-11-25T02:00")) == at("2026-11-26T18:00")


def test_the_night_the_clocks_change_has_the_hours_it_has() -> None:
    night = Calendar("Mo-Su 22:00-06:00", "Europe/Belgrade")
    spring = content.working_time_between(night, at("2026-03-28T22:00"), at("2026-03-29T06:00"))
    autumn = content.working_time_between(night, at("2026-10-24T22:00"), at("2026-10-25T06:00"))
    assert (spring, autumn) == (timedelta(hours=7), timedelta(hours=9))


def test_what_would_open_at_a_time_the_clock_skips_opens_when_it_jumps() -> None:
    early = Calendar("Mo-Su 02:30-04:00", "Europe/Belgrade")
    assert content.next_opening(early, at("2026-03-29T00:00")) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_who_never_opens_promises_nothing() -> None:
    shut = Calendar("off")
    assert content.next_opening(shut, at("2026-11-20T12:00")) is None
    with pytest.raises(content.NeverOpen):
        content.add_working_time(shut, at("2026-11-20T12:00"), 1)
    assert content.next_closing(Calendar("24/7"), at("2026-11-20T12:00")) is None


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        ("", "hours"),
        ("Mo-Fr 9-17", "hours"),
        ("sunrise-sunset", "hours"),
        ("Mo-Fr 09:00+", "hours"),
        ("Mo-Fr 09:00-17:00; SH off", "hours"),
        ("Mo-Fr 09:00-17:00, PH off", "hours"),
        ("Пн-Пт 09:00-17:00", "hours"),
        ("Mo " * 1000, "hours"),
    ],
)
def test_hours_no_clock_can_tell_are_refused_with_their_place(hours: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        content.checked_calendar(Calendar(hours))
    assert refused.value.field == field


@pytest.mark.parametrize(
    "hours",
    [
        "24/7",
        "Mo-Fr,PH 09:00-17:00",
        "PH,Su off",
        "Mo[1] 10:00-12:00",
        "Dec 24-26 off; Mo-Su 10:00-20:00",
        "mo-fr 8:00-12:00",
    ],
)
def test_hours_as_maps_write_them_are_understood(hours: str) -> None:
    assert content.checked_calendar(Calendar(hours, country="RS")).hours == hours


@given(st.text(max_size=40) | st.from_regex(r"(Mo|Tu|PH|SH|,|-|;| |\d\d:\d\d|off|Dec|\d|\[|\"|\|)*", fullmatch=True))
def test_whatever_is_written_is_understood_or_refused(text: str) -> None:
    try:
        content.checked_calendar(Calendar(text, "Europe/Belgrade", "RS"))
    except Invalid:
        return
    assert len(content.days_from(Calendar(text, "Europe/Belgrade", "RS"), date(2026, 11, 20), 14)) == 14
