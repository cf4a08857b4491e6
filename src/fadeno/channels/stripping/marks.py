"""Where somebody else's words begin: the lines mail programs put before what they quote."""

import re
from dataclasses import dataclass

from fadeno.channels.stripping import phrases

MAX_ATTRIBUTION_LINES = 5
MAX_ATTRIBUTION_CHARS = 600
_MAX_BLOCK_LINES = 25
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_ODD_SPACE = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d(?!\d)|\d{1,2}[:.h]\d\d(?!\d)|\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}(?!\d))|[٠-٩۰-۹]{4}|\d年|\d년"
)
_HOUR = re.compile(r"(?<!\d)\d{1,2}[:.h]\d\d(?!\d)|[٠-٩۰-۹]{1,2}:[٠-٩۰-۹]{2}|\d시|\d時|\d点")
_MAIL = re.compile(r"[^\s<>\"'()\[\],;:]{1,100}@[^\s<>\"'()\[\],;:]{2,200}")
_BEGINS_WITH_DATE = re.compile(
    r"[\[(\"'*_]{0,3}(?:\d{1,4}[\s./年-]|[^\s\d.,:;<>()@]{2,12}\.?,\s|[^\s\d.,:;<>()@]{1,12}\.?\s\d{1,2}[\s./]|[٠-٩۰-۹])"
)
_ENDS = re.compile(r"[:：]\s*[*_]{0,2}\Z")
_ENDS_SENTENCE = re.compile(r"[.!?…]\s*\Z")
_ORNATE = re.compile(
    r"[\s*_>]{0,6}[-‐‑‒–—―=_]{2,}\s*(?P<said>[^\s\-‐‑‒–—―=_].{0,400}?)\s*(?P<end>[-‐‑‒–—―=_]{2,})[\s*_]{0,6}\Z"
)
_HELPDESK = re.compile(r"\s*#{2,}\s*-.{5,300}-\s*#{2,}\s*\Z")
_ARROWED = re.compile(r"\s{0,3}>{2,4}\s\s?(?P<said>[^\s>].{3,300}?)\s>{2,4}\s*\Z")
_DASHES_SURE = 5
_RULE = re.compile(r"[\s*]{0,6}(?:[-‐‑‒–—―=_*~#+]{2,}|—|–)[\s*]{0,6}\Z")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Mark:
    """Lines that say that another's words follow.

    Attributes:
        begin, end: the lines (end is not of them).
        names: an attribution (`On … wrote:`), or a block of headers, or a line of words (`Original Message`).
    """

    begin: int
    end: int
    names: str


def plain(line: str) -> str:
    """A line as it is compared: no unseen signs, one kind of blank."""
    if line.isascii():
        return line
    return _ODD_SPACE.sub(" ", _UNSEEN.sub("", line))


def names_address(lines: list[str], mark: Mark) -> bool:
    """Whether the lines of a mark name an address."""
    return any(_MAIL.search(line) for line in lines[mark.begin : mark.end])


def is_rule(line: str) -> bool:
    """Whether a line only parts what stands above and below."""
    return bool(_RULE.match(line))


def is_arrowed(line: str) -> bool:
    """`>>> So And-So 24.11.26 09:41 >>>`: no quote, but what stands above one."""
    found = _ARROWED.match(line)
    return bool(found) and _signs(found["said"]) >= 1


def marks(lines: list[str], is_candidate: list[bool]) -> list[Mark]:
    """Every mark in order, none within another.

    Args:
        lines: as `plain` gives them.
        is_candidate: which of them are neither quoted nor in a code block.
    """
    found: list[Mark] = []
    at = 0
    while at < len(lines):
        if not is_candidate[at] or not lines[at].strip():
            at += 1
            continue
        mark = _worded(lines, at) or _block(lines, at) or _heads_on_a_line(lines, at)
        mark = mark or _attribution(lines, is_candidate, at)
        if mark and found and mark.begin < found[-1].end:
            mark = None
        if mark:
            found.append(mark)
        at = mark.end if mark else at + 1
    return found


def _worded(lines: list[str], at: int) -> Mark | None:
    """`-----Original Message-----`, `Begin forwarded message:`, `## reply above this line ##`."""
    line = lines[at]
    if len(line) > MAX_ATTRIBUTION_CHARS:
        return None
    if phrases.above().match(line) or _HELPDESK.match(line):
        return Mark(at, at + 1, "above")
    is_mark = is_arrowed(line) or (bool(phrases.forwarded().match(line)) and _stands_alone(lines, at))
    if not is_mark and (ornate := _ORNATE.match(line)):
        dashes = len(line.split(ornate["said"])[0].strip(" *_>"))
        said = ornate["said"]
        is_sure = dashes >= _DASHES_SURE and len(ornate["end"]) >= _DASHES_SURE and bool(_LETTER.search(said))
        is_mark = (is_sure and len(said) <= 60 and not _ENDS_SENTENCE.search(said)) or _signs(said) >= 2
        is_mark = is_mark or bool(phrases.forwarded().match(said))
    if not is_mark:
        return None
    after = _block(lines, _next_text(lines, at + 1))
    return Mark(at, after.end if after else at + 1, "block" if after else "worded")


def _stands_alone(lines: list[str], at: int) -> bool:
    """A bare phrase is a mark where dashes, a colon or headers say that it is no sentence."""
    line = lines[at].strip(" *_>")
    return (
        bool(_ENDS.search(line))
        or line[:2] in ("--", "==", "__")
        or _block(lines, _next_text(lines, at + 1)) is not None
    )


def _next_text(lines: list[str], at: int) -> int:
    stop = min(at + 3, len(lines))
    while at < stop and (not lines[at].strip() or is_rule(lines[at])):
        at += 1
    return at


def _block(lines: list[str], at: int) -> Mark | None:
    """A run of lines such as `From: …`, `Sent: …`, `To: …`, in any language; long ones go on in a line without head."""
    roles: set[str] = set()
    heads, end, since = 0, at, 0
    for index in range(at, min(at + _MAX_BLOCK_LINES, len(lines))):
        line = lines[index]
        if not line.strip():
            if not _head_roles(lines, index + 1):
                break
            continue
        said = _head_roles(lines, index)
        if said:
            heads += 1
            since = 0
            roles |= said
            end = index + 1
        elif not heads or since >= 3:
            break
        else:
            since += 1
            if _goes_on(lines, index):
                end = index + 1
            else:
                break
    is_block = heads >= 3 and len(roles) >= 3 and "from" in roles | ({"from"} if "subject" in roles else set())
    is_block = is_block or (
        heads == 2 and {"from"} < roles and bool(roles & {"sent", "to", "subject"}) and _mails_in(lines, at)
    )
    return Mark(at, end, "block") if is_block else None


def _heads_on_a_line(lines: list[str], at: int) -> Mark | None:
    """`____ From: … Sent: … To: … Subject: …`, where a program lost the ends of the lines."""
    line = lines[at].lstrip(" \t*_-=—–")
    if len(line) > MAX_ATTRIBUTION_CHARS or not phrases.heads().match(line) or _signs(line) < 1:
        return None
    found = [one for one in phrases.heads().finditer(line) if one.start() == 0 or one.group()[:1] in " *"]
    roles = {one.lastgroup for one in found}
    return Mark(at, at + 1, "block") if len(roles) >= 3 and roles >= {"from", "subject"} else None


def _mails_in(lines: list[str], at: int) -> bool:
    """Two heads alone are enough only where the first names an address."""
    return bool(_MAIL.search(lines[at][:300]))


def _goes_on(lines: list[str], index: int) -> bool:
    """Whether a line without head belongs to the header above it: more heads or the blank below the headers follow."""
    following = lines[index + 1] if index + 1 < len(lines) else ""
    return bool(_head_roles(lines, index + 1)) or not following.strip() or lines[index][:1] in " \t"


def _head_roles(lines: list[str], index: int) -> frozenset[str]:
    if index >= len(lines) or len(lines[index]) > 4_000:
        return frozenset()
    found = phrases.heads().match(lines[index])
    if not found:
        return frozenset()
    head = found.group().strip(" \t*_|•:：").casefold()
    return phrases.role_of().get(" ".join(head.split()), frozenset({found.lastgroup or ""}))


def _signs(text: str) -> int:
    """How much speaks for an attribution: a verb of writing, a date, an address."""
    return bool(phrases.wrote().search(text)) + bool(_DATE.search(text)) + bool(_MAIL.search(text))


def _attribution(lines: list[str], is_candidate: list[bool], at: int) -> Mark | None:
    """`On such a day so-and-so <address> wrote:`, in any language, broken over some lines."""
    if not _may_begin(lines[at]):
        return None
    joined = ""
    for end in range(at, min(at + MAX_ATTRIBUTION_LINES, len(lines))):
        line = lines[end]
        if not is_candidate[end] or not line.strip() or len(joined) + len(line) > MAX_ATTRIBUTION_CHARS:
            return None
        joined = f"{joined} {line.strip()}".strip()
        if _is_attribution(joined, lines, end):
            return Mark(at, end + 1, "attribution")
        if _ENDS.search(line) or (_ENDS_SENTENCE.search(line) and not _DATE.search(line)):
            return None
    return None


def _may_begin(line: str) -> bool:
    """Whether an attribution can begin here: with On or the like and a digit, a date, a weekday, or a name."""
    text = line.strip().lstrip("*_[(\"'“«|- ")
    if not text:
        return False
    if phrases.begins_on().match(text):
        return (
            any(letter.isdigit() for letter in text) or bool(_MAIL.search(text)) or bool(phrases.wrote().search(text))
        )
    return _BEGINS_WITH_DATE.match(text) is not None or _names(text)


def _names(text: str) -> bool:
    """`So And-So <address> wrote:`: a name, then its address or the verb, and nothing that makes it a sentence."""
    found = _MAIL.search(text) or phrases.wrote().search(text)
    if not found:
        return False
    before = text[: found.start()].rstrip(" <([\"'")
    return len(before.split()) <= 8 and not re.search(r"[.!?;:]\s", before)


def _is_attribution(text: str, lines: list[str], end: int) -> bool:
    signs = _signs(text)
    if _ENDS.search(text):
        if signs >= 2:
            # Without an address and without a quote it is as well a sentence; programs name the hour, people seldom do.
            return bool(_MAIL.search(text) or _HOUR.search(text)) or _quote_follows(lines, end)
        return signs == 1 and len(text) <= 200 and _quote_follows(lines, end)
    has_verb_last = any(found.end() >= len(text) - 3 for found in phrases.wrote().finditer(text))
    return signs >= 2 and has_verb_last and (signs == 3 or _quote_follows(lines, end))


def _quote_follows(lines: list[str], end: int) -> bool:
    following = next((line for line in lines[end + 1 : end + 4] if line.strip()), "")
    return following.lstrip().startswith(">")
