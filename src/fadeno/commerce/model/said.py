"""What sources say of orders, products, places, prices and stock, and what became of it.

`None` means that nothing was said, so what is known stays; an empty text takes it away.
"""

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec

Outcome = Literal["new", "changed", "unchanged", "older", "refused"]
PRODUCT_STATES = ("current", "discontinued")
PLACE_KINDS = ("shop", "warehouse", "web")


class NewLine(msgspec.Struct, frozen=True):
    """One line of an order.

    Attributes:
        product: the product's id, SKU or GTIN as the source writes it.
        text: what the line says where that is not the product's name.
        quantity: below zero for what is given back.
        unit_price: of one, in units people speak of; may have more places than the currency.
        total_minor: of the line, in minor units; where it is not said, quantity times unit price, rounded.
    """

    product: str | None = None
    text: str | None = None
    quantity: Decimal = Decimal(1)
    unit_price: Decimal | None = None
    total_minor: int | None = None


class NewOrder(msgspec.Struct, frozen=True):
    """An order as one source says it; its number is its name there.

    Attributes:
        address_id: the customer address it came with; None = it is recorded, and belongs to nobody's thread.
        state: one of `STATES`, or the source's own word; a new order of which nobody says one is placed, what a till
            sold is delivered, and what comes to less than nothing is refunded.
        placed_at: aware; when it is first heard of where the source does not say.
        place: as the source names it; the place itself may become known later.
        country: where it goes to: two capital letters, or the source's own word.
        lines: all of them; None = nothing said of lines.
        said_at, said_in: of this order alone, where they differ from those of the call.
    """

    number: str
    currency: str | None = None
    address_id: UUID | None = None
    state: str | None = None
    placed_at: datetime | None = None
    place: str | None = None
    channel: str | None = None
    country: str | None = None
    total_minor: int | None = None
    discount_minor: int | None = None
    shipping_minor: int | None = None
    tax_minor: int | None = None
    tax_included: bool | None = None
    lines: tuple[NewLine, ...] | list[NewLine] | None = None
    said_at: datetime | None = None
    said_in: UUID | None = None


class NewProduct(msgspec.Struct, frozen=True):
    """A product as one source says it.

    Attributes:
        key: the source's own id; else the SKU, else the GTIN is what it is called there.
        names: language tag -> name.
        picture: link to a picture.
        variant_of: the key, in the same source, of the product this is a size or colour of.
        variant: what is different about it: "500 g", "red".
    """

    key: str | None = None
    sku: str | None = None
    gtin: str | None = None
    name: str | None = None
    names: dict[str, str] | None = None
    picture: str | None = None
    category: str | None = None
    variant_of: str | None = None
    variant: str | None = None
    state: str | None = None


class NewPlace(msgspec.Struct, frozen=True):
    """A shop, warehouse or web shop as one source says it.

    Attributes:
        key: what the source calls it; its name where it has nothing else.
        country: two capital letters.
        zone: IANA time zone.
        hours: opening hours, kept word for word.
    """

    key: str
    name: str | None = None
    kind: str | None = None
    address: str | None = None
    country: str | None = None
    zone: str | None = None
    hours: str | None = None


class NewPrice(msgspec.Struct, frozen=True):
    """What a product costs.

    Attributes:
        product, place: as the source names them; no place = everywhere.
        product_id: the product itself, where it is known; `place_id` is the place then.
        amount: of one, in units people speak of; may have more places than the currency.
        valid_from, valid_to: the first and the last day; None = since ever, and until further notice.
    """

    product: str
    amount: Decimal
    currency: str
    place: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    product_id: UUID | None = None
    place_id: UUID | None = None


class NewStock(msgspec.Struct, frozen=True):
    """How much there is of a product, as a source says.

    Attributes:
        product_id: the product itself, where it is known; `place_id` is the place then.
        said_at: when it was so; the time of the whole list where it is not given.
    """

    product: str
    quantity: Decimal
    place: str | None = None
    said_at: datetime | None = None
    product_id: UUID | None = None
    place_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """Whose word it is, in what it is said and when, and whether it may be taken back whole."""

    source_id: int
    said_in: UUID
    said_at: datetime
    is_import: bool

    def about(self, said_at: datetime | None, said_in: UUID | None = None) -> dict[str, Any]:
        """When and in what one thing is said that may say so itself, as columns."""
        return {"said_at": said_at or self.said_at, "said_in": said_in or self.said_in}


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one thing that was said.

    Attributes:
        outcome: `older` = something later is known already, nothing was changed; `refused` = `why` says why.
        changes: of a changed one, field -> (before, now); lines are counted.
        field: what the refusal is about.
    """

    outcome: Outcome
    id: UUID | None = None
    changes: dict[str, tuple[Any, Any]] = dataclasses.field(default_factory=dict)
    why: str | None = None
    field: str | None = None
