"""How a list that is handed out is headed and written in the language that is spoken."""

from babel.numbers import get_decimal_symbol

from fadeno import sheets
from fadeno.entry.web import words

# Columns that are only read, as they are called in English, and where the catalogues say them.
_SHOWN = {
    "known as": "known_as",
    "other addresses": "other_addresses",
    "customer": "customer",
    "source": "source",
    "variant of": "variant_of",
    "gone": "gone",
}


def decimal_mark() -> str:
    """What parts decimals in csv."""
    return "," if get_decimal_symbol(words.locale(words.spoken())) == "," else "."


def headers(what: str) -> dict[str, str]:
    """What stands above the columns of a list in the language that is spoken: the importer knows them all again."""
    lang = words.spoken()
    if lang == words.DEFAULT or what not in sheets.FIELDS:
        return {}
    fields = [field.name for field in sheets.FIELDS[what] if field.telling]
    found = {name: str(words.say(lang, f"imports.field.{name}")) for name in fields}
    return found | {name: str(words.say(lang, f"imports.shown.{key}")) for name, key in _SHOWN.items()}
