"""What the Cloud API of WhatsApp brings, as letters.

Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages,
as known on 2026-11-24 and in recorded payloads, not yet checked against it.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from fadeno.channels.adapters.whatsapp.words import files, list_of, mapping, text_of, told
from fadeno.channels.contract import Account, Letter, Outcome, Party, Refused, Status, Unreadable

SIGNATURE = "x-hub-signature-256"
_LATEST_S = 253_402_300_799  # the last second a date can name
_BECAME: Mapping[str, Status] = {
    "sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed",
}  # fmt: skip
_LISTS = ("messages", "statuses", "message_echoes", "calls", "user_preferences")


def handshake(query: Mapping[str, str], account: Account) -> str:
    """What Meta wants to read when it tries our address.

    Raises:
        Refused: the verify token is not that of the account.
    """
    known = account.secrets.get("verify_token", "")
    given = query.get("hub.verify_token", "")
    if not known or not hmac.compare_digest(given.encode("utf-8", "replace"), known.encode()):
        raise Refused("The verify token is not that of the account.")
    if query.get("hub.mode") != "subscribe":
        raise Refused("Only subscribing is known.")
    return query.get("hub.challenge", "")[:500]


def read(body: bytes, headers: Mapping[str, str], secret: str | None = None) -> list[Letter]:
    """The letters of all numbers and kinds a body holds.

    Raises:
        Refused: a secret is given and the signature is not made with it.
        Unreadable: it is nothing WhatsApp sends.
    """
    if secret is not None:
        _check(body, headers, secret)
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Unreadable("This is nothing WhatsApp sends.") from fault
    if not isinstance(said, dict) or not isinstance(said.get("entry"), list):
        raise Unreadable("It holds no entries.")
    return [
        letter
        for entry in map(mapping, said["entry"])
        for change in map(mapping, list_of(entry.get("changes")))
        for letter in _letters(entry, change)
    ]


def _letters(entry: dict[str, Any], change: dict[str, Any]) -> Iterator[Letter]:
    """What one change says; each letter keeps all of it but what other letters are made of."""
    value = mapping(change.get("value"))
    frame = {key: one for key, one in entry.items() if key != "changes"} | {"field": change.get("field")}
    common = {key: one for key, one in value.items() if key not in _LISTS}
    account = text_of(mapping(value.get("metadata")).get("phone_number_id"))
    found = False
    for name in _LISTS:
        for one in map(mapping, list_of(value.get(name))):
            found = True
            kept = {**frame, "value": {**common, name: [one]}}
            letter = _letter(name, one, value, kept)
            yield replace(letter, account=account, details=kept)
    if not found:
        why = " ".join(filter(None, (text_of(change.get("field")), text_of(value.get("event")))))
        errors = [mapping(one) for one in list_of(value.get("errors"))]
        kept = {**frame, "value": value}
        yield Letter(
            "notice", _digest(kept), text=_error_words(errors), why=why or "notice", account=account, details=kept,
            occurred_at=_at(entry.get("time")),
        )  # fmt: skip


def _letter(name: str, one: dict[str, Any], value: dict[str, Any], kept: dict[str, Any]) -> Letter:
    match name:
        case "messages":
            return _message(one, value)
        case "message_echoes":
            return _echo(one)
        case "statuses":
            return _status(one, kept)
        case "calls":
            why = f"call {text_of(one.get('event'))}".strip()
        case _:
            why = f"{text_of(one.get('category'))} {text_of(one.get('value'))}".strip()
    return Letter(
        "notice", _digest(kept), text=text_of(one.get("detail")), sender=_sender(one, value), why=why or name,
        occurred_at=_at(one.get("timestamp")), hints=_hints(one),
    )  # fmt: skip


def _message(said: dict[str, Any], value: dict[str, Any]) -> Letter:
    kind = text_of(said.get("type"))
    context = mapping(said.get("context"))
    answers = text_of(context.get("id"))
    letter = Letter(
        "message", _named(said), sender=_sender(said, value), occurred_at=_at(said.get("timestamp")),
        reply_to_ids=(answers,) if answers else (), hints=_hints(said),
    )  # fmt: skip
    match kind:
        case "reaction":
            reaction = mapping(said.get("reaction"))
            emoji, concerns = text_of(reaction.get("emoji")), text_of(reaction.get("message_id"))
            return replace(letter, kind="reaction", text=emoji, visible=emoji, concerns=_some(concerns))
        case "system":
            system = mapping(said.get("system"))
            return replace(
                letter, kind="notice", text=text_of(system.get("body")), why=text_of(system.get("type")) or "system"
            )
        case "edit":
            edit = mapping(said.get("edit"))
            inner = mapping(edit.get("message"))
            words, concerns = told(inner), text_of(edit.get("original_message_id"))
            return replace(
                letter, kind="edited", text=words, visible=words, attachments=tuple(files(inner)),
                concerns=_some(concerns),
            )  # fmt: skip
        case "revoke":
            concerns = text_of(mapping(said.get("revoke")).get("original_message_id"))
            return replace(letter, kind="withdrawn", concerns=_some(concerns))
    words, attached = told(said), tuple(files(said))
    if words or attached:
        return replace(letter, text=words, visible=words, attachments=attached)
    errors = [mapping(one) for one in [*list_of(said.get("errors")), *list_of(value.get("errors"))]]
    what = text_of(mapping(said.get("unsupported")).get("type")) or kind or "unknown"
    shown = _error_words(errors) or what
    return replace(letter, kind="unknown", text=shown, visible=shown, why=what)


def _echo(said: dict[str, Any]) -> Letter:
    """What we said ourselves in WhatsApp's own app, or took back or changed there."""
    edit = mapping(said.get("edit"))
    inner = mapping(edit.get("message")) or said
    concerns = text_of(edit.get("original_message_id") or mapping(said.get("revoke")).get("original_message_id"))
    words, sender = told(inner), text_of(said.get("from"))
    return Letter(
        "echo", _named(said), text=words, visible=words, sender=Party(sender) if sender else None,
        recipients=(Party(to),) if (to := text_of(said.get("to"))) else (), occurred_at=_at(said.get("timestamp")),
        attachments=tuple(files(inner)), why=text_of(said.get("type")), concerns=_some(concerns),
    )  # fmt: skip


def _status(said: dict[str, Any], kept: dict[str, Any]) -> Letter:
    became, id, who = text_of(said.get("status")), _named(said), text_of(said.get("recipient_id"))
    state, at = _BECAME.get(became), _at(said.get("timestamp"))
    who = text_of(said.get("recipient_participant_id")) or who
    if state is None or text_of(said.get("type")) == "call":
        why = f"{text_of(said.get('type'))} {became}".strip() or "status"
        return Letter("notice", _digest(kept), why=why, occurred_at=at, concerns=(id,), hints=_hints(said))
    errors = [mapping(one) for one in list_of(said.get("errors"))]
    code = text_of(mapping(errors[0]).get("code")) if errors else ""
    outcome = Outcome(who, state, code, _error_words(errors))
    name = f"{id}:{became}:{who}" if said.get("recipient_participant_id") else f"{id}:{became}"
    return Letter(
        "receipt", name, status=state, sender=Party(who) if who else None, occurred_at=at, concerns=(id,),
        outcomes=(outcome,), why="" if state == became else became, hints=_hints(said),
    )  # fmt: skip


def _sender(said: dict[str, Any], value: dict[str, Any]) -> Party | None:
    """Who wrote, with the name of their profile; somebody who hides their number is named by WhatsApp's own id."""
    from_ = text_of(said.get("from") or said.get("wa_id") or said.get("from_user_id"))
    known = [mapping(one) for one in list_of(value.get("contacts"))]
    theirs = next((one for one in known if from_ in (one.get("wa_id"), one.get("user_id")) and from_), {})
    if not theirs and len(known) == 1 and said.get("type") != "system":
        (theirs,) = known
    name = text_of(mapping(theirs.get("profile")).get("name"))
    address = from_ or text_of(theirs.get("wa_id") or theirs.get("user_id"))
    return Party(address[:200], name[:200]) if address else None


def _hints(said: dict[str, Any]) -> Mapping[str, str]:
    context, referral = mapping(said.get("context")), mapping(said.get("referral"))
    chosen = mapping(said.get("button")).get("payload")
    interactive = mapping(said.get("interactive"))
    for one in ("button_reply", "list_reply"):
        chosen = mapping(interactive.get(one)).get("id") or chosen
    hints = {
        "forwarded": "yes" if context.get("forwarded") or context.get("frequently_forwarded") else "",
        "chosen": text_of(chosen)[:500],
        "referral": text_of(referral.get("source_url"))[:500],
        "group": text_of(said.get("group_id"))[:200],
        "key": text_of(said.get("biz_opaque_callback_data"))[:200],
    }
    return {name: one for name, one in hints.items() if one}


def _error_words(errors: list[dict[str, Any]]) -> str:
    said = (text_of(mapping(one.get("error_data")).get("details")) or text_of(one.get("message")) for one in errors)
    return "; ".join(filter(None, said))[:1000]


def _named(said: dict[str, Any]) -> str:
    if not (id := text_of(said.get("id"))) or len(id) > 500:
        raise Unreadable("It does not name itself.")
    return id


def _digest(kept: dict[str, Any]) -> str:
    """A name for what WhatsApp gives none, the same for the same."""
    return f"notice:{hashlib.sha256(msgspec.json.encode(kept, order='deterministic')).hexdigest()[:32]}"


def _some(id: str) -> tuple[str, ...]:
    return (id,) if id else ()


def _at(said: Any) -> datetime | None:
    if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) < 13:
        said = int(said)
    return datetime.fromtimestamp(said, UTC) if type(said) is int and 0 < said <= _LATEST_S else None


def _check(body: bytes, headers: Mapping[str, str], secret: str) -> None:
    given = next((value for name, value in headers.items() if name.lower() == SIGNATURE), "")
    made = f"sha256={hmac.new(secret.encode(), body, 'sha256').hexdigest()}"
    if not secret or not hmac.compare_digest(given.encode("utf-8", "replace"), made.encode()):
        raise Refused("The signature is not made with this secret.")
