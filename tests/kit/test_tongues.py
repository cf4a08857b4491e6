"""In which language something was written: guessed where it tells enough, never wrongly where it doesn't."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadeno.entry.sample import world
from fadeno.kit import tongues


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hol tart a rendelésem? Köszönöm!", "hu"),
        ("Where is my order? It was due two days ago.", "en"),
        ("Где мой заказ? Спасибо", "ru"),
        ("Где је моја поруџбина? Хвала", "sr-Cyrl"),
        ("Gde je moja porudžbina? Hvala", "sr-Latn"),
        ("أين طلبي؟ شكراً", "ar"),
        ("Kie estas mia mendo? Dankon", "eo"),
        ("Wo bleibt meine Bestellung? Danke", "de"),
        ("Où est ma commande ? Merci", "fr"),
        ("¿Dónde está mi pedido? Gracias", "es"),
        ("Onde está a minha encomenda? Obrigado", "pt"),
        ("Πού είναι η παραγγελία μου;", "el"),
        ("注文はどこですか", "ja"),
        ("10-4471", ""),
        ("Lumo LU-1042 OK", ""),
        ("anna@home.example https://the.example/is/are", ""),
        ("", ""),
    ],
)
def test_a_text_tells_its_language(text: str, language: str):
    assert tongues.guess(text) == language


def test_what_customers_write_is_hardly_ever_taken_for_another_language():
    said = [
        (text, {"sr": "sr-Cyrl"}.get(language, language))
        for language, sides in world.LINES.items()
        for lines in sides["said"].values()
        for text in lines
    ]
    said += [(world.latin(text), "sr-Latn") for text, language in said if language == "sr-Cyrl"]
    found = [(tongues.guess(text), language, text) for text, language in said]
    wrong = [one for one in found if one[0] not in ("", one[1])]
    assert len(wrong) <= len(found) // 50, wrong
    assert sum(guessed == language for guessed, language, _ in found) >= 0.8 * len(found)


@given(st.text(max_size=200))
def test_anything_is_guessed_as_something_or_nothing(text: str):
    assert isinstance(tongues.guess(text), str)
