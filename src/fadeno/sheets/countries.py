"""Countries as people write them: by name in ten languages, by code, and by the names sheets are fond of."""

from functools import cache

from babel import Locale

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
    "anglia": "GB", "egyesult allamok": "US", "viet nam": "VN", "turkey": "TR", "macedonia": "MK", "ksa": "SA",
}  # fmt: skip
_ALPHA_3 = """
AUT AT BEL BE BGR BG BRA BR CAN CA CHE CH CHN CN CYP CY CZE CZ DEU DE DNK DK DZA DZ EGY EG ESP ES EST EE FIN FI FRA
FR GBR GB GRC GR HRV HR HUN HU IND IN IRL IE IRQ IQ ISL IS ISR IL ITA IT JOR JO JPN JP KAZ KZ KOR KR KWT KW LBN LB
LTU LT LUX LU LVA LV MAR MA MEX MX MKD MK MLT MT MNE ME NLD NL NOR NO NZL NZ POL PL PRT PT QAT QA ROU RO RUS RU SAU
SA SRB RS SVK SK SVN SI SWE SE TUN TN TUR TR UKR UA USA US ZAF ZA ARE AE ARG AR AUS AU CHL CL COL CO BIH BA
"""
_BETWEEN = frozenset(("and", "und", "et", "y", "i", "es", "kaj", "the", "of"))
_PLATES = {"d": "DE", "a": "AT", "f": "FR", "i": "IT", "e": "ES", "h": "HU", "srb": "RS"}


def country_code(text: str) -> str | None:
    """The two letters of ISO 3166 for a country's name or code; None when it is none we know."""
    return _names().get(_key(text)) if text else None


def _key(name: str) -> str:
    """A name without the words between its parts: Bosnia & Herzegovina is Bosnia and Herzegovina."""
    words = [word for word in plain(name).split() if word not in _BETWEEN]
    return " ".join(words) or plain(name)


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
    also = {_key(name): code for name, code in _ALSO.items()}
    alpha_3 = _ALPHA_3.split()
    known = {three.lower(): two for three, two in zip(alpha_3[::2], alpha_3[1::2], strict=True)}
    return _PLATES | found | known | also
