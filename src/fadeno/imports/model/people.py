"""A row of a list of customers: who it names, and what it says of them. Pure."""

from collections.abc import Callable
from typing import Any

from fadeno.imports.model.saying import NAME_CHARS, Context, Reason, Refused, Saying, extras, mentions, plain
from fadeno.sheets import Row

# Field of the sheet -> trait, where they are not called the same.
TRAITS = {
    "given_name": "firstName",
    "family_name": "lastName",
    "birth_date": "birthday",
    "salutation": "title",
    "created_at": "createdAt",
    "loyalty_no": "card",
}
_NO_TRAITS = frozenset({"customer_id", "newsletter", "row_id", "row_version"})
NEWSLETTER = "newsletter"


def customer(row: Row, context: Context, told: Callable[[str], None]) -> Saying:
    """What a row of a list of customers says.

    Raises:
        Refused: it names nobody.
    """
    named = mentions(row, context, told)
    if not named:
        raise Refused(Reason("names_nobody"))
    traits: dict[str, Any] = {
        TRAITS.get(field, field): plain(value)
        for field, value in row.values.items()
        if field not in _NO_TRAITS and value is not None
    }
    for header, value in extras(row):
        traits.setdefault(header, value)
    consents = _consents(row, context)
    return Saying(
        kind="identify",
        name=None,
        channel="sheet",
        mentions=named,
        rule="identify",
        occurred_at=context.said_at,
        traits=traits,
        consents=consents,
        body={"traits": traits} | _context(consents),
    )


def _consents(row: Row, context: Context) -> tuple[tuple[str, bool, str], ...]:
    allowed = row.values.get("newsletter")
    if not isinstance(allowed, bool):
        return ()
    header = context.headers.get("newsletter", NEWSLETTER)[:NAME_CHARS]
    proof = f"{context.file_name[:NAME_CHARS]}, row {row.number}, column {header}"
    return ((NEWSLETTER, allowed, proof),)


def _context(consents: tuple[tuple[str, bool, str], ...]) -> dict[str, Any]:
    """Consents as events hold them, so that one can be learned from again."""
    if not consents:
        return {}
    choices = {purpose: granted for purpose, granted, _ in consents}
    return {"context": {"consent": {"categoryPreferences": choices, "proof": consents[0][2]}}}
