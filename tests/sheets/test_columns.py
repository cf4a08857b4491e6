"""Columns are known by what stands above them in ten languages, and by what stands in them."""

import msgspec
import pytest

from fadeno import sheets
from fadeno.sheets.fields import FIELDS, LANGUAGES, cyrillic, header_words

PEOPLE = {
    "en": "Customer No;First Name;Last Name;E-mail address;Phone number;Street;Zip code;City;Country;Date of birth",
    "de": "Kundennr.;Vorname;Nachname;E-Mail-Adresse;Telefonnummer;Straße;PLZ;Ort;Land;Geburtsdatum",
    "fr": "N° client;Prénom;Nom;Adresse e-mail;Téléphone;Rue;Code postal;Ville;Pays;Date de naissance",
    "es": "Nº cliente;Nombre;Apellidos;Correo electrónico;Teléfono;Calle;Código postal;Ciudad;País;Fecha de nacimiento",
    "pt": "Código do cliente;Primeiro nome;Sobrenome;E-mail;Telefone;Endereço;CEP;Cidade;País;Data de nascimento",
    "hu": "Vevőkód;Keresztnév;Vezetéknév;E-mail cím;Telefonszám;Utca, házszám;Irányítószám;Város;Ország;Születési dátum",  # noqa: E501
    "sr": "Šifra kupca;Ime;Prezime;E-pošta;Broj telefona;Ulica i broj;Poštanski broj;Grad;Država;Datum rođenja",
    "ru": "Код клиента;Имя;Фамилия;Эл. почта;Номер телефона;Улица;Индекс;Город;Страна;Дата рождения",
    "ar": "رقم العميل;الاسم الأول;اسم العائلة;البريد الإلكتروني;رقم الهاتف;الشارع;الرمز البريدي;المدينة;الدولة;تاريخ الميلاد",  # noqa: E501
    "eo": "Klientnumero;Antaŭnomo;Familia nomo;Retpoŝto;Telefono;Strato;Poŝtkodo;Urbo;Lando;Naskiĝdato",
}
PEOPLE["sr-Cyrl"] = cyrillic(PEOPLE["sr"])
FOUND = (
    "customer_id", "given_name", "family_name", "email", "phone", "street", "postcode", "city", "country", "birth_date",
)  # fmt: skip
ORDERS = {
    "en": "Order no;Order date;SKU;Item name;Qty;Unit price;Line total;Customer e-mail",
    "de": "Bestellnr.;Bestelldatum;Artikelnr.;Bezeichnung;Menge;Einzelpreis;Gesamtpreis;E-Mail",
    "fr": "N° de commande;Date de commande;Référence;Désignation;Quantité;Prix unitaire;Montant;Courriel",
    "es": "Nº pedido;Fecha de pedido;Referencia;Producto;Cantidad;Precio unitario;Importe;Correo",
    "pt": "Número do pedido;Data do pedido;Referência;Produto;Quantidade;Preço unitário;Valor;E-mail",
    "hu": "Rendelésszám;Rendelés dátuma;Cikkszám;Megnevezés;Mennyiség;Egységár;Sorösszeg;E-mail",
    "sr": "Broj porudžbine;Datum porudžbine;Šifra artikla;Naziv artikla;Količina;Jedinična cena;Iznos;Imejl",
    "ru": "Номер заказа;Дата заказа;Артикул;Наименование;Кол-во;Цена;Сумма;Почта",
    "ar": "رقم الطلب;تاريخ الطلب;رمز المنتج;اسم المنتج;الكمية;سعر الوحدة;المبلغ;الإيميل",
    "eo": "Mendonumero;Dato de mendo;Artikolnumero;Produkto;Kvanto;Unuoprezo;Linia sumo;Retpoŝto",
}
ORDERS["sr-Cyrl"] = cyrillic(ORDERS["sr"])
ORDERED = (
    "order_no", "ordered_at", "product_no", "product_name", "quantity", "unit_price", "line_total", "email",
)  # fmt: skip


def look(text: str, **more) -> sheets.Table:
    with sheets.open_book(text.encode(), name="x.csv") as book:
        return sheets.look(book.sheet(), **more)


def typed(text: str, **more) -> list[sheets.Row]:
    with sheets.open_book(text.encode(), name="x.csv") as book:
        return list(sheets.read(book.sheet(), sheets.look(book.sheet(), **more)))


@pytest.mark.parametrize("language", PEOPLE)
def test_a_list_of_customers_is_known_in_every_language(language: str):
    rows = "\n".join(
        f"K-{n};Anna;Kovač;anna{n}@example.com;+381 11 {2000000 + n};Glavna {n};1{n:04};Novi Sad;Srbija;{n + 1}.12.1980"
        for n in range(20)
    )
    table = look(f"{PEOPLE[language]}\n{rows}")
    assert (table.target, table.missing) == ("customers", ())
    assert tuple(column.field for column in table.columns) == FOUND
    assert min(column.confidence for column in table.columns) > 0.8


@pytest.mark.parametrize("language", ORDERS)
def test_a_list_of_orders_is_known_in_every_language(language: str):
    rows = "\n".join(
        f"2024-{n:04};{n + 1}.3.2024;AB-{n};Blue shirt, size {n};{n};12,50;{n * 12},50;a{n}@example.com"
        for n in range(20)
    )
    table = look(f"{ORDERS[language]}\n{rows}")
    assert table.target == "orders"
    assert tuple(column.field for column in table.columns) == ORDERED


def test_every_field_has_words_in_every_language():
    ours = {"row_id", "row_version"}
    fields = {field.name for listed in FIELDS.values() for field in listed} - ours
    words = header_words()
    assert [
        (field, language)
        for field in sorted(fields)
        for language in LANGUAGES
        if not any(spoken == language for spoken in words[field].values()) and not words[field]
    ] == []
    assert set(words) == fields | ours


def test_without_a_header_the_content_tells():
    rows = "\n".join(f"anna{n}@example.com;+49 30 12345{n:02};4006381333931;Germany;x{n % 2}" for n in range(20))
    table = look(rows, target="customers")
    assert table.header_row == 0
    found = {column.letter: column.field for column in table.columns}
    assert (found["A"], found["B"], found["D"], found["E"]) == ("email", "phone", "country", None)
    assert table.columns[0].reasons == (("content", "email", "100"),)


def test_products_without_a_header_are_known_by_their_numbers_names_and_prices():
    rows = "\n".join(
        f"{n}|Road Frame {n}, black|{('FR', 'BK', 'SO')[n % 3]}-R{n * 379 % 1000:03}-{40 + n}|{n}.1000|{n + 3}.5000"
        "|NULL|2024-04-30 00:00:00.000"
        for n in range(30)
    )
    table = look(rows)
    assert (table.target, table.missing) == ("products", ())
    assert [column.field for column in table.columns][:5] == [None, "product_name", "product_no", None, "unit_price"]


def test_a_day_alone_makes_no_orders_and_orders_without_a_header_stay_orders():
    table = look("\n".join(f"{n % 7};{n % 5};2024-04-{n % 28 + 1:02}" for n in range(30)))
    assert table.target == ""
    fields = CONTENTS["orders"].values()
    assert look("\n".join(";".join(value(n) for value in fields) for n in range(30))).target == "orders"


def test_a_header_that_lies_loses_to_the_content_and_says_so():
    rows = "\n".join(f"anna{n}@example.com;Anna Kovač" for n in range(10))
    table = look(f"Telefon;Name\n{rows}", target="customers")
    assert [column.field for column in table.columns] == ["email", "name"]
    assert ("content_differs", "phone", "0") in table.columns[0].others[0].reasons


def test_one_word_for_two_fields_is_decided_by_what_stands_below():
    codes = look("Bestellnr;Artikel;Menge\n" + "\n".join(f"B{n};AB-{n};1" for n in range(9)), target="orders")
    names = look("Bestellnr;Artikel;Menge\n" + "\n".join(f"B{n};Blaues Hemd {n};1" for n in range(9)), target="orders")
    assert (codes.columns[1].field, names.columns[1].field) == ("product_no", "product_name")


def test_the_wrong_file_for_the_kind_is_said():
    text = "Vorname;Nachname;E-Mail\n" + "\n".join(f"Anna;Weiß;a{n}@example.com" for n in range(5))
    table = look(text, target="stock")
    told = next(notice for notice in table.notices if notice.code == "wrong_kind")
    assert told.data == {"said": "stock", "seems": "customers"}


def test_what_the_caller_says_stands():
    text = "Foo;Bar\n1;a@example.com\n2;b@example.com"
    table = look(text, target="customers", mapping={"Foo": "loyalty_no", "B": None})
    assert [(column.field, column.reasons) for column in table.columns] == [("loyalty_no", (("said",),)), (None, ())]
    assert typed(text, target="customers", mapping={"Foo": "loyalty_no", "B": None})[0].extra == {
        "Bar": "a@example.com"
    }


@pytest.mark.parametrize(
    ("days", "order", "first"),
    [
        (["03/04/2024", "05/06/2024", "25/06/2024"], "dmy", "2024-04-03"),
        (["03/04/2024", "05/06/2024", "06/25/2024"], "mdy", "2024-03-04"),
        (["2024.04.03.", "2024. 06. 05."], "ymd", "2024-04-03"),
        (["3.4.2024", "5.6.24"], "dmy", "2024-04-03"),
        (["3 avril 2024", "5 juin 2024"], None, "2024-04-03"),
        (["2024. április 3.", "2024. június 5."], None, "2024-04-03"),
        (["3. april 2024.", "5. jun 2024."], None, "2024-04-03"),
        (["3 апреля 2024 г.", "5 июня 2024"], None, "2024-04-03"),
        (["٣ أبريل ٢٠٢٤", "5 يونيو 2024"], None, "2024-04-03"),
        (["April 3rd, 2024", "June 5, 2024"], None, "2024-04-03"),
        (["3 de abril de 2024", "5 de junio de 2024"], None, "2024-04-03"),
        (["3-a de aprilo 2024", "5-a de junio 2024"], None, "2024-04-03"),
        (["20240403", "20240605"], None, "2024-04-03"),
        (["45385", "45448"], None, "2024-04-03"),
    ],
)
def test_the_order_of_day_and_month_is_decided_over_the_whole_column(days: list[str], order: str | None, first: str):
    text = "Bestellnr\tDatum\n" + "\n".join(f"B{n}\t{day}" for n, day in enumerate(days))
    table = look(text, target="orders")
    assert table.column("ordered_at").format.order == order
    assert f"{typed(text, target='orders')[0].values['ordered_at']:%Y-%m-%d}" == first


def test_a_day_that_tells_the_order_may_stand_far_down():
    days = ["03/04/2024"] * 3_000 + ["06/25/2024"]
    text = "Bestellnr;Datum\n" + "\n".join(f"B{n};{day}" for n, day in enumerate(days))
    assert look(text, target="orders").column("ordered_at").format.order == "mdy"
    doubtful = look(text.replace("06/25", "06/05"), target="orders")
    assert "date_order_unsure" in {notice.code for notice in doubtful.notices}


def test_a_day_that_never_was_is_a_fault_with_what_stood_there():
    rows = typed("Bestellnr;Datum\nB1;28.02.2024\nB2;31.02.2024\nB3;soon\nB4;30.04.2024", target="orders")
    faults = [fault for row in rows for fault in row.faults]
    assert [(fault.code, fault.column, fault.row, fault.raw) for fault in faults] == [
        ("impossible_date", "B", 3, "31.02.2024"),
        ("bad_date", "B", 4, "soon"),
    ]


@pytest.mark.parametrize(
    ("amounts", "currency", "values"),
    [
        (["1.234,56 €", "12,00 €"], "EUR", ["1234.56 EUR", "12.00 EUR"]),
        (["1 234,5 Ft", "1 000 Ft"], "HUF", ["1234.50 HUF", "1000.00 HUF"]),
        (["$1,234.50", "($12.50)"], None, ["1234.50", "-12.50"]),
        (["R$ 1.234,50", "-R$ 2,00"], "BRL", ["1234.50 BRL", "-2.00 BRL"]),
        (["1.500", "2.000", "0,50"], None, ["1500", "2000", "0.50"]),
        (["1,500", "2,000", "0.50"], None, ["1500", "2000", "0.50"]),
        (["١٢٫٥٠", "٣٫٢٥"], None, ["12.50", "3.25"]),
        (["1'234.50 CHF", "5.- CHF"], "CHF", ["1234.50 CHF", "5.00 CHF"]),
    ],
)
def test_amounts_are_read_with_the_mark_and_currency_of_their_column(
    amounts: list[str], currency: str | None, values: list[str]
):
    text = "Bestellnr\tEinzelpreis\n" + "\n".join(f"B{n}\t{amount}" for n, amount in enumerate(amounts))
    assert look(text, target="orders").column("unit_price").format.currency == currency
    assert [str(row.values["unit_price"]) for row in typed(text, target="orders")] == values


def test_ids_that_lost_their_digits_are_faults_and_never_kept():
    rows = typed("Kundennr;Name\n4,00638E+12;Anna\n1.2E+12;Béla\n00042;Cili", target="customers")
    assert [row.values.get("customer_id") for row in rows] == [None, None, "00042"]
    assert [fault.code for row in rows for fault in row.faults] == ["digits_lost", "digits_lost"]


def test_a_fax_is_no_phone():
    text = "Name;Faks\n" + "\n".join(f"Anna;+381 11 20000{n:02}" for n in range(9))
    assert [column.field for column in look(text, target="customers").columns] == ["name", None]


def test_what_is_no_field_is_kept_under_a_name_of_its_own():
    rows = typed("Name;Foo;Foo;;\nAnna;one;two;three\nBéla;four;five;six", target="customers")
    assert rows[0].extra == {"Foo": "one", "Foo (C)": "two", "D": "three"}


def test_what_is_believed_can_be_kept_as_json():
    table = look("Name;E-Mail;Datum\nAnna;a@example.com;1.2.2024\n")
    assert msgspec.json.decode(msgspec.json.encode(table), type=sheets.Table) == table


def test_yes_and_no_in_many_words():
    words = ["ja", "nein", "igen", "nem", "да", "нет", "نعم", "لا", "x", "", "oui", "maybe"]
    text = "Kundennr;Newsletter\n" + "\n".join(f"K{n};{word}" for n, word in enumerate(words))
    found = [row.values.get("newsletter") for row in typed(text, target="customers")]
    assert found == [True, False, True, False, True, False, True, False, True, None, True, None]


CONTENTS = {
    "customers": {
        "customer_id": lambda n: f"K-{4711 + 7 * n}",
        "name": lambda n: f"{('Anna', 'Béla', 'Ольга', 'محمد', 'Jürgen')[n % 5]} {('Kovač', 'Nagy', 'Groß')[n % 3]}",
        "email": lambda n: f"anna{n}@example.com",
        "phone": lambda n: f"+49 30 12345{n:02}",
        "country": lambda n: ("Germany", "Magyarország", "Србија")[n % 3],
        "birth_date": lambda n: f"{n + 1}.3.19{n % 60 + 40}",
    },
    "orders": {
        "order_no": lambda n: f"2024-{n // 2 + 1:05}",
        "ordered_at": lambda n: f"{n % 28 + 1}.3.2024",
        "email": lambda n: f"anna{n % 9}@example.com",
        "gtin": lambda n: ("4006381333931", "9780306406157")[n % 2],
        "line_total": lambda n: f"{n},50 €",
    },
    "products": {
        "product_no": lambda n: f"AB-{n * 379 % 1000:03}",
        "gtin": lambda n: ("4006381333931", "9780306406157")[n % 2],
        "unit_price": lambda n: f"{n},50 €",
        "picture_url": lambda n: f"https://shop.example/{n}.jpg",
    },
}


@pytest.mark.parametrize("header", ["Nom", "Nombre", "Nome", "Ime", "Име", "Имя", "الاسم", "Nomo"])
def test_the_only_column_of_names_holds_whole_names_where_they_are_two_words(header: str):
    people = ["Zorán Tóth", "Đorđe Žižić", "Anna Kovač", "Жика Жикић"]
    whole = "\n".join(f"{n};{name};a{n}@x.example" for n, name in enumerate(people))
    assert look(f"Client;{header};E-mail\n{whole}", target="customers").columns[1].field == "name"
    half = "\n".join(f"{n};{name.replace(' ', ';')};a{n}@x.example" for n, name in enumerate(people))
    (column,) = [c for c in look(f"ID;Prénom;Nom;E-mail\n{half}", target="customers").columns if c.header == "Nom"]
    assert column.field == "family_name"


PLACES = {
    "en": "Store;Kind;City|Shop;Warehouse;Web shop",
    "de": "Filiale;Typ;Ort|Filiale;Zentrallager;Onlineshop",
    "fr": "Magasin;Type de magasin;Ville|Boutique;Entrepôt;Boutique en ligne",
    "es": "Tienda;Tipo;Ciudad|Tienda;Almacén;Tienda online",
    "pt": "Loja;Tipo;Cidade|Loja;Armazém;Loja virtual",
    "hu": "Üzlet;Típus;Város|Bolt;Raktár;Webáruház",
    "sr": "Prodavnica;Vrsta;Grad|Prodavnica;Magacin;Internet prodavnica",
    "ru": "Магазин;Тип;Город|Магазин;Склад;Интернет-магазин",
    "ar": "الفرع;النوع;المدينة|متجر;مستودع;متجر إلكتروني",
    "eo": "Vendejo;Speco;Urbo|Vendejo;Stokejo;Retbutiko",
}


@pytest.mark.parametrize("language", PLACES)
def test_what_kind_a_place_is_and_its_town_are_known_in_every_language(language: str):
    head, kinds = PLACES[language].split("|")
    rows = [f"P-{at};{kind};Novi Sad" for at, kind in enumerate(kinds.split(";"))]
    text = "\n".join([head, *rows, "P-9;Kiosk;Ulm"])
    assert [column.field for column in look(text, target="places").columns] == ["place", "place_kind", "city"]
    found = typed(text, target="places")
    assert [row.values.get("place_kind") for row in found] == ["shop", "warehouse", "web", None]
    assert [(fault.code, fault.raw) for fault in found[3].faults] == [("unknown_place_kind", "Kiosk")]


COUNTED = ("Counted on", "Gezählt am", "Compté le", "Contado el", "Contado em", "Leltár napja", "Prebrojano",
           "Дата подсчёта", "تاريخ الجرد", "Kalkulita je")  # fmt: skip


@pytest.mark.parametrize("header", COUNTED)
def test_when_stock_was_counted_is_known_in_every_language(header: str):
    table = look(f"SKU;On hand;{header}\nS1;4;2026-03-01\nS2;5;2026-03-01\nS3;6;2026-03-01")
    assert (table.target, table.columns[2].field) == ("stock", "counted_at")


@pytest.mark.parametrize("header", ["Column{}", "Spalte {}", "Unnamed: {}", "عمود{}", "Столбец{}", "Oszlop {}"])
@pytest.mark.parametrize("target", CONTENTS)
def test_where_headers_only_count_the_content_tells(target: str, header: str):
    fields = CONTENTS[target]
    lines = [";".join(header.format(at + 1) for at in range(len(fields)))]
    lines += [";".join(value(n) for value in fields.values()) for n in range(30)]
    table = look("\n".join(lines), target=target)
    assert table.header_row == 1
    assert [column.field for column in table.columns] == list(fields)


def test_a_column_without_a_value_is_named_by_its_header_and_empty():
    rows = "\n".join(f"K{n};NULL;anna{n}@example.com" for n in range(9))
    table = look(f"Kundennr;Region;E-Mail\n{rows}", target="customers")
    assert [(column.field, column.filled, column.samples[:1]) for column in table.columns][1] == ("region", 0.0, ())
    assert typed(f"Kundennr;Region;E-Mail\n{rows}")[0].values == {"customer_id": "K0", "email": "anna0@example.com"}


NAMES_OF_COUNTRIES = {
    "DE": "Germany Deutschland Allemagne Alemania Alemanha Németország Nemačka Немачка Германия ألمانيا Germanujo "
    "Germanio GER DEU",
    "HU": "Hungary Ungarn Hongrie Hungría Hungria Magyarország Mađarska Мађарска Венгрия المجر Hungarujo HUN",
    "RS": "Serbia Serbien Serbie Sérvia Szerbia Srbija Србија Сербия صربيا Serbujo SRB",
    "GB": "UK U.K. Great_Britain Großbritannien Royaume-Uni Gran_Bretaña Reino_Unido Egyesült_Királyság "
    "Velika_Britanija Велика_Британија Великобритания بريطانيا Britujo GBR",
    "US": "USA U.S.A. Vereinigte_Staaten États-Unis EE.UU. EUA Egyesült_Államok SAD САД США أمريكا Usono",
    "CZ": "Czech_Republic Czechia Tschechien République_tchèque República_Checa Csehország Češka Чехия التشيك",
    "NL": "Netherlands The_Netherlands Holland Niederlande Pays-Bas Países_Bajos Hollandia Holandija Голландия هولندا",
    "SA": "KSA Saudi_Arabia السعودية المملكة_العربية_السعودية Saudi-Arabien",
    "IE": "EIRE Ireland Irland Irlande Írország Irska Ирландия",
    "ZA": "RSA South_Africa Südafrika",
}


@pytest.mark.parametrize("code", NAMES_OF_COUNTRIES)
def test_countries_are_known_as_people_write_them(code: str):
    names = [name.replace("_", " ") for name in NAMES_OF_COUNTRIES[code].split()]
    assert {name: sheets.country_code(name) for name in names} == dict.fromkeys(names, code)


def test_what_is_no_country_is_kept_and_told():
    names = ["Germany", "France", "Spain", "Channel Islands", "European Community", "Unspecified", "NULL"]
    rows = typed("Kundennr;Land\n" + "\n".join(f"K{n};{name}" for n, name in enumerate(names)), target="customers")
    assert [row.values.get("country") for row in rows] == ["DE", "FR", "ES", *names[3:6], None]
    assert [fault.code for row in rows for fault in row.faults] == ["unknown_country"] * 3


def test_few_rows_are_known_by_their_headers():
    assert look("Name;E-Mail\nAnna;a@example.com\n").target == "customers"


def test_what_a_shop_calls_name_is_its_orders_number():
    rows = "\n".join(f"#{1001 + n // 2};a{n}@example.com;{n},50;2;Blue shirt;Anna Kovač" for n in range(20))
    table = look(f"Name;Email;Total;Lineitem quantity;Lineitem name;Billing Name\n{rows}")
    assert [column.field for column in table.columns][::5] == ["order_no", "name"]
    assert table.target == "orders"
