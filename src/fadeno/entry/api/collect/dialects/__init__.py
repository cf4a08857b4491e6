"""Foreign event formats, translated into Segment's. Pure: a body in, raw events out; nothing is looked up or kept.

A translator is told the path and the time, takes whatever a stranger sent and raises nothing but `Unreadable`. What it
can't make sense of inside a body it passes on as it came, so that intake quarantines it with the reason.
"""

from fadeno.entry.api.collect.dialects.frame import Told, Translate
from fadeno.entry.api.collect.dialects.jitsu import read_jitsu
from fadeno.entry.api.collect.dialects.posthog import posthog_key, read_posthog
from fadeno.entry.api.collect.dialects.segment import read_segment
from fadeno.entry.api.collect.dialects.snowplow import read_snowplow

__all__ = ["Told", "Translate", "posthog_key", "translator"]

_POSTHOG = {"/batch", "/capture", "/e", "/i/v0/e"}
_SNOWPLOW = {"/com.snowplowanalytics.snowplow/tp2", "/i"}


def translator(path: str) -> Translate | None:
    """Who understands what is posted to this path; None where nothing is."""
    if path in _POSTHOG:
        return read_posthog
    if path.startswith("/api/s/"):
        return read_jitsu
    if path in _SNOWPLOW:
        return read_snowplow
    return read_segment(path)
