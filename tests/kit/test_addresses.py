"""One spelling for every address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadeno.kit import addresses


@pytest.mark.parametrize(
    ("kind", "value", "region", "spelled"),
    [
        ("email", " Anna.Schmidt@Example.COM ", None, "anna.schmidt@example.com"),
        ("email", "mailto:anna@example.com", None, "anna@example.com"),
        ("email", "anna+shop@example.com", None, "anna+shop@example.com"),
        ("email", "An.Na+shop@googlemail.com", None, "anna@gmail.com"),
        ("email", "anna.b+x@outlook.com", None, "anna.b@outlook.com"),
        ("email", "info@müller.de", None, "info@xn--mller-kva.de"),
        ("email", "info@MÜLLER.de.", None, "info@xn--mller-kva.de"),
        ("phone", "030 1234567", "DE", "+49301234567"),
        ("phone", "0049 30 1234567", None, "+49301234567"),
        ("phone", "(0049) 30/1234567", "DE", "+49301234567"),
        ("phone", "+49 (0)30 1234567", None, "+49301234567"),
        ("phone", "011 49 30 1234567", "US", "+49301234567"),
        ("phone", "0049 30 1234567", "US", "+49301234567"),
        ("phone", "06 12345678", "IT", "+390612345678"),
        ("phone", "tel:+44 20 7946 0018", None, "+442079460018"),
        ("phone", "+44 20 7946 0018 ext. 5", None, "+442079460018;ext=5"),
        ("phone", "٠٣٠١٢٣٤٥٦٧", "DE", "+49301234567"),
        ("whatsapp", "491711234567", None, "+491711234567"),
        ("user", "  u-17 ", None, "u-17"),
        ("user", "Ｕ１７", None, "U17"),
        ("crm:sap", "0004711", None, "0004711"),
    ],
)
def test_the_same_address_is_always_the_same_text(kind, value, region, spelled):
    assert addresses.normalise(kind, value, region) == spelled
    assert addresses.normalise(kind, spelled, region) == spelled


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "anna"), ("email", "@example.com"), ("email", "a b@example.com"), ("email", "a@b@c.de"),
        ("email", "anna@-.de"), ("email", "x" * 300 + "@example.com"), ("phone", "call me"), ("phone", "12"),
        ("phone", "030 1234567"), ("user", ""), ("user", "   "), ("user", "a\0b"), ("user", "\ud800"),
        ("user", "x" * 257), ("No Kind", "x"), ("", "x"), ("user:", "x"),
    ],
)  # fmt: skip
def test_what_can_not_be_an_address_is_refused(kind, value):
    with pytest.raises(addresses.BadAddress):
        addresses.normalise(kind, value)


@given(st.sampled_from(["email", "phone", "user", "whatsapp", "crm:x"]), st.text(max_size=80))
def test_any_text_is_either_refused_or_spelled_once_and_for_all(kind, value):
    try:
        spelled = addresses.normalise(kind, value, "DE")
    except addresses.BadAddress:
        return
    assert addresses.normalise(kind, spelled, "DE") == spelled
    spelled.encode()


def test_an_address_is_written_with_its_kind():
    assert addresses.split("email:x@y.de") == ("email", "x@y.de")
    assert addresses.split("crm:sap:47:11") == ("crm:sap", "47:11")
    with pytest.raises(addresses.BadAddress):
        addresses.split("x@y.de")
