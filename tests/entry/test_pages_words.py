"""Pages say nothing that no catalogue holds, and no catalogue holds what nobody says."""

import ast
import re
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from fadeno.entry.web import assets, rail, words
from tests.house.rules import parsed

WEB = Path(words.__file__).parent
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
# What a template puts together itself (`t("thread.event." ~ word)`) may mean any message below.
SAYING = {"t", "say", "has_message", "has"}


def _said_in_templates() -> tuple[set[str], set[str]]:
    whole, begun = set(), set()
    environment = Environment(autoescape=True)
    for path in TEMPLATES:
        for text in environment.parse(path.read_text("utf-8")).find_all(nodes.Const):
            if isinstance(text.value, str) and re.fullmatch(r"[a-z_]+(\.[a-z_0-9]+)*\.?", text.value):
                (begun if text.value.endswith(".") else whole).add(text.value)
        for call in environment.parse(path.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t" and isinstance(call.args[0], nodes.Concat):
                first = call.args[0].nodes[0]
                if isinstance(first, nodes.Const):
                    begun.add(first.value)
    return whole, begun


def _said_in_python() -> tuple[set[str], set[str]]:
    whole, begun = set(), set()
    for path in (*WEB.rglob("*.py"), *(WEB.parent / "chat").rglob("*.py")):
        for node in ast.walk(parsed(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(str(node.values[0].value))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                (begun if node.value.endswith(".") else whole).add(node.value)
    return whole, begun


def _asked_for() -> set[str]:
    """Keys written out in `t("…")`."""
    found = set()
    environment = Environment(autoescape=True)
    for path in TEMPLATES:
        for call in environment.parse(path.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in SAYING:
                found.update(c.value for c in call.args[:1] if isinstance(c, nodes.Const))
    return found


def test_every_message_a_page_asks_for_is_there():
    assert sorted(key for key in _asked_for() if not words.has(words.DEFAULT, key)) == []


def test_every_message_is_said_somewhere():
    whole, begun = (a | b for a, b in zip(_said_in_templates(), _said_in_python(), strict=True))
    # A whole key may be handed to a macro that says what stands below it: pick(…, "access.density").
    begun = {start for start in begun if "." in start} | {f"{key}." for key in whole if "." in key}
    unused = [key for key in words.catalogue(words.DEFAULT) if key not in whole and not key.startswith(tuple(begun))]
    assert unused == []


def test_what_is_begun_in_a_template_has_messages_below_it():
    begun = {start for start in _said_in_templates()[1] if start.count(".") > 1}
    keys = words.catalogue(words.DEFAULT)
    assert [start for start in sorted(begun) if "." in start and not any(k.startswith(start) for k in keys)] == []


def test_a_missing_message_is_an_error():
    with pytest.raises(words.NoMessage, match="no such words"):
        words.say("en", "no such words")


@pytest.mark.parametrize(("n", "said"), [(1, "1 event"), (2, "2 events"), (1204, "1,204 events")])
def test_plurals_and_numbers_follow_the_language(n: int, said: str):
    assert words.say("en", "customers.merge.events", n=n) == said


def test_what_stands_in_a_message_is_escaped_where_the_message_is_markup():
    from markupsafe import Markup

    said = words.say("en", "frame.you", name=Markup("<b>{}</b>").format("<script>"))
    assert str(said).startswith("<b>&lt;script&gt;</b>")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(WEB / "templates").as_posix())
def test_templates_keep_the_strict_policy_for_content(path: Path):
    text = path.read_text("utf-8")
    assert not re.search(r"""\sstyle=["']""", text), "styles stand in the style sheets"
    assert not re.search(r"""\son[a-z]+=["']""", text), "scripts stand in static/"
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "scripts stand in static/"
    assert "|safe" not in text.replace(" ", ""), "what people wrote is never markup"


def test_vendored_files_are_what_they_say():
    folder = WEB / "static" / "vendor"
    listed = tomllib.loads((folder / "VENDOR.toml").read_text())["file"]
    for one in listed:
        assert sha256((folder / one["name"]).read_bytes()).hexdigest() == one["sha256"], one["name"]
        assert (folder / one["licence_file"]).is_file()
        assert one["version"]
    assert {path.name for path in folder.glob("*.js")} == {one["name"] for one in listed}


def test_every_icon_a_template_uses_is_drawn():
    drawn = set(re.findall(r'id="i-([a-z]+)"', (WEB / "static" / "icons.svg").read_text()))
    used = {name for path in TEMPLATES for name in re.findall(r"""icon\("([a-z]+)\"""", path.read_text("utf-8"))}
    used |= {room.icon for room in (*rail.ROOMS, *rail.SETTINGS)}
    assert used - drawn == set()


def test_another_content_has_another_address():
    assert assets.url("app.css") == f"/static/{assets.all_assets()['app.css'].url_name}"
    assert len({asset.url_name for asset in assets.all_assets().values()}) == len(assets.all_assets())


def _noted() -> set[tuple[str, str]]:
    """The verbs and kinds of things written into the audit trail."""
    found = {("verbs", verb) for verb in ("merge", "split", "refuse", "retract", "undo", "mark_shared", "mark_blocked")}
    for path in WEB.parents[1].rglob("*.py"):
        for call in ast.walk(parsed(path.read_text("utf-8"))):
            name = getattr(call.func, "attr", getattr(call.func, "id", "")) if isinstance(call, ast.Call) else ""
            if name == "note":
                pairs = zip(("verbs", "kinds"), call.args[2:4], strict=False)
                found.update((family, said.value) for family, said in pairs if isinstance(said, ast.Constant))
    return found


def test_the_audit_trail_is_told_in_words_of_the_catalogue():
    noted = _noted()
    assert {("verbs", "sign out"), ("kinds", "reset link")} <= noted
    keys = {f"access.audit.{family}.{re.sub('[ -]', '_', said)}" for family, said in noted}
    assert sorted(key for key in keys if not words.has(words.DEFAULT, key)) == []
