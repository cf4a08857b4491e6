"""A week filled in line by line is the opening hours it stands for, and back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadeno import content
from fadeno.content import Calendar
from fadeno.kit.errors import Invalid

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
WEEK = ("09:00-17:00",) * 5


@pytest.mark.parametrize(
    ("lines", "hours"),
    [
        ((*WEEK, "", ""), "Mo-Fr 09:00-17:00"),
        ((*WEEK, "9-13", ""), "Mo-Fr 09:00-17:00; Sa 09:00-13:00"),
        (("9.00 – 12.00, 13:00-17:00", "", "", "", "", "", "18-02"), "Mo 09:00-12:00,13:00-17:00, Su 18:00-02:00"),
        (("0-24",) * 7, "Mo-Su 00:00-24:00"),
        (("",) * 7, "off"),
    ],
)
def test_a_week_is_written_as_opening_hours(lines: tuple[str, ...], hours: str) -> None:
    assert content.hours_of_week(lines) == hours


@pytest.mark.parametrize("line", ["nine to five", "9-", "25-26", "9:75-10", "09:00-17:00 PH off", "Mo 9-5", "٩-١٧"])
def test_a_line_nobody_understands_is_named(line: str) -> None:
    with pytest.raises(Invalid) as refused:
        content.hours_of_week(("", line, "", "", "", "", ""))
    assert refused.value.field == "day_tu"


@pytest.mark.parametrize("hours", ["Jan-Mar Mo 09:00-17:00", "week 1-53/2 Mo 10:00-12:00", "when we like", ""])
def test_what_is_otherwise_from_week_to_week_is_no_week(hours: str) -> None:
    assert content.week_in(hours) is None


_LINES = st.sampled_from(["", "09:00-17:00", "09:00-12:00, 13:00-17:30", "18:00-02:00", "00:00-24:00", "10:00-24:00"])


@given(st.tuples(*[_LINES] * 7))
def test_a_week_read_back_means_the_one_filled_in(lines: tuple[str, ...]) -> None:
    once = content.hours_of_week(lines)
    back = content.week_in(once)
    assert back is not None
    again = content.hours_of_week(back)
    for day in range(7):
        at = MONDAY + timedelta(days=day)
        spans = (content.working_time_between(Calendar(hours), at, at + timedelta(days=1)) for hours in (once, again))
        assert next(spans) == next(spans)
    if "18:00-02:00" not in lines:  # what goes on past midnight may meet what begins there
        assert back == lines
