"""Give it a file, and it gives rows, whatever the file is.

Pure: no database, no clock, no settings. A file is opened by what is in it and not by its name (`open_book`), looked
at (`look`: where the header is, which field each column holds and how its values are written, with confidence and
reasons), and read row by row in bounded memory (`read`). What can't be read says so with a code and a hint
(`Unreadable`); a cell that can't be understood is a `Fault` of its row with what stood there. Rows are written back as
xlsx and csv that no formula can hide in, and that read back as the same values.
"""

from fadeno.sheets.book import Book, Sheet, open_book
from fadeno.sheets.cells import Read, reader
from fadeno.sheets.countries import country_code
from fadeno.sheets.encodings import encoding_of
from fadeno.sheets.fields import FIELDS, KINDS, TARGETS, Field, field_of, is_called
from fadeno.sheets.model import (
    LIMITS,
    Column,
    Fault,
    Format,
    Guess,
    Limits,
    Notice,
    RawRow,
    Row,
    Table,
    Unreadable,
    Value,
    shown,
)
from fadeno.sheets.reading import look, read
from fadeno.sheets.writing import ROW_ID, ROW_VERSION, Out, Written, neutralised, write_csv, write_xlsx

__all__ = [
    "FIELDS",
    "KINDS",
    "LIMITS",
    "ROW_ID",
    "ROW_VERSION",
    "TARGETS",
    "Book",
    "Column",
    "Fault",
    "Field",
    "Format",
    "Guess",
    "Limits",
    "Notice",
    "Out",
    "RawRow",
    "Read",
    "Row",
    "Sheet",
    "Table",
    "Unreadable",
    "Value",
    "Written",
    "country_code",
    "encoding_of",
    "field_of",
    "is_called",
    "look",
    "neutralised",
    "open_book",
    "read",
    "reader",
    "shown",
    "write_csv",
    "write_xlsx",
]
