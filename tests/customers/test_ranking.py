"""The better a name answers what was typed, the further up it stands."""

import pytest

from fadeno.customers.model.finding import Query, rank
from fadeno.kit import text

# typed, then names from the best to the worst
BEFORE = """
Anna: Anna > Ánna > Annabel > Hanna
Anna: Anna Zsigmond > Annamaria Abel
anna schmidt: Anna Schmidt > Anna Schmidtbauer
Schmidt: Schmidt > Schmidtke > Smidt > Schmit
Müller: Müller > Mueller > Muellersen > Miller
Muller: Muller > Müller > Mullerova > Moller
Mueller: Mueller > Müller
Jelica: Jelica > Jelicamaria > Јелица > Jelisa
Jelica: Jelica > Елица > Jelca
Јелица: Јелица > Jelica > Jelisa
Omar: Omar > Omarov > عمر > Umar
عمر: عمر > Omar
محمد: محمد > Mohammed
Mohammed: Mohammed > محمد
Mohamed: Mohamed > Mohammed
József: József > Jozsef > Józsefné
Jozsef: Jozsef > József > Jozsefina > Józef
Чайковский: Чайковский > Чайковская
Tchaikovsky: Tchaikovsky > Čajkovski
Čajkovski: Čajkovski > Чајковски > Чайковский
Γιώργος: Γιώργος > Giorgos
Giorgos: Giorgos > Γιώργος > Georgios
Đorđe: Đorđe > Dorde > Ђорђе
Djordje: Djordje > Đorđe
Łukasz: Łukasz > Lukasz > Lukaszewski > Lukas
Lukas: Lukas > Lukasova > Лукас
Groß: Groß > Gross > Großmann
Işık: Işık > Isik
Kovač: Kovač > Kovac > Kovacevic > Ковач
Nagy: Nagy > Nagyné > Nagi
Иванова: Иванова > Ivanova > Иванов
Ivanov: Ivanov > Ivanova > Иванов > Iwanow
van der Meer: van der Meer > van der Meeren > van de Mer
Meer: Meer > Meerbusch > Mehr
O'Brien: O'Brien > OBriens > O'Brian
Said: Said > Saidov > سعيد
Ali: Ali > Alina > علي
Hassan: Hassan > Hassani > الحسن
Sergej: Sergej > Сергей > Sergei
Michael: Michael > Michaela > Mikael
Wang: Wang > Wanger > 王
Peña: Peña > Pena > Penalba
Marko: Marko > Markovic > Марко > Marco
Hanna: Hanna > Hannah > Ганна
Jamal: Jamal > جمال > Djamel
Hisham: Hisham > Hicham > هشام
Gxangalo: Gxangalo > Ĝangalo
"""
CASES = [
    (typed.strip(), better.strip(), worse.strip())
    for line in BEFORE.strip().splitlines()
    for typed, _, names in [line.partition(":")]
    for better, worse in zip(names.split(">"), names.split(">")[1:], strict=False)
]


def place(typed: str, name: str | None, label: str = "") -> tuple[int, ...] | None:
    """The rank of a name, where somebody bears each of its words."""
    wanted = text.wanted(typed)
    words = text.words(name or label)
    near = {
        w.words[0]: [o for o in words if 0 < text.slips(w.words[0], o) <= text.slips_forgiven(w.words[0])]
        for w in wanted
    }
    return rank(Query(typed, wanted, near), name, label or name or "")


def test_there_are_cases_enough():
    assert len(CASES) > 80


@pytest.mark.parametrize(("typed", "better", "worse"), CASES)
def test_a_better_answer_comes_first(typed, better, worse):
    assert place(typed, better) < place(typed, worse)


@pytest.mark.parametrize("typed", ["Anna", "Anna Schmidt", "Schmidt", "schm"])
def test_a_name_comes_before_an_address(typed):
    assert place(typed, "Anna Schmidt") < place(typed, None, "anna.schmidt@example.com")
    assert place(typed, "Anna Schmidt") < place(typed, "Béla Nagy")  # found by an address


def test_a_letter_beside_a_word_must_begin_a_word():
    assert place("anna s", "Anna Schmidt") is not None
    assert place("anna s", "Anna Nagy") is None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Alice", "Ivana Ilić"),
        ("Jelica", "Немања Илић"),
        ("Ilka", "Ilić"),
        ("Ilic", "Alice"),
    ],
)
def test_few_consonants_in_common_find_nobody_where_vowels_are_written(typed, name):
    assert place(typed, name) is None


def test_few_consonants_find_a_name_whose_script_writes_no_vowels():
    assert place("Ali", "علي") is not None
