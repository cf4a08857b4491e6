"""The same of German, French and Spanish."""

from fadeno.promises.model.tongues import DAY, HOUR, WEEK, Tongue

_DE_WE = r"\b(?:ich|wir)\s+werden?\b.{0,80}?\b"

GERMAN = Tongue(
    call=(
        r"\b(?:ich\s+rufe|wir\s+rufen|rufe\s+ich|rufen\s+wir)\s+(?:sie|dich|euch)\b",
        rf"{_DE_WE}(?:anrufen|zuruckrufen)\b",
        r"\b(?:ich\s+melde\s+mich|wir\s+melden\s+uns)\b.{0,80}?\btelefonisch\b",
    ),
    answer=(
        r"\b(?:ich\s+melde\s+mich|wir\s+melden\s+uns|melde\s+ich\s+mich|melden\s+wir\s+uns)\b",
        r"\b(?:ich\s+antworte|wir\s+antworten|antworte\s+ich|antworten\s+wir)\b",
        rf"{_DE_WE}(?:antworten|melden|schreiben|schicken|senden|informieren|bescheid geben)\b",
        r"\b(?:ich\s+(?:schicke|sende|schreibe|gebe)|wir\s+(?:schicken|senden|schreiben|geben))\s+(?:ihnen|dir|euch)\b",
        r"\bsie\s+(?:horen|bekommen|erhalten)\b.{0,60}?\b(?:von\s+(?:mir|uns)|antwort)\b",
    ),
    unless=r"\b(?:wenn|falls|sobald|vielleicht|versuch\w*|konnten?|wurden?|gegebenenfalls)\b",
    never=r"\b(?:nicht|kein\w*|nie)\b",
    days={r"\bubermorgen\b": 2, r"(?<!am )\bmorgen\b": 1, r"\bheute\b": 0},
    weekdays=(
        r"\bmontag\w*", r"\bdienstag\w*", r"\bmittwoch\w*", r"\bdonnerstag\w*", r"\bfreitag\w*", r"\bsamstag\w*",
        r"\bsonntag\w*",
    ),
    next_week=r"\bnachste[rn]? woche\b",
    hours={
        "zwolf": 12, "elf": 11, "zehn": 10, "neun": 9, "acht": 8, "sieben": 7, "sechs": 6, "funf": 5,
        "vier": 4, "drei": 3,
        "zwei": 2, "eins": 1, "ein": 1,
    },
    clocks=(r"\b(?:um|bis|gegen|vor|ab)\s+{before}{h}{m}(?:\s*uhr)?", r"\b{before}{h}{m}\s*uhr\b"),
    before={"halb": -30, "viertel vor": -15, "viertel nach": 15},
    parts={
        r"\b(?:tagesende|ende des tages|feierabend|geschaftsschluss)\b": "end",
        r"\b(?:vormittag\w*|fruh|am morgen|morgens)\b": "morning",
        r"\bnachmittag\w*": "afternoon",
        r"\bmittag\w*": "noon",
        r"\babend\w*": "evening",
        r"\bmitternacht\b": "midnight",
    },
    numbers={"halben": 0.5, r"eine[rnms]?": 1, "ein": 1, "zwei": 2, "drei": 3, "vier": 4, "funf": 5, "sechs": 6},
    units={
        r"minuten?": 1, r"halben stunde": 30, r"stunden?": HOUR, r"(?:werk|arbeits)?tage?n?s?": DAY, r"wochen?": WEEK,
    },
    spans=(r"\b(?:in|innerhalb|binnen)\s+(?:von\s+|der nachsten\s+|den nachsten\s+)?(?:{n}\s*)?{unit}\b",),
    months=("jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"),
)  # fmt: skip

FRENCH = Tongue(
    call=(
        r"\b(?:je|nous|on)\s+(?:vous|te|t')\s*(?:r?appell\w+|telephoner\w+)\b",
        r"\b(?:je|nous|on)\s+(?:vais|allons|va)\s+(?:vous|te)\s+(?:r?appeler|telephoner)\b",
    ),
    answer=(

               r"\b(?:je|nous|on)\s+(?:vous|te)\s+(?:repond\w+|ecri\w+|recontact\w+|contacter\w+|envoi\w+|enverr\w+|tiendr\w+)\b",
        r"\b(?:reviens|revenons|reviendrai|reviendrons)\s+vers\s+(?:vous|toi)\b",
        r"\b(?:je|nous|on)\s+(?:vais|allons|va)\s+(?:vous|te)\s+(?:repondre|ecrire|recontacter|envoyer)\b",
    ),
    unless=r"\b(?:si|quand|des que|lorsque|peut-etre|essai\w*|essayer\w*|pourr\w+)\b",
    never=r"\b(?:ne|pas|jamais)\b|\bn'",
    days={r"\bapres-demain\b": 2, r"\bdemain\b": 1, r"\baujourd'hui\b|\bce (?:matin|soir)\b": 0},
    weekdays=(
        r"\blundi\b", r"\bmardi\b", r"\bmercredi\b", r"\bjeudi\b", r"\bvendredi\b", r"\bsamedi\b", r"\bdimanche\b",
    ),
    next_week=r"\bsemaine prochaine\b",
    hours={
        "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
        "onze": 11,
    },
    clocks=(r"\b(?:a|vers|avant|jusqu'a|pour)\s+{h}(?:{m}|\s*h(?:eures?)?\s*(?P<m2>[0-5]\d)?){after}",),
    after={"et demie": 30, "et quart": 15, "moins le quart": -15},
    parts={
        r"\bfin de (?:la )?journee\b": "end",
        r"\bapres-midi\b": "afternoon",
        r"\bmatin(?:ee)?\b": "morning",
        r"\bmidi\b": "noon",
        r"\bsoir(?:ee)?\b": "evening",
        r"\bminuit\b": "midnight",
    },
    numbers={"une": 1, "un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5},
    units={
        r"minutes?": 1, r"demi-heure": 30, r"heures?|h": HOUR, r"jours?(?: ouvr\w+)?": DAY, r"semaines?": WEEK,
    },
    spans=(r"\b(?:dans|sous|d'ici)\s+(?:les\s+)?(?:{n}\s*)?{unit}\b",),
    months=("janv", "fevr", "mars", "avr", "mai", "juin", "juil", "aout", "sept", "oct", "nov", "dec"),
)  # fmt: skip

SPANISH = Tongue(
    call=(
        r"\b(?:le|la|lo|te|os|les)\s+(?:llamo|llamare(?:mos)?|(?:volvere(?:mos)?|vuelvo|volvemos)\s+a\s+llamar)\b",
        r"\b(?:le|la|lo|te|os|les)\s+(?:voy|vamos)\s+a\s+llamar\b",
        r"\b(?:voy|vamos)\s+a\s+llamar(?:le|la|lo|te|os|les)\b",
    ),
    answer=(
        r"\b(?:respondere|contestare|escribire|enviare|informare|avisare|contactare)(?:mos)?\b",
        r"\b(?:voy|vamos)\s+a\s+(?:responder|contestar|escribir|enviar|avisar)(?:le|les|te|os)\b",
        r"\b(?:me\s+pondre|nos\s+pondremos)\s+en\s+contacto\b",
    ),
    unless=r"\bsi\b(?!,)|\b(?:cuando|en cuanto|quizas?|tal vez|intentar\w*|podria\w*)\b",
    never=r"\b(?:no|nunca)\b",
    days={r"\bpasado manana\b": 2, r"\bmanana\b": 1, r"\bhoy\b|\besta (?:tarde|noche)\b": 0},
    weekdays=(
        r"\blunes\b", r"\bmartes\b", r"\bmiercoles\b", r"\bjueves\b", r"\bviernes\b", r"\bsabado\b", r"\bdomingo\b",
    ),
    next_week=r"\b(?:proxima semana|semana que viene)\b",
    hours={
        "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
        "diez": 10,
        "once": 11, "doce": 12,
    },
    clocks=(r"\b(?:a|antes de|hasta|sobre|hacia)\s+las?\s+{h}{m}{after}(?:\s*(?:h|horas)\b)?",),
    after={"y media": 30, "y cuarto": 15, "menos cuarto": -15},
    parts={
        r"\bfin(?:al)? del dia\b": "end",
        r"\b(?:por|de|en) la manana\b": "morning",
        r"\b(?:por|de|en|esta) (?:la )?tarde\b": "afternoon",
        r"\bmediodia\b": "noon",
        r"\b(?:por|de|esta) (?:la )?noche\b": "evening",
        r"\bmedianoche\b": "midnight",
    },
    numbers={"una": 1, "un": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5},
    units={r"minutos?": 1, r"media hora": 30, r"horas?|h": HOUR, r"dias?(?: \w+bles)?": DAY, r"semanas?": WEEK},
    spans=(r"\b(?:en|dentro de)\s+(?:menos de\s+|las proximas\s+|los proximos\s+)?(?:{n}\s*)?{unit}\b",),
    months=("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
)  # fmt: skip
