"""Whether a file, as it is understood, can be brought in, and what is asked of a person where it can't. Pure."""

from collections.abc import Sequence

from fadeno.imports.model.errors import NeedsCurrency, UnclearKind, WrongKind
from fadeno.imports.model.shapes import Options
from fadeno.kit.errors import FadenoError
from fadeno.sheets import Table

# Faults of a file that can be read: somebody has to say how, and nothing is lost meanwhile.
_ANSWERED = frozenset(
    {
        "import_needs_currency",
        "import_unclear_kind",
        "import_wrong_kind",
        "sheet_no_rows",
        "sheet_no_such_sheet",
        "sheet_no_such_column",
        "sheet_no_such_field",
    }
)


def see_that_it_fits(tables: Sequence[Table], options: Options) -> None:
    """See that the first table has what a file of its kind needs.

    Raises:
        UnclearKind: nothing tells what its rows are; say it.
        WrongKind: it lacks columns; say what columns hold, the kind, the header's row or the sheet.
        NeedsCurrency: nothing says what its amounts are in; say it.
    """
    table = tables[0]
    if not table.target:
        raise UnclearKind(field="target", sheet=table.sheet)
    if table.missing:
        missing = ", ".join(name.replace("|", " or ") for name in table.missing)
        seems = next((str(n.data["seems"]) for n in table.notices if n.code == "wrong_kind"), "")
        more = f" It looks like a list of {seems}." if seems else ""
        raise WrongKind(
            f"To be a list of {table.target}, the sheet “{table.sheet}” lacks a column for: {missing}.{more}",
            field="columns",
            word="import_lacks_columns_seems" if seems else "import_lacks_columns",
            target=table.target,
            sheet=table.sheet,
            missing=",".join(table.missing),
            **({"seems": seems} if seems else {}),
        )
    if lacks_currency(table, options):
        raise NeedsCurrency(field="currency")


def lacks_currency(table: Table, options: Options) -> bool:
    """Whether amounts stand in a table, and nothing says in which currency."""
    amounts = [column for column in table.columns if column.format.kind == "money" and column.field]
    if table.target != "orders" and not (table.target == "products" and amounts):
        return False
    return not (options.currency or table.column("currency") or any(column.format.currency for column in amounts))


def can_be_answered(error: FadenoError) -> bool:
    """Whether somebody can say what is missing, so that the file can be brought in after all."""
    return error.code in _ANSWERED
