"""Text of each language, in each encoding it is found in, without a word said about it."""

import pytest

from fadeno import sheets
from fadeno.sheets.encodings import encoding_of
from fadeno.sheets.fields import cyrillic

SERBIAN = "Đorđe Živković;Čačak;Kneza Miloša 5\r\nNataša Šćepanović;Užice;Žička 12\r\nĐurđa Čolić;Požega;Šumadijska 3"
TEXTS = {
    "en": ("Zoë Brontë;Café Rouge;£5\r\nSiân Lloyd;Beyoncé’s;£12", ["cp1252"]),
    "de": ("Jürgen Müller;Köln;Hauptstraße 5\r\nBärbel Weiß;Münster;Königsallee 7", ["cp1252", "iso8859-15", "cp850"]),
    "fr": (
        "François Lefèvre;Orléans;12 allée des Chênes\r\nHélène Garçon;Besançon;3 rue du Père",
        ["cp1252", "mac-roman"],
    ),
    "es": ("José Muñoz Peña;Logroño;Calle Íñigo 4\r\nMaría Nuñez;A Coruña;Avenida de América", ["cp1252", "cp850"]),
    "pt": ("João Conceição;São Paulo;Praça da República\r\nInês Magalhães;Guimarães;Rua de Camões", ["cp1252"]),
    "hu": ("Szűcs Győző;Hódmezővásárhely;Petőfi út 3\r\nLőrincz Ágnes;Győr;Fő tér 1", ["cp1250", "iso8859-2", "cp852"]),
    "sr": (SERBIAN, ["cp1250", "iso8859-2"]),
    "sr-Cyrl": (cyrillic(SERBIAN).title(), ["cp1251", "iso8859-5"]),
    "ru": ("Фёдор Достоевский;Санкт-Петербург\r\nАнна Каренина;Москва;улица Ленина", ["cp1251", "koi8-r", "cp866"]),
    "ar": ("محمد الأحمد;القاهرة;شارع النيل\r\nفاطمة علي;الرياض;طريق الملك فهد", ["cp1256", "iso8859-6"]),
    "eo": ("Ĝoĉjo Ŝtonĉjo;Ĉiela Urbo;Ĵaŭda strato\r\nLudoviko Zamenhof;Bjalistoko;Ŝipa aĉeto", ["iso8859-3"]),
}
CASES = [(language, encoding) for language, (_, encodings) in TEXTS.items() for encoding in encodings]


@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_a_text_is_read_in_the_encoding_it_is_written_in(language: str, encoding: str):
    text, _ = TEXTS[language]
    data = text.encode(encoding)
    assert data.decode(encoding_of(data, whole=True)) == text


def test_quotation_marks_around_plain_words_are_no_letters_of_dos():
    for text in ("the “big” one\r\n", "„gut“;‘x’\r\n"):
        assert encoding_of(text.encode("cp1252") * 30, whole=True) == "cp1252"


SIGNED = (
    "Gift Voucher £80.00", "12,50 €", "12,50\u00a0€", "€12", "¥500", "Lamp® big", "Lamp™ big", "30 °C", "½ litre",
    "A – B", "a • b", "don’t go", "1 × 2", "§ 5", "© Foo", "20 m²", "±1", "100 µg", "Wait…", "«gut»", "“big” lamp £5",
)  # fmt: skip


@pytest.mark.parametrize("times", [1, 11])
@pytest.mark.parametrize("text", SIGNED)
def test_a_sign_among_plain_words_is_no_letter(text: str, times: int):
    assert encoding_of(f"{text}\r\n".encode("cp1252") * times, whole=True) == "cp1252"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("Michał Nowak", "cp1250"), ("MAŁGORZATA", "iso8859-2"), ("Lidingö", "cp850")],
)
def test_a_letter_where_another_encoding_has_a_sign_stays_a_letter(text: str, encoding: str):
    data = f"{text}\r\n".encode(encoding) * 11
    assert data.decode(encoding_of(data, whole=True)) == f"{text}\r\n" * 11


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "cp1251"])
def test_letters_that_come_late_tell_the_encoding_as_early_ones_do(encoding: str):
    late = "Щётка, 5 м" if encoding == "cp1251" else "Café-Löffel £20"
    lines = [f"A-{n},Plain spoon,{n}" for n in range(30_000)]
    for at in (29_000, 29_500, 29_999):
        lines[at] = f"A-{at},{late.replace(',', ' ')},{at}"
    with sheets.open_book("\n".join(["SKU,Name,Qty", *lines]).encode(encoding), name="x.csv") as book:
        assert book.dialect.encoding == encoding
        cells = [row.cells for row in book.sheet().rows() if not row.other_encoding]
    assert cells[1:] == [line.split(",") for line in lines]


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_known_with_and_without_a_mark(language: str, encoding: str):
    text = f"Name;City;Street\r\n{TEXTS[language][0]}\r\n"
    with sheets.open_book(text.encode(encoding), name="x.csv") as book:
        rows = [row.cells for row in book.sheet().rows()]
    assert rows == [line.split(";") for line in text.splitlines()]


def test_lines_of_another_encoding_are_read_as_that_and_told():
    lines = [f"Müller {n};Köln".encode() for n in range(200)]
    lines[100] = "Jürgen Groß;Düsseldorf".encode("cp1252")
    data = b"Name;Ort\r\n" + b"\r\n".join(lines) + b"\r\n"
    with sheets.open_book(data, name="x.csv") as book:
        assert book.dialect.encoding == "utf-8"
        rows = list(sheets.read(book.sheet(), sheets.look(book.sheet(), target="customers")))
    assert len(rows) == 200
    told = [(row.number, row.values["name"], row.faults[0].code) for row in rows if row.faults]
    assert told == [(102, "Jürgen Groß", "other_encoding")]


def test_a_line_of_utf8_in_an_old_file_is_told_however_late_it_comes():
    lines = [f"Müller {n};Köln".encode("cp1252") for n in range(40_000)]
    lines[-5] = "Jürgen Groß;Düsseldorf".encode()
    with sheets.open_book(b"Name;Ort\r\n" + b"\r\n".join(lines), name="x.csv") as book:
        assert book.dialect.encoding == "cp1252"
        odd = [(row.number, row.cells[0]) for row in book.sheet().rows() if row.other_encoding]
    assert odd == [(39_997, "Jürgen Groß")]


@pytest.mark.parametrize(("name", "encoding"), [("Łukasz", "cp1250"), ("Žarko", "cp1250"), ("Šabac", "cp1250"),
                                                ("Győr", "cp1250"), ("Győr", "cp852"), ("Čačak", "cp852")])  # fmt: skip
def test_one_name_alone_is_read_as_people_here_write_it(name: str, encoding: str):
    raw = f"Name;City\r\n{name};x\r\n".encode(encoding)
    assert name in raw.decode(encoding_of(raw, whole=True))
