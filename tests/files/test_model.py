"""What a file is, by what it holds; what it may be called."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadeno.files import SHOWN, media_type_of, safe_name
from fadeno.files.model import NAME_CHARS

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", "a")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "said", "found"),
    [
        (PNG, "text/html", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "", "image/jpeg"),
        (b"%PDF-1.7\n", "image/png", "application/pdf"),
        (_zip(), XLSX, XLSX),
        (_zip(), "image/png", "application/zip"),
        (b"a;b\n1;2\n", "text/csv; charset=utf-8", "text/csv"),
        ("Üdv\n".encode(), "image/png", "text/plain"),
        (b"  <!-- hi --><svg onload=alert(1)>", "image/png", "image/svg+xml"),
        (b"\xef\xbb\xbf<!DOCTYPE html><title>x", "image/png", "text/html"),
        (b"<script>alert(1)</script>", "image/gif", "text/html"),
        (b"\x00\x01\x02\x03\x04\x05\x06", "image/png", "application/octet-stream"),
        (b"", "image/png", "text/plain"),
    ],
)  # fmt: skip
def test_a_file_is_what_it_holds_and_not_what_is_said_of_it(content: bytes, said: str, found: str) -> None:
    assert media_type_of(content, said) == found


@given(st.binary(max_size=64), st.sampled_from(["", "image/png", "text/html", "a/b", "image/svg+xml", "nonsense"]))
def test_nothing_is_shown_as_a_picture_on_a_senders_word(content: bytes, said: str) -> None:
    found = media_type_of(content, said)
    if found in SHOWN:
        assert media_type_of(content) == found


def test_half_a_character_at_the_edge_of_what_is_looked_at_makes_no_text_unknown() -> None:
    assert media_type_of(b"a" * (256 * 1024 - 1) + "é".encode()) == "text/plain"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("számla.pdf", "számla.pdf"),
        ("فاتورة.pdf", "فاتورة.pdf"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie_ x.txt"),
        (" . ", "file"),
    ],
)
def test_a_name_can_be_saved_anywhere(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_a_safe_name_is_short_and_stays_as_it_is(name: str) -> None:
    once = safe_name(name)
    assert 0 < len(once) <= NAME_CHARS
    assert not set(once) & set('/\\\r\n\0"')
    assert safe_name(once) == once
