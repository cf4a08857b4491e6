"""What Telegram tells a bot, as letters.

Source: https://core.telegram.org/bots/api#update, as known on 2026-11-24, not yet checked against it.
"""

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from fadeno.channels.contract import Attachment, Letter, Party, Refused, Unreadable

SIGNATURE = "x-telegram-bot-api-secret-token"
_LATEST_S = 253_402_300_799  # the last second a date can name
_FILES = {
    "document": "application/octet-stream", "video": "video/mp4", "animation": "video/mp4", "audio": "audio/mpeg",
    "voice": "audio/ogg", "video_note": "video/mp4", "sticker": "image/webp",
}  # fmt: skip
_ENDINGS = {"video/mp4": "mp4", "audio/mpeg": "mp3", "audio/ogg": "ogg", "image/webp": "webp"}
_SERVICE = (
    "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo",
    "group_chat_created", "supergroup_chat_created", "channel_chat_created", "message_auto_delete_timer_changed",
    "migrate_to_chat_id", "migrate_from_chat_id", "pinned_message", "write_access_allowed", "chat_background_set",
)  # fmt: skip
_UPDATES = ("message", "edited_message", "callback_query", "message_reaction", "my_chat_member")


def read(body: bytes, headers: Mapping[str, str], secret: str | None = None) -> list[Letter]:
    """The letters an update holds; none where it is not about somebody who writes to us.

    Raises:
        Refused: a secret is given and was not sent along.
        Unreadable: it is nothing Telegram sends.
    """
    if secret is not None:
        _check(headers, secret)
    try:
        update = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Unreadable("This is no update of Telegram.") from fault
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        raise Unreadable("It names no update_id.")
    name = next((one for one in _UPDATES if isinstance(update.get(one), dict)), "")
    said = _dict(update.get(name))
    match name:
        case "message":
            return [_message(said)]
        case "edited_message":
            return [_edited(said)]
        case "callback_query":
            return [_chosen(said)]
        case "message_reaction":
            return [_reaction(said, update["update_id"])]
        case "my_chat_member":
            return [_standing(said, update["update_id"])]
    return [Letter("notice", f"update:{update['update_id']}", why=_kinds(update), details=update)]


def _message(said: dict[str, Any]) -> Letter:
    sender, id = _who(said), _id(said)
    files, words = tuple(_files(said)), _text(said.get("text")) or _text(said.get("caption"))
    told = words or "\n".join(_told(said))
    group = _dict(said.get("chat")).get("type") not in ("private", None)
    hints = {
        "language": _text(_dict(said.get("from")).get("language_code"))[:20],
        "group": _text(_dict(said.get("chat")).get("title"))[:200] if group else "",
        "forwarded": "yes" if said.get("forward_origin") or said.get("forward_date") else "",
    }
    kind = "message" if told or files else "notice" if any(one in said for one in _SERVICE) else "unknown"
    return Letter(
        kind, id, text=told or ("" if files else _kinds(said)), visible=told or ("" if files else _kinds(said)),
        sender=sender, occurred_at=_at(said.get("date")), attachments=files,
        why="" if kind == "message" else _kinds(said), reply_to_ids=tuple(_answers(said)),
        hints={name: value for name, value in hints.items() if value}, details=said,
    )  # fmt: skip


def _edited(said: dict[str, Any]) -> Letter:
    letter = _message(said)
    at = _at(said.get("edit_date")) or letter.occurred_at
    id = f"{letter.provider_id}:edited:{said.get('edit_date') if isinstance(said.get('edit_date'), int) else 0}"
    return replace(letter, kind="edited", provider_id=id, occurred_at=at, why="", concerns=(letter.provider_id,))


def _chosen(said: dict[str, Any]) -> Letter:
    """A button that was pressed: its words, as the message it stands under shows them."""
    data, under = _text(said.get("data")), _dict(said.get("message"))
    rows = _list(_dict(under.get("reply_markup")).get("inline_keyboard"))
    buttons = [_dict(one) for row in rows for one in _list(row)]
    label = next((_text(one.get("text")) for one in buttons if one.get("callback_data") == data and data), "")
    id = _text(said.get("id"))
    if not id:
        raise Unreadable("The button that was pressed names no id.")
    words = label or data or "?"
    answers = (_id(under),) if _is_whole(under) else ()
    return Letter(
        "message", f"callback:{id}", text=words, visible=words, sender=_party(_dict(said.get("from"))),
        reply_to_ids=answers, hints={"chosen": data[:500]} if data else {}, details=said,
    )  # fmt: skip


def _reaction(said: dict[str, Any], update_id: int) -> Letter:
    who = _dict(said.get("user")) or _dict(said.get("actor_chat"))
    shown = [_dict(one) for one in _list(said.get("new_reaction"))]
    text = "".join(_text(one.get("emoji")) or "★" for one in shown)
    return Letter(
        "reaction", f"update:{update_id}", text=text, visible=text, sender=_party(who),
        occurred_at=_at(said.get("date")), concerns=(_id(said),), details=said,
    )  # fmt: skip


def _standing(said: dict[str, Any], update_id: int) -> Letter:
    """Somebody blocked the bot, or let it write again."""
    why = _text(_dict(said.get("new_chat_member")).get("status")) or "member"
    at = _at(said.get("date"))
    sender = _party(_dict(said.get("from")))
    return Letter("notice", f"update:{update_id}", sender=sender, occurred_at=at, why=why, details=said)


# What stands in it --------------------------------------------------------------------------------------------------


def _who(said: dict[str, Any]) -> Party:
    return _party(_dict(said.get("from")) or _dict(said.get("sender_chat")) or _dict(said.get("chat")))


def _party(who: dict[str, Any]) -> Party:
    id = who.get("id")
    if isinstance(id, bool) or not isinstance(id, int):
        raise Unreadable("It does not say who wrote it.")
    name = " ".join(filter(None, (_text(who.get("first_name")), _text(who.get("last_name")))))
    return Party(str(id), (name or _text(who.get("title")) or _text(who.get("username")))[:200])


def _is_whole(said: dict[str, Any]) -> bool:
    return type(said.get("message_id")) is int and type(_dict(said.get("chat")).get("id")) is int


def _id(said: dict[str, Any]) -> str:
    """Numbers of messages are counted within a chat, so both name one."""
    if not _is_whole(said):
        raise Unreadable("It names neither itself nor its chat.")
    return f"{said['chat']['id']}:{said['message_id']}"


def _answers(said: dict[str, Any]) -> Iterator[str]:
    before = _dict(said.get("reply_to_message"))
    if _is_whole(before):
        yield _id(before)


def _told(said: dict[str, Any]) -> Iterator[str]:
    """Places, people, polls and dice in words."""
    venue, place = _dict(said.get("venue")), _dict(said.get("location"))
    yield from filter(None, (_text(venue.get("title")), _text(venue.get("address"))))
    place = _dict(venue.get("location")) or place
    if all(isinstance(place.get(one), int | float) for one in ("latitude", "longitude")):
        yield f"geo:{place['latitude']},{place['longitude']}"
    if contact := _dict(said.get("contact")):
        yield " ".join(filter(None, map(_text, map(contact.get, ("first_name", "last_name", "phone_number")))))
    if poll := _dict(said.get("poll")):
        yield _text(poll.get("question"))
        yield from (f"– {_text(_dict(one).get('text'))}" for one in _list(poll.get("options")))
    if dice := _dict(said.get("dice")):
        yield f"{_text(dice.get('emoji'))} {dice.get('value')}"


def _files(said: dict[str, Any]) -> Iterator[Attachment]:
    sizes = [_dict(one) for one in _list(said.get("photo"))]
    if sizes:
        largest = max(sizes, key=lambda one: _number(one.get("file_size")) or _number(one.get("width")))
        yield from _file(largest, "photo.jpg", "image/jpeg")
    for name, type in _FILES.items():
        # An animation is said a second time as a document, for programs that do not know animations.
        if (file := _dict(said.get(name))) and not (name == "document" and "animation" in said):
            yield from _file(file, f"{name}.{_ENDINGS.get(type, 'bin')}", type)


def _file(file: dict[str, Any], name: str, type: str) -> Iterator[Attachment]:
    if id := _text(file.get("file_id")):
        type = _text(file.get("mime_type"))[:100] or type
        name = _text(file.get("file_name"))[:200] or name
        yield Attachment(name, type, _number(file.get("file_size")), provider_id=id)


def _kinds(said: dict[str, Any]) -> str:
    """What it holds that is not understood, by Telegram's names."""
    known = ("message_id", "from", "chat", "date", "update_id", "sender_chat", "edit_date", "reply_to_message")
    return ", ".join(_text(name) for name in said if name not in known)[:200] or "empty"


def _at(said: Any) -> datetime | None:
    return datetime.fromtimestamp(said, UTC) if type(said) is int and 0 < said <= _LATEST_S else None


def _number(said: Any) -> int:
    return said if type(said) is int and 0 <= said < 1 << 53 else 0


def _dict(said: Any) -> dict[str, Any]:
    return said if isinstance(said, dict) else {}


def _list(said: Any) -> list[Any]:
    return said if isinstance(said, list) else []


def _text(said: Any) -> str:
    return said.replace("\0", "").encode("utf-8", "replace").decode() if isinstance(said, str) else ""


def _check(headers: Mapping[str, str], secret: str) -> None:
    given = next((value for name, value in headers.items() if name.lower() == SIGNATURE), "")
    if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
        raise Refused("The secret token is not that of the account.")
