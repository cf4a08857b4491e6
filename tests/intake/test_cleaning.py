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


def test_whole_numbers_are_kept_exactly_and_monsters_called_what_they_are() -> None:
    for written in ("18446744073709551616", "-" + "9" * 400):
        for beside in ("", '"\\u0000"'):
            assert cleaning.decode(f'{{"n": {written}, "t": [{beside}]}}'.encode())["n"] == int(written)
    for written in ("9" * 5000, "1e400"):
        for beside in ("", '"\\u0000"'):
            with pytest.raises(cleaning.TooBig, match="a number too large"):
                cleaning.decode(f'{{"n": {written}, "t": [{beside}]}}'.encode())


def test_card_numbers_are_masked_but_order_and_tracking_numbers_are_not() -> None:
    said = {
        "note": "my card is 4111 1111 1111 1111, please",
        "again": "4012-8888-8888-1881 has not come; it is not my card 4012888888881881",
        "card_number": "anything",
        "order_id": "4012888888881881",
        "properties": {"trackingNumber": "5555555555554444", "password": "hunter2", "n": 4111111111111111},
    }
    assert cleaning.masked(said) == {
        "note": "my card is •••1111, please",
        "again": "4012-8888-8888-1881 has not come; it is not my card •••1881",
        "card_number": "•••",
        "order_id": "4012888888881881",
        "properties": {"trackingNumber": "5555555555554444", "password": "•••", "n": "•••1111"},
    }


@pytest.mark.parametrize(
    "name", ["card_number", "credit_card_number", "debitCardNumber", "paymentCardNo", "bank_card_num"]
)
def test_a_card_is_masked_under_every_name_of_it_and_wherever_it_stands_again(name: str) -> None:
    event = {name: "4111 1111 1111 1111", "paid_with": "4111111111111111"}
    assert cleaning.may_hold_secrets(json.dumps({name: "a number of another shape"}).encode())
    assert cleaning.masked(event) == {name: "•••", "paid_with": "•••1111"}


def test_numbers_that_are_no_cards_stay() -> None:
    dice = random.Random(7)
    for _ in range(200):
        number = str(dice.randrange(10**15, 2 * 10**15))  # cards don't begin with 1
        assert cleaning.masked({"note": number}) == {"note": number}


KNOWN = ["order_id", "orderNumber", "tracking_number", "trackingCode", "invoice", "shipment_id", "gtin", "message_id"]
ORDERS = [
    "Your order {}, please", "Where is parcel no. {}?", "tracking: {}", "rendelésszám: {}", "A csomag: {}",
    "porudžbina {}", "Ihre Bestellung {}", "votre colis {}", "pedido {}", "zamówienie nr {}",
]  # fmt: skip
CARDS = ["my card is {}", "order 5, card {}", "bankkártya {}", "I paid my order with Visa {}", "take {}"]


def random_cards(count: int) -> list[str]:
    """16-digit ids of the one in ten that could be cards."""
    dice, found = random.Random(11), []
    while len(found) < count:
        digits = str(dice.randrange(2 * 10**15, 7 * 10**15))
        if cleaning.masked({"note": digits}) != {"note": digits}:
            found.append(digits)
    return found


@pytest.mark.parametrize("digits", random_cards(20))
def test_order_and_tracking_numbers_are_never_masked_even_where_they_could_be_cards(digits: str) -> None:
    for name in KNOWN:
        named = {name: digits, "properties": {name: int(digits), "note": f"It is {digits}!"}}
        assert cleaning.masked(named) == named
    for said in ORDERS:
        assert cleaning.masked({"note": said.format(digits)}) == {"note": said.format(digits)}
    for said in CARDS:
        assert cleaning.masked({"note": said.format(digits)}) == {"note": said.format(f"•••{digits[-4:]}")}


IDS = {
    "JMBG": "0101990710008", "matični broj": "0101990710008", "TAJ": "123 456 788", "adóazonosító jel": "8000000016",
    "codice fiscale": "RSSMRA85T10A562S", "NIR": "1 85 05 78 006 100 75", "DNI": "12345678Z", "NIE": "X-1234567-L",
    "SSN": "123-45-6789", "social security number": "123-45-6789", "PESEL": "44051401359", "OIB": "33392005961",
    "Steuer-ID": "36 574 261 809", "CNP": "1630615123457", "BSN": "111222333", "national insurance no": "AB 12 34 56 C",
}  # fmt: skip


@pytest.mark.parametrize(("word", "number"), IDS.items())
def test_national_ids_are_masked_where_a_word_names_them(word: str, number: str) -> None:
    said = {"note": f"Hi, my {word} is {number}, thanks", "order_id": number}
    raw = json.dumps(said, ensure_ascii=False).encode()
    assert cleaning.may_hold_secrets(raw)
    assert cleaning.may_hold_secrets(json.dumps(said).encode())
    assert cleaning.masked(said) == {"note": f"Hi, my {word} is •••, thanks", "order_id": number}
    alone = {"note": f"Hi, it is {number}, thanks"}
    assert cleaning.masked(alone) == alone
    wrong = f"{word}: {number[:-1]}{'7' if number[-1] in '0123456' else '0' if number[-1].isdigit() else 'E'}"
    if word not in ("SSN", "social security number"):
        assert cleaning.masked({"note": wrong}) == {"note": wrong}


def test_a_word_alone_or_far_away_masks_nothing() -> None:
    for said in ("SSN please", "DNI " + "x" * 60 + " 12345678Z", "my nephew's taj mahal ticket 12", "nie 5 dni"):
        assert cleaning.masked({"note": said}) == {"note": said}


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
