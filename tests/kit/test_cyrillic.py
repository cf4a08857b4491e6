"""Serbian in its other script."""

import pytest

from fadeno.kit.cyrillic import in_cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Kupci", "Купци"),
        ("Ljubičasti džemper, Njegoš i Đorđe", "Љубичасти џемпер, Његош и Ђорђе"),
        ("injekcija, konjunktura, nadživeti", "инјекција, конјунктура, надживети"),
        ("konj i džep", "коњ и џеп"),
        ("E-pošta", "Е-пошта"),
        ("Žurba, šta, čovek, ćebe", "Журба, шта, човек, ћебе"),
    ],
)
def test_each_letter_has_its_other_shape(latin: str, cyrillic: str) -> None:
    assert in_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("{n} kupaca od {name}", "{n} купаца од {name}"),
        ("WhatsApp i CSV za fadeno", "WhatsApp и CSV за fadeno"),
        ("piši na ime@primer.rs", "пиши на ime@primer.rs"),
        ("otvori `fadeno serve --port 80`", "отвори `fadeno serve --port 80`"),
        ("vidi https://primer.rs/a", "види https://primer.rs/a"),
        ("<b>jako</b>", "<b>јако</b>"),
        ("sačuvaj kao .ods, xls ili csv", "сачувај као .ods, xls или csv"),
        ("naredbom „fadeno members reset“ ili uz curl", "наредбом „fadeno members reset“ или уз curl"),
        ("na primer J, K i /, uz Ctrl", "на пример J, K и /, уз Ctrl"),
        ("A, I, O, S i U su reči", "А, И, О, С и У су речи"),
        ("od a-z, posle token=, kao Europe/Budapest", "од a-z, после token=, као Europe/Budapest"),
        ("putanja = email, preko Vibera ili Viber", "путања = email, преко Вибера или Viber"),
    ],
)
def test_what_is_no_serbian_stays_as_it_is(latin: str, cyrillic: str) -> None:
    assert in_cyrillic(latin) == cyrillic
