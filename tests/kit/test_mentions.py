"""What must be forgotten is found however it is written."""

import pytest

from fadeno.kit.mentions import finder

VALUES = ["annaberg@gmail.com", "+381645557881", "u-anna", "7"]


@pytest.mark.parametrize(
    "text",
    [
        '{"email": "Anna.Berg+shop@GMail.com"}', r'{"email": "annaberg\u0040gmail.com"}', r'{"userId": "u\u002danna"}',
        "call 064/555-78-81", "+381 64 555 7881", "(064) 5557881", "00381645557881", '{"phone":"0645557881"}',
    ],
)  # fmt: skip
def test_every_way_of_writing_it_is_seen(text):
    assert finder(VALUES)(text)


@pytest.mark.parametrize(
    "text", ["", "7", "anna@gmail.com", "0645557882", "2026-11-23T15:45:57.881Z", "berg@gmail.com"]
)
def test_what_only_looks_like_it_is_left_alone(text):
    assert not finder(VALUES)(text)


def test_values_that_stand_everywhere_are_not_looked_for():
    assert finder(["7", "ab"]) is None
