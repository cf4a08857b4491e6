"""What lies on the desk of the sample company: cases over mail and chat, each told turn by turn. Pure."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from fadeno.entry.sample import world
from fadeno.entry.sample.people import Person, dice, person
from fadeno.entry.sample.telling import Teller

CASES = 60
LONG = 80  # turns of the one case that never ends
_OFTEN = ("missing", "broken", "where", "stock", "invoice", "order", "address", "warranty", "return", "cancel", "typo")
# How a case stands now, and how long ago its last word was said (hours); where they have the last word, we owe one.
_FATES = (
    ("asked", 0.05), ("solved", 20), ("answered", 3), ("asked", 0.7), ("solved", 50), ("solved", 90), ("late", 7),
    ("solved", 160), ("answered", 22), ("asked", 2), ("solved", 30), ("off", 5), ("solved", 240), ("late", 27),
    ("solved", 70),
)  # fmt: skip
FILES = {"pdf": ("10-{n}.pdf", "application/pdf"), "photo": ("IMG_{n}.png", "image/png")}


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that was said.

    Attributes:
        who: mail, chat (the customer, by that channel), us, or noted.
        file: pdf or photo, if something came along.
        promise: answer or call, if it promised one.
    """

    at: datetime
    who: str
    text: str
    file: str = ""
    promise: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A case, from its first turn on.

    Attributes:
        fate: solved, answered (they have the word), asked, late (we owe an answer), off (put off until tomorrow).
        stars: how content they were in the end; None where they did not say.
        is_taken: whether somebody of ours has it.
    """

    number: int
    person: Person
    matter: str
    title: str
    area: str
    turns: tuple[Turn, ...]
    fate: str
    stars: int | None
    is_taken: bool


def told(seed: int, number: int, customers: int, now: datetime) -> Told:
    """The case of that number."""
    rng = dice(seed, "case", number)
    who = person(seed, number % max(1, min(customers, CASES)))
    matter = _OFTEN[number % len(_OFTEN)] if who.email else "stock"
    row = world.MATTERS[matter]
    fate, ago = _FATES[number * 7 % len(_FATES)]
    turns = _long(seed, who, rng, now) if number == 0 else _turns(seed, who, rng, matter, now, fate)
    late = now - timedelta(hours=ago * rng.uniform(0.7, 1.3)) - turns[-1].at
    moved = tuple(replace(turn, at=turn.at + late) for turn in turns)
    stars = rng.choice((5, 5, 5, 4, 4, 3, 2, None)) if fate == "solved" else None
    title = world.in_script(row[world.spoken(who.language)], who.language)
    return Told(number, who, matter, title, row["area"], moved, fate, stars, fate == "solved" or number % 4 != 3)


def _turns(seed: int, who: Person, rng: Random, matter: str, now: datetime, fate: str) -> list[Turn]:
    """A matter as far as its fate lets it go."""
    rows = [line.split() for line in world.MATTERS[matter]["turns"]]
    ours = [n for n, row in enumerate(rows) if row[1] == "us"]
    theirs = [n for n, row in enumerate(rows) if row[1] in ("mail", "chat")]
    upto = {"solved": len(rows), "answered": rng.choice(ours) + 1}.get(fate) or rng.choice(theirs[:-1] or theirs) + 1
    return _spoken(_teller(seed, who, rng, now), rows[:upto])


def _long(seed: int, who: Person, rng: Random, now: datetime) -> list[Turn]:
    """The case that goes on and on, over both channels, and we owe the answer."""
    kept = [row for name in _OFTEN for line in world.MATTERS[name]["turns"] if (row := line.split())[1] != "noted"]
    rows = [[f"{rng.uniform(0.2, 6):.1f}", *row[1:3]] for row in (kept * 3)[: LONG - 2]]
    last = [line.split() for line in world.MATTERS["missing"]["turns"][:3]]
    return _spoken(_teller(seed, who, rng, now), [*rows, *last])


def _teller(seed: int, who: Person, rng: Random, now: datetime) -> Teller:
    teller = Teller(seed, who, rng, now, now.date())
    teller.chooses_there()
    teller.order_id = f"10-{4471 + who.index * 9}"
    return teller


def _spoken(teller: Teller, rows: list[list[str]]) -> list[Turn]:
    turns = []
    for hours, who, role, *marks in rows:
        teller.at += timedelta(hours=float(hours))
        side = {"us": "answered", "noted": "noted"}.get(who, "said")
        language = teller.staff_language if side == "noted" else teller.person.language
        if role not in world.LINES[world.spoken(language)].get(side, {}):
            continue
        file = next((mark[1:] for mark in marks if mark[0] == "+"), "")
        promise = next((mark[1:] for mark in marks if mark[0] == "!"), "")
        turns.append(Turn(teller.at, who, teller.words(side, role), file, promise))
    return turns


def live(seed: int, customers: int, run: str, now: datetime) -> Iterator[tuple[Told, bool]]:
    """What is said from now on, without end, turn by turn; the times are of no meaning.

    Of three matters two go on to their end, so that the desk does not only fill; the flag says that one is over.
    """
    rng = dice(seed, "live desk", run)
    for number in count():
        who = person(seed, rng.randrange(customers))
        matter = rng.choice(("stock", "order", "where", "cancel")) if who.email else "stock"
        rows = [line.split() for line in world.MATTERS[matter]["turns"]]
        turns = _spoken(_teller(seed, who, rng, now), rows if number % 3 else rows[:1])
        title = world.in_script(world.MATTERS[matter][world.spoken(who.language)], who.language)
        for nth, turn in enumerate(turns):
            one = Told(
                number, who, matter, title, world.MATTERS[matter]["area"], (turn,), "solved", None, is_taken=True
            )
            yield one, nth == len(turns) - 1 and number % 3 > 0


# Files -----------------------------------------------------------------------------------------------------------


def content_of(file: str, day: date) -> bytes:
    """A small file that can be opened: a page with a line on it, or a picture of a lamp with a crack."""
    return _page(f"Lumo, {day.isoformat()}") if file == "pdf" else _picture(240, 160)


def _page(words: str) -> bytes:
    said = f"BT /F1 18 Tf 60 760 Td ({words}) Tj ET".encode()
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(said), said),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    return made + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def _picture(width: int, height: int) -> bytes:
    """A shade of light on a wall, and a crack through it. Source: PNG, W3C 2003, sections 5 and 11; 2026-11-24."""

    def colour(x: int, y: int) -> bytes:
        if abs(x - width // 2 - (y * 37 % 11) + y // 6) < 2:
            return b"\x3a\x2c\x22"
        glow = max(0, 255 - ((x - width // 2) ** 2 + (y - height // 3) ** 2) // 60)
        return bytes((min(255, 96 + glow * 5 // 8), min(255, 84 + glow // 2), min(255, 70 + glow // 4)))

    def part(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = b"".join(b"\0" + b"".join(colour(x, y) for x in range(width)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
