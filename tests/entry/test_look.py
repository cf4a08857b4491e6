"""What the tokens promise: every colour of words and marks can be read on every ground it stands on."""

import re
from itertools import product

import pytest

from fadeno.entry.web import assets
from tests.house.rules import ROOT

TEMPLATES = ROOT / "src/fadeno/entry/web/templates"
READ, SEEN = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
_TOKENS = assets.all_assets()["tokens.css"].plain.decode()
_PAIR = re.compile(r"--([\w-]+):\s+light-dark\((#[0-9A-F]{6}), (#[0-9A-F]{6})\)")
COLOURS = {name: {"light": light, "dark": dark} for name, light, dark in _PAIR.findall(_TOKENS)}
GROUNDS = ("ground", "pane", "surface", "raised", "sunk", "hover", "selected")
CHANNELS = tuple(name for name in COLOURS if name.startswith("ch-"))
WORDS = ("ink", "ink-2", "ink-3")
STATES = ("ok", "risk", "bad", "note")

_MUST = [
    *((word, ground, READ) for word, ground in product(WORDS, GROUNDS)),
    *((state, ground, READ) for state, ground in product((*STATES, "thread"), GROUNDS)),
    *((state, f"{state}-tint", READ) for state in (*STATES, "thread")),
    *((word, f"{state}-tint", READ) for word, state in product(WORDS, (*STATES, "thread"))),
    # A channel on a chosen row is an icon only.
    *((channel, ground, SEEN if ground == "selected" else READ) for channel, ground in product(CHANNELS, GROUNDS)),
    *(("surface", channel, SEEN) for channel in CHANNELS),  # the icon in a knot
    *(("focus", ground, SEEN) for ground in GROUNDS),
    *(("line-firm", ground, SEEN) for ground in ("pane", "surface", "raised", "hover")),
    ("on-ink", "ink", READ),
    ("on-ink", "ink-2", READ),
    ("on-ink", "bad", READ),
]


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How far apart two colours are in lightness, 1 to 21.

    Source: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio (2026-11-23)
    """
    darker, lighter = sorted((_light(one), _light(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_the_most_there_is():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read_on_what_it_stands_on(scheme: str):
    assert {name for pair in _MUST for name in pair[:2]} <= COLOURS.keys()
    weak = {
        f"{front} on {back}": round(ratio, 2)
        for front, back, least in _MUST
        if (ratio := contrast(COLOURS[front][scheme], COLOURS[back][scheme])) < least
    }
    assert weak == {}


@pytest.mark.parametrize("name", ["app.css", "base.css", "access.css", "suggestions.css"])
def test_colours_come_from_the_tokens(name: str):
    """Paper for a code that a camera reads, and what dims the page behind a dialog, are no colours of ours."""
    css = re.sub(
        r"/\*.*?\*/|\.qr-paper \{[^}]*\}|dialog::backdrop \{[^}]*\}",
        "",
        assets.all_assets()[name].plain.decode(),
        flags=re.DOTALL,
    )
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|rgb\([^)]*\)|hsl\([^)]*\)", css) == []


def test_who_wants_it_compact_sees_more_customers_at_once():
    """Rows of two lines are higher than any row need be: only less padding makes them lower."""
    css = assets.all_assets()["app.css"].plain.decode()
    padding = re.search(r'\[data-density="compact"\] \.rowlink \{ padding-block: (\d+)px', css)
    assert padding
    assert int(padding[1]) < 8  # what --s2, the padding of all others, is


def test_a_toast_keeps_its_light_words_on_every_page():
    """Its words bear the class of lines that tell what was decided; only lines of lists may be grey."""
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", assets.all_assets()["suggestions.css"].plain.decode())
    grey = [selector for selectors, said in rules for selector in selectors.split(",") if re.search(r"\bcolor:", said)]
    assert [one for one in grey if one.strip() == ".told"] == []


@pytest.mark.parametrize("page", ["access/members", "access/keys", "access/audit", "sources/list", "imports/list"])
def test_no_table_of_many_columns_makes_a_phone_scroll_sideways(page: str):
    """On a phone each row is a block, and the figures in it bear the words of their heads."""
    text = (TEMPLATES / f"{page}.html").read_text(encoding="utf-8")
    assert re.findall(r"<table(?! class=\"stacks)", text) == []
    phone = assets.all_assets()["app.css"].plain.decode().rpartition("@media (max-width: 599px)")[2]
    assert ".stacks tr { display: grid;" in phone
    figures = [cell for cell in re.findall(r"<td[^>]*class=\"num[^>]*>", text) if "no-phone" not in cell]
    assert all("data-head=" in cell for cell in figures)
