"""Reading a customer's reply: what it is about, by which words, and the day it names."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from . import kinds
from .days import NamedDay, find_days
from .own_text import cut
from .rules import Rulebook
from .words import Token, choose_possible, find_phrase, split_sentences

#: Prefixes of subjects that are those of our own message.
ANSWERED = re.compile(r"^\s*(?:re|aw|antw|rif|r|rv|sv|res|ref|odp|fw|fwd|wg|tr|i)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)

ADDRESS = re.compile(r"[^\s@<>(),;:\"'\[\]]{1,64}@[^\s@<>(),;:\"'\[\]]{1,250}\.[^\W\d_]{2,63}")

#: Texts of fewer words may lack every frequent word of their language.
FEW_WORDS = 5

#: So many characters of a subject are read.
MOST_SUBJECT = 200

#: So many characters of the words that a result rests on are kept.
MOST_WORDS = 160


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a reply says, the words for it, and their sentence: its text, and which one it is."""

    kind: str
    words: str
    sentence: str
    number: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply says.

    :param kind: what it is about in the first place, one of `kinds.ORDER`
    :param findings: all that was found, by `kinds.ORDER`
    :param language: code of two letters; None: none of the languages of the rules
    :param day: of the payment made or promised, or of the return to the office
    :param address: another e-mail address that the customer names
    :param own_text: what was read: without earlier messages, signature and disclaimer
    :param is_long: only the beginning was read
    :param is_answer: a person may have written it, and wants something; in doubt it is
    """

    kind: str
    findings: tuple[Finding, ...] = ()
    language: str | None = None
    day: NamedDay | None = None
    address: str = ""
    own_text: str = ""
    is_long: bool = False
    is_answer: bool = True

    @property
    def main(self) -> Finding | None:
        """What the kind rests on."""
        return next((finding for finding in self.findings if finding.kind == self.kind), None)

    @property
    def words(self) -> str:
        """The words on which the kind rests."""
        return self.main.words if self.main else ""


def read(
    text: str,
    book: Rulebook,
    written_on: date,
    subject: str = "",
    language: str | None = None,
    known: Collection[str] = (),
    month_first: bool | None = None,
    is_automatic: bool = False,
) -> Reading:
    """Return what a reply says.

    :param text: plain text of the mail or message
    :param written_on: from this day, "on Friday" is understood
    :param subject: counts where it is not that of our message
    :param language: the customer's language: counts where the words do not tell
    :param known: e-mail addresses that are not news: the sender's and ours
    :param month_first: see `days.find_days`
    :param is_automatic: the headers of the mail say so: it is no answer of a person

    >>> from .rules import Rule
    >>> book = Rulebook([Rule("language", "", "en", "we; the; on; it"), Rule("means", "paid", "en", "paid"),
    ...                  Rule("means", "promise", "en", "will pay"), Rule("negation", "", "en", "not")])
    >>> reading = read("We have not paid yet, we will pay on Friday.", book, date(2026, 6, 10))
    >>> reading.kind, reading.words, str(reading.day.day)
    ('promise', 'will pay', '2026-06-12')
    >>> read("It was paid on 8 June.", book, date(2026, 6, 10)).kind, read("???", book, date(2026, 6, 10)).kind
    ('paid', 'unclear')
    """
    subject = subject[:MOST_SUBJECT]
    own, is_long = cut(text, *(book.get(use) for use in (kinds.QUOTE, kinds.SIGNATURE, kinds.DISCLAIMER)))
    heading = "" if not subject or ANSWERED.match(subject) else f"{subject.strip()}.\n\n"
    read_text = heading + own
    sentences = split_sentences(read_text)
    findings, used = _find(read_text, sentences, book, language, is_automatic)
    kind = next((each.kind for each in findings), kinds.OUT_OF_OFFICE if is_automatic else kinds.UNCLEAR)
    address = _find_address(own, known)
    day = _find_day(kind, findings, read_text, sentences, used, written_on, month_first)
    asks = any(sentence[-1].word == "?" for sentence in sentences)
    is_answer = not is_automatic and (kind != kinds.OUT_OF_OFFICE or asks)
    return Reading(kind, findings, used, day, address, own, is_long, is_answer)


def _find(
    text: str, sentences: Sequence[Sequence[Token]], book: Rulebook, hint: str | None, is_automatic: bool
) -> tuple[tuple[Finding, ...], str | None]:
    """Return what was found, and the language in which; None for none of those of the rules."""
    ranked = book.rank_languages(sentences, hint)
    if ranked:
        best, candidates = ranked[0], ranked
    elif sum(len(sentence) for sentence in sentences) <= FEW_WORDS * 2:
        best = hint
        candidates = list(dict.fromkeys([hint or "", *book.languages]))
    else:
        best, candidates = None, [""]
    for language in candidates:
        found = sorted(
            _find_in(text, sentences, book, language, is_automatic), key=lambda each: kinds.ORDER.index(each.kind)
        )
        if found:
            return tuple({each.kind: each for each in reversed(found)}.values())[::-1], language or None
    return (), best


def _find_in(
    text: str, sentences: Sequence[Sequence[Token]], book: Rulebook, language: str, is_automatic: bool
) -> Iterator[Finding]:
    """Yield what the sentences say in one language, once for each kind and sentence."""
    wanted = (kinds.OUT_OF_OFFICE,) if is_automatic else kinds.ORDER
    for kind in wanted:
        phrases = book.get(kinds.MEANS, kind, language)
        exceptions = book.get(kinds.EXCEPTION, kind, language)
        for number, sentence in enumerate(sentences):
            if kind in kinds.STATEMENTS and sentence[-1].word == "?":
                continue
            excluded = [
                span for phrase in choose_possible(exceptions, sentence) for span in find_phrase(phrase, sentence)
            ]
            spans = (
                (start, end)
                for phrase in choose_possible(phrases, sentence)
                for start, end in find_phrase(phrase, sentence)
                if not any(start < last and first < end for first, last in excluded)
                and not book.is_negated(phrase, sentence, start, end, language)
            )
            if span := min(spans, default=None):
                parts = (sentence[span[0] : span[1]], sentence)
                words, whole = (" ".join(text[part[0].start : part[-1].end].split())[:MOST_WORDS] for part in parts)
                yield Finding(kind, words, whole, number)


def _find_address(text: str, known: Collection[str]) -> str:
    """Return the first e-mail address in a text that is not known."""
    known = {address.lower() for address in known}
    found = (each[0].rstrip(".").lower() for each in ADDRESS.finditer(text))
    return next((address for address in found if address not in known), "")


def _find_day(
    kind: str,
    findings: Sequence[Finding],
    text: str,
    sentences: Sequence[Sequence[Token]],
    language: str | None,
    written_on: date,
    month_first: bool | None,
) -> NamedDay | None:
    """Return the day that belongs to the kind: near its words, else anywhere in the text.

    A written date counts before "next Friday"; whoever is out of office returns on the last day that is named.
    """
    if kind not in (kinds.PAID, kinds.PROMISE, kinds.OUT_OF_OFFICE):
        return None
    is_past = kind == kinds.PAID
    named = [
        day
        for day in find_days(text, language, written_on, is_past, month_first)
        if (day.day <= written_on if is_past else day.day >= written_on)
    ]
    if kind == kinds.OUT_OF_OFFICE:
        return max(named, key=lambda day: day.day, default=None)
    own = next((finding for finding in findings if finding.kind == kind), None)
    if own:
        first, last = sentences[own.number][0].start, sentences[own.number][-1].end
        near = [day for day in named if first <= day.start < last]
        named = near or named
    return min(named, key=lambda day: (not day.is_written, day.start), default=None)
