"""Who may know of a customer but not reach them sees no address they could write to."""

import pytest

from fadeno.customers import is_contact, masked, without_contacts


def test_an_address_is_masked_and_still_tells_two_apart():
    assert masked("email", "anna.schmidt@example.com") == "a…@example.com"
    assert masked("phone", "+493012345678") == "+4…78"
    assert masked("user", "u-17") == "…"


def test_what_was_said_is_shown_without_ways_to_reach_anybody():
    body = {
        "traits": {"email": "anna@x.de", "plan": "gold", "address": {"street": "Fő utca 1"}},
        "text": ["write to anna@x.de or call +49 30 123 45 67", 7, None, True],
    }
    assert without_contacts(body) == {
        "traits": {"email": "…", "plan": "gold", "address": "…"},
        "text": ["write to … or call …", 7, None, True],
    }


def test_addresses_and_traits_are_veiled_where_they_stand_as_such():
    seen = without_contacts(
        {
            "label": "anna@x.de",
            "addresses": [{"id": "1", "kind": "email", "value": "anna@x.de"}],
            "traits": [
                {
                    "name": "email",
                    "value": "anna@x.de",
                    "said": {"value": "anna@x.de"},
                    "others": [{"value": "b@x.de"}],
                },
                {"name": "city", "value": "Pécs", "said": {"value": "Pécs"}, "others": []},
            ],
        }
    )
    assert "anna@" not in str(seen)
    assert "b@x.de" not in str(seen)
    assert seen["traits"][1]["value"] == "Pécs"


@pytest.mark.parametrize(
    "name",
    ["email", "E-Mail", "emailAddress", "mobilePhone", "phone_2", "home_address", "shippingAddress", "line_1", "IP"],
)
def test_a_name_tells_that_its_value_reaches_somebody(name):
    assert is_contact(name)


@pytest.mark.parametrize(
    "name", ["email_verified_count", "address_id", "phone_type", "mailing", "plan", "shipping", ""]
)
def test_a_name_that_only_speaks_of_an_address_hides_nothing(name):
    assert not is_contact(name)


@pytest.mark.parametrize("number", ["064/198-76-54", "0641987654", "(064) 198 7654", "030 1234567", "00381641987654"])
def test_a_number_as_its_country_writes_it_is_unreadable(number):
    assert without_contacts({"note": f"call {number}."}) == {"note": "call …."}


@pytest.mark.parametrize("text", ["01.12.2026", "01.12.2026 14", "0.123456789", "2026-01-02 10:00:00", "0190a1b2-c3d4"])
def test_dates_amounts_and_ids_stay_readable(text):
    assert without_contacts(text) == text


def test_numbers_of_goods_stay_readable_and_names_of_values_do_not_give_addresses_away():
    said = {"gtin": "04012345678901", "order_number": "0000012345", "anna@x.de": 1, "total": 641987654}
    assert without_contacts(said) == {
        "gtin": "04012345678901",
        "order_number": "0000012345",
        "…": 1,
        "total": 641987654,
    }
