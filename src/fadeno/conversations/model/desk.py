"""What may be said of an area and of a member of the desk. Pure."""

import re
from dataclasses import replace

from fadeno.conversations.model.shapes import Area, DeskMember
from fadeno.kit.errors import Invalid
from fadeno.kit.lists import typed

MOST_NAME_CHARS = 60
LONGEST_TARGET_S = 366 * 24 * 3600
MOST_SKILLS = 50
ASKS = ("nowhere", "chat", "everywhere")
MOST_AT_ONCE = 10_000
_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def checked_area(area: Area) -> Area:
    """An area fit to be kept.

    Raises:
        Invalid: `field` names what can't be kept.
    """
    if not _KEY.fullmatch(area.key):
        raise Invalid("An area is written in small letters.", field="key", word="bad_choice")
    name = " ".join(typed(area.name).split())
    if len(name) > MOST_NAME_CHARS:
        raise Invalid(f"Give it a name of at most {MOST_NAME_CHARS} characters.", field="name", word="no_name")
    for field in ("first_s", "next_s", "resolve_s", "next_channel_s"):
        value = getattr(area, field)
        if value is not None and not 0 < value <= LONGEST_TARGET_S:
            raise Invalid("A target is longer than nothing and at most a year.", field=field, word="bad_choice")
    if not 0 <= area.reopen_days <= 3650:
        raise Invalid("Choose 0 to 3650 days.", field="reopen_days", word="bad_choice")
    if area.asks_rating not in ASKS:
        raise Invalid(f"Choose where it asks: {', '.join(ASKS)}.", field="asks_rating", word="bad_choice")
    return replace(area, name=name)


def checked_member(member: DeskMember) -> DeskMember:
    """A member of the desk fit to be kept.

    Raises:
        Invalid: `field` names what can't be kept.
    """
    if not 0 <= member.most_open <= MOST_AT_ONCE:
        raise Invalid(f"Choose 0 to {MOST_AT_ONCE} cases at once.", field="most_open", word="bad_choice")
    if len(member.languages) > MOST_SKILLS or not all(_LANGUAGE.fullmatch(tag) for tag in member.languages):
        raise Invalid("A language is written as hu or sr-Latn.", field="languages", word="bad_choice")
    skills = sorted({" ".join(typed(skill).split()).casefold()[:40] for skill in member.skills} - {""})
    if len(skills) > MOST_SKILLS:
        raise Invalid(f"At most {MOST_SKILLS} skills are kept.", field="skills", word="bad_choice")
    return replace(member, skills=skills, areas=sorted(set(member.areas)), languages=sorted(set(member.languages)))
