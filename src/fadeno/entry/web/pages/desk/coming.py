"""Moments to come as the desk says them: today by the hour, tomorrow by the word, a near one by its weekday. Pure."""

from collections.abc import Callable
from datetime import datetime, timedelta

from babel.dates import format_skeleton
from markupsafe import Markup

from fadeno.entry.web import words
from fadeno.entry.web.times import Times

_WEEK = 7
# unit, how long one is, below which it is used
_UNITS = (("min", timedelta(minutes=1), timedelta(hours=1)), ("h", timedelta(hours=1), timedelta(days=2)))


def saying(clock: Times) -> Callable[[datetime], Markup]:
    """What says a moment, gone or to come, on a viewer's clock."""

    def said(moment: datetime) -> Markup:
        here = clock.local(moment)
        days = (here.date() - clock.now.date()).days
        if days <= 0:
            return clock.when(moment)
        hour = clock.hour(moment)
        if days == 1:
            return Markup(words.say(clock.lang, "desk.tomorrow_at", time=hour))  # noqa: S704 - our words
        skeleton = "E" if days < _WEEK else "dMMM" if here.year == clock.now.year else "yMMMd"
        day = format_skeleton(skeleton, moment, tzinfo=clock.zone, locale=words.locale(clock.lang))
        return Markup("{} {}").format(day, hour)

    return said


def span(clock: Times) -> Callable[[datetime], str]:
    """What says how far a moment is, gone or to come, in one unit."""

    def said(moment: datetime) -> str:
        away = abs(clock.local(moment) - clock.now)
        for unit, size, below in _UNITS:
            if away < below:
                return str(words.say(clock.lang, f"desk.span.{unit}", n=away // size))
        return str(words.say(clock.lang, "desk.span.d", n=away.days))

    return said
