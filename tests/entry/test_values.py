"""What is known of customers and products, as each language writes it."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from fadeno.commerce import Product
from fadeno.entry import speaking
from fadeno.entry.web import values

HOURS = "Mo-Sa 09:00-20:00; Su off"
HOME = {"street": "Fő utca 1", "postalCode": "1011", "city": "Budapest", "country": "HU"}


@pytest.fixture(autouse=True)
def _silent() -> Iterator[None]:
    yield
    speaking.speak("")


@pytest.mark.parametrize(
    ("lang", "given", "said"),
    [
        ("en", "Mo-Fr 9-18", "Mon-Fri 9-18"),
        ("hu", HOURS, "H-Szo 09:00-20:00; V zárva"),
        ("ru", "Mo,We 10-18; PH off", "пн,ср 10-18; праздники закрыто"),
        ("ar", "24/7", "24/7"),
        ("hu", "Mo-Fr by appointment", "Mo-Fr by appointment"),
    ],
)
def test_opening_hours_name_days_as_the_reader_does_and_keep_what_people_wrote(lang: str, given: str, said: str):
    speaking.speak(lang)
    assert values.hours(given) == said


@pytest.mark.parametrize(
    ("lang", "name", "value", "said"),
    [
        ("en", "country", "HU", "Hungary"),
        ("hu", "country", "HU", "Magyarország"),
        ("sr-Cyrl", "country", "hu", "Мађарска"),
        ("ar", "country", "Hungary", "Hungary"),
        ("hu", "language", "sr-Latn", "szerb (Latin)"),
        ("en", "language", "no such", "no such"),
        ("eo", "language", "hu", "hungara"),
        ("hu", "birthday", "1980-01-02", "1980. jan. 2."),
        ("ru", "birthDate", "1980-01-02", "2 янв. 1980\u202fг."),
        ("en", "birthday", "1980-02-31", "1980-02-31"),
        ("hu", "score", 1234.5, "1234,5"),
        ("hu", "customer_no", 10200, "10200"),
        ("sr", "vip", True, "da"),
        ("en", "address", HOME, "Fő utca 1, 1011 Budapest, Hungary"),
        ("en", "address", {**HOME, "door": "2"}, '{"street":"Fő utca 1"'),
        ("en", "odd", ["a", 1], '["a",1]'),
    ],
)
def test_a_value_is_written_as_the_language_writes_it(lang: str, name: str, value: Any, said: str) -> None:
    speaking.speak(lang)
    assert values.said(name, value).startswith(said)
    assert name == "address" or values.said(name, value) == said


@pytest.mark.parametrize(
    ("name", "said"), [("firstName", "Utónév"), ("postal_code", "Irányítószám"), ("shoe-size", "shoe size")]
)
def test_what_is_known_is_named_in_the_language_where_a_catalogue_names_it(name: str, said: str) -> None:
    speaking.speak("hu")
    assert values.trait(name) == said


@pytest.mark.parametrize(
    ("lang", "said"), [("sr", "lampa"), ("sr-Cyrl", "лампа"), ("hu", "lámpa"), ("en", "Lamp"), ("ru", "Lamp")]
)
def test_a_product_is_called_as_its_sheet_calls_it_in_the_language_and_script(lang: str, said: str) -> None:
    speaking.speak(lang)
    names = {"sr": "лампа", "sr-Latn": "lampa", "hu": "lámpa"}
    asked = SimpleNamespace(names=names, label="Lamp")
    assert values.product(cast(Product, asked)) == said
