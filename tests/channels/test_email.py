"""Mails as strangers write them: nothing breaks the reader, nothing acts in our page."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fadeno import channels
from fadeno.channels import Account, Attachment, Draft, Party, Unreadable, safe_html

CORPORA = Path(os.environ.get("FADENO_CORPORA", Path(__file__).parents[3] / "shared" / "corpora"))
MAILS = ("cpython-email", "enmime", "mikel-mail", "postal-mime", "stalwart-mail-parser", "webklex-imap")


def corpus(name: str) -> Path:
    folder = CORPORA / name
    if not folder.is_dir():
        pytest.skip(f"the corpus {name} is not here")
    return folder


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_of_a_corpus_is_read_or_refused_and_nothing_else(name: str):
    for path in corpus(name).rglob("*.*"):
        if path.suffix in (".json", ".md", ".png"):
            continue
        begun = time.process_time()
        try:
            channels.adapter("email").read(path.read_bytes(), {}, None)
        except Unreadable:
            continue
        assert time.process_time() - begun < 1, path


def test_what_is_written_is_read_again_and_the_same_draft_gives_the_same_mail():
    picture = Attachment("käse.png", "image/png", 3, b"\x89PN")
    draft = Draft("m-1", (Party("anna@example.com", "Anna Ž."),), "Zdravo\n\nđak", datetime(2026, 11, 24, tzinfo=UTC),
                  html="<p>Zdravo</p>", subject="Ваш заказ", attachments=(picture,), thread_ids=("a@x", "b@x"),
                  reply_to_id="b@x")  # fmt: skip
    account = Account("shop@company.example", "Shop")
    email = channels.adapter("email")
    first, again = email.write(draft, account), email.write(draft, account)
    assert first == again
    [letter] = email.read(first[0].content, {}, None)
    assert (letter.text, letter.subject, letter.provider_id) == ("Zdravo\n\nđak", "Ваш заказ", first[0].provider_id)
    assert letter.reply_to_ids == ("b@x", "a@x")
    assert [(a.name, a.content) for a in letter.attachments] == [("käse.png", b"\x89PN")]


@pytest.mark.parametrize("bomb", ["<div>" * 200_000, "<a " * 300_000, "<b><i>" * 100_000, "<!--" * 200_000])
def test_html_made_to_take_long_does_not(bomb: str):
    begun = time.process_time()
    safe_html(bomb)
    assert time.process_time() - begun < 5


def test_nothing_acts_in_html_that_is_shown():
    shown = safe_html('<p onclick="x()">a<script>x</script><img src="https://t.example/1"><a href="javascript:x">b</a>')
    assert "script" not in shown.html
    assert "onclick" not in shown.html
    assert ' src="http' not in shown.html
    assert shown.blocked_pictures == 1


@pytest.mark.parametrize(
    ("called", "written", "text"),
    [
        ("utf-8", "iso-8859-2", "Őszi árvíztűrő tükörfúrógép, kérem küldjék"),
        ("us-ascii", "utf-8", "Őszi eső"),
        ("utf-8", "cp1251", "Добрый день, где мой заказ?"),
    ],
)
def test_a_mail_is_read_by_what_its_letters_are_whatever_they_are_called(called: str, written: str, text: str):
    mail = f"From: a@b.example\r\nContent-Type: text/plain; charset={called}\r\n\r\n{text}".encode(written)
    (letter,) = channels.adapter("email").read(mail, {}, None)
    assert letter.text == text


def test_a_few_broken_letters_do_not_change_what_a_mail_is_written_in():
    mail = b"From: a@b.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + "Köszönöm, őszi eső".encode()[:-1]
    (letter,) = channels.adapter("email").read(mail, {}, None)
    assert letter.text == "Köszönöm, őszi es\ufffd"
