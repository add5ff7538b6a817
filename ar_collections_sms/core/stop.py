"""Whether a reply asks to end messages: a stop word alone, and not a word in a sentence."""

import re
import unicodedata
from collections.abc import Collection

#: Words that may stand beside a stop word without making it a sentence.
FILLERS = frozenset(
    (
        "please", "pls", "plz", "sms", "text", "texts", "message", "messages", "all", "now", "thanks", "thank", "you",
        "thx", "merci", "svp", "bitte", "danke", "por", "favor", "gracias", "grazie", "prego", "alsjeblieft",
        "obrigado", "info", "services",
    )
)  # fmt: skip

#: Words of a reply at most.
WORDS_MAX = 4

#: Where what a reply answers to begins, and a signature.
_QUOTE = re.compile(
    r"^\s*(>|-- ?$|_{5,}|-{5,}|(On|Le|Am|El|Il|Op|Em|Den)\b.*:\s*$|(From|De|Von|Da|Van)\s?:)", re.IGNORECASE
)


def normalize(word: str) -> str:
    """Return a word as it is compared: lower case, without accents and signs.

    >>> normalize(" ARRÊT! "), normalize("Opt-Out"), normalize("СТОП"), normalize("停止")
    ('arret', 'optout', 'стоп', '停止')
    """
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in plain if char.isalnum())


def first_line(text: str) -> str:
    """Return the first line that the writer wrote; empty where it is a quoted message or a signature.

    >>> first_line("\\nStop\\nJo Doe\\n> STOP to end")
    'Stop'
    >>> first_line("On Monday, Books wrote:\\n> Reply STOP"), first_line("  ")
    ('', '')
    """
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return "" if _QUOTE.match(line) else line


def is_stop(text: str, words: Collection[str]) -> bool:
    """Return whether the first line of a message is nothing but a request to stop.

    Numbers beside the word are those of the sender, as French messages show them ("STOP 36105").

    :param words: the stop words, normalized

    >>> words = {"stop", "arret", "optout"}
    >>> [is_stop(text, words) for text in ("STOP", " Stop. Thank you", "STOP 36105", "opt out", "Arrêt SVP")]
    [True, True, True, True, True]
    >>> [is_stop(text, words) for text in ("Please stop by on Monday", "Nonstop", "We stop work at 5", "", "36105")]
    [False, False, False, False, False]
    >>> is_stop("Do not stop", words), is_stop("stop stop", words), is_stop("Can you stop it", words)
    (False, True, False)
    """
    found = [normalize(word) for word in first_line(text).split()]
    found = [word for word in found if word]
    if not found or len(found) > WORDS_MAX:
        return False
    if "".join(found) in words:
        return True
    rest = [word for word in found if word not in words]
    return len(rest) < len(found) and all(word in FILLERS or word.isdigit() for word in rest)
