"""What a message of WhatsApp says in words, and which files come with it."""

from collections.abc import Iterator
from typing import Any

import msgspec

from fadeno.channels.contract import Attachment

_MEDIA = {
    "image": ("image/jpeg", "jpg"), "video": ("video/mp4", "mp4"), "audio": ("audio/ogg", "ogg"),
    "voice": ("audio/ogg", "ogg"), "document": ("application/octet-stream", "bin"), "sticker": ("image/webp", "webp"),
}  # fmt: skip


def told(said: dict[str, Any]) -> str:
    """Text, the words under a picture, what was chosen; places, cards, orders and forms in words."""
    kind = text_of(said.get("type"))
    part = mapping(said.get(kind))
    match kind:
        case "text":
            return text_of(part.get("body"))
        case "button":
            return text_of(part.get("text")) or text_of(part.get("payload"))
        case "interactive":
            return "\n".join(filter(None, _chosen(part)))
        case "location":
            return "\n".join(filter(None, _place(part)))
        case "contacts":
            return "\n".join(filter(None, map(_card, map(mapping, list_of(said.get("contacts"))))))
        case "order":
            return "\n".join(filter(None, _order(part)))
    return text_of(part.get("caption"))


def files(said: dict[str, Any]) -> Iterator[Attachment]:
    """The file of a message; it is fetched by its id."""
    kind = text_of(said.get("type"))
    part = mapping(said.get(kind))
    if kind in _MEDIA and (id := text_of(part.get("id"))):
        type, ending = _MEDIA[kind]
        name = text_of(part.get("filename"))[:200] or f"{kind}.{ending}"
        yield Attachment(
            name, text_of(part.get("mime_type"))[:100] or type, 0, url=text_of(part.get("url"))[:2000], provider_id=id
        )


def _chosen(part: dict[str, Any]) -> Iterator[str]:
    for one in ("button_reply", "list_reply"):
        reply = mapping(part.get(one))
        yield text_of(reply.get("title")) or text_of(reply.get("id"))
    form = mapping(part.get("nfm_reply"))
    try:
        fields = msgspec.json.decode(text_of(form.get("response_json")) or "{}")
    except (msgspec.DecodeError, RecursionError):
        fields = {}
    for key, value in mapping(fields).items():
        if key != "flow_token":
            yield f"{text_of(key)}: {text_of(value) or msgspec.json.encode(value).decode()}"
    if form and not mapping(fields):
        yield text_of(form.get("body"))
    permission = mapping(part.get("call_permission_reply"))
    if permission:
        yield f"call_permission_reply: {text_of(permission.get('response'))}"


def _place(part: dict[str, Any]) -> Iterator[str]:
    yield from (text_of(part.get(one)) for one in ("name", "address", "url"))
    if all(isinstance(part.get(one), int | float) for one in ("latitude", "longitude")):
        yield f"geo:{part['latitude']},{part['longitude']}"


def _card(one: dict[str, Any]) -> str:
    name = mapping(one.get("name"))
    said = [text_of(name.get("formatted_name")) or text_of(name.get("first_name"))]
    said += [text_of(mapping(phone).get("phone")) for phone in list_of(one.get("phones"))]
    said += [text_of(mapping(email).get("email")) for email in list_of(one.get("emails"))]
    return ", ".join(filter(None, said))


def _order(part: dict[str, Any]) -> Iterator[str]:
    yield text_of(part.get("text"))
    for item in map(mapping, list_of(part.get("product_items"))):
        price = f"{text_of(item.get('item_price'))} {text_of(item.get('currency'))}".strip()
        yield f"{text_of(item.get('quantity'))} × {text_of(item.get('product_retailer_id'))}, {price}"


def mapping(said: Any) -> dict[str, Any]:
    """It, where it is a mapping."""
    return said if isinstance(said, dict) else {}


def list_of(said: Any) -> list[Any]:
    """It, where it is a list."""
    return said if isinstance(said, list) else []


def text_of(said: Any) -> str:
    """It as text that any database takes, where it is text or a number."""
    if isinstance(said, int | float) and not isinstance(said, bool):
        return str(said)[:40]
    return said.replace("\0", "").encode("utf-8", "replace").decode() if isinstance(said, str) else ""
