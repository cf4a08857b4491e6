"""How long it takes to say when 100,000 cases are due, by a calendar with holidays, a lunch break and special days."""

import random
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.figure import Figure
from fadeno import content
from fadeno.content import Calendar, SpecialDays

CASES = 100_000
GOAL_S = 2.0
_TARGETS = (30, 4 * 60, 8 * 60, 5 * 8 * 60)  # working minutes: first answer, next answer, a day, a week


async def run(folder: Path) -> list[Figure]:
    """Due times of many cases, the calendar's years made anew."""
    special = tuple(SpecialDays(date(2026, month, 5), date(2026, month, 7)) for month in range(1, 13))
    calendar = Calendar(
        "Mo-Fr 09:00-12:00,13:00-17:00; Sa 10:00-14:00", "Europe/Berlin", "DE", "SN", special_days=special
    )
    dice = random.Random(7)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    asked = [(begin + timedelta(seconds=dice.randrange(300 * 86_400)), dice.choice(_TARGETS)) for _ in range(CASES)]
    started = time.process_time()
    due = content.due_times(calendar, asked)
    took = time.process_time() - started
    assert all(
        content.working_time_between(calendar, at, end) == timedelta(minutes=n)
        for (at, n), end in zip(asked[:1000], due, strict=False)
    )
    return [
        Figure(
            f"due times of {CASES:,} cases",
            f"{took:.2f} s of processor time",
            f"≤ {GOAL_S:.0f} s",
            took <= GOAL_S,
            "lunch break, Saturdays, holidays of Saxony, 12 spells of special days; the years' tables included",
        )
    ]
