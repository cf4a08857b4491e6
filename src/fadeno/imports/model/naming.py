"""What commerce can't keep, told by the column it stands in. Pure."""

from collections.abc import Container, Mapping

from fadeno.imports.model.shapes import Reason

# The columns in which what commerce calls so may stand, where they are called otherwise.
_COLUMNS = {
    "key": ("product_no", "place"), "sku": ("product_no",), "name": ("product_name", "place_name"),
    "picture": ("picture_url",), "hours": ("opening_hours",), "kind": ("place_kind",), "amount": ("unit_price",),
    "said_at": ("counted_at",), "number": ("order_no",), "state": ("status", "active"), "placed_at": ("ordered_at",),
    "total": ("order_total", "line_total", "unit_price"), "line_total": ("line_total", "unit_price"),
    "lines": ("line_total", "unit_price"), "quantity": ("quantity", "on_hand"), "product": ("product_no", "gtin"),
    "text": ("product_name",),
}  # fmt: skip
_NUMBERS = frozenset(
    {"amount", "quantity", "unit_price", "total", "discount", "shipping", "tax", "line_total", "lines"}
)
_WHY = {"picture": "bad_link", "zone": "bad_zone"} | dict.fromkeys(_NUMBERS, "unusable_number")


def field_of(name: str, fields: Container[str]) -> str:
    """The column, of those a file has, that says what commerce calls so; the usual one where it has none."""
    there = _COLUMNS.get(name, (name,))
    return next((field for field in there if field in fields), there[0])


def reason_of(name: str, headers: Mapping[str, str], values: Mapping[str, object]) -> Reason:
    """Why something can't be kept.

    Args:
        name: as commerce calls it. headers: field -> header in the file. values: field -> what stands there.
    """
    field = field_of(name, headers)
    said = values.get(field)
    return Reason(_WHY.get(name, "unusable"), headers.get(field, ""), "" if said is None else str(said)[:200])
