"""Who may know of a customer but not reach them sees no address they could write to."""

from fadeno.customers import masked, without_contacts
from fadeno.entry.api.customers import _veiled


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


def test_the_api_veils_addresses_traits_and_bodies():
    seen = _veiled(
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
