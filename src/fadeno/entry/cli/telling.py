"""What the terminal is told of an import: how it is understood, what would happen, what happened."""

from fadeno.entry.cli.frame import say
from fadeno.entry.web import notices, reasons
from fadeno.imports import Import, Preview, Reason, ShownRow

_REASONS_SHOWN = 10
_LEFT_OUT = ("sheet_left_out", "hidden_sheet_left_out")


def how_understood(made: Import, *, is_guessed: bool) -> None:
    """What the file's columns are taken for, and how sure that is."""
    guessed = "" if not is_guessed else " (guessed; --as says otherwise)"
    amounts = f", amounts in {made.options.currency}" if made.options.currency else ""
    say(f"{made.file_name}: {made.target}{guessed} of {made.source_name}, times of {made.options.zone}{amounts}")
    for table in made.tables:
        for notice in table.notices:
            if told := notices.in_words(notice):
                say(f"  {told}{' --sheet reads it.' if notice.code in _LEFT_OUT else ''}")
        say(f"  sheet “{table.sheet}”, header in row {table.header_row}")
        for column in table.columns:
            sure = "said" if column.reasons == (("said",),) else f"{column.confidence:.0%}" if column.field else ""
            sample = column.samples[0] if column.samples else ""
            say(f"    {column.letter:>3}  {column.header[:28]:28}  {column.field or '–':16} {sure:>5}  {sample[:36]}")


def what_happened(made: Import) -> None:
    """How many rows became what."""
    print(
        f"{made.file_name}: {made.rows_new:,} new, {made.rows_changed:,} changed, {made.rows_unchanged:,} unchanged, "
        f"{made.rows_refused:,} refused" + (f", {made.rows_gone:,} gone" if made.options.is_whole else "")
    )
    _tell(made)
    if made.rows_refused:
        print(f"  the refused rows with their reasons: fadeno import --refused {made.id} refused.xlsx")


def what_would_happen(made: Import, seen: Preview, *, is_new: bool) -> None:
    """How many rows become what, with the first of them and of those that change; whether the source is new."""
    for row in (*seen.rows, *(row for row in seen.changing if row not in seen.rows)):
        cells = "  ".join(f"{name}={value}" for name, value in list(row.cells.items())[:5])
        print(f"  {row.number:>7}  {_fate(row):44}  {cells[:100]}")
    print(
        f"would be: {seen.new:,} new ({seen.joined:,} of customers known already), {seen.changed:,} changed, "
        f"{seen.unchanged:,} unchanged, {seen.refused_rows:,} refused"
        + (f", {seen.gone:,} gone" if made.options.is_whole else "")
    )
    for row in seen.refused[:_REASONS_SHOWN]:
        print(f"  refused, row {row.number}: {'; '.join(map(reasons.in_words, row.reasons))}")
    _tell(made, seen)
    if seen.several:
        print(f"  {seen.several:,} rows name addresses of several customers, who may be the same person")
    if seen.conflicted:
        print(f"  {seen.conflicted:,} rows changed here meanwhile too; --overwrite takes the sheet's word")
    if is_new:
        print(f"the source {made.source_name} would be made")
    if seen.changes_nothing:
        print("nothing would change: what can be read of it is known already")
    else:
        print("nothing is written; the same without --dry-run does it")


def _fate(row: ShownRow) -> str:
    match row.fate:
        case "changed" if row.changes:
            return "; ".join(f"{name}: {was or '–'} → {now or '–'}" for name, (was, now) in row.changes.items())
        case "refused":
            return "refused: " + "; ".join(map(reasons.in_words, row.reasons))
        case "joins" | "several":
            return f"{row.fate} {row.customer}, by {row.by}"
        case "twin":
            return f"same as row {row.twin_of}"
    return row.fate


def _tell(made: Import, seen: Preview | None = None) -> None:
    examples = seen.examples if seen else {}
    for code, count in sorted((seen or made).told.items()):
        is_asked = code == "bad_phone" and not made.options.region
        said = " --region US, or whichever it is, says whose they are." if is_asked else ""
        print(f"  told: {reasons.in_words(Reason(code))} {count:,} times{said and '.'}{said}")
        for value, row in examples.get(code, {}).items():
            print(f"  {row:>7}  {value}")
