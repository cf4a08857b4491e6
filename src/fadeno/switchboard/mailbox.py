"""What an account's settings say of the mailbox it is read from, and from which mail on. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from fadeno.kit.errors import Invalid

TLS_PORT = 993
PLAIN_PORT = 143
MOST_FOLDERS = 20
MOST_DAYS = 3650
# A folder that was numbered anew is read again from a day before it was last read; what came before is known by itself.
MARGIN = timedelta(days=1)
SEEN = "seen"
MOVE = "move:"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where an account's mails are read.

    Attributes:
        tls: whether the line is private from its first byte, becomes so (STARTTLS), or is not: on this machine or in
            one's own network only.
        days: how many days back the first reading goes; 0 = only what comes from then on.
        after: what is done to a mail that was read: nothing, "seen", or a folder it is moved to as "move:Done".
    """

    host: str
    port: int
    tls: Literal["tls", "starttls", "none"]
    login: str
    folders: tuple[str, ...]
    days: int
    after: str

    @property
    def name(self) -> str:
        """Which mailbox it is: what was read of another says nothing of this one."""
        return f"{self.login}@{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Place:
    """How far a folder was read.

    Attributes:
        numbering: UIDVALIDITY; where it changes, all numbers of the folder do.
        last: the number up to which all was read.
        until, since: while an older stretch is read again: up to this number, only what came after this moment.
        from_at: when the folder was first looked at, less the days asked for; nothing older is ever taken.
        read_at: when something of it was last kept.
        tidied: the number up to which was done what is to be done to mails that were read.
    """

    numbering: int
    last: int
    from_at: datetime
    read_at: datetime
    until: int = 0
    since: datetime | None = None
    tidied: int = 0


def asked(options: Mapping[str, str]) -> Mailbox | None:
    """The mailbox that settings name; None where they name none.

    Raises:
        Invalid: `field` names the setting that can't be.
    """
    if not options.get("imap_host", "").strip():
        return None
    host, port = _host(options["imap_host"].strip())
    tls = options.get("imap_tls", "").strip().lower() or ("tls" if port in (None, TLS_PORT) else "starttls")
    if tls not in ("tls", "starttls", "none"):
        raise Invalid("The line is tls, starttls or none.", field="imap_tls", word="bad_choice")
    after = options.get("imap_after", "").strip()
    folders = _folders(options.get("imap_folders", ""))
    _check_after(after, folders)
    return Mailbox(
        host=host,
        port=port or (TLS_PORT if tls == "tls" else PLAIN_PORT),
        tls=tls,
        login=options.get("login", "").strip() or options.get("address", "").strip(),
        folders=folders,
        days=_days(options.get("imap_days", "")),
        after=after,
    )


def placed(place: Place | None, numbering: int, next_number: int, now: datetime, days: int) -> Place:
    """From where a folder is read on, now that the server has said how it numbers its mails.

    Args:
        place: how far it was read; None where it never was.
        next_number: UIDNEXT: what comes from now on has at least this number.
    """
    if place is None:
        from_at = now - timedelta(days=days)
        if not days or next_number <= 1:
            return Place(numbering, next_number - 1, from_at, now, tidied=next_number - 1)
        return Place(numbering, 0, from_at, now, until=next_number - 1, since=from_at)
    if place.numbering == numbering:
        return place
    since = max(place.from_at, place.read_at - MARGIN) if next_number > 1 else None
    return Place(numbering, 0, place.from_at, place.read_at, until=next_number - 1, since=since)


def past(place: Place, number: int, now: datetime) -> Place:
    """The place once all up to this number is kept."""
    done = number >= place.until
    return replace(
        place,
        last=max(number, place.last),
        read_at=now,
        until=0 if done else place.until,
        since=None if done else place.since,
    )


def places(cursor: Mapping[str, Any], mailbox: Mailbox) -> dict[str, Place]:
    """How far each folder was read, from what was noted; of another mailbox only since when."""
    found = {name: _place(noted) for name, noted in cursor.get("folders", {}).items()}
    if cursor.get("of") in (None, mailbox.name):
        return found
    return {name: replace(place, numbering=-1) for name, place in found.items()}


def cursor(found: Mapping[str, Place], mailbox: Mailbox) -> dict[str, Any]:
    """The same, to be noted."""
    return {"of": mailbox.name, "folders": {name: _noted(place) for name, place in found.items()}}


def _noted(place: Place) -> dict[str, Any]:
    noted: dict[str, Any] = {
        "numbering": place.numbering,
        "last": place.last,
        "from_at": place.from_at.isoformat(),
        "read_at": place.read_at.isoformat(),
        "tidied": place.tidied,
    }
    if place.since:
        noted |= {"until": place.until, "since": place.since.isoformat()}
    return noted


def _place(noted: Mapping[str, Any]) -> Place:
    since = noted.get("since")
    return Place(
        numbering=noted["numbering"],
        last=noted["last"],
        from_at=datetime.fromisoformat(noted["from_at"]),
        read_at=datetime.fromisoformat(noted["read_at"]),
        until=noted.get("until", 0),
        since=datetime.fromisoformat(since) if since else None,
        tidied=noted.get("tidied", 0),
    )


def _host(text: str) -> tuple[str, int | None]:
    host, colon, port = text.rpartition(":")
    if not colon or "]" in port:
        host, port = text, ""
    if host.count(":") > 0 and not host.startswith("["):  # an IPv6 address as it is
        host, port = text, ""
    host = host.strip("[]")
    is_port = not port or (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536)
    if not host or not is_port or any(c.isspace() or c in "/@" for c in host):
        raise Invalid("Write the server as imap.example.com:993.", field="imap_host", word="bad_credential")
    return host, int(port) if port else None


def _check_after(after: str, folders: tuple[str, ...]) -> None:
    if after in ("", SEEN):
        return
    folder = after.removeprefix(MOVE).strip()
    if not after.startswith(MOVE) or not folder:
        raise Invalid("Write seen, or move: and a folder.", field="imap_after", word="bad_choice")
    if folder in folders or folder.upper() == "INBOX":
        raise Invalid("A mail can't be moved to a folder that is read.", field="imap_after", word="bad_choice")


def _folders(text: str) -> tuple[str, ...]:
    folders = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip())) or ("INBOX",)
    folders = tuple("INBOX" if name.upper() == "INBOX" else name for name in folders)
    if len(folders) > MOST_FOLDERS:
        raise Invalid(f"At most {MOST_FOLDERS} folders are read.", field="imap_folders", word="bad_choice")
    return folders


def _days(text: str) -> int:
    text = text.strip() or "0"
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_DAYS):
        raise Invalid("Write a number of days, or nothing.", field="imap_days", word="bad_choice")
    return int(text)
