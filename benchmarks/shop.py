"""What the people of the made-up company bought: products, and orders with a line each, written with COPY."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from benchmarks import people
from fadeno.kit import text

PRODUCTS = 50_000
_KINDS = ("Lamp", "Chair", "Table", "Shelf", "Basket", "Mirror", "Kettle", "Blanket", "Vase", "Clock")
_NAMES = ("Ilka", "Jelena", "Bora", "Tisza", "Müritz", "Vera", "Одра", "Luna", "Alma", "Kert", "Drava", "Sava", "Ana")
_DAY = datetime(2026, 10, 1, tzinfo=UTC)
_SAID_IN = b"%032x" % 7


def product_name(n: int) -> str:
    """What a product is called; each name is borne by a handful of sizes."""
    return f"{_KINDS[n % 10]} {_NAMES[n // 10 % 13]} {n // 130 * 5} cm"


def gtin_of(n: int) -> str:
    """The product's GTIN, with its check digit, as fourteen digits."""
    body = f"0{599_000_000_000 + n:012}"
    check = -sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(body)) % 10
    return f"{body}{check}"


def order_number(n: int) -> str:
    """The n-th order's number; they grow with time."""
    return f"2026-{n:07}"


def _products() -> Iterator[bytes]:
    for n in range(PRODUCTS):
        name = product_name(n)
        keys = " ".join(text.search_keys([name, f"SKU{n:06}"]))
        row = f"p{n}\tSKU{n:06}\t{gtin_of(n)}\t{name}\t{keys}\t{text.sort_key(name)}\t2026-10-01\t"
        yield b"%032x\t1\t%b%b\n" % (n + 1, row.encode(), _SAID_IN)


def _orders(customers: int) -> Iterator[bytes]:
    for n in range(customers):
        at = f"{_DAY - timedelta(seconds=30 * (customers - n)):%Y-%m-%d %H:%M:%S}+00"
        c = n * people.STEP % customers
        number = order_number(n)
        row = f"placed\t{at}\tweb\tHU\tEUR\t{1990 + n % 90 * 100}\t{1990 + n % 90 * 100}\t1\t{at}\t"
        key = number.replace("-", "").encode()
        yield b"%032x\t1\t%b\t%b\t%b\t%b%b\n" % (
            n + 1,
            number.encode(),
            key,
            people.address_id(c, 1),
            row.encode(),
            _SAID_IN,
        )


def _lines(customers: int) -> Iterator[bytes]:
    for n in range(customers):
        yield b"%032x\t1\tp%d\t1\t%d.90\t%d\n" % (n + 1, n % PRODUCTS, 19 + n % 90, 1990 + n % 90 * 100)


def fill(url: str, customers: int) -> None:
    """An order for each customer, the number growing with time, and fifty thousand products."""
    tables = (
        ("product", "id, source_id, key, sku, gtin, name, search_keys, sort_key, said_at, said_in", _products()),
        (
            "order",
            "id, source_id, number, number_key, address_id, state, placed_at, channel, country, currency, total_minor,"
            " lines_minor, line_count, said_at, said_in",
            _orders(customers),
        ),
        ("line", "order_id, ordinal, product, quantity, unit_price, total_minor", _lines(customers)),
    )
    for name, columns, rows in tables:
        people.fill_rows(url, "commerce", name, columns, rows)
