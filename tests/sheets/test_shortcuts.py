"""What is quick gives what the long way gives."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fadeno import sheets
from fadeno.sheets import dates, layout, worksheet
from fadeno.sheets.fields import word_list
from fadeno.sheets.styles import Look

UNSEEN = "\u200e"  # a mark nobody sees, which the short ways do not take
SHARED = worksheet.Shared(
    since_1904=False,
    looks=[Look(), Look("date"), Look("money", currency="EUR"), Look("zeros", zeros=5), Look("time")],
    strings=["", "Anna", "_x0041_", "Müller & Co"],
    limits=sheets.Limits(columns=8, cell_chars=40),
)

numbers = st.sampled_from(
    ["0", "1", "45385", "45385.3125", "-2.5", "1E3", "00042", "x", "", "123456789012345678", "60"]
)
words = st.sampled_from(["Anna", "Béla", "", "_x0042_", "a  b", " c ", "&amp;", "a\nb", "]]", "x" * 50])
formulas = st.sampled_from(["", "<f>A1*2</f>", '<f t="shared" si="0"/>', "<f>A1&amp;B1</f>"])


@st.composite
def cells(draw: st.DrawFn) -> str:
    at = draw(st.sampled_from(["A1", "B1", "C1", "D1", "C1", "H1", "I1", "ZZ1"]))
    ref = draw(st.sampled_from([f' r="{at}"'] * 9 + [""]))
    style = draw(st.sampled_from(["", "", *(f' s="{n}"' for n in range(6))]))
    kind = draw(st.sampled_from(["", "", "n", "s", "b", "str", "e", "d"]))
    told = f' t="{kind}"' if kind else ""
    if kind == "str" and draw(st.booleans()):
        return f'<c{ref}{style} t="inlineStr"><is><t>{draw(words)}</t></is></c>'
    if draw(st.integers(0, 5)) == 0:
        return f"<c{ref}{style}{told}/>"
    value = draw(words if kind in ("str", "e") else st.sampled_from("01234") if kind == "s" else numbers)
    return f"<c{ref}{style}{told}>{draw(formulas)}<v>{value}</v></c>"


@st.composite
def sheet_data(draw: st.DrawFn) -> str:
    made = ""
    for number in range(draw(st.integers(0, 6))):
        more = draw(st.sampled_from(["", ' spans="1:8"', ' x14ac:dyDescent="0.25"', " spans='1:8'"]))
        ref = draw(st.sampled_from([f' r="{number + 1}"'] * 5 + [""]))
        inside = "".join(draw(st.lists(cells(), max_size=5)))
        made += draw(st.sampled_from(["", "", "\n"])) + f"<row{ref}{more}>{inside}</row>"
    return made


def rows(data: str, step: int) -> list | str:
    """The rows of a sheet that comes some bytes at a time, or why there are none."""
    space = 'xmlns:x14ac="x"'
    text = f"<worksheet {space}><sheetData>{data}</sheetData></worksheet>".encode()
    try:
        return list(worksheet.rows([text[at : at + step] for at in range(0, len(text), step)], SHARED))
    except sheets.Unreadable as fault:
        return fault.reason


@settings(max_examples=150, deadline=None)
@given(sheet_data(), st.sampled_from([7, 100, 10_000]))
def test_rows_of_the_plain_shape_are_what_the_parser_says(data: str, step: int):
    assert rows(data, step) == rows(f"<!-- by the parser -->{data}", 10_000)


def test_what_stands_in_a_comment_is_no_row():
    row = '<row r="1"><c r="A1"><v>1</v></c></row>'
    assert [found.number for found in rows(f'{row}<!-- <row r="2"><c r="A2"><v>1</v></c></row> -->', 10)] == [1]
    assert rows(f"{row}<row>", 10) == "broken"


days = st.from_regex(
    r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,8})?)?)?", fullmatch=True
)


@settings(max_examples=250, deadline=None)
@given(days, st.sampled_from(["dmy", "mdy", None]))
def test_a_usual_date_is_read_as_any_other(text: str, order: str | None):
    def told(text: str) -> object:
        try:
            return dates.moment(text, order)
        except dates.NoDate as fault:
            return fault.impossible

    assert told(text) == told(UNSEEN + text)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(word_list("totals"))) | st.text("aeglmrstuvo TGS'.-", max_size=9),
    st.text("aT :'-0", max_size=5),
)
def test_a_total_is_known_however_it_is_written(text: str, rest: str):
    for written in (text, text + rest, text.title() + rest, f"- {text}{rest}"):
        assert layout._is_total(written) == layout._is_total(written + "\u200b")


def test_what_was_read_before_is_read_the_same_again():
    lines = [f"K-{n % 5};{n % 7},50 €;{n % 28 + 1}.02.2024;{n % 3}" for n in range(60)] + ["K-1;x;31.02.2024;maybe"] * 2
    text = "Kundennr;Betrag;Datum;Newsletter\n" + "\n".join(lines)
    with sheets.open_book(text.encode(), name="x.csv") as book:
        found = list(sheets.read(book.sheet(), sheets.look(book.sheet(), target="customers")))
        alone = []
        for line in lines:
            part = ("Kundennr;Betrag;Datum;Newsletter\n" + line).encode()
            with sheets.open_book(part, name="x.csv") as one:
                alone.extend(sheets.read(one.sheet(), sheets.look(book.sheet(), target="customers")))
    assert [(row.values, row.extra, [fault.code for fault in row.faults]) for row in found] == [
        (row.values, row.extra, [fault.code for fault in row.faults]) for row in alone
    ]
    assert len(found) == 62
