"""How channels and kinds of address look: seven families, each channel with its own icon."""

# channel or kind of address -> (family, icon)
_LOOKS = {
    "whatsapp": ("message", "whatsapp"),
    "telegram": ("message", "telegram"),
    "messenger": ("message", "social"),
    "instagram": ("message", "social"),
    "viber": ("message", "social"),
    "signal": ("message", "social"),
    "email": ("mail", "email"),
    "phone": ("voice", "phone"),
    "sms": ("short", "sms"),
    "push": ("short", "push"),
    "web": ("web", "web"),
    "app": ("web", "push"),
    "chat": ("web", "chat"),
    "webchat": ("web", "chat"),
    "cookie": ("web", "web"),
    "device": ("web", "push"),
    "counter": ("place", "counter"),
    "till": ("place", "till"),
    "card": ("place", "till"),
    "letter": ("paper", "letter"),
    "sheet": ("paper", "sheet"),
    "fax": ("paper", "fax"),
    "server": ("house", "source"),
    "user": ("house", "people"),
    "crm": ("house", "people"),
}
# Parts of a thread that come later use these too.
_ALSO = ("handoff", "down", "risk", "clock", "check", "x", "link", "filter", "merge", "people")
ICONS = tuple(sorted({*_ALSO, *(icon for _, icon in _LOOKS.values())}))


def family(channel: str) -> str:
    """The family a channel or kind of address belongs to; what is unknown is the house's own."""
    return _LOOKS.get(channel.partition(":")[0], ("house", "link"))[0]


def icon(channel: str) -> str:
    """The icon of a channel or kind of address."""
    return _LOOKS.get(channel.partition(":")[0], ("house", "link"))[1]
