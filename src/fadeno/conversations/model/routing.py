"""To whom a case goes, and why. Pure.

Who answers the area, speaks the language, has the skills, is there, and has a hand free: of these whoever knows the
customer already, else who has the most hands free, else who got one the longest ago. Nobody fits = it waits.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fadeno.conversations.model.shapes import DeskMember

PRESENT_WITHIN = timedelta(minutes=5)
SKILL = "skill:"  # a tag of a case that begins so names what whoever answers it must know


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case without an owner.

    Attributes:
        knows: who owned the customer's last case.
    """

    id: UUID
    area: str
    language: str
    tags: Sequence[str] = ()
    knows: UUID | None = None


@dataclass(frozen=True, slots=True)
class Routed:
    """Whose a case is to be, and why: `knows_customer` or `most_free`; of nobody, why each was passed over.

    Attributes:
        passed_over: by member: area, language, skill, off_duty, absent, full.
    """

    owner_id: UUID | None
    because: str
    passed_over: Mapping[UUID, str]


def routed(case: Waiting, desk: Iterable[DeskMember], loads: Mapping[UUID, int], now: datetime) -> Routed:
    """To whom a case goes."""
    fitting: list[DeskMember] = []
    passed_over: dict[UUID, str] = {}
    for member in desk:
        reason = _unfit(case, member, loads.get(member.member_id, 0), now)
        if reason:
            passed_over[member.member_id] = reason
        else:
            fitting.append(member)
    if not fitting:
        return Routed(None, "nobody", passed_over)
    if any(member.member_id == case.knows for member in fitting):
        return Routed(case.knows, "knows_customer", passed_over)
    best = max(fitting, key=lambda member: (_free(member, loads), -member.member_id.int))
    return Routed(best.member_id, "most_free", passed_over)


def _free(member: DeskMember, loads: Mapping[UUID, int]) -> float:
    """Which part of a member's hands is free."""
    return 1 - loads.get(member.member_id, 0) / member.most_open


def _unfit(case: Waiting, member: DeskMember, load: int, now: datetime) -> str:
    if member.areas and case.area not in member.areas:
        return "area"
    if not _speaks(member.languages, case.language):
        return "language"
    if skills_asked(case.tags) - set(member.skills):
        return "skill"
    if not member.is_on_duty:
        return "off_duty"
    if member.seen_at is None or now - member.seen_at > PRESENT_WITHIN:
        return "absent"
    return "full" if load >= member.most_open else ""


def _speaks(languages: Collection[str], asked: str) -> bool:
    """Whether somebody speaks a language; who named none, and what names none, fits all."""
    if not languages or not asked:
        return True
    spoken = {language.casefold().partition("-")[0] for language in languages}
    return asked.casefold().partition("-")[0] in spoken


def skills_asked(tags: Iterable[str]) -> set[str]:
    """What whoever answers a case of these tags must know."""
    return {tag.removeprefix(SKILL).strip() for tag in tags if tag.startswith(SKILL)}
