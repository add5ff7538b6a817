"""How days are named in the languages whose days are read; all words are folded, see `words.fold`."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """The words of one language, as parts of regular expressions.

    :param months: for January to December
    :param weekdays: for Monday to Sunday
    :param days: {expression: number of days from today on}
    :param units: expressions for days, weeks and months, as in "in two weeks"
    :param lead: what stands before a number of units, as "in" or "within"
    :param numbers: {word: number}
    :param following: before or after a weekday: the one of next week
    :param month_end: the end of this month; `month_end_of`: before the name of a month
    :param middle: before the name of a month: the 15th
    :param of_month: before a day alone, as in "on the 15th"
    """

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    days: dict[str, int]
    units: tuple[str, str, str]
    lead: str
    numbers: dict[str, int]
    following: str
    last: str
    month_end: str
    next_month_end: str
    month_end_of: str
    week_end: str
    next_week: str
    middle: str
    of_month: str
    joint: str = ""
    idioms: dict[str, int] = field(default_factory=dict)


EN = CalendarWords(
    months=("jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?",
            "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?"),
    weekdays=("mon(?:day)?", "tue(?:s|sday)?", "wed(?:nesday)?", "thu(?:r|rs|rsday)?", "fri(?:day)?", "sat(?:urday)?",
              "sun(?:day)?"),
    days={"day after tomorrow": 2, "tomorrow": 1, "tmrw": 1, "tmw": 1, "today": 0, "day before yesterday": -2,
          "yesterday": -1},
    units=("days?", "weeks?", "months?"),
    lead="in|within|in about|in the next",
    numbers={"a": 1, "one": 1, "two": 2, "a couple of": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
             "ten": 10, "the": 1, "the next": 1},
    following="next",
    last="last",
    month_end="end of (?:the |this )?month|month[ -]?end|eom",
    next_month_end="end of next month",
    month_end_of="end of",
    week_end="end of (?:the |this )?week|eow",
    next_week="next week",
    middle="mid[ -]|middle of ",
    of_month="(?:on|by|until) the ",
    joint="(?: of)?,?",
)  # fmt: skip

DE = CalendarWords(
    months=("jan(?:uar|ner)?", "feb(?:ruar)?", "marz|mrz", "apr(?:il)?", "mai", "juni?", "juli?", "aug(?:ust)?",
            "sept?(?:ember)?", "okt(?:ober)?", "nov(?:ember)?", "dez(?:ember)?"),
    weekdays=("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag|sonnabend", "sonntag"),
    days={"ubermorgen": 2, "morgen": 1, "heute": 0, "vorgestern": -2, "gestern": -1},
    units=("tage?n?", "wochen?", "monate?n?|monats?"),
    lead="in|binnen|innerhalb von|innerhalb|in den nachsten|in etwa",
    numbers={"eine": 1, "einer": 1, "einem": 1, "einen": 1, "eines": 1, "zwei": 2, "zweier": 2, "drei": 3, "vier": 4,
             "funf": 5, "sechs": 6, "sieben": 7, "zehn": 10, "vierzehn": 14},
    following="nachste[nrs]?|kommende[nrs]?",
    last="letzte[nrs]?|vergangene[nrs]?",
    month_end="monatsende|ende (?:des|dieses|diesen) monats?|ultimo",
    next_month_end="ende (?:des )?(?:nachsten|kommenden) monats?",
    month_end_of="ende(?: des)?(?: monats)?",
    week_end="ende (?:der|dieser) woche|wochenende",
    next_week="(?:nachste|kommende)[nr]? woche",
    middle="mitte ",
    of_month="(?:am|zum|bis|bis zum|ab dem|ab|der|den) ",
    joint="",
)  # fmt: skip

FR = CalendarWords(
    months=("janv(?:ier)?", "fev(?:rier)?", "mars", "avr(?:il)?", "mai", "juin", "juil(?:let)?", "aout",
            "sept(?:embre)?", "oct(?:obre)?", "nov(?:embre)?", "dec(?:embre)?"),
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    days={"apres[ -]demain": 2, "demain": 1, "aujourd'hui": 0, "avant[ -]hier": -2, "hier": -1},
    units=("jours?", "semaines?", "mois"),
    lead="dans|sous|d'ici|dans les|dans un delai de",
    numbers={"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "dix": 10},
    following="prochaine?",
    last="derniere?|passee?",
    month_end="fin (?:du|de|de ce) mois|fin de mois",
    next_month_end="fin du mois prochain|fin (?:du )?prochain mois",
    month_end_of="fin",
    week_end="fin de (?:la|cette) semaine|fin de semaine",
    next_week="semaine prochaine",
    middle="mi[ -]",
    of_month="(?:le|avant le|jusqu'au|d'ici le|au) ",
    joint="",
    idioms={"quinze jours": 14, "quinzaine": 14, "huit jours": 7, "huitaine": 7},
)  # fmt: skip

ES = CalendarWords(
    months=("ene(?:ro)?", "feb(?:rero)?", "mar(?:zo)?", "abr(?:il)?", "may(?:o)?", "jun(?:io)?", "jul(?:io)?",
            "ago(?:sto)?", "sept?(?:iembre)?|setiembre", "oct(?:ubre)?", "nov(?:iembre)?", "dic(?:iembre)?"),
    weekdays=("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    days={"pasado manana": 2, "manana": 1, "hoy": 0, "anteayer": -2, "ayer": -1},
    units=("dias?", "semanas?", "mes(?:es)?"),
    lead="en|dentro de|en el plazo de|en unos|en los proximos",
    numbers={"un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "diez": 10},
    following="proximo|que viene|proxima",
    last="pasado|ultimo",
    month_end="(?:fin|final|finales|fines) de(?:l| este)? mes",
    next_month_end="(?:fin|final|finales|fines) del? (?:proximo mes|mes que viene)",
    month_end_of="(?:fin|final|finales|fines) de",
    week_end="(?:fin|final|finales) de (?:la |esta )?semana",
    next_week="(?:proxima semana|semana que viene)",
    middle="mediados de ",
    of_month="(?:el|el dia|dia|hasta el|antes del) ",
    joint=" de",
)  # fmt: skip

IT = CalendarWords(
    months=("gen(?:naio)?", "feb(?:braio)?", "mar(?:zo)?", "apr(?:ile)?", "mag(?:gio)?", "giu(?:gno)?", "lug(?:lio)?",
            "ago(?:sto)?", "sett?(?:embre)?", "ott(?:obre)?", "nov(?:embre)?", "dic(?:embre)?"),
    weekdays=("lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica"),
    days={"dopodomani": 2, "domani": 1, "oggi": 0, "l'altro ieri": -2, "ieri": -1},
    units=("giorni|giorno", "settiman[ae]", "mes[ei]"),
    lead="entro|fra|tra|in|entro i prossimi|nel giro di",
    numbers={"un": 1, "una": 1, "due": 2, "tre": 3, "quattro": 4, "cinque": 5, "sei": 6, "sette": 7, "dieci": 10,
             "quindici": 15},
    following="prossim[oa]",
    last="scors[oa]",
    month_end="fine (?:del )?mese|fine di questo mese",
    next_month_end="fine (?:del )?(?:prossimo mese|mese prossimo)",
    month_end_of="fine(?: di)?",
    week_end="fine (?:della )?settimana",
    next_week="(?:prossima settimana|settimana prossima)",
    middle="meta (?:di )?",
    of_month="(?:il|il giorno|entro il|fino al|dal|al) ",
    joint="(?: di)?",
)  # fmt: skip

CALENDARS = {"en": EN, "de": DE, "fr": FR, "es": ES, "it": IT}
