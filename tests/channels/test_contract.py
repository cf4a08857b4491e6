"""Every adapter keeps the contract because it has a folder; what breaks it is told in clear words."""

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fadeno import channels
from fadeno.channels import guide, registry
from fadeno.channels.examining import examine, recorded, start

_numbers = itertools.count()


@pytest.mark.parametrize("name", channels.adapters())
def test_an_adapter_keeps_the_contract(name: str):
    assert [str(fault) for fault in examine(channels.adapter(name))] == []


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """An adapter somebody just began; each of its own name, as modules are kept."""
    name = f"parrot{next(_numbers)}"
    start(name, tmp_path)
    yield tmp_path / f"fadeno-{name}"
    for loaded in [one for one in sys.modules if one.startswith(f"fadeno_{name}")]:
        del sys.modules[loaded]


def test_what_is_begun_keeps_the_contract_at_once(project: Path):
    assert [str(fault) for fault in examine(registry.adapter_in(project))] == []


BREACHES = [
    ("channel.toml", 'owner = "you"', 'owner = ""', "answers for the adapter"),
    ("channel.toml", 'reads = ["message"]', 'reads = ["message", "receipt"]', "no sample shows it"),
    ("channel.toml", "2026-11-24", "lately", "the day it was read"),
    ("README.md", "`token`", "the key", "where to find `token`"),
    ("samples/message.in.json", '"kind": "message"', '"kind": "auto"', "letter 0, kind: 'message', recorded 'auto'"),
    ("reading.py", 'raise Unreadable("This is', 'raise ValueError("This is', "raises ValueError"),
    (
        "reading.py",
        "    if secret is not None:\n        _check(body, headers, secret)\n",
        "",
        "it is taken; it must be",
    ),
    ("reading.py", "secret.encode(), body,", "secret.encode(), body.strip(),", "with an added byte it is taken"),
    ("reading.py", "import hmac", "import hmac\nimport socket", "no use for socket"),
    ("reading.py", "said.at.astimezone(UTC) if", "datetime.now(UTC) if", ".now: an adapter has no clock"),
    ("writing.py", 'return str(said.get("id", ""))', "return str(answer.content)", "recorded is otherwise"),
    ("writing.py", "    judge_http(", "    0 and judge_http(", "is taken for sent"),
    ("writing.py", "    if len(draft", '    print(account.secrets["token"])\n    if len(draft', "can be read in a"),
    ("writing.py", "draft.key}", "draft.key, 'n': id(draft)}", "written otherwise than recorded"),
]


@pytest.mark.parametrize(("file", "good", "bad", "said"), BREACHES)
def test_a_breach_is_told_in_clear_words(project: Path, file: str, good: str, bad: str, said: str):
    (at,) = project.glob(f"src/*/{file}")
    text = at.read_text("utf-8")
    assert good in text
    at.write_text(text.replace(good, bad), "utf-8")
    assert any(said in str(fault) for fault in examine(registry.adapter_in(project)))


def test_what_a_sample_lacks_is_recorded_once_and_then_held(project: Path):
    (folder,) = project.glob("src/*")
    sample = folder / "samples" / "message.in.json"
    text = sample.read_text("utf-8")
    sample.write_text(text[: text.index(',\n  "letters"')] + "\n}", "utf-8")
    adapter = registry.adapter_in(project)
    assert ["--record" in str(fault) for fault in examine(adapter)] == [True]
    assert recorded(adapter, folder) == ["samples/message.in.json"]
    assert examine(adapter) == []
    assert recorded(adapter, folder) == []


def test_the_page_of_channels_says_what_labels_and_guides_say():
    assert guide.FILE.read_text("utf-8") == guide.page(), "run `make docs`"
