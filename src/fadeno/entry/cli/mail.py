"""`fadeno mail …`: what the e-mail channel makes of a mail, nothing kept."""

import argparse
import sys
from typing import Any

import msgspec

from fadeno import channels
from fadeno.channels import Letter
from fadeno.entry.cli.frame import as_json, command, group
from fadeno.kit.errors import Invalid
from fadeno.settings import Settings

_BEGINS_MAIL = frozenset(
    {
        "from", "to", "cc", "subject", "date", "message-id", "received", "return-path", "mime-version", "content-type",
        "sender", "delivered-to", "reply-to", "x-received", "dkim-signature", "arc-seal", "authentication-results",
        "list-id",
    }
)  # fmt: skip


def register(subparsers: Any) -> None:
    """Declare `fadeno mail`."""
    mail = group(
        command(
            subparsers,
            "mail",
            "See what a mail is taken for. Nothing is kept.",
            example="fadeno mail parse --json < mail.eml",
        )
    )
    parse = command(
        mail,
        "parse",
        "Read a raw mail from standard input.",
        example="fadeno mail parse --json < mail.eml",
        run=_parse,
        lists=True,
    )
    parse.set_defaults(make_key=False)
    strip = command(
        mail,
        "strip",
        "Print what was newly written in a mail (or in a text as a mail holds it).",
        example="fadeno mail strip < mail.eml\nfadeno mail strip --quoted < mail.eml",
        run=_strip,
    )
    strip.add_argument("--quoted", action="store_true", help="print the rest instead: quotes, signature, disclaimer")
    strip.add_argument(
        "--text", action="store_true", help="it is bare text, even if it begins like the headers of a mail"
    )
    strip.set_defaults(make_key=False)


async def _parse(args: argparse.Namespace, settings: Settings) -> int:
    letter = _read(_stdin())
    if args.json:
        as_json(shown(letter))
        return 0
    for name in ("kind", "subject", "sender", "recipients", "copies", "occurred_at", "provider_id", "why", "status"):
        if value := shown(letter)[name]:
            print(f"{name + ':':14}{value if isinstance(value, str) else _line(value)}")
    for attachment in letter.attachments:
        print(f"{'attachment:':14}{attachment.name} ({attachment.type}, {attachment.size_bytes:,} bytes)")
    for one in letter.invitations:
        print(f"{'invitation:':14}{one.title}, {one.begins} – {one.ends} {one.place}".rstrip())
    print(f"\n{letter.text}")
    return 0


async def _strip(args: argparse.Namespace, settings: Settings) -> int:
    body = _stdin()
    if not args.text and _is_mail(body):
        letter = _read(body)
        stripped = (
            channels.strip_html(letter.html) if letter.html and not letter.text.strip() else channels.strip(letter.text)
        )
        if not args.quoted:
            print(letter.visible)
            return 0
    else:
        stripped = channels.strip(_decoded(body))
    print(stripped.quoted if args.quoted else stripped.visible)
    return 0


def shown(letter: Letter) -> dict[str, Any]:
    """A letter as JSON shows it: everything but what its attachments hold."""
    fields = {name: getattr(letter, name) for name in letter.__dataclass_fields__}
    fields["attachments"] = [
        {
            "name": a.name,
            "type": a.type,
            "size_bytes": a.size_bytes,
            "content_id": a.content_id,
            "is_inline": a.is_inline,
        }
        for a in letter.attachments
    ]
    fields["hints"], fields["details"] = dict(letter.hints), dict(letter.details)
    fields["sender"] = letter.sender.address or letter.sender.name if letter.sender else None
    fields["sender_name"] = letter.sender.name if letter.sender else ""
    return msgspec.to_builtins(fields)


def _line(value: Any) -> str:
    parties = [f"{one['name']} <{one['address']}>".strip() for one in value if isinstance(one, dict)]
    return ", ".join(parties[:5]) + (f" and {len(parties) - 5:,} more" if len(parties) > 5 else "")


def _read(body: bytes) -> Letter:
    return channels.adapter("email").read(body, {}, None)[0]


def _stdin() -> bytes:
    most = channels.adapter("email").label.limits.body_bytes
    body = sys.stdin.buffer.read(most + 1)
    if not body.strip():
        raise Invalid("There is nothing on standard input.", hint="Give it a mail: fadeno mail parse < mail.eml")
    return body


def _is_mail(body: bytes) -> bool:
    """Whether it begins with the headers of a mail."""
    names = set()
    for line in body.lstrip(b"\xef\xbb\xbf\r\n")[:20_000].splitlines():
        name, colon, _ = line.partition(b":")
        if line[:1] in (b" ", b"\t") and names:
            continue
        if line.startswith(b"From ") and not names:
            names.add("from")
            continue
        if not colon or not name.strip() or b" " in name.strip() or not name.isascii():
            break
        names.add(name.strip().decode().lower())
    return len(names & _BEGINS_MAIL) >= 1 and len(names) >= 2


def _decoded(body: bytes) -> str:
    read = channels.adapter("email").read
    return read(b"Content-Type: text/plain\r\nMIME-Version: 1.0\r\n\r\n" + body, {}, None)[0].text
