"""Words and sentences of a text, and phrases that are looked for in them.

A phrase is written as its words. ``*`` at the end of a word stands for any ending, ``/`` separates words of which one
is enough, ``...`` stands for up to six words of the same sentence. Case and accents do not matter.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

GAP = "..."

#: How many words, punctuation included, the three dots of a phrase stand for.
MOST_BETWEEN = 6

#: A phrase has so many gaps at most: each multiplies the places that are looked at.
MOST_GAPS = 3

#: A line of fewer characters ends its sentence; longer ones were broken by the mail program.
SHORT_LINE = 50

TOKEN = re.compile(
    r"""
    https?://\S+ | [^\s@<>(),;:]{1,64}@[^\s@<>(),;:]{1,255}\w   # addresses, as long as they may be
    | \d(?:[\d.,/:-]*\d)?                            # numbers and dates
    | [^\W\d_]+n['’]t\b                              # "don't" is one word
    | [^\W_]+
    | \n\s*\n | \n
    | [.!?;:,]
    """,
    re.VERBOSE,
)

ENDS = frozenset("!?;")

#: What separates the parts of a sentence: a negation does not reach across.
STOPS = frozenset(".!?;:,")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or punctuation mark: its folded form, and where it is in the text."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words to look for: a tuple of alternatives for each word, or an empty one for a gap.

    :param text: as it was written
    :param is_whole: it must be a sentence of its own
    """

    text: str
    slots: tuple[tuple[str, ...], ...]
    is_whole: bool = False


def fold(text: str) -> str:
    """Return a text in small letters and without accents, of the same length.

    >>> fold("Größe É’")
    "grose e'"
    """
    return "".join(_fold_letter(letter) for letter in text)


def _fold_letter(letter: str) -> str:
    if letter < "\x80":
        return letter.lower()
    if letter in "’‘`´":
        return "'"
    return {"ß": "s"}.get(letter) or unicodedata.normalize("NFKD", letter.lower())[0]


def tokenize(text: str) -> list[Token]:
    """Return the words and punctuation marks of a text.

    >>> [token.word for token in tokenize("We don't pay 1.250,50, sorry!")]
    ['we', 'dont', 'pay', '1.250,50', ',', 'sorry', '!']
    """
    return [Token(fold(found[0]).replace("'", ""), found.start(), found.end()) for found in TOKEN.finditer(text)]


def split_sentences(text: str) -> list[list[Token]]:
    """Return the sentences of a text as lists of words and punctuation marks.

    >>> [len(sentence) for sentence in split_sentences("We paid on 5.6. by wire. Thanks!")]
    [8, 2]
    >>> [sentence[0].word for sentence in split_sentences("Hello,\\nam 12. Juni zahlen wir")]
    ['hello', 'am']
    """
    sentences: list[list[Token]] = [[]]
    line_start = 0
    for token in tokenize(text):
        if token.word.startswith("\n"):
            is_end = token.word != "\n" or token.start - line_start < SHORT_LINE
            line_start = token.end
        else:
            sentences[-1].append(token)
            is_end = token.word in ENDS or (token.word == "." and _is_full_stop(text, token, sentences[-1]))
        if is_end and sentences[-1]:
            sentences.append([])
    return [sentence for sentence in sentences if sentence]


def _is_full_stop(text: str, token: Token, sentence: Sequence[Token]) -> bool:
    """Return whether a dot ends its sentence, other than that of "12. Juni", "20.06." or "No."."""
    rest = text[token.end : token.end + 3]
    follows = rest.lstrip(" ")[:1]
    before = sentence[-2].word if len(sentence) > 1 else ""
    if before[:1].isdigit() and before[-1:].isdigit() and len(before) <= 5 and follows.isalpha():
        return "\n" in rest
    return not follows or not rest[:1].strip() and not follows.islower()


def parse_phrase(text: str, is_whole: bool = False) -> Phrase:
    """Return a phrase as it is looked for.

    :raise ValueError: without a word, with one that is only an ending, with dots at an end or twice in a row, or with
        more than `MOST_GAPS` gaps

    >>> parse_phrase("have/has ... pa*").slots
    (('have', 'has'), (), ('pa*',))
    """
    slots: list[tuple[str, ...]] = []
    for part in text.split():
        if part == GAP:
            slots.append(())
        elif any(len(word.rstrip("*")) < 1 or "*" in word.rstrip("*") for word in part.split("/")):
            raise ValueError(text)
        else:
            slots += _parse_word(part)
    if not slots or not slots[0] or not slots[-1]:
        raise ValueError(text)
    if slots.count(()) > MOST_GAPS or any(not slot and not after for slot, after in pairwise(slots)):
        raise ValueError(text)
    return Phrase(text.strip(), tuple(slots), is_whole)


def _parse_word(part: str) -> list[tuple[str, ...]]:
    """Return the words of one part of a phrase: "e-mail" is two."""
    if "/" in part and "://" not in part:
        return [tuple("".join(token.word for token in tokenize(word.rstrip("*"))) + ("*" if word.endswith("*") else "")
                      for word in part.split("/"))]  # fmt: skip
    words = [token.word for token in tokenize(part.rstrip("*")) if token.word not in STOPS]
    if not words:
        raise ValueError(part)
    if part.endswith("*"):
        words[-1] += "*"
    return [(word,) for word in words]


def parse_phrases(text: str, is_whole: bool = False) -> tuple[Phrase, ...]:
    """Return the phrases of a rule, which are separated by ``;`` or line breaks.

    >>> [phrase.text for phrase in parse_phrases("stop mail*; no more")]
    ['stop mail*', 'no more']
    """
    parts = (part.strip() for part in re.split(r"[;\n]", text))
    return tuple(parse_phrase(part, is_whole) for part in parts if part)


def find_phrase(
    phrase: Phrase, sentence: Sequence[Token], most_between: int = MOST_BETWEEN
) -> Iterator[tuple[int, int]]:
    """Yield the places of a phrase in a sentence: (index of its first word, index after its last).

    >>> words = split_sentences("We have already paid it")[0]
    >>> list(find_phrase(parse_phrase("have ... pai*"), words))
    [(1, 4)]
    """
    words = [token for token in sentence if token.word not in STOPS] if phrase.is_whole else sentence
    for start in range(1 if phrase.is_whole else len(words)):
        end = _match(phrase.slots, words, start, most_between)
        if end is not None and (not phrase.is_whole or end == len(words)):
            yield (0, len(sentence)) if phrase.is_whole else (start, end)


def _match(slots: Sequence[tuple[str, ...]], words: Sequence[Token], place: int, most: int) -> int | None:
    """Return the index after the slots where they match from a place on, else None."""
    if not slots:
        return place
    if not slots[0]:
        places = range(place, min(place + most, len(words)) + 1)
        return next((end for each in places if (end := _match(slots[1:], words, each, most)) is not None), None)
    if place < len(words) and any(is_word(words[place].word, wanted) for wanted in slots[0]):
        return _match(slots[1:], words, place + 1, most)
    return None


def is_word(word: str, wanted: str) -> bool:
    """Return whether a word is what one word of a phrase stands for."""
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def choose_possible(phrases: Iterable[Phrase], sentence: Sequence[Token]) -> list[Phrase]:
    """Return the phrases whose words are all in a sentence, wherever: few of many, so that few are looked for.

    >>> sentence = split_sentences("We have paid")[0]
    >>> [phrase.text for phrase in choose_possible(parse_phrases("paid ... we; we pay; has/have paid; pa*"), sentence)]
    ['paid ... we', 'has/have paid', 'pa*']
    """
    words = {token.word for token in sentence}
    return [
        phrase
        for phrase in phrases
        if all(not slot or any(word in words or word[-1:] == "*" for word in slot) for slot in phrase.slots)
    ]


def contains_any(phrases: Iterable[Phrase], sentence: Sequence[Token]) -> bool:
    """Return whether one of the phrases is in a sentence."""
    phrases = choose_possible(phrases, sentence)
    return any(next(find_phrase(phrase, sentence), None) is not None for phrase in phrases)
