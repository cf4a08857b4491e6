"""In which language something was written, as far as its script, its letters and its small words tell. Pure.

What tells too little is guessed as nothing: a wrong language is worse than none.
"""

import re
import unicodedata
from collections import Counter

_READ_CHARS = 4_000
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LINK = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")
_ENOUGH = 2.0  # points, and so far ahead of the next
_AHEAD = 1.4
# Scripts that one language of those we may meet is written in, by how their letters' names begin.
_BY_SCRIPT = {
    "GREEK": "el", "HEBREW": "he", "HANGUL": "ko", "THAI": "th", "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh",
    "GEORGIAN": "ka", "ARMENIAN": "hy", "DEVANAGARI": "hi",
}  # fmt: skip
# Letters no neighbour has, with how much one of them tells.
_LETTERS = {
    "CYRILLIC": {"sr-Cyrl": ("ђјљњћџ", 2.0), "uk": ("іїєґ", 2.0), "ru": ("ыэё", 2.0), "bg": ("ъ", 1.0)},
    "ARABIC": {"fa": ("پچژگ", 2.0), "ur": ("ٹڈڑے", 3.0)},
    "LATIN": {
        "hu": ("őű", 2.0), "eo": ("ĉĝĥĵŝŭ", 2.0), "de": ("ß", 2.0), "es": ("ñ¿¡", 2.0), "pt": ("ãõ", 1.5),
        "sr-Latn": ("đ", 1.5), "fr": ("œ", 2.0), "pl": ("łąęśźż", 2.0), "ro": ("șțăşţ", 1.5), "cs": ("řěů", 2.0),
        "tr": ("ğı", 2.0),
    },
}  # fmt: skip
_BASE = {"ARABIC": "ar"}
# Small words; a word of several languages tells each of them a little less.
_WORDS = {
    "CYRILLIC": {
        "sr-Cyrl": (
            "је сам се на за није да ли ми ме вам вас молим хвала када где добар дан здраво шта поруџбина "
            "могу може али или још код нисам овде што како имам треба од из са по то у и"
        ),
        "ru": (
            "что это как не на вы вас вам мне мой моя я мы у и в с по за но или ещё где когда спасибо "
            "здравствуйте добрый день пожалуйста заказ можно есть нет да если бы уже был его новости пока "
            "ничего лучше третий вещь хорошая сразу после очень нам наш ваш эта этот она он они здесь сегодня"
        ),
        "uk": (
            "що це як не на ви вас вам мені мій я ми у і в з по за але або ще де коли дякую добрий день будь "
            "ласка є немає"
        ),
        "bg": (
            "съм е се на за не да ли ми вас моля благодаря кога къде здравейте какво поръчка мога може но или "
            "още как имам от"
        ),
    },
    "LATIN": {
        "en": (
            "the is are was and of to you your we my it this that not have has with for can could would "
            "please thanks thank hello hi where when what how there on in at be been do does did i'm don't "
            "it's me an any still yet order"
        ),
        "hu": (
            "a az és nem hogy van volt egy is de meg már még kérem köszönöm köszönjük üdvözlettel jó napot "
            "szia hol mikor mit mi én ön önök ha csak lehet kell rendelés szeretném vagyok ezt azt nincs vagy "
            "tud sem mert üdv hogyan kérném inkább most szép ne cím szeretnék kaptam ide tart három két "
            "magyar ajánlatot szükségem lenne azonnal ki itt"
        ),
        "sr-Latn": (
            "je sam se na za nije da li mi me vam vas molim hvala kada gde dobar dan zdravo šta porudžbina "
            "mogu može ali ili još kod nisam ovde što kako imam treba od iz sa u i su poruka račun"
        ),
        "eo": (
            "la kaj estas mi vi ne en de al kiu kio kiam kie mia via ĉu dankon saluton bonan tagon bonvolu "
            "mi'n por kun sed tio ankoraŭ povas havas pri ĝi"
        ),
        "de": (
            "der die das und ist nicht ich sie wir ein eine mit für auf von zu im den dem es ja nein bitte "
            "danke hallo guten tag wo wann was wie mein meine noch schon kann haben habe vielen ihre "
            "bestellung auch wird gibt neues wissen sollte keine mehr per sofort diese dieser bei oder aber "
            "alles sehr ihnen uns"
        ),
        "fr": (
            "le la les et est pas je vous nous un une des du pour sur avec que qui ne ce cette mon ma bonjour "
            "merci où quand comment commande au dans votre s'il plaît j'ai c'est n'est suis"
        ),
        "es": (
            "el la los las y es no que de en un una por para con mi su se lo hola gracias dónde cuándo cómo "
            "pedido buenos días está estoy tengo pero favor quiero muy usted"
        ),
        "pt": (
            "o a os as e é não que de em um uma por para com meu minha se olá obrigado obrigada onde quando "
            "como encomenda pedido bom dia está estou tenho mas favor muito você ainda chegou no na do da "
            "pode preciso fatura bem já ser nada havia há tudo agradeço ontem hoje vocês empresa disponível "
            "feito"
        ),
        "it": (
            "il lo la gli e è non che di in un una per con mio mia si ciao grazie dove quando come ordine "
            "buongiorno sono ho ma favore molto ancora della del"
        ),
        "nl": (
            "de het een en is niet ik je u we van voor met op zijn hallo dank bedankt waar wanneer wat hoe "
            "mijn bestelling nog kan heb goedendag"
        ),
        "pl": ("jest i nie w na z do się że dzień dobry dziękuję proszę gdzie kiedy moje zamówienie czy mam jak ale"),
        "ro": "este și nu în pe cu de la un o bună ziua mulțumesc vă rog unde când comanda mea sunt am dar",
        "tr": "ve bir bu değil için ile merhaba teşekkürler nerede ne zaman sipariş var yok ben siz mi çok ama",
    },
}
_STRONG_WORDS = (
    "hello thanks köszönöm üdvözlettel hvala zdravo dankon saluton hallo danke bonjour merci hola gracias olá "
    "obrigado obrigada grazie buongiorno bedankt dziękuję mulțumesc teşekkürler merhaba хвала здраво спасибо "
    "здравствуйте дякую благодаря"
)
_STRONG = frozenset(_STRONG_WORDS.split())
_KNOWN = {
    script: {language: frozenset(said.split()) for language, said in tongues.items()}
    for script, tongues in _WORDS.items()
}
_SHARED = {script: Counter(word for words in tongues.values() for word in words) for script, tongues in _KNOWN.items()}


def guess(text: str) -> str:
    """The language tag of a text, such as `hu` or `sr-Cyrl`; empty where it does not tell enough."""
    text = _LINK.sub(" ", text[:_READ_CHARS]).lower()
    words = _WORD.findall(text)
    scripts = Counter(_script(letter) for word in words for letter in word)
    if not scripts:
        return ""
    script = scripts.most_common(1)[0][0]
    if script in _BY_SCRIPT:
        # Japanese is written with Chinese signs too.
        return "ja" if script == "CJK" and scripts.keys() & {"HIRAGANA", "KATAKANA"} else _BY_SCRIPT[script]
    points = _points(script, text, words)
    ranked = sorted(points.items(), key=lambda found: -found[1])
    if not ranked or ranked[0][1] < _ENOUGH:
        return _BASE.get(script, "")
    if len(ranked) > 1 and ranked[0][1] < _AHEAD * ranked[1][1]:
        return ""
    return ranked[0][0]


def _points(script: str, text: str, words: list[str]) -> Counter[str]:
    points: Counter[str] = Counter()
    for language, (letters, much) in _LETTERS.get(script, {}).items():
        if found := sum(text.count(letter) for letter in letters):
            points[language] += much * min(found, 4)
    shared = _SHARED.get(script, Counter())
    for word in dict.fromkeys(words):
        if word not in shared:
            continue
        for language, known in _KNOWN[script].items():
            if word in known:
                points[language] += (_ENOUGH if word in _STRONG else 1.0) / shared[word]
    return points


def _script(letter: str) -> str:
    return unicodedata.name(letter, "NONE").partition(" ")[0]
