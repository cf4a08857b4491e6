"""Mails made to break their reader, or whoever looks at them: read in time, or said to be no mail, and nothing acts."""

import base64
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fadeno import channels
from fadeno.channels import Unreadable, html_to_text, safe_html

HEAD = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"
BOMBS = {
    "parts in parts": HEAD
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(5_000)),
    "many parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 100_000,
    "mails in mails": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 10_000,
    "a header of many lines": b"From: a@b.example\r\nSubject: " + b"a\r\n " * 2_000_000 + b"\r\n\r\nhi",
    "many headers": b"From: a@b.example\r\n" + b"X-A: b\r\n" * 500_000 + b"\r\nhi",
    "quotes that never end": b"From: " + b'"\\' * 300_000 + b"a@b.example\r\n\r\nhi",
    "comments that never end": b"From: " + b"(" * 300_000 + b"a@b.example\r\n\r\nhi",
    "encoded words that never end": b"From: a@b.example\r\nSubject: " + b"=?utf-8?q?" * 300_000 + b"\r\n\r\nhi",
    "ten thousand recipients": b"To: " + b", ".join(b"u%d@example.com" % i for i in range(10_000)) + b"\r\n\r\nhi",
    "a type of many parameters": HEAD + b"Content-Type: text/plain" + b"; a*0*=utf-8''x" * 200_000 + b"\r\n\r\nhi",
    "attributes without end": HTML + b"<a " + b'b="c" ' * 500_000,
    "quotes in quotes": HTML + b"<blockquote>" * 50_000,
    "letters that shift": HEAD + b"Content-Type: text/plain; charset=hz\r\n\r\n" + b"~{" * 150_000,
    "text packed small": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(b"a b\n" * 1_000_000),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_mail_made_to_take_long_does_not(bomb: str):
    begun = time.process_time()
    (letter,) = channels.adapter("email").read(BOMBS[bomb], {}, None)
    safe_html(letter.html)
    assert time.process_time() - begun < 2.5


_TYPES = st.sampled_from(
    [
        b"text/plain",
        b"text/html",
        b"multipart/mixed; boundary=x",
        b"multipart/alternative; boundary=x",
        b"text/calendar",
        b"message/rfc822",
        b"message/delivery-status",
        b"multipart/report; boundary=x",
        b"image/png; name==?utf-8?b?w6k=?=",
        b"text/plain; charset=utf-7; format=flowed",
        b"text/plain; charset=shift_jis",
        b"text/plain; charset=no\xff",
        b"/",
    ]
)
_PIECES = st.one_of(
    st.binary(max_size=60),
    st.builds(b"Content-Type: %s\r\n".__mod__, _TYPES),
    st.sampled_from(
        [
            b"\r\n\r\n",
            b"\n",
            b"--x\r\n",
            b"--x--\r\n",
            b"From: \xff <@>;,\r\n",
            b"Content-Transfer-Encoding: base64\r\n",
            b"Content-Transfer-Encoding: quoted-printable\r\n",
            b"Date: Tue, 99 Foo 99999 99:99:99 +9999\r\n",
            b"Subject: =?x?q?",
            b"BEGIN:VEVENT\r\nDTSTART;TZID=Nowhere:99999999T999999\r\n",
            b"Action: failed\r\nStatus: 5.1.1\r\n",
            b"<div><a href='",
            b"On Mon, Nov 23 wrote:\r\n> a\r\n",
            b"Message-ID: <>\r\n",
            b"Content-Disposition: attachment; filename*0*=\r\n",
        ]
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=25).map(b"".join))
def test_whatever_comes_as_a_mail_is_read_or_said_to_be_none(body: bytes):
    try:
        letters = channels.adapter("email").read(HEAD + body, {}, None)
    except Unreadable:
        return
    assert letters == channels.adapter("email").read(HEAD + body, {}, None)
    for one in letters:
        assert one.provider_id
        assert "\0" not in one.text + one.visible + one.html + one.subject
        safe_html(one.html)


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<scr<script>ipt>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<svg onload=alert(1)>",
        "<a href='jav&#x0a;ascript:alert(1)'>a</a>",
        '<a href="data:text/html,<script>alert(1)</script>">a</a>',
        "<iframe src=https://x.example></iframe>",
        "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
        "<form action=https://x.example><input>",
        "<style>@import 'https://x.example'</style>",
        '<p style="background:url(https://x.example)">a</p>',
        "<link rel=stylesheet href=https://x.example>",
        "<meta http-equiv=refresh content='0;https://x.example'>",
        "<base href=https://x.example>",
        "<img srcset='https://x.example 1x'>",
        "<body background=https://x.example>a",
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        "<!--><img src=x onerror=alert(1)>-->",
        "<table background='https://x.example'><tr><td>a",
        "<video src=https://x.example autoplay>",
        "<object data=https://x.example></object>",
        "<textarea></textarea><img/src=x/onerror=alert(1)>",
    ],
)
def test_nothing_acts_and_nothing_is_fetched_unasked(html: str):
    shown = safe_html(f"<p>Hello</p>{html}<p>bye").html.lower()
    for bad in (
        "<script",
        "onerror",
        "onload",
        "javascript:",
        "<iframe",
        "<form",
        "<style",
        "style=",
        "<link",
        "<meta",
        "<base",
        "srcset",
        "background",
        "<video",
        "<object",
        "<svg",
        "<math",
        "data:text",
        ' src="http',
    ):
        assert bad not in shown
    assert "hello" in shown
    assert "alert(1)</script" not in html_to_text(html)


def test_remote_pictures_are_shown_only_when_somebody_asks():
    html = '<img src="https://track.example/1.gif" alt="offer"><img src="cid:logo"><img src="cid:gone">'
    pictures = {"logo": "/attachments/1/logo.png"}
    hidden = safe_html(html, pictures=pictures)
    assert hidden.blocked_pictures == 1
    assert 'data-blocked-src="https://track.example/1.gif"' in hidden.html
    assert 'src="/attachments/1/logo.png"' in hidden.html
    assert 'src="https://track.example/1.gif"' in safe_html(html, pictures=pictures, show_remote=True).html.replace(
        "data-blocked-src", ""
    )


def test_an_invitation_is_readable_whatever_its_clock():
    event = (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Repair\\, second\r\n  try\r\n"
        "DTSTART;TZID=Europe/Belgrade:20261201T090000\r\nDTEND;TZID=Europe/Belgrade:20261201T100000\r\n"
        "ORGANIZER;CN=Ana:mailto:ana@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    mail = HEAD + b"Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n" + event.encode()
    (letter,) = channels.adapter("email").read(mail, {}, None)
    (found,) = letter.invitations
    assert (found.title, found.begins[:16], found.organiser) == (
        "Repair, second try",
        "2026-12-01T09:00",
        "ana@example.com",
    )
