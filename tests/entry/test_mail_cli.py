"""What mails and bodies of channels are taken for, on the command line; nothing is kept."""

import hashlib
import hmac
import io
import json
import sys
from collections.abc import Callable

import pytest

from fadeno.entry.cli import main

MAIL = (
    "From: Ana Šimić <ana@example.org>\r\nTo: hello@lumo.example\r\nSubject: My lamp\r\n"
    "Message-ID: <a1@example.org>\r\n"
    "Date: Tue, 24 Nov 2026 10:00:00 +0100\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    "Hvala, stiglo je.\r\n\r\nOn Mon, 23 Nov 2026 at 10:00, Lumo <hello@lumo.example> wrote:\r\n> Is it there?\r\n"
).encode()
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(body: bytes, *words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body)))
        status = main(list(words))
        return status, *capsys.readouterr()

    return run


def test_a_mail_is_parsed(run: Run):
    status, out, _ = run(MAIL, "mail", "parse", "--json")
    letter = json.loads(out)
    assert (status, letter["sender"], letter["sender_name"]) == (0, "ana@example.org", "Ana Šimić")
    assert (letter["kind"], letter["visible"]) == ("message", "Hvala, stiglo je.")
    assert (letter["provider_id"], letter["occurred_at"]) == ("a1@example.org", "2026-11-24T09:00:00Z")
    assert run(MAIL, "channels", "read", "email", "--json")[:2] == (
        0,
        json.dumps([letter], ensure_ascii=False, indent=2) + "\n",
    )


def test_a_mail_or_its_text_is_stripped(run: Run):
    quoted = "On Mon, 23 Nov 2026 at 10:00, Lumo <hello@lumo.example> wrote:\n> Is it there?\n"
    bare = MAIL.partition(b"\r\n\r\n")[2]
    for body in (MAIL, bare, bare.decode().encode("utf-16")):
        assert run(body, "mail", "strip") == (0, "Hvala, stiglo je.\n", "")
        assert run(body, "mail", "strip", "--quoted") == (0, quoted, "")


@pytest.mark.parametrize("words", [("mail", "parse", "--json"), ("mail", "strip")])
def test_nothing_on_standard_input_is_said_so(run: Run, words: tuple[str, ...]):
    status, out, err = run(b"", *words)
    assert (status, out) == (1, "")
    assert "nothing on standard input" in err


SAID = {
    "entry": [{"id": "1", "changes": [{"field": "messages", "value": {
        "metadata": {"phone_number_id": "7"}, "contacts": [{"wa_id": "36301112222", "profile": {"name": "Ana"}}],
        "messages": [
            {"from": "36301112222", "id": "wamid.1", "timestamp": "1763999000", "type": "text", "text": {"body": "Hi"}}
        ],
    }}]}],
    "object": "whatsapp_business_account",
}  # fmt: skip


def test_a_body_is_read_by_its_adapter_and_its_signature_checked_where_a_secret_is_given(run: Run):
    body = json.dumps(SAID).encode()
    signed = "X-Hub-Signature-256: sha256=" + hmac.new(b"s3", body, hashlib.sha256).hexdigest()
    words = ("channels", "read", "whatsapp", "--json")
    for more in ((), ("--header", signed, "--secret", "s3")):
        status, out, _ = run(body, *words, *more)
        (one,) = json.loads(out)
        assert status == 0
        assert {name: one[name] for name in ("kind", "text", "sender", "provider_id", "attachments", "status")} == {
            "kind": "message", "text": "Hi", "sender": "36301112222", "provider_id": "wamid.1", "attachments": [],
            "status": None,
        }  # fmt: skip
    for more in (("--secret", "s3"), ("--header", signed, "--secret", "other")):
        status, out, _ = run(body, *words, *more)
        assert (status, list(json.loads(out))) == (1, ["refused"])
    assert list(json.loads(run(b"\xff\x00{", *words)[1])) == ["refused"]
