"""What somebody newly wrote in a mail, told from what it quotes, from signature and disclaimer.

Mail programs mark what they quote in their own words; `phrases.toml` knows those of some fifty languages, and what is
alike in all (a date, an address, a colon at the end) does where a language is missing. What is doubtful stays visible:
it is worse to lose a sentence of a customer than to show a quoted one. Everything runs in time linear in the text.
"""

import re
from dataclasses import dataclass

from fadeno.channels.html import Role, Tag, html_to_text
from fadeno.channels.stripping import marks as marking
from fadeno.channels.stripping import phrases
from fadeno.channels.stripping.marks import Mark

__all__ = ["Stripped", "strip", "strip_html"]

MAX_LINES = 5_000
_QUOTE = re.compile(r"[ \t]{0,3}(?:[A-Z]{1,3}(?=>[ >]|>\Z))?>")
_INITIALS = re.compile(r"[ \t]{0,3}[A-Z]{1,3}>")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_BLANK = re.compile(r"[\s\u200b-\u200f\ufeff\u2060ᐧ]*\Z")
_SIGNATURE = re.compile(r"\s{0,3}--\s{0,2}\Z")
_DASH_SIGNATURE = re.compile(r"\s{0,3}(?:—|–|__|==)\s*\Z")
_LINE_RULE = re.compile(r"\s{0,3}(?:_{4,}|-{3,}|={4,}|\*{4,}|—{3,}|–{3,})\s*\Z")
_FOOT = re.compile(
    r"(?i)https?://|www\.|mailing list|unsubscribe|[\w.+-]{1,64}@[\w-]{1,63}\.\w|\+?\d[\d\s()/.-]{6,30}\d"
    r"|reply to this e-?mail|abmelden|désinscri|leiratkoz|отписа|avast|virus"
)
_LONGEST_SIGNATURE_LINES = 12
_LONGEST_FOOT_LINES = 10
_DEEPEST_LINES = 60  # looked at from below, so that time stays linear in the text
_LONGEST_DEVICE_CHARS = 70
_LONGEST_NOTICE_CHARS = 240
_SHORTEST_DISCLAIMER_CHARS = 90
_WRAPPED_CHARS = 58


@dataclass(frozen=True, slots=True)
class Stripped:
    """A mail's text in two: what was newly written, and the rest, each with its lines in their order."""

    visible: str
    quoted: str


def strip(text: str) -> Stripped:
    """What was newly written in a mail's text.

    A reply above what it quotes, below, or between: quoted lines among which somebody answered are kept, as the answers
    would say nothing without them. A forwarded mail with no word of one's own is shown itself.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rest = lines[MAX_LINES:]
    lines = lines[:MAX_LINES]
    text = _Text(lines)
    shown = text.shown()
    visible = "\n".join(line for line, is_shown in zip(lines, shown, strict=True) if is_shown)
    quoted = "\n".join([*_rejoined(lines, shown, text.marks), *rest])
    return Stripped(_outer_blank_cut(visible), _outer_blank_cut(quoted))


def _rejoined(lines: list[str], shown: list[bool], marks: list[Mark]) -> list[str]:
    """The lines that are not shown; an attribution that a program broke over some lines is one again."""
    inner = {index for mark in marks if mark.names == "attribution" for index in range(mark.begin + 1, mark.end)}
    found: list[str] = []
    for index, line in enumerate(lines):
        if shown[index]:
            continue
        if index in inner and found and not shown[index - 1]:
            found[-1] = f"{found[-1].rstrip()} {line.strip()}"
        else:
            found.append(line)
    return found


def _outer_blank_cut(text: str) -> str:
    """Without blank lines before and after; the first line keeps how far it is set in."""
    lines = text.split("\n")
    begin, end = 0, len(lines)
    while begin < end and _BLANK.match(lines[begin]):
        begin += 1
    while end > begin and _BLANK.match(lines[end - 1]):
        end -= 1
    return "\n".join(lines[begin:end]).rstrip()


class _Text:
    """The lines of one mail, and what each is."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = [marking.plain(line) for line in lines]
        self.in_code = _code(self.lines)
        self.is_blank = [bool(_BLANK.match(line)) for line in self.lines]
        self.is_quote = [
            bool(_QUOTE.match(line)) and not code and not marking.is_arrowed(line)
            for line, code in zip(self.lines, self.in_code, strict=True)
        ]
        _join_wrapped(self.lines, self.is_quote, self.is_blank)
        self._drop_lone_initials()
        free = [not quote and not code for quote, code in zip(self.is_quote, self.in_code, strict=True)]
        self.marks = marking.marks(self.lines, free)
        self.is_marked = [False] * len(lines)
        for mark in self.marks:
            self.is_marked[mark.begin : mark.end] = [True] * (mark.end - mark.begin)
        self.show = [True] * len(lines)
        self.ends: dict[int, int] = {}
        self.first_own = 0

    def _drop_lone_initials(self) -> None:
        """`AB> …` is a quote where several lines are so; once it may be anything."""
        lone = [index for index, line in enumerate(self.lines) if self.is_quote[index] and _INITIALS.match(line)]
        if len(lone) == 1:
            self.is_quote[lone[0]] = False

    def shown(self) -> list[bool]:
        """Which lines were newly written."""
        end = len(self.lines)
        for mark in self.marks:
            if mark.begin >= end:
                break
            end = self._judge(mark, end)
        self._hide(end, len(self.lines))
        self._cut_end(end)
        if not any(self.show[index] and not self.is_blank[index] for index in range(len(self.lines))):
            self._show_what_there_is()
        return self.show

    def _judge(self, mark: Mark, end: int) -> int:
        """Hide what a mark introduces; the place where the visible text ends now."""
        if mark.names == "above":
            return mark.begin if self._has_own(mark.begin) else self._pass_over(mark, end)
        if not self._has_own(mark.begin):
            return self._pass_over(mark, end)
        if mark.names != "attribution" or not self._quote_begins(mark.end):
            return mark.begin
        if not self._has_answer(mark.end, end):
            return mark.begin
        self._hide(mark.begin, mark.end)
        return end

    def _pass_over(self, mark: Mark, end: int) -> int:
        """A mark with nothing above it: what was written stands below what is quoted, or the mail is only forwarded."""
        if (
            mark.names == "attribution"
            and not self._quote_begins(mark.end)
            and not marking.names_address(self.lines, mark)
        ):
            return end  # nothing above and no quote below: somebody tells of what another wrote
        self._hide(0, mark.end)
        if not self._quote_begins(mark.end) or not self._has_answer(mark.end, end):
            return end
        stop = mark.end
        while stop < end and (self.is_quote[stop] or self.is_blank[stop]):
            stop += 1
        if not self._has_answer(stop, end):
            self._hide(mark.end, stop)
        return end

    def _has_own(self, end: int) -> bool:
        """Whether something shown and written by the sender stands above a line."""
        while self.first_own < end and not (self.show[self.first_own] and self._is_own(self.first_own)):
            self.first_own += 1  # lines are only ever hidden, so none is looked at twice
        return self.first_own < end

    def _is_own(self, index: int) -> bool:
        """Whether a line is of words, neither quoted nor part of a mark."""
        return not (
            self.is_blank[index] or self.is_quote[index] or self.is_marked[index] or marking.is_rule(self.lines[index])
        )

    def _quote_begins(self, at: int) -> bool:
        following = next((index for index in range(at, min(at + 4, len(self.lines))) if not self.is_blank[index]), None)
        return following is not None and self.is_quote[following]

    def _has_answer(self, begin: int, end: int) -> bool:
        """Whether words of one's own stand below a quote: not only signature, foot or another mark."""
        seen_quote = False
        if end not in self.ends:
            self.ends[end] = self._end_of_words(0, end)
        for index in range(begin, self.ends[end]):
            if self.is_quote[index]:
                seen_quote = True
            elif seen_quote and self._is_own(index):
                return True
        return False

    def _hide(self, begin: int, end: int) -> None:
        self.show[begin:end] = [False] * (end - begin)

    def _cut_end(self, end: int) -> None:
        """Take signature, foot, disclaimer and quotes nobody answered from the end."""
        stop = self._end_of_words(0, end)
        self._hide(stop, end)

    def _end_of_words(self, begin: int, end: int) -> int:
        """Where words of one's own end, seen from below."""
        stop = end
        while True:
            before = stop
            stop = self._above_blank(begin, stop)
            stop = self._above_quotes(begin, stop)
            stop = self._above_signature(begin, stop)
            stop = self._above_device(begin, stop)
            stop = self._above_disclaimer(begin, stop)
            stop = self._above_notice(begin, stop)
            if stop == before:
                return stop

    def _above_blank(self, begin: int, stop: int) -> int:
        while stop > begin and (
            self.is_blank[stop - 1] or (marking.is_rule(self.lines[stop - 1]) and not self.in_code[stop - 1])
        ):
            stop -= 1
        return stop

    def _above_quotes(self, begin: int, stop: int) -> int:
        at = stop
        while at > begin and (self.is_quote[at - 1] or self.is_blank[at - 1]):
            at -= 1
        return at if at > begin or begin > 0 else stop

    def _above_signature(self, begin: int, stop: int) -> int:
        """`-- ` and what follows; a line drawn and a short foot."""
        words = 0
        for index in range(stop - 1, max(begin, stop - _DEEPEST_LINES) - 1, -1):
            if self.in_code[index] or words > max(_LONGEST_SIGNATURE_LINES, _LONGEST_FOOT_LINES):
                return stop
            line = self.lines[index]
            if _SIGNATURE.match(line) or (_DASH_SIGNATURE.match(line) and words <= 4):
                return index
            if _LINE_RULE.match(line) and words <= _LONGEST_FOOT_LINES and self._is_foot(line, index + 1, stop):
                return stop if self._underlines(index) else index
            words += not self.is_blank[index] and not self.is_quote[index]
        return stop

    def _underlines(self, index: int) -> bool:
        """Whether a drawn line is as long as the words right above it, which makes a heading of them."""
        rule, above = self.lines[index].strip(), self.lines[index - 1].strip() if index else ""
        return rule[:1] in "-=" and bool(above) and abs(len(rule) - len(above)) <= 1

    def _is_foot(self, rule: str, begin: int, stop: int) -> bool:
        """Below a drawn line: links, numbers or addresses; or one short line where it is drawn with underscores."""
        said = [line for line in self.lines[begin:stop] if line.strip()]
        if rule.strip().startswith("____"):
            return len(said) <= 1 or any(_FOOT.search(line[:1_000]) for line in said)
        return any(_FOOT.search(line[:1_000]) for line in said) and all(len(line) <= 200 for line in said)

    def _above_device(self, begin: int, stop: int) -> int:
        """`Sent from my phone`, at the end and alone on its line."""
        at = stop
        for _ in range(2):
            at = self._above_blank(begin, at)
            if at <= begin or self.is_quote[at - 1]:
                return stop
            line = self.lines[at - 1].strip()
            at -= 1
            if (
                len(line) <= _LONGEST_DEVICE_CHARS + line.count("http") * 120
                and phrases.sent_from().match(line)
                and "," not in line
                and not self._goes_on_from_above(begin, at)
            ):
                return at
        return stop

    def _goes_on_from_above(self, begin: int, at: int) -> bool:
        """Whether a line is the rest of a sentence: it begins small right under words."""
        return at > begin and not self.is_blank[at - 1] and self.lines[at].strip()[:1].islower()

    def _above_disclaimer(self, begin: int, stop: int) -> int:
        """A last paragraph that forbids to read what was read already."""
        at = self._above_blank(begin, stop)
        top = at
        while top > begin and not self.is_blank[top - 1] and not self.is_quote[top - 1]:
            top -= 1
            if at - top > _DEEPEST_LINES:
                return stop
        paragraph = " ".join(self.lines[top:at])[:4_000].casefold()
        if len(paragraph) < _SHORTEST_DISCLAIMER_CHARS or not self._has_own(top):
            return stop
        most = max(sum(word in paragraph for word in words) for words in phrases.secrets())
        return top if most >= 3 else stop

    def _above_notice(self, begin: int, stop: int) -> int:
        """A last line that asks not to print, or says what looked for viruses."""
        at = self._above_blank(begin, stop)
        if at <= begin or self.is_quote[at - 1] or not self._has_own(at - 1):
            return stop
        line = self.lines[at - 1]
        return at - 1 if len(line) <= _LONGEST_NOTICE_CHARS and phrases.notices().search(line) else stop

    def _show_what_there_is(self) -> None:
        """Nothing was newly written: show what was forwarded or quoted, rather than nothing."""
        begin = max((mark.end for mark in self.marks[:1] if mark.begin == self._first()), default=0)
        for index in range(begin, len(self.lines)):
            self.show[index] = True

    def _first(self) -> int:
        """The first line that says something."""
        said = (not (blank or marking.is_rule(line)) for blank, line in zip(self.is_blank, self.lines, strict=True))
        return next((index for index, says in enumerate(said) if says), 0)


def _code(lines: list[str]) -> list[bool]:
    """Which lines stand in a code block; one that never ends is none."""
    found = [False] * len(lines)
    begun: int | None = None
    for index, line in enumerate(lines):
        if not _FENCE.match(line) or (begun is None and set(line.strip()) == {"~"} and len(line.strip()) > 3):
            continue
        if begun is None:
            begun = index
        else:
            found[begun : index + 1] = [True] * (index + 1 - begun)
            begun = None
    return found


def _join_wrapped(lines: list[str], is_quote: list[bool], is_blank: list[bool]) -> None:
    """Ends of quoted lines that a program broke off and set without a mark are quoted too."""
    for index in range(1, len(lines) - 1):
        if is_quote[index] or is_blank[index] or not is_quote[index - 1] or not is_quote[index + 1]:
            continue
        line = lines[index].strip()
        if len(lines[index - 1]) >= _WRAPPED_CHARS and len(line) < _WRAPPED_CHARS and line[:1].islower():
            is_quote[index] = True


_QUOTED = re.compile(
    r"(?i)\b(?:yahoo_quoted|protonmail_quote|zmail_extra|outlookmessageheader|tutanota_quote|freshdesk_quote"
    r"|js-helpscout-original|hs_reply|moz-forward-container|moz-cite-prefix|mail-quote|quoted-text)\b"
)
_REST_QUOTED = re.compile(
    r"(?i)\b(?:x_)?(?:appendonsend|divrplyfwdmsg|mail-editor-reference-message-container|olk_src_body_section)\b"
)
_SIGNATURE_MADE = re.compile(
    r"(?i)\b(?:gmail_signature|moz-signature|protonmail_signature_block|ms-outlook-mobile-signature)\b"
)
_INDENTED = "webkit-indent-blockquote"


def strip_html(html: str) -> Stripped:
    """What was newly written in a mail's HTML, as text; programs that mark in HTML what they quote are believed."""
    return strip(html_to_text(html, role=_role))


def _role(tag: Tag) -> Role:
    named = f"{tag.attributes.get('class', '')} {tag.attributes.get('id', '')}"[:500]
    if tag.name == "blockquote":
        return "" if _INDENTED in named else "quote"
    if named == " ":
        return ""
    if _REST_QUOTED.search(named):
        return "rest"
    if _SIGNATURE_MADE.search(named):
        return "signature"
    return "quote" if _QUOTED.search(named) else ""
