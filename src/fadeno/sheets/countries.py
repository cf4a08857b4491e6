"""Countries as people write them: by name in ten languages, by code, and by the names sheets are fond of."""

from functools import cache

from babel import Locale
from babel.core import get_global

from fadeno.sheets.fields import LANGUAGES, cyrillic, plain

_ALSO = {
    "uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
    "eire": "IE", "republic of ireland": "IE", "usa": "US", "u s a": "US", "u s": "US",
    "united states of america": "US",
    "america": "US", "rsa": "ZA", "uae": "AE", "holland": "NL", "czech republic": "CZ", "korea": "KR", "russia": "RU",
    "russian federation": "RU", "brd": "DE", "bundesrepublik deutschland": "DE", "republika srbija": "RS",
    "ee uu": "US", "eeuu": "US", "eua": "US",
    "Российская Федерация": "RU", "РФ": "RU", "США": "US", "Hong Kong": "HK", "Macau": "MO", "Macao": "MO",
    "Palestine": "PS", "فلسطين": "PS", "سلطنة عمان": "OM", "Swaziland": "SZ", "F.Y.R.O.M.": "MK", "Bonaire": "BQ",
    "St Pierre and Miquelon": "PM", "Saint Pierre and Miquelon": "PM", "الجمهورية اللبنانية": "LB", "Kosovo": "XK",
    "U.K.": "GB", "Großbritannien": "GB", "Grande-Bretagne": "GB", "Gran Bretaña": "GB", "Inglaterra": "GB",
    "Grã-Bretanha": "GB", "Nagy-Britannia": "GB", "Velika Britanija": "GB", "Vel. Britanija": "GB", "Engleska": "GB",
    "Англия": "GB", "Британия": "GB", "بريطانيا": "GB", "إنجلترا": "GB", "Britio": "GB", "Anglio": "GB",
    "Angleterre": "GB", "GER": "DE", "Tschechische Republik": "CZ", "République tchèque": "CZ",
    "República Checa": "CZ", "Češka Republika": "CZ", "BiH": "BA", "БиХ": "BA", "Bosna": "BA", "Bosnia": "BA",
    "SAD": "US", "САД": "US", "Америка": "US", "أمريكا": "US", "الولايات المتحدة الأمريكية": "US",
    "Amerikai Egyesült Államok": "US", "États-Unis d'Amérique": "US", "Estados Unidos de América": "US",
    "الإمارات": "AE", "السعودية": "SA", "KSA": "SA", "تركيا": "TR", "Hollande": "NL", "Holanda": "NL",
    "Hollandia": "NL", "Holandija": "NL", "Голландия": "NL", "هولندا": "NL", "Nederlando": "NL", "Holando": "NL",
    "Белоруссия": "BY", "Молдавия": "MD", "Китайская Народная Республика": "CN", "Южная Корея": "KR",
    "South Korea": "KR", "Südkorea": "KR", "North Korea": "KP", "Moldova": "MD", "Bolivia": "BO", "Tanzania": "TZ",
    "Venezuela": "VE", "Iran": "IR", "Syria": "SY", "Laos": "LA", "Brunei": "BN", "Taiwan": "TW", "Vatican": "VA",
    "Burma": "MM", "Ivory Coast": "CI", "Cape Verde": "CV", "DR Congo": "CD", "East Timor": "TL", "Czechia": "CZ",
    "Macedonia del Norte": "MK", "Makedonija": "MK", "Mazedonien": "MK", "Македония": "MK", "Česko": "CZ",
    "Britujo": "GB", "المجر": "HU",
    "anglia": "GB", "egyesult allamok": "US", "viet nam": "VN", "turkey": "TR", "macedonia": "MK",
}  # fmt: skip
_BETWEEN = frozenset(("and", "und", "et", "y", "i", "es", "kaj", "the", "of"))
_PLATES = {"d": "DE", "a": "AT", "f": "FR", "i": "IT", "e": "ES", "h": "HU", "srb": "RS"}


def country_code(text: str) -> str | None:
    """The two letters of ISO 3166 for a country's name or code; None when it is none we know.

    Source: Unicode CLDR, names of territories and their aliases (three letters), by Babel, 2026-11-23.
    """
    return _names().get(_key(text)) if text else None


def _key(name: str) -> str:
    """A name without the words between its parts: Bosnia & Herzegovina is Bosnia and Herzegovina."""
    words = [word for word in plain(name).split() if word not in _BETWEEN]
    return " ".join(words) or plain(name)


# Countries some of whose postcodes begin with zero, by how many digits they have.
# Others are left out, for there a shorter number is another mistake.
_ZEROED = {
    4: "NO AU ZA",
    5: "DE FR ES IT US FI TR MX UA MY",
    6: "RO SG CN KZ",
    7: "JP",
}
_ZEROED_CHARS = {code: chars for chars, codes in _ZEROED.items() for code in codes.split()}


def zeroed_chars(country: str | None) -> int | None:
    """How many digits a country's postcodes have where some begin with zero; None elsewhere."""
    return _ZEROED_CHARS.get(country or "")


@cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in (*LANGUAGES, "sr_Latn"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in ("ZZ", "EU", "EZ", "UN", "XA", "XB"):
                found.setdefault(code.lower(), code)
                found.setdefault(_key(name), code)
                if language == "sr_Latn":
                    found.setdefault(_key(cyrillic(name)), code)
                if language == "eo" and name.endswith("ujo"):
                    found.setdefault(_key(f"{name[:-3]}io"), code)
    for code, replaced in get_global("territory_aliases").items():
        if len(code) == 3 and code.isalpha() and len(replaced) == 1:
            found.setdefault(code.lower(), replaced[0])
    also = {_key(name): code for name, code in _ALSO.items()}
    return _PLATES | found | also
