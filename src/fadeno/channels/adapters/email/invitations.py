"""Calendar entries in mails, so that people can read when and where."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from fadeno.channels.adapters.email.headers import Value
from fadeno.channels.contract import Invitation

MAX_ENTRIES = 20
_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r"([A-Za-z0-9-]{1,60})((?:;[A-Za-z0-9-]{1,60}=(?:\"[^\"]*\"|[^:;\"]*))*):(.*)")
_PARAM = re.compile(r";([A-Za-z0-9-]+)=(?:\"([^\"]*)\"|([^:;\"]*))")
_ESCAPE = re.compile(r"\\([\\;,nN])")
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?")


def invitations_of(calendar: str) -> tuple[Invitation, ...]:
    """The entries of a calendar file, at most 20.

    Source: RFC 5545 section 3, RFC 5546, 2026-11-24.
    """
    method, found, entry = "", [], None
    for line in _FOLD.sub("", calendar).splitlines():
        match = _LINE.match(line)
        if not match:
            continue
        name, value = match[1].upper(), match[3]
        if name == "BEGIN" and value.upper() in ("VEVENT", "VTODO"):
            entry = {}
        elif name == "END" and entry is not None and value.upper() in ("VEVENT", "VTODO"):
            found.append(_invitation(entry, method))
            entry = None
            if len(found) >= MAX_ENTRIES:
                break
        elif entry is not None:
            params = {m[1].upper(): m[2] or m[3] or "" for m in _PARAM.finditer(match[2])}
            entry.setdefault(name, Value(value, params))
        elif name == "METHOD":
            method = value.strip().upper()[:20]
    return tuple(found)


def _invitation(entry: dict[str, Value], method: str) -> Invitation:
    nothing = Value("")
    organiser = entry.get("ORGANIZER", nothing)
    address = organiser.main.strip()
    address = address[7:] if address.lower().startswith("mailto:") else address
    return Invitation(
        uid=_text(entry.get("UID", nothing), 500),
        method=method,
        title=_text(entry.get("SUMMARY", nothing), 500),
        begins=_time(entry.get("DTSTART", nothing)),
        ends=_time(entry.get("DTEND", entry.get("DUE", nothing))),
        place=_text(entry.get("LOCATION", nothing), 500),
        organiser=address[:300] or organiser.params.get("CN", "")[:300],
        about=_text(entry.get("DESCRIPTION", nothing), 20_000),
    )


def _text(value: Value, most_chars: int) -> str:
    return _ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], value.main).strip()[:most_chars]


def _time(value: Value) -> str:
    """A time as ISO 8601 where its zone is known, else as far as it is told."""
    match = _STAMP.fullmatch(value.main.strip())
    if not match:
        return value.main.strip()[:40]
    if not match[4]:
        return f"{match[1]}-{match[2]}-{match[3]}"
    try:
        told = datetime(*(int(match[index]) for index in range(1, 7)), tzinfo=UTC)
    except ValueError:
        return value.main.strip()[:40]
    zone = value.params.get("TZID", "")
    if match[7]:
        return told.isoformat()
    if zone in available_timezones():
        return told.replace(tzinfo=ZoneInfo(zone)).isoformat()
    return told.replace(tzinfo=None).isoformat()
