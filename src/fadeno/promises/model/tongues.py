"""How nine languages promise a call or an answer, and how they tell times: word patterns over folded text.

Folded (`proposing.fold`): small letters, no accents, Serbian in Latin letters, one alef in Arabic. `{n}` stands for a
number, `{unit}` for a unit of time, `{h}` for an hour, `{m}` for its minutes, `{before}` and `{after}` for words that
shift an hour. Alternatives are tried as they stand, so the longer one comes first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

HOUR, DAY, WEEK = 60, 1440, 10_080  # minutes


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language.

    Attributes:
        call, answer: we say that we shall call, or answer, somebody.
        unless: words that make a sentence a condition, a wish or a maybe.
        never: words that deny within the clause.
        days: how many days from today; `weekdays` from Monday on; `next_week`.
        hours: words for hours; `before` and `after` shift one by minutes.
        clocks: how a time of the clock is told.
        parts: morning, noon, afternoon, evening, midnight, end (of the working day).
        numbers, units: of spans, in minutes; `spans` how one is told.
        months: beginnings of their names.
    """

    call: tuple[str, ...]
    answer: tuple[str, ...]
    unless: str
    never: str
    days: Mapping[str, int]
    weekdays: tuple[str, ...]
    next_week: str
    hours: Mapping[str, int]
    clocks: tuple[str, ...]
    parts: Mapping[str, str]
    numbers: Mapping[str, float]
    units: Mapping[str, int]
    spans: tuple[str, ...]
    months: tuple[str, ...]
    before: Mapping[str, int] | None = None
    after: Mapping[str, int] | None = None


def _counted(words: str, first: int = 1) -> dict[str, int]:
    return {word: n for n, word in enumerate(words.split(), first)}


_EN_WE = r"\b(?:i|we|someone|our \w+|my \w+)(?:'ll| will| shall|'m going to|'re going to| am going to| are going to)\b"
_EN_GAP = r"(?:(?!\b(?:you|they|he|she|who|not)\b)[^;]){0,80}?\b"

ENGLISH = Tongue(
    call=(
        rf"{_EN_WE}{_EN_GAP}(?:(?:call|ring|phone)(?:ing)? (?:you|back)|give you a (?:call|ring|bell))\b",
        rf"{_EN_WE}{_EN_GAP}be calling you\b",
    ),
    answer=(
        rf"{_EN_WE}{_EN_GAP}(?:(?:get|come|be|write) back|let you know|answer|reply|respond|be in touch)\b",
        rf"{_EN_WE}{_EN_GAP}(?:write(?: to)?|e-?mail|send|contact|update|inform|tell) you\b",
        r"\byou(?:'ll| will) (?:hear from (?:us|me)|(?:have|get|receive) (?:our|an|a|my) (?:answer|reply))\b",
        r"\bwe (?:answer|reply|respond)\b",
    ),
    unless=r"\b(?:if|unless|once|as soon as|when(?:ever)?|perhaps|maybe|try to|(?:i|we) (?:might|may|could|would))\b",
    never=r"\b(?:won't|not|can't|cannot|never|unable)\b",
    days={
        r"\bday after tomorrow\b": 2, r"\btomorrow\b": 1,
        r"\b(?:today|tonight|this (?:morning|afternoon|evening))\b": 0,
    },
    weekdays=(
        r"\bmonday\b", r"\btuesday\b", r"\bwednesday\b", r"\bthursday\b", r"\bfriday\b", r"\bsaturday\b", r"\bsunday\b",
    ),
    next_week=r"\bnext week\b",
    hours=_counted("one two three four five six seven eight nine ten eleven twelve"),
    clocks=(
        r"\b(?:at|by|before|around|about|until|till|from)\s+(?:about\s+)?{before}{h}{m}(?:\s*o'?clock)?",
        r"\b{before}{h}{m}\s*o'?clock",
    ),
    before={r"half past": 30, r"(?:a )?quarter past": 15, r"(?:a )?quarter to": -15},
    parts={
        r"\bend of (?:the )?(?:working |business )?day\b|\beod\b|\bclose of business\b": "end",
        r"(?<=\d)\s?am\b|\bmorning\b": "morning",
        r"(?<=\d)\s?pm\b|\bafternoon\b": "afternoon",
        r"\b(?:mid)?noon\b|\bmidday\b": "noon",
        r"\b(?:evening|tonight)\b": "evening",
        r"\bmidnight\b": "midnight",
    },
    numbers={
        "half an": 0.5, "a couple of": 2, "an": 1, "a": 1, "the": 1,
        **_counted("one two three four five six seven eight"),
    },
    units={
        r"min(?:ute)?s?": 1, r"half(?:-| an )hour": 30, r"(?:h|hrs?|hours?)": HOUR,
        r"(?:working |business )?days?": DAY, r"weeks?": WEEK,
    },
    spans=(r"\b(?:in|within)\s+(?:the next\s+|about\s+)?(?:{n}\s*)?{unit}\b",),
    months=("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
)  # fmt: skip

HUNGARIAN = Tongue(
    call=(
        r"\b(?:vissza|fel)?hiv(?:om|juk|lak)\b",
        r"\bfog(?:om|juk|lak) (?:onoket |ont |teged )?(?:vissza|fel)?hivni\b",
        r"\b(?:vissza|fel)? ?fog(?:om|juk|lak) hivni\b",
        r"\b(?:vissza|ra)?telefonal(?:ok|unk)\b",
        r"\bkollega(?:m|nk) (?:vissza|fel)?hivja\b",
        r"\bkeres(?:em|suk) (?:onoket |ont )?telefonon\b",
    ),
    answer=(
        r"\b(?:meg)?valaszol(?:ok|unk|om|juk)\b",
        r"\bvalaszt (?:adok|adunk|kuldok|kuldunk)\b",
        r"\b(?:vissza)?jelentkez(?:em|unk|ek)\b|\bjelentkezni fog(?:ok|unk)\b|\bvisszajelz(?:ek|unk)\b",
        r"\b(?:meg|vissza)?ir(?:ok|unk|om|juk)\b",
        r"\b(?:ertesit|tajekoztat|el?kuld|megkuld)(?:em|juk|om|jk|uk|ok|unk|jok|junk)\b",
    ),
    unless=r"\b(?:ha|amikor|amint|talan|esetleg|(?:meg)?probal\w*|szeretne)\b",
    never=r"\b(?:nem|ne|sem)\b",
    days={r"\bholnaputan\b": 2, r"\bholnap\w*\b": 1, r"\bma(?:i nap\w*)?\b": 0},
    weekdays=(
        r"\bhetfo\w*", r"\bkedd\w*", r"\bszerda\w*", r"\bcsutortok\w*", r"\bpentek\w*", r"\bszombat\w*",
        r"\bvasarnap\w*",
    ),
    next_week=r"\bjovo het\w*\b",
    hours={
        "tizenketto": 12, "tizenegy": 11, "tiz": 10, "kilenc": 9, "nyolc": 8, "het": 7, "hat": 6, "ot": 5, "negy": 4,
        "harom": 3, "ketto": 2, "egy": 1,
    },
    clocks=(r"\b{before}{h}{m}\s*-?\s*(?:kor|ig)\b", r"\b{before}{h}{m}\s*ora(?:kor|ig|ra|tajban)?\b"),
    before={"haromnegyed": -15, "negyed": -45, "fel": -30},
    parts={
        r"\bnap vege\w*|\bmunkaido vege\w*": "end",
        r"\b(?:reggel|delelott)\w*": "morning",
        r"\bdelutan\w*": "afternoon",
        r"\bdel(?:ben|ig|re|kor)\b": "noon",
        r"\best(?:e|ig)\b": "evening",
        r"\bejfel\w*": "midnight",
    },
    numbers={"fel": 0.5, "egy": 1, "ket": 2, "par": 3, "harom": 3, "negy": 4, "ot": 5, "hat": 6, "nyolc": 8, "tiz": 10},
    units={r"perc\w*": 1, r"ora(?:n|t)?": HOUR, r"(?:munka)?nap\w*": DAY, r"het(?:en)?": WEEK},
    spans=(r"\b(?:{n}\s*)?{unit}\s+(?:mulva|belul)\b",),
    months=("jan", "feb", "marc", "apr", "maj", "jun", "jul", "aug", "szep", "okt", "nov", "dec"),
)  # fmt: skip

SERBIAN = Tongue(
    call=(
        r"\b(?:po|na)?zvac(?:u|emo)\b",
        r"\bc(?:u|emo)\s+(?:vas|te)\s+(?:\w+\s+){0,4}?(?:po|na)?zvati\b",
        r"\b(?:koleg\w+|neko)\s+ce\s+vas\s+(?:\w+\s+){0,4}?(?:po|na)?zvati\b",
        r"\bzove(?:m|mo)\s+(?:vas|te)\b",
    ),
    answer=(
        r"\b(?:javi|odgovori|obavesti|posla|pisa|napisa|kontaktira)c(?:u|emo)\b",


                      r"\bc(?:u|emo)\s+(?:(?:vam|ti|vas|te|se)\s+){1,2}(?:\w+\s+){0,4}?(?:javiti|odgovoriti|pisati|poslati|obavestiti)\b",
        r"\bjavlja(?:m|mo)\s+(?:vam\s+)?se\b",
    ),
    unless=r"\b(?:ako|ukoliko|kad|kada|cim|mozda|pokusa\w*|da li|zelite li)\b",
    never=r"\b(?:ne|necu|necemo|nisam|nismo|nece)\b",
    days={r"\bprekosutra\b": 2, r"\bsutra\w*\b": 1, r"\b(?:danas|veceras|jutros)\b": 0},
    weekdays=(
        r"\bponedelj\w+", r"\butor\w+", r"\bsred[ueao]\b", r"\bcetvrt(?:ak|ka|kom)\b", r"\bpet(?:ak|ka|kom)\b",
        r"\bsubot\w+", r"\bu nedelju\b(?! dana)",
    ),
    next_week=r"\b(?:sledece|iduce|naredne) nedelje\b",
    hours={
        "dvanaest": 12, "jedanaest": 11, "petnaest": 15, "sesnaest": 16, "sedamnaest": 17, "osamnaest": 18,
        "jedan": 1, "dva": 2, "tri": 3, "cetiri": 4, "pet": 5, "sest": 6, "sedam": 7, "osam": 8, "devet": 9,
        "deset": 10,
    },
    clocks=(r"\b(?:u|do|oko|pre|posle)\s+{before}{h}{m}{after}(?:\s*(?:h|sati|casova|cas|sata))?\b",),
    before={"pola": -30},
    after={"i po": 30, "i trideset": 30, "i 30": 30, "i petnaest": 15, "i 15": 15},
    parts={
        r"\bkraja? (?:radnog )?(?:dana|vremena)\b": "end",
        r"\bujutr[uo]\b|\bpre ?podne\b|\bjutros\b": "morning",
        r"\bpo(?:sle)? ?podne\b": "afternoon",
        r"\bpodne(?:va)?\b": "noon",
        r"\b(?:uvece|veceras|veceri)\b": "evening",
        r"\bponoc\w?\b": "midnight",
    },
    numbers={
        "pola": 0.5, "jedan": 1, "jedno": 1, "jednog": 1, "dva": 2, "dve": 2, "tri": 3, "cetiri": 4,
        "pet": 5, "sest": 6,
    },
    units={
        r"minut\w*": 1, r"sat\w*(?: vremena)?|h|cas\w*": HOUR, r"(?:radn\w+ )?dan\w*": DAY,
        r"nedelj\w+(?: dana)?": WEEK,
    },
    spans=(r"\b(?:za|u roku od|kroz|u (?:narednih?|sledecih?))\s+(?:{n}\s*)?{unit}\b",),
    months=("jan", "feb", "mar", "apr", "maj", "jun", "jul", "avg", "sep", "okt", "nov", "dec"),
)  # fmt: skip

RUSSIAN = Tongue(
    call=(
        r"\b(?:пере|по)звон(?:ю|им)\b",
        r"\b(?:пере|по)звон(?:ит|ят) вам\b|\bвам (?:\w+ ){0,4}?(?:пере|по)звон(?:ит|ят)\b",
        r"\bнабер(?:у|ем) вас\b",
    ),
    answer=(
        r"\b(?:отвечу|ответим|напишу|напишем|сообщу|сообщим|пришлю|пришлем|отправлю|отправим|вышлю|вышлем)\b",
        r"\b(?:свяжусь|свяжемся|вернусь|вернемся)\b",
        r"\b(?:дам|дадим) (?:вам )?(?:ответ|знать)\b",
    ),
    unless=r"\b(?:если|когда|как только|возможно|постара\w*|попробу\w*|может быть|хотите)\b",
    never=r"\bне\b(?! поз)|\bнет\b",
    days={r"\bпослезавтра\b": 2, r"\bзавтра\w*\b": 1, r"\bсегодня\w*\b": 0},
    weekdays=(
        r"\bпонедельник\w*", r"\bвторник\w*", r"\bсред[уые]\b", r"\bчетверг\w*", r"\bпятниц\w*", r"\bсуббот\w*",
        r"\bвоскресень\w*",
    ),
    next_week=r"\bна следующей неделе\b",
    hours={
        "двенадцати": 12, "двенадцать": 12, "двенадцатого": 12, "одиннадцати": 11, "одиннадцать": 11,
        "одиннадцатого": 11, "десятого": 10, "десяти": 10, "десять": 10, "девятого": 9, "девяти": 9, "девять": 9,
        "восьмого": 8, "восьми": 8, "восемь": 8, "седьмого": 7, "семи": 7, "семь": 7, "шестого": 6, "шести": 6,
        "шесть": 6, "пятого": 5, "пяти": 5, "пять": 5, "четвертого": 4, "четырех": 4, "четыре": 4, "третьего": 3,
        "трех": 3, "три": 3, "второго": 2, "двух": 2, "два": 2, "первого": 1, "часу": 1, "часа": 1, "час": 1,
    },
    clocks=(r"\b(?:в|во|к|до|около|после|позже|позднее)\s+{before}{h}{m}(?:\s*(?:час(?:ов|а|у)?|ч)\b)?",),
    before={"половин[ауе]": -30, "пол": -30},
    parts={
        r"\bконца (?:рабочего )?дня\b": "end",
        r"\bутр(?:ом|а)\b|\bпервой половине дня\b": "morning",
        r"\bпол(?:удня|день|удню)\b": "noon",
        r"\bднем\b|\b(?:второй половине )?дня\b|\bпосле обеда\b": "afternoon",
        r"\bвечер(?:ом|а)\b": "evening",
        r"\bпол(?:ночь|уночи)\b": "midnight",
    },
    numbers={
        "один": 1, "одного": 1, "одну": 1, "пару": 2, "два": 2, "две": 2, "двух": 2, "три": 3, "трех": 3, "четыре": 4,
        "четырех": 4, "пять": 5, "пяти": 5,
    },
    units={
        r"минут\w*": 1, r"полу?часа": 30, r"час\w*|ч": HOUR, r"(?:рабоч\w+ )?(?:дн\w+|день|суток|сутки)": DAY,
        r"недел\w+": WEEK,
    },
    spans=(r"\b(?:через|в течение|в ближайшие|в ближайший)\s+(?:{n}\s*)?{unit}\b",),
    months=(
        "январ", "феврал", "март", "апрел", "ма[йя]", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр",
    ),
)  # fmt: skip

ARABIC = Tongue(
    call=(
        r"\bسا(?:تصل|كلم|هاتف)\w*",
        r"\bسن(?:تصل|كلم|هاتف)\w*",
        r"\bسوف [ان](?:تصل|كلم)\w*",
        r"\bس[ان]عاود الاتصال\b",
        r"\bسيتصل بكم? (?:احد )?(?:ال)?زم\w+",
    ),
    answer=(
        r"\bسا(?:رد|جيب|كتب|رسل|خبر|بلغ|تواصل|عود)\w*",
        r"\bسن(?:رد|جيب|كتب|رسل|خبر|بلغ|تواصل|عود)\w*",
        r"\bسوف [ان](?:رد|جيب|تواصل|كتب|رسل)\w*",
        r"\bسيصلكم? رد\w*",
    ),
    unless=r"\b(?:اذا|لو|ربما|عندما|حالما|في حال|س[ان]حاول)\b",
    never=r"\b(?:لن|لا|لم|ليس)\b",
    days={r"\bبعد (?:ال)?غدا?\b": 2, r"\b(?:ال)?غدا?\b|\bبكره\b": 1, r"\bاليوم\b": 0},
    weekdays=(
        r"\bالاثنين\b", r"\bالثلاثاء\b", r"\bالاربعاء\b", r"\bالخميس\b", r"\bالجمعه\b", r"\bالسبت\b", r"\bالاحد\b",
    ),
    next_week=r"\bالاسبوع (?:القادم|المقبل)\b",
    hours={
        r"الحاديه عشره?": 11, r"الثانيه عشره?": 12, "الواحده": 1, "الثانيه": 2, "الثالثه": 3, "الرابعه": 4,
        "الخامسه": 5, "السادسه": 6, "السابعه": 7, "الثامنه": 8, "التاسعه": 9, "العاشره": 10,
    },
    clocks=(
        r"\bالساعه\s+{h}{m}{after}",
        r"\b(?:في|عند|قبل|حتي|بحلول)\s+(?:تمام\s+)?(?:الساعه\s+)?{h}{m}{after}",
    ),
    after={"والنصف": 30, "والربع": 15, "الا (?:ال)?ربعا?": -15},
    parts={
        r"\bنهايه (?:اليوم|الدوام|العمل)\b": "end",
        r"\bصباحا?\b|\bالصباح\b": "morning",
        r"\bبعد الظهر\b|\bعصرا\b|\bالعصر\b": "afternoon",
        r"\bظهرا?\b|\bالظهر\b": "noon",
        r"\bمساء\b|\bالمساء\b": "evening",
        r"\bمنتصف الليل\b": "midnight",
    },
    numbers={r"ثلاثه?": 3, r"اربعه?": 4, r"خمسه?": 5, r"سته?": 6, r"عشره?": 10},
    units={
        "دقيقتين": 2, r"دقيقه|دقائق": 1, "نصف ساعه": 30, "ساعتين": 2 * HOUR, r"ساعه|ساعات": HOUR, "يومين": 2 * DAY,
        r"يوما?(?: عمل)?|ايام(?: عمل)?": DAY, "اسبوعين": 2 * WEEK, r"اسبوع|اسابيع": WEEK,
    },
    spans=(r"\b(?:خلال|بعد|في غضون)\s+(?:{n}\s*)?{unit}\b",),
    months=(
        "يناير", "فبراير", "مارس", "ابريل", "مايو", "يونيو", "يوليو", "اغسطس", "سبتمبر", "اكتوبر", "نوفمبر", "ديسمبر",
    ),
)  # fmt: skip

ESPERANTO = Tongue(
    call=(r"\b(?:mi|ni|nia \w+)\s+(?:\w+\s+){0,4}?(?:re)?(?:vokos|telefonos)\b",),
    answer=(r"\b(?:mi|ni)\s+(?:\w+\s+){0,4}?(?:respondos|reskribos|skribos|informos|sendos|kontaktos|sciigos)\b",),
    unless=r"\b(?:se|kiam|eble|provos)\b",
    never=r"\bne\b",
    days={r"\bpostmorgau\b": 2, r"\bmorgaua?\b": 1, r"\bhodiaua?\b": 0},
    weekdays=(
        r"\blund\w+", r"\bmard\w+", r"\bmerkred\w+", r"\bjaud\w+", r"\bvendred\w+", r"\bsabat\w+", r"\bdiman[cĉ]\w+",
    ),
    next_week=r"\bvenontan? semajno\w?\b",
    hours={
        "dek-?unua": 11, "dek-?dua": 12, "dek-?tria": 13, "dek-?kvara": 14, "dek-?kvina": 15, "dek-?sesa": 16,
        "unua": 1, "dua": 2, "tria": 3, "kvara": 4, "kvina": 5, "sesa": 6, "sepa": 7, "oka": 8, "naua": 9, "deka": 10,
        "dek": 10,
    },
    clocks=(r"\b(?:je|gis|antau|cirkau)\s+(?:la\s+)?{h}(?:-a)?{m}(?:\s+horo)?{after}",),
    after={"kaj duono": 30, "kaj kvarono": 15},
    parts={
        r"\bfino de la (?:labor)?tago\b": "end",
        r"\bmaten\w+|\bantautagmez\w+": "morning",
        r"\bposttagmez\w+": "afternoon",
        r"\btagmez\w+": "noon",
        r"\bvesper\w+": "evening",
        r"\bnoktomez\w+": "midnight",
    },
    numbers={**_counted("unu du tri kvar kvin ses sep ok nau dek")},
    units={r"minutoj?": 1, r"duonhoro": 30, r"horoj?": HOUR, r"(?:labor)?tagoj?": DAY, r"semajnoj?": WEEK},
    spans=(r"\b(?:post|ene de|en la dauro de)\s+(?:{n}\s*)?{unit}\b",),
    months=(
        "januar", "februar", "mart", "april", "maj", "juni", "juli", "august", "septembr", "oktobr",
        "novembr", "decembr",
    ),
)  # fmt: skip
