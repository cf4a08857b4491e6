"""What must not be kept: characters no database takes, and secrets typed where they don't belong."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadeno.intake import cleaning


def test_nul_and_lone_surrogates_become_replacement_characters() -> None:
    raw = b'{"a": "x\\u0000y", "b\\ud800": ["\\udfff"]}'
    assert cleaning.decode(raw) == {"a": "x\ufffdy", "b\ufffd": ["\ufffd"]}


def test_a_whole_surrogate_pair_is_a_character_and_stays() -> None:
    assert cleaning.decode(b'{"a": "\\ud83e\\uddf5"}') == {"a": "\U0001f9f5"}


@pytest.mark.parametrize("raw", [b'{"a": NaN}', b'{"a": -Infinity, "b": "\\u0000"}', b"{", b""])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError):
        cleaning.decode(raw)


def test_card_numbers_are_masked_but_order_and_tracking_numbers_are_not() -> None:
    said = {
        "note": "my card is 4111 1111 1111 1111, please",
        "card_number": "anything",
        "order_id": "4111111111111111",
        "properties": {"trackingNumber": "4111111111111111", "password": "hunter2", "n": 4111111111111111},
    }
    assert cleaning.masked(said) == {
        "note": "my card is •••1111, please",
        "card_number": "•••",
        "order_id": "4111111111111111",
        "properties": {"trackingNumber": "4111111111111111", "password": "•••", "n": "•••1111"},
    }


def test_numbers_that_are_no_cards_stay() -> None:
    dice = random.Random(7)
    for _ in range(200):
        number = str(dice.randrange(10**15, 2 * 10**15))  # cards don't begin with 1
        assert cleaning.masked({"note": number}) == {"note": number}


@given(st.text(max_size=40))
def test_masking_text_without_digits_changes_nothing(text: str) -> None:
    kept = "".join(c for c in text if not c.isdigit())
    assert cleaning.masked({"note": kept}) == {"note": kept}


@given(st.recursive(st.text(max_size=5) | st.integers(), lambda c: st.lists(c, max_size=3), max_leaves=10))
def test_what_is_decoded_can_be_stored(value: object) -> None:
    decoded = cleaning.decode(json.dumps({"v": value}).encode())
    text = json.dumps(decoded, ensure_ascii=False)
    assert "\x00" not in text
    text.encode("utf-8")
