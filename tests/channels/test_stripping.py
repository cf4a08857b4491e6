"""What somebody newly wrote is told from quotes, signatures and disclaimers, in many programs and languages."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fadeno.channels import strip, strip_html

CORPORA = Path(os.environ.get("FADENO_CORPORA", Path(__file__).parents[3] / "shared" / "corpora"))
REPLIES = Path(__file__).parent / "replies"


def replies() -> list[tuple[str, str, str]]:
    """Mails as programs write them, each with what was newly written: (which, mail, visible)."""
    found = []
    for path in sorted(REPLIES.glob("*.txt")):
        for one in path.read_text("utf-8").removeprefix("=== ").split("\n=== "):
            head, _, rest = one.partition("\n")
            mail, _, visible = rest.partition("\n--- visible\n")
            found.append((f"{path.stem}: {head}", mail, visible.strip("\n")))
    return found


@pytest.mark.parametrize(("mail", "visible"), [pytest.param(m, v, id=which) for which, m, v in replies()])
def test_what_was_newly_written_is_found(mail: str, visible: str):
    stripped = strip(mail)
    assert stripped.visible == visible
    kept = "".join((stripped.visible + stripped.quoted).split())
    assert sorted(kept) == sorted("".join(mail.split())), "a word was lost"


def test_the_visible_reply_is_found_in_nine_of_ten_recorded_mails():
    folder = CORPORA / "email-reply-trimmer" / "test"
    if not folder.is_dir():
        pytest.skip("the corpus email-reply-trimmer is not here")
    exact = []
    for mail in sorted((folder / "emails").iterdir()):
        wanted = [(folder / kind / mail.name).read_text("utf-8").strip() for kind in ("trimmed", "elided")]
        found = strip(mail.read_bytes().decode("utf-8"))
        exact.append((found.visible.strip() == wanted[0], found.quoted.strip() == wanted[1]))
    assert sum(visible for visible, _ in exact) / len(exact) >= 0.9
    assert sum(all(one) for one in exact) / len(exact) >= 0.85


SHAPES: dict[str, Callable[[int], str]] = {
    "signatures": lambda n: "-- \nx\n" * n,
    "drawn lines": lambda n: "word\n______\n" * n,
    "feet": lambda n: "------\nhttps://x.example\n" * n,
    "devices": lambda n: "Sent from my phone\n" * n,
    "a paragraph over devices": lambda n: "word confidential disclosure\n" * n + "Sent from my phone\n" * n,
    "disclaimers": lambda n: ("this is confidential, privileged, in error, delete, " * 3 + "\n\n") * n,
    "attributions": lambda n: "On Mon, 23 Nov 2026, A <a@b.example> wrote:\n" * n,
    "answered quotes": lambda n: "On Mon, 23 Nov 2026, A <a@b.example> wrote:\n> q\na\n" * n,
    "attributions over a long quote": lambda n: "On 23 Nov 2026 A wrote:\n> q\na\n" * n + "> q\n" * n,
    "headers": lambda n: "From: a@b.example\nSent: x\nTo: y\nSubject: z\n" * n,
    "forwards": lambda n: "---------- Forwarded message ---------\n" * n,
    "blank quotes": lambda n: "> a\n\n" * n,
    "one long line": lambda n: "wrote 2026: a@b " * n * 10,
    "one long rule": lambda n: "- " * n * 20 + "x",
    "one long blank": lambda n: " " * n * 50 + "\u200b" * n * 50,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_time_is_linear_in_the_text(shape: str):
    def took_s(n: int) -> float:
        begun = time.process_time()
        strip(SHAPES[shape](n))
        return time.process_time() - begun

    few, many = (min(took_s(n) for _ in range(3)) for n in (300, 1_500))
    assert many < 15 * few + 0.1, f"five times the text took {many / few:.0f} times as long"


@pytest.mark.parametrize(
    "html",
    [
        '<div dir="ltr">Fine.</div><br><div class="gmail_quote">'
        '<div class="gmail_attr">Am 23.11.26 schrieb A &lt;a@b.example&gt;:</div>'
        "<blockquote>Q</blockquote></div>",
        '<div>Fine.</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>'
        "From: <b>A</b> &lt;a@b.example&gt;<br>Date: Mon, Nov 23<br>Subject: S<br>To: B<br></div><div>Q</div></div>",
        "<p>Fine.</p><blockquote type=cite>Q</blockquote>",
        '<p>Fine.</p><div class="gmail_signature">Eve<br>Ltd</div>',
        '<p>Fine.</p><hr><div id="divRplyFwdMsg"><b>Von:</b> A<br><b>Gesendet:</b> B</div><div>Q</div>',
        '<div>Fine.</div><div class="yahoo_quoted"><div>Le lundi A a écrit :</div><div>Q</div></div>',
        '<p>Fine.</p><div class="moz-cite-prefix">On 23/11/26 A wrote:</div><blockquote>Q</blockquote>',
    ],
)
def test_programs_that_mark_in_html_what_they_quote_are_believed(html: str):
    assert strip_html(html).visible == "Fine."
