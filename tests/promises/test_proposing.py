"""What is proposed as a promise while somebody writes, and what is not."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadeno.promises import proposed_in

ZONE = "Europe/Belgrade"
NOW = datetime(2026, 11, 24, 11, 30, tzinfo=ZoneInfo(ZONE))  # a Tuesday

CALLS = [
    ("en", "I'll call you at ten.", "11-25 10:00"),
    ("en", "I'll call you at 4.", "11-24 16:00"),
    ("en", "I will ring you back tomorrow at half past ten", "11-25 10:30"),
    ("en", "Thanks! Our technician will call you on Friday afternoon.", "11-27 17:00"),
    ("en", "I'll check with the shop and give you a call at 3 p.m. today.", "11-24 15:00"),
    ("en", "Good morning, I'll call you tomorrow at 3.", "11-25 15:00"),
    ("en", "I’ll call you in half an hour.", "11-24 12:00"),
    ("en", "I'll call you on 5 May at 9.", "05-05 09:00"),
    ("hu", "Visszahívom holnap 10-kor.", "11-25 10:00"),
    ("hu", "Holnapután délután háromkor felhívom Önt.", "11-26 15:00"),
    ("hu", "Fél tízkor hívom.", "11-25 09:30"),
    ("hu", "Két órán belül visszahívjuk.", "11-24 13:30"),
    ("sr", "Zvaću vas sutra u 10.", "11-25 10:00"),
    ("sr", "Позваћу вас у петак у пола десет.", "11-27 09:30"),
    ("sr", "Nazvaćemo vas danas posle podne u 4.", "11-24 16:00"),
    ("ru", "Перезвоню в 10.", "11-25 10:00"),
    ("ru", "Я перезвоню вам завтра в половине десятого.", "11-25 09:30"),
    ("ru", "Позвоним через полчаса.", "11-24 12:00"),
    ("ar", "سأتصل بك غداً الساعة 10", "11-25 10:00"),
    ("ar", "سنتصل بكم يوم الخميس الساعة العاشرة والنصف صباحاً.", "11-26 10:30"),
    ("ar", "سأعاود الاتصال خلال ساعتين", "11-24 13:30"),
    ("eo", "mi vokos vin je la deka", "11-25 10:00"),
    ("eo", "Mi revokos vin postmorgaŭ je la tria posttagmeze.", "11-26 15:00"),
    ("de", "Ich rufe Sie morgen um halb zehn zurück.", "11-25 09:30"),
    ("fr", "Je vous rappelle demain à 10h30.", "11-25 10:30"),
    ("es", "Le llamaré mañana a las 10 y media.", "11-25 10:30"),
    ("es", "Le llamo mañana a las diez.", "11-25 10:00"),
]
ANSWERS = [
    ("en", "We'll get back to you by tomorrow noon.", "11-25 12:00"),
    ("en", "We answer by 10:00 tomorrow.", "11-25 10:00"),
    ("en", "You will hear from us within 24 hours.", "11-25 11:30"),
    ("en", "I'll let you know by the end of the day.", "11-24 17:00"),
    ("en", "We'll reply within two working days.", "11-26 17:00"),
    ("en", "We will write to you next week.", "12-04 17:00"),
    ("en", "I'll write back on Tuesday.", "12-01 17:00"),
    ("hu", "Legkésőbb holnap délig válaszolunk.", "11-25 12:00"),
    ("hu", "Jelentkezem december 3-án.", "12-03 17:00"),
    ("sr", "Javićemo vam se do sutra u podne.", "11-25 12:00"),
    ("sr", "Odgovorićemo u roku od 24 sata.", "11-25 11:30"),
    ("sr", "Javiću vam se 3.12. do 15:30.", "12-03 15:30"),
    ("ru", "Ответим до завтра, до 12:00.", "11-25 12:00"),
    ("ru", "Ответим не позднее пятницы.", "11-27 17:00"),
    ("ar", "سنرد عليك خلال ٢٤ ساعة.", "11-25 11:30"),
    ("eo", "Ni respondos ĝis morgaŭ tagmeze.", "11-25 12:00"),
    ("de", "Wir melden uns bis morgen Mittag bei Ihnen.", "11-25 12:00"),
    ("fr", "Nous vous répondrons demain avant midi.", "11-25 12:00"),
    ("es", "Sí, le responderemos mañana al mediodía.", "11-25 12:00"),
]
NOTHING = [
    ("en", "Shall I call you tomorrow at ten?"),
    ("en", "Please call us tomorrow at 10."),
    ("en", "You can call us at 10."),
    ("en", "I called you yesterday at 10."),
    ("en", "I won't be able to call you tomorrow at ten."),
    ("en", "If you like, I'll call you tomorrow at ten."),
    ("en", "I'll try to call you tomorrow."),
    ("en", "I can call you tomorrow at ten."),
    ("en", "I'll call you back."),
    ("en", "I'll wait for you to call back tomorrow at ten."),
    ("en", "We open tomorrow at 10."),
    ("en", "Your parcel arrives tomorrow at ten."),
    ("en", "> I'll call you at ten"),
    ("en", "I'll call you today at 9."),
    ("en", "I'll send you order 10-4471."),
    ("en", "We'll send you the refund of 10 EUR."),
    ("hu", "Hívjon minket holnap 10-kor."),
    ("hu", "Ha szeretné, holnap 10-kor visszahívom."),
    ("hu", "Sajnos holnap 10-kor nem hívom."),
    ("hu", "Holnap 10-kor nyitunk."),
    ("sr", "Pozovite nas sutra u 10."),
    ("sr", "Neću vas zvati sutra u 10."),
    ("sr", "Ako želite, zvaću vas sutra u 10."),
    ("ru", "Перезвоните нам завтра в 10."),
    ("ru", "Я не перезвоню завтра в 10."),
    ("ru", "Если хотите, я перезвоню в 10."),
    ("ar", "هل أتصل بك غداً الساعة 10؟"),
    ("ar", "اتصل بنا غداً الساعة 10"),
    ("ar", "لن سأتصل بك غداً الساعة 10"),
    ("eo", "Bonvolu voki nin morgaŭ je la deka."),
    ("eo", "Mi ne vokos vin morgaŭ je la deka."),
    ("de", "Rufen Sie uns morgen um 10 Uhr an."),
    ("de", "Wenn Sie möchten, rufe ich Sie morgen um 10 an."),
    ("fr", "Appelez-nous demain à 10h."),
    ("es", "Llámenos mañana a las 10."),
]


def due(at: str) -> datetime:
    month_day = datetime.strptime(f"2026-{at}", "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(ZONE))
    return month_day if month_day > NOW else month_day.replace(year=2027)


@pytest.mark.parametrize(
    ("kind", "language", "text", "at"),
    [("call_back", *one) for one in CALLS] + [("answer_by", *one) for one in ANSWERS],
)
def test_what_we_say_we_shall_do_by_a_time_is_proposed(kind: str, language: str, text: str, at: str):
    (proposed,) = proposed_in(text, language, NOW, ZONE)
    assert (proposed.kind, proposed.due_at.astimezone(ZoneInfo(ZONE))) == (kind, due(at))


@pytest.mark.parametrize(("language", "text"), NOTHING)
def test_what_is_asked_denied_past_or_for_others_to_do_is_not(language: str, text: str):
    assert proposed_in(text, language, NOW, ZONE) == []


def test_the_language_is_found_where_another_was_expected_and_the_sentence_is_kept():
    text = (
        "Dear Jelena,\n\nthank you. Visszahívom   holnap 10-kor. Is that fine? I'll write to you on Friday.\n\n> at ten"
    )
    said = [(one.kind, one.said) for one in proposed_in(text, "en", NOW, ZONE)]
    assert said == [("call_back", "Visszahívom holnap 10-kor."), ("answer_by", "I'll write to you on Friday.")]


@given(st.text(alphabet="I'llcayou at10.:;,?\n>§ ترsа", max_size=200) | st.text(max_size=200))
def test_no_text_breaks_it_and_only_times_to_come_are_proposed(text: str):
    for one in proposed_in(f"I'll call you {text}", "en", NOW, ZONE):
        assert NOW.astimezone(UTC) < one.due_at
