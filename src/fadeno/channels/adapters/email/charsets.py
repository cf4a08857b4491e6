"""Bytes to text, whatever a mail says they are: the charset named, unless the bytes give it the lie."""

import codecs
import re
from functools import lru_cache

from fadeno.sheets import encoding_of

_SAMPLE_BYTES = 1 << 16
# What mails call encodings that Python knows by another name, or knows a wider one of: who says iso-8859-1 writes the
# signs of Windows, who says gb2312 writes letters beyond it. Source: https://encoding.spec.whatwg.org, 2026-11-24.
_MEANT = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "ansi": "cp1252", "x-ansi": "cp1252",
    "ansi_x3.110-1983": "cp1252", "us-ascii": "ascii", "ansi_x3.4-1968": "ascii", "x-unknown": "", "unknown-8bit": "",
    "unknown": "", "default": "", "8bit": "", "utf": "utf-8", "utf8mb4": "utf-8", "utf-8-mac": "utf-8",
    "unicode-1-1-utf-8": "utf-8", "unicode-1-1-utf-7": "utf-7", "csunicode11utf7": "utf-7", "unicode": "utf-16",
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "chinese": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030",
    "hz-gb-2312": "hz", "cn-gb": "gb18030", "ks_c_5601-1987": "cp949", "ks_c_5601-1989": "cp949", "euc-kr": "cp949",
    "korean": "cp949", "windows-949": "cp949", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932",
    "sjis": "cp932", "windows-31j": "cp932", "ms_kanji": "cp932", "iso-2022-jp": "iso2022_jp_2004",
    "cp50220": "iso2022_jp_2004", "big5": "big5hkscs", "x-x-big5": "big5hkscs", "cn-big5": "big5hkscs",
    "windows-874": "cp874", "iso-8859-11": "cp874", "tis-620": "cp874", "iso-8859-8-i": "cp1255",
    "iso-8859-8": "cp1255", "iso-8859-8-e": "cp1255", "logical": "cp1255", "visual": "cp1255", "iso-8859-9": "cp1254",
    "iso-8859-6-i": "iso8859-6", "x-mac-roman": "mac-roman", "macintosh": "mac-roman", "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-ce": "mac-latin2", "x-user-defined": "cp1252", "koi8": "koi8-r", "win-1251": "cp1251", "win1251": "cp1251",
    "windows1251": "cp1251", "windows1252": "cp1252", "windows1250": "cp1250",
}  # fmt: skip
# Codecs that are no charset of any mail, some of them slow or able to do more than read.
_NEVER = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
_HIGH_BYTE_PAIRS = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_HIGH_BYTES = tuple(bytes((byte,)) for byte in range(0x80, 0x100))
_ESCAPE_JAPANESE = re.compile(rb"\x1b\$[@B]|\x1b\(J")


@lru_cache(maxsize=512)
def codec_of(charset: str) -> str:
    """Python's name for a charset as a mail names it; empty where it names none."""
    named = charset.strip().strip("\"'").lower()[:64]
    named = _MEANT.get(named, named)
    if not named:
        return ""
    try:
        found = codecs.lookup(named)
    except (LookupError, ValueError, UnicodeError):
        match = re.search(r"(?:windows|cp|iso|utf)[-_]?\d+(?:[-_]\d+)*", named)
        if not match or match.group() == named:
            return ""
        return codec_of(match.group())
    if not found._is_text_encoding or found.name in _NEVER:
        return ""
    return found.name


def decode(content: bytes, charset: str = "") -> tuple[str, bool]:
    """The text, and whether the charset told the truth.

    UTF-8 betrays itself: bytes that are good UTF-8 beyond ASCII are hardly ever anything else, whatever a mail says.
    What is not as it was called is told by its letters.
    """
    if content.startswith(codecs.BOM_UTF8):
        return content[3:].decode("utf-8", "replace"), True
    codec = codec_of(charset) if charset else "ascii"
    if content.isascii() and not _shifts(content, codec):
        return content.decode("ascii"), bool(codec)
    if codec not in ("", "ascii") and not _belies(content, codec):
        try:
            return content.decode(codec), True
        except (UnicodeDecodeError, ValueError):
            pass
    return _undeclared(content, codec), not charset and codec == "ascii"


def _shifts(content: bytes, codec: str) -> bool:
    """Whether ASCII bytes may stand for other letters: escape sequences, UTF-7, wide characters."""
    if codec.startswith(("utf-16", "utf_16", "utf-32", "utf_32")):
        return b"\x00" in content
    return (codec in ("utf-7", "hz") and (b"+" in content or b"~" in content)) or b"\x1b" in content


def _belies(content: bytes, codec: str) -> bool:
    """Whether bytes said to be of one byte a letter are UTF-8."""
    if not codec.startswith(("cp12", "iso8859", "koi8", "mac", "cp8", "cp4")) or not _HIGH_BYTE_PAIRS.search(content):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _undeclared(content: bytes, codec: str) -> str:
    """Text of which nothing true is said."""
    if _ESCAPE_JAPANESE.search(content[:_SAMPLE_BYTES]):
        return content.decode("iso2022_jp_2004", "replace")
    head = content[:_SAMPLE_BYTES]
    guessed = encoding_of(head, whole=len(content) <= _SAMPLE_BYTES)
    if codec not in ("", "ascii") and not guessed.startswith(("utf-8", "utf-16")):
        text = content.decode(codec, "replace")
        if 2 * text.count("\ufffd") < sum(map(content.count, _HIGH_BYTES)):
            return text  # some bytes are broken; where most are, it was never what it is called
    return content.decode(guessed, "replace")
