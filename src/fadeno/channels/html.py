"""The HTML of strangers: made safe to show, and read as text. Linear in its length, whatever is in it.

`nh3` judges what is allowed, but takes time that grows with the square of how deep elements stand in each other. So
they are first closed and cut to a depth no honest letter needs.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Literal

import nh3

from fadeno.channels.contract import NOTHING

MAX_HTML_CHARS = 2_000_000
MAX_SHOWN_CHARS = 1_000_000
MAX_DEPTH = 100
BLOCKED = "data-blocked-src"
_TOKEN = re.compile(
    r"<(?:(?P<comment>!--)|(?P<other>[!?])|(?P<close>/)?(?P<name>[a-zA-Z][a-zA-Z0-9:-]{0,40}))"
    r"(?P<attributes>(?(name)(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+))"
)
_COMMENT_END = re.compile(r"--!?>")
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]{1,60})(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>`]+)))?")
_RAW = frozenset(
    {"script", "style", "title", "textarea", "noscript", "iframe", "noembed", "noframes", "xmp", "template"}
)
_UNSEEN = frozenset({*_RAW, "head", "svg", "math", "object", "embed", "applet", "audio", "video", "canvas", "select"})
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr", "o:p"})
_ENDED_BY_NEXT = {"p": ("p",), "li": ("li",), "td": ("td", "th"), "th": ("td", "th"), "tr": ("td", "th", "tr")}
_ENDED_BY_NEXT |= {"dt": ("dt", "dd"), "dd": ("dt", "dd"), "option": ("option",)}
_TAGS = {
    "a", "abbr", "address", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col",
    "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "i",
    "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt",
    "u", "ul", "var", "wbr",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href", "name"},
    "img": {"src", "alt", "width", "height", BLOCKED},
    "td": {"colspan", "rowspan", "align", "valign"},
    "th": {"colspan", "rowspan", "align", "valign", "scope"},
    "table": {"summary"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "time": {"datetime"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "cid"}


@dataclass(frozen=True, slots=True)
class SafeHtml:
    """HTML that can't act: no script, no style, no form, nothing loaded from elsewhere unasked.

    Attributes:
        blocked_pictures: how many are left out because they lie elsewhere and nobody asked for them.
        is_cut: it was longer than is shown.
    """

    html: str
    blocked_pictures: int = 0
    is_cut: bool = False


def safe_html(html: str, *, pictures: Mapping[str, str] = NOTHING, show_remote: bool = False) -> SafeHtml:
    """HTML as it can be put into a page of ours.

    Pictures that lie elsewhere tell their sender who opened the letter when, so they are named in `data-blocked-src`
    and not loaded until somebody asks for them. Links open apart and say nothing of where they were followed.

    Args:
        pictures: where each picture that came along lies with us, by its content id.
        show_remote: somebody asked for the pictures that lie elsewhere.
    """
    blocked = 0

    def judge(tag: str, name: str, value: str) -> str | None:
        nonlocal blocked
        if tag != "img" or name != "src":
            return None if name == BLOCKED and not value.startswith("http") else value
        return value if value in ours or (show_remote and value.startswith(("http://", "https://"))) else None

    ours = frozenset(pictures.values())
    out: list[str] = []
    for token in tokens(html[:MAX_SHOWN_CHARS]):
        if isinstance(token, str):
            out.append(escape(unescape(token), quote=False))
        elif token.name == "img":
            source = token.attributes.get("src", "").strip()
            if source[:4].lower() == "cid:":
                source = pictures.get(source[4:].strip("<>"), "")
            elif source.lower().startswith(("http://", "https://")) and not show_remote:
                blocked += 1
                out.append(_tag("img", {**_kept(token), BLOCKED: source}))
                continue
            out.append(_tag("img", {**_kept(token), "src": source}))
        elif token.name in _TAGS:
            out.append(f"</{token.name}>" if token.is_end else _tag(token.name, token.attributes))
    cleaned = nh3.clean(
        "".join(out),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=judge,
        url_schemes=_SCHEMES,
        url_relative=lambda url: url if url in ours else None,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}, "img": {"loading": "lazy"}},
    )
    return SafeHtml(cleaned, blocked, len(html) > MAX_SHOWN_CHARS)


@dataclass(frozen=True, slots=True)
class Tag:
    """The beginning or the end of an element."""

    name: str
    is_end: bool
    attributes: dict[str, str]


def tokens(html: str) -> Iterator[str | Tag]:
    """Text and tags in their order; every element is ended, none stands deeper than `MAX_DEPTH`."""
    open_names: list[str] = []
    for token in _loose_tokens(html):
        if isinstance(token, str) or (token.name in _VOID and not token.is_end):
            yield token
        elif token.is_end:
            if token.name in open_names:
                yield from _ended(open_names, token.name)
        else:
            ends = _ENDED_BY_NEXT.get(token.name, ())
            while open_names and open_names[-1] in ends:
                yield Tag(open_names.pop(), True, {})
            if len(open_names) < MAX_DEPTH:
                open_names.append(token.name)
                yield token
    while open_names:
        yield Tag(open_names.pop(), True, {})


def _ended(open_names: list[str], name: str) -> Iterator[Tag]:
    while open_names:
        last = open_names.pop()
        yield Tag(last, True, {})
        if last == name:
            return


def _loose_tokens(html: str) -> Iterator[str | Tag]:
    """Text and tags as they stand; comments and what is never shown are left out."""
    at, bracket = 0, -1
    while at < len(html):
        begin = html.find("<", at)
        if begin < 0:
            break
        if begin > at:
            yield html[at:begin]
        found = _TOKEN.match(html, begin)
        if not found:
            yield "<"
            at = begin + 1
            continue
        if found["comment"]:
            ended = _COMMENT_END.search(html, found.end())
            at = ended.end() if ended else len(html)
            continue
        if bracket < found.end():  # looked for once, however many tags are never closed
            bracket = html.find(">", found.end())
            bracket = len(html) if bracket < 0 else bracket
        at = _tag_end(html, found, bracket)
        if not found["name"]:
            continue
        name = found["name"].lower()
        if name in _RAW and not found["close"]:
            at = _past(html, at, name)
            continue
        yield Tag(name, bool(found["close"]), {} if found["close"] else _attributes(found["attributes"]))
    if at < len(html):
        yield html[at:]


def _tag_end(html: str, found: re.Match[str], bracket: int) -> int:
    """The place behind a tag; one that was never closed ends where the next begins."""
    if found["name"] and html[found.end() : found.end() + 1] == "<":
        return found.end()
    return min(bracket + 1, len(html))


def _past(html: str, at: int, name: str) -> int:
    end = re.compile(rf"</{name}\b[^<>]*>?", re.IGNORECASE).search(html, at)
    return end.end() if end else len(html)


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text[:20_000]):
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].lower(), unescape(value))
    return found


def _kept(token: Tag) -> dict[str, str]:
    return {name: value for name, value in token.attributes.items() if name in ("alt", "width", "height", "title")}


def _tag(name: str, attributes: Mapping[str, str]) -> str:
    known = _ATTRIBUTES["*"] | _ATTRIBUTES.get(name, set())
    said = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items() if key in known)
    return f"<{name}{said}>"


_SPACE = re.compile(r"[ \t\r\n\f]+")
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote"})
_LINES = frozenset(
    {
        "div",
        "tr",
        "li",
        "dt",
        "dd",
        "address",
        "section",
        "article",
        "header",
        "footer",
        "center",
        "caption",
        "hr",
        "form",
    }
)


Role = Literal["", "quote", "rest", "signature"]


def _quotes(tag: Tag) -> Role:
    return "quote" if tag.name == "blockquote" else ""


def html_to_text(html: str, role: Callable[[Tag], Role] = _quotes) -> str:
    """The text people see in HTML, in lines as they see them.

    Args:
        role: what an element is: a `quote` of somebody else's words (its lines begin with `>`), where they begin for
            the `rest` of it all, or a `signature` (a line `-- ` is put before it).
    """
    return _Reader(role).read(html[:MAX_HTML_CHARS])


class _Reader:
    """Writes down what is seen, line by line."""

    def __init__(self, role: Callable[[Tag], Role]) -> None:
        self.role = role
        self.rest = 0
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes: list[bool] = []
        self.unseen = 0
        self.preformatted = 0
        self.numbers: list[int | None] = []
        self.link: list[tuple[str, int]] = []

    def read(self, html: str) -> str:
        """The lines of all of it."""
        for token in tokens(html):
            if isinstance(token, str):
                self._say(unescape(token))
            elif token.name in _VOID:
                self._point(token)
            elif token.is_end:
                self._close(token.name)
            else:
                self._open(token)
        self._end_line()
        return "\n".join(self.lines).strip("\n")

    def _say(self, text: str) -> None:
        if self.unseen:
            return
        if self.preformatted:
            first, *rest = text.replace("\r\n", "\n").split("\n")
            self.line.append(first)
            for line in rest:
                self._end_line(keep_blank=True)
                self.line.append(line)
            return
        text = _SPACE.sub(" ", text)
        if not self.line or self.line[-1].endswith(" "):
            text = text.lstrip(" ")
        if text:
            self.line.append(text)

    def _point(self, tag: Tag) -> None:
        if self.unseen or tag.is_end:
            return
        if tag.name == "br":
            self._end_line(keep_blank=True)
        elif tag.name == "hr":
            self._end_line()
            self.line.append("---")
            self._end_line()
        elif tag.name == "img" and tag.attributes.get("alt", "").strip():
            self._say(f"[{tag.attributes['alt'].strip()[:200]}]")

    def _open(self, tag: Tag) -> None:
        self._between(tag.name)
        role = self.role(tag)
        self.quotes.append(role == "quote")
        if role in ("rest", "signature") and not self.unseen:
            self._end_line()
            self.rest |= role == "rest"
            if role == "signature" and self.lines:
                self.lines.append(f"{self._prefix()}-- ")
        self.unseen += tag.name in _UNSEEN
        self.preformatted += tag.name == "pre"
        if tag.name in ("ul", "ol"):
            self.numbers.append(0 if tag.name == "ol" else None)
        elif tag.name == "li" and not self.unseen:
            self._begin_item()
        elif tag.name in ("td", "th") and self.line:
            self.line.append(" ")
        elif tag.name == "a":
            self.link.append((tag.attributes.get("href", ""), len(self.line)))

    def _begin_item(self) -> None:
        inside = len(self.numbers)
        mark = "- "
        if self.numbers and self.numbers[-1] is not None:
            self.numbers[-1] += 1
            mark = f"{self.numbers[-1]}. "
        self.line.append("  " * max(inside - 1, 0) + mark)

    def _close(self, name: str) -> None:
        if name == "a" and self.link:
            self._end_link(*self.link.pop())
        if name in _PARAGRAPHS or name in _LINES or self.quotes[-1]:
            self._end_line()
        self.quotes.pop()
        self._between(name)
        self.unseen -= name in _UNSEEN
        self.preformatted -= name == "pre"
        if name in ("ul", "ol") and self.numbers:
            self.numbers.pop()

    def _end_link(self, target: str, begun: int) -> None:
        """A link whose words do not say where it leads is told with its target."""
        shown = "".join(self.line[begun:]).strip()
        bare = target.strip().removeprefix("mailto:")
        is_told = bare.rstrip("/") in shown or shown.rstrip("/") in bare if shown else True
        if bare.startswith(("http://", "https://")) and not is_told and not self.unseen:
            self.line.append(f" <{bare[:500]}>")

    def _between(self, name: str) -> None:
        if name in _PARAGRAPHS:
            inner = name in ("ul", "ol") and self.numbers[1:]
            self._end_line()
            if self.lines and self.lines[-1].strip("> ") and not inner:
                self.lines.append(self._prefix().rstrip())
        elif name in _LINES:
            self._end_line()

    def _prefix(self) -> str:
        depth = sum(self.quotes) + self.rest
        return ">" * depth + " " if depth else ""

    def _end_line(self, *, keep_blank: bool = False) -> None:
        text = "".join(self.line).rstrip()
        self.line.clear()
        if self.link:
            self.link = [(target, 0) for target, _ in self.link]
        if text.strip() or (keep_blank and not self.unseen):
            self.lines.append((self._prefix() + text).rstrip())
