"""Questions about what the company says."""

from collections.abc import Mapping
from uuid import UUID

from fadeno import access
from fadeno.access import Actor
from fadeno.content import store
from fadeno.content.model import saying as model
from fadeno.content.model.answers import MOST_ANSWERS, NoSavedAnswer, SavedAnswer, answers_found
from fadeno.content.model.calendar import KeptCalendar, NoCalendar
from fadeno.content.model.texts import KeptText, Version, in_language, said_fully, variables_in
from fadeno.db import Tx


async def calendars(tx: Tx) -> list[KeptCalendar]:
    """Every calendar, the main one first, then by name."""
    return await store.calendars(tx)


async def calendar(tx: Tx, id_: UUID) -> KeptCalendar:
    """One calendar.

    Raises:
        NoCalendar: there is none by that id.
    """
    found = await store.calendar(tx, id_)
    if found is None:
        raise NoCalendar
    return found


async def calendar_for(tx: Tx, *, calendar_id: UUID | None = None, place_id: UUID | None = None) -> KeptCalendar | None:
    """The calendar that holds: the one named, else the place's, else the main one; None where nothing is known.

    One that nothing can be told by (a place's hours nobody understands) is passed over.
    """
    usable = [one for one in await store.calendars(tx) if one.fault is None]
    ways = (
        lambda one: calendar_id is not None and one.id == calendar_id,
        lambda one: place_id is not None and one.place_id == place_id,
        lambda one: one.is_main,
    )
    return next((one for fits in ways for one in usable if fits(one)), None)


async def texts(tx: Tx) -> list[KeptText]:
    """What somebody said fadeno should say by itself; what is not here, it says in its own words."""
    return [one for one in await store.texts(tx) if one.texts]


async def text_versions(tx: Tx, id_: UUID) -> list[Version]:
    """What a text said, the latest first, 100 at most."""
    return await store.text_versions(tx, id_)


async def saying(
    tx: Tx,
    kind: str,
    language: str = "",
    channel: str = "",
    *,
    calendar_id: UUID | None = None,
    place_id: UUID | None = None,
    values: Mapping[str, str | None] | None = None,
) -> model.Saying:
    """What is said to a customer on an occasion: a text in their language, with its values in it.

    The most special text there is holds: of the calendar and the channel, of the calendar, of the channel, of all, else
    fadeno's own words. Of its languages theirs, its kin, English, any. A sentence with a place nothing is known for is
    left out. What it promises (`due_at`) is to be made a promise by whoever sends it.

    Args:
        kind: greeting, away, holiday, rating.
        language: tag of the customer's; empty = not known.
        values: what else there are places for, as `customer.first_name`.
    """
    kept = await calendar_for(tx, calendar_id=calendar_id, place_id=place_id)
    stands = model.standing(kept, tx.now) if kept else None
    tag, text, version = await _text(tx, kind, language, channel, kept.id if kept else None)
    known = dict(values or {})
    if kept and stands:
        for name, at, how in (("opens.when", stands.opens_at, "at"), ("answer.when", stands.answer_by, "by")):
            if at is not None:
                known.setdefault(name, model.told_when(at, tx.now, kept.calendar.zone, tag, how=how))
    is_promise = "answer.when" in variables_in(text) and bool(known.get("answer.when"))
    return model.Saying(
        kind,
        said_fully(text, known),
        tag,
        version,
        stands.opens_at if stands else None,
        stands.answer_by if stands and is_promise else None,
        kept.name if kept else "",
    )


async def away_now(
    tx: Tx,
    language: str = "",
    channel: str = "",
    *,
    calendar_id: UUID | None = None,
    place_id: UUID | None = None,
    values: Mapping[str, str | None] | None = None,
) -> model.Saying | None:
    """What who writes now is told by itself, because nobody is there; None while somebody is, or no hours are known.

    The same `due_at` is the same closing: who was told it already need not be told again.
    """
    kept = await calendar_for(tx, calendar_id=calendar_id, place_id=place_id)
    stands = model.standing(kept, tx.now) if kept else None
    if kept is None or stands is None or stands.is_open:
        return None
    kind = "holiday" if stands.is_holiday else "away"
    return await saying(tx, kind, language, channel, calendar_id=kept.id, values=values)


async def _text(tx: Tx, kind: str, language: str, channel: str, calendar_id: UUID | None) -> tuple[str, str, int]:
    """Language tag, text and version of what holds; 0 for our own words."""
    for one in await store.texts_of(tx, kind, channel, calendar_id):
        if one.texts and (found := in_language(one.texts, language, model.FALLBACK)):
            return *found, one.version
    own = model.own_words(kind)
    tag = model.spoken(language)
    return tag, own[tag], 0


async def saved_answers(
    tx: Tx, actor: Actor, q: str = "", *, area: str = "", language: str = "", limit: int = 50
) -> list[SavedAnswer]:
    """Saved answers of everybody and one's own by shortcut, name and words, the best first."""
    access.require(actor, "see", "answers")
    there = await store.saved_answers(tx, actor.id if actor.kind == "member" else None, 2 * MOST_ANSWERS)
    return answers_found(there, q[:200], area=area, language=language)[:limit]


async def saved_answer(tx: Tx, actor: Actor, id_: UUID) -> tuple[SavedAnswer, list[Version]]:
    """One saved answer and what it said, the latest first.

    Raises:
        NoSavedAnswer: there is none by that id, or it is somebody else's own.
    """
    access.require(actor, "see", "answers")
    found = await store.saved_answer(tx, id_)
    if found is None or found.owner_id not in (None, actor.id):
        raise NoSavedAnswer(field="id")
    return found, await store.answer_versions(tx, id_)
