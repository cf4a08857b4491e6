"""What others recorded: every payload of WhatsApp is read with all of it kept; signatures are judged as theirs."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from fadeno import channels

CORPORA = Path(os.environ.get("FADENO_CORPORA", Path(__file__).parents[3] / "shared" / "corpora"))
_UPDATES = CORPORA / "pywa" / "tests" / "data" / "updates"
PAYLOADS = [
    pytest.param(body, id=f"{file.stem}.{name}")
    for file in sorted(_UPDATES.glob("*.json"))
    for name, body in json.loads(file.read_bytes()).items()
]


def test_the_corpora_are_there():
    if not PAYLOADS:
        pytest.skip(f"{_UPDATES} is absent")
    assert len(PAYLOADS) >= 70


def _leaves(said: Any) -> list[str]:
    if isinstance(said, dict):
        return [leaf for one in said.values() for leaf in _leaves(one)]
    return [leaf for one in said for leaf in _leaves(one)] if isinstance(said, list) else [json.dumps(said)]


@pytest.mark.parametrize("body", PAYLOADS)
def test_a_payload_of_whatsapp_is_read_with_every_field_kept(body: dict):
    letters = channels.adapter("whatsapp").read(json.dumps(body).encode(), {}, None)
    assert letters
    kept = {leaf for letter in letters for leaf in _leaves(dict(letter.details))}
    assert set(_leaves(body["entry"])) <= kept
    value = body["entry"][0]["changes"][0]["value"]
    for said, letter in zip(value.get("messages", []), letters, strict=False):
        assert (letter.provider_id, letter.sender and letter.sender.address) == (said["id"], said["from"])
        if said["type"] == "text":
            assert (letter.kind, letter.text) == ("message", said["text"]["body"])
        if said["type"] in ("image", "video", "document", "audio", "sticker"):
            assert [one.provider_id for one in letter.attachments] == [said[said["type"]]["id"]]


def test_signatures_of_meta_are_judged_as_others_judge_them():
    secret, body = "It's a Secret to Everybody", b"Hello, World!"
    file = CORPORA / "signature-vectors" / "vectors.json"
    if not file.exists():
        pytest.skip(f"{file} is absent")
    vectors = [one for one in json.loads(file.read_bytes()) if one["scheme"] == "x-hub-signature-256"]
    for one in [*vectors, {"secret": secret, "body": body.decode(), "signature": "sha256=00", "valid": False}]:
        try:
            channels.adapter("whatsapp").read(
                one["body"].encode(), {"x-hub-signature-256": one["signature"]}, one["secret"]
            )
            judged = True
        except channels.Unreadable:  # signed, and no payload of WhatsApp
            judged = True
        except channels.Refused:
            judged = False
        assert judged == one["valid"]


def test_the_address_is_tried_with_the_word_of_the_account_only():
    account = channels.Account("+3612345678", secrets={"verify_token": "verify-1"})
    query = {"hub.mode": "subscribe", "hub.verify_token": "verify-1", "hub.challenge": "1158201444"}
    shake = channels.adapter("whatsapp").handshake
    assert shake(query, account) == "1158201444"
    for wrong in ({"hub.verify_token": "x"}, {"hub.mode": "unsubscribe"}):
        with pytest.raises(channels.Refused):
            shake(query | wrong, account)
    with pytest.raises(channels.Refused):
        shake(query | {"hub.verify_token": ""}, channels.Account("a"))
