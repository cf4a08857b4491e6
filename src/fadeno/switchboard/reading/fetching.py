"""What is asked of a mail server: which mails of a folder are there, how large they are, what they hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from imapclient import IMAPClient, exceptions

from fadeno.kit import clock
from fadeno.switchboard.mailbox import MOVE, SEEN, Place
from fadeno.switchboard.reading.faults import CantRead
from fadeno.switchboard.reading.line import SMALL_BYTES, Line

MOST_MAIL_BYTES = 25 * 1024 * 1024
MOST_HEADER_BYTES = 256 * 1024
SLOWEST_BYTES_PER_S = 50_000
NAMED_FOLDERS = 30
_SIZE, _DATE = b"RFC822.SIZE", b"INTERNALDATE"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as its server says it: how it numbers its mails, and the number the next one will have at least."""

    numbering: int
    next_number: int


@dataclass(frozen=True, slots=True)
class Lying:
    """A mail that lies in a folder, without what it holds."""

    number: int
    size_bytes: int
    came_at: datetime


async def opened(line: Line, name: str, *, to_change: bool) -> Folder | None:
    """Open a folder; None where there is none of that name."""

    def select(client: IMAPClient) -> Folder | None:
        try:
            said = client.select_folder(name, readonly=not to_change)
        except exceptions.IMAPClientAbortError:
            raise
        except exceptions.IMAPClientError:
            return None
        numbering, following = said.get(b"UIDVALIDITY"), said.get(b"UIDNEXT")
        if not isinstance(numbering, int):
            raise CantRead(f"{client.host} does not number its mails; such a server can't be read", needs_person=True)
        if not isinstance(following, int):
            following = max(client.search("ALL"), default=0) + 1
        return Folder(numbering, following)

    return await line.do(select)


async def folders(line: Line) -> list[str]:
    """The folders there are, those anybody would want first."""
    found = await line.do(lambda client: [str(name) for _, _, name in client.list_folders()])
    return sorted(found, key=lambda name: (name.upper() != "INBOX", name))[:NAMED_FOLDERS]


async def missing_words(line: Line, missing: Sequence[str]) -> str:
    """What is said of folders that are not there: which are."""
    there = ", ".join(await folders(line))
    return f"there is no folder {', '.join(map(repr, missing))} at {line.place.host}; there are: {there}"


async def numbers(line: Line, place: Place) -> list[int]:
    """The numbers of the mails that are still to be read, ascending."""

    def search(client: IMAPClient) -> list[int]:
        found: set[int] = set()
        if place.until > place.last and place.since:
            # SINCE knows days only, of whatever zone the server keeps; when each came is looked at afterwards.
            day = place.since.date() - timedelta(days=1)
            found |= set(client.search(["UID", f"{place.last + 1}:{place.until}", "SINCE", day]))
        start = max(place.last, place.until) + 1
        return sorted(found | {n for n in client.search(["UID", f"{start}:*"]) if n >= start})

    return await line.do(search)


async def lying(line: Line, of: Sequence[int]) -> list[Lying]:
    """How large these mails are and when they came; those that are gone are left out."""
    found = await line.do(lambda client: client.fetch(list(of), [_SIZE, _DATE]))
    return [_lying(number, found[number]) for number in of if _SIZE in found.get(number, {})]


def _lying(number: int, said: dict[bytes, Any]) -> Lying:
    came_at = said.get(_DATE)
    if not isinstance(came_at, datetime):
        came_at = clock.now()
    return Lying(number, int(said[_SIZE]), came_at if came_at.tzinfo else came_at.replace(tzinfo=UTC))


async def bodies(line: Line, of: Sequence[Lying]) -> dict[int, bytes]:
    """What these mails hold, as it came, without those that are gone meanwhile; none is marked as seen by it.

    Raises:
        CantRead: the server keeps one to itself, or the line broke.
    """
    size = sum(one.size_bytes for one in of)
    # What servers say of sizes is not always true; several times as much is taken of small ones.
    most = max(size * 2, SMALL_BYTES) if size < MOST_MAIL_BYTES / 2 else int(MOST_MAIL_BYTES * 1.2)
    wanted = [one.number for one in of]
    within_s = 60 + size / SLOWEST_BYTES_PER_S
    found = await line.do(lambda client: client.fetch(wanted, ["BODY.PEEK[]"]), within_s=within_s, most_bytes=most)
    held = {number: said[b"BODY[]"] for number, said in found.items() if isinstance(said.get(b"BODY[]"), bytes)}
    if gone := [number for number in wanted if number not in held]:
        still = await line.do(lambda client: client.search(["UID", ",".join(map(str, gone))]))
        if set(still) & set(gone):
            raise CantRead(f"{line.place.host} does not hand over a mail that lies there")
    return held


async def headers(line: Line, number: int) -> bytes:
    """The head of a mail alone."""
    asked = f"BODY.PEEK[HEADER]<0.{MOST_HEADER_BYTES}>"
    found = await line.do(lambda client: client.fetch([number], [asked]))
    parts = [value for key, value in found.get(number, {}).items() if key.startswith(b"BODY[HEADER]")]
    return parts[0] if parts and isinstance(parts[0], bytes) else b""


async def tidied(line: Line, after: str, first: int, last: int) -> None:
    """Do to mails that were read what the settings ask for; those gone meanwhile are left alone.

    Raises:
        CantRead: the server can't, or has no such folder.
    """

    def tidy(client: IMAPClient) -> None:
        found = [n for n in client.search(["UID", f"{first}:{last}"]) if first <= n <= last]
        if not found:
            return
        if after == SEEN:
            client.add_flags(found, [b"\\Seen"], silent=True)
            return
        folder = after.removeprefix(MOVE).strip()
        if not client.has_capability("MOVE"):
            raise CantRead(f"{client.host} can't move mails; set imap_after to seen, or to nothing", needs_person=True)
        try:
            client.move(found, folder)
        except exceptions.IMAPClientAbortError:
            raise
        except exceptions.IMAPClientError as error:
            said = f"mails can't be moved to {folder!r} at {client.host}: make that folder there, or choose another"
            raise CantRead(said, needs_person=True) from error

    await line.do(tidy)


async def woken(line: Line, within_s: float) -> None:
    """Wait until the server tells of something new in the open folder, at most so long.

    A server that can't tell is asked again after `within_s`.
    """

    def wait(client: IMAPClient) -> None:
        client.idle()
        client.idle_check(timeout=within_s)
        client.idle_done()

    await line.do(wait, within_s=within_s + 30)


async def can_tell(line: Line) -> bool:
    """Whether the server tells of new mails by itself."""
    return await line.do(lambda client: client.has_capability("IDLE"))
