"""The rules by which replies are read: words for each kind of answer, in each language."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from . import kinds
from .words import Phrase, Token, contains_any, is_word, parse_phrases

#: One in so many different words of a text is a frequent one of its language, or it is in another one.
ONE_IN = 10

#: Rules without a language count for all.
ANY = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Words and what they are for.

    :param use: one of `kinds.USES`
    :param kind: one of `kinds.ORDER`, for `kinds.MEANS` and `kinds.EXCEPTION` only
    :param language: code of two letters, or `ANY`
    :param words: phrases, separated by ``;`` or line breaks, see `words`
    :param is_whole: each phrase must be a sentence of its own
    """

    use: str
    kind: str
    language: str
    words: str
    is_whole: bool = False


class Rulebook:
    """All rules, ready to be looked for.

    >>> book = Rulebook([Rule("language", "", "en", "the; we"), Rule("means", "paid", "en", "paid"),
    ...                  Rule("negation", "", "en", "not")])
    >>> book.languages
    ('en',)
    """

    def __init__(self, rules: Iterable[Rule]):
        self._phrases: defaultdict[tuple[str, str, str], list[Phrase]] = defaultdict(list)
        self._frequent: defaultdict[str, set[str]] = defaultdict(set)
        for rule in rules:
            phrases = parse_phrases(rule.words, rule.is_whole)
            if rule.use == kinds.LANGUAGE:
                self._frequent[rule.language].update(phrase.slots[0][0] for phrase in phrases)
            else:
                kind = rule.kind if rule.use in (kinds.MEANS, kinds.EXCEPTION) else ""
                self._phrases[rule.use, kind, rule.language].extend(phrases)
        self.languages = tuple(sorted(self._frequent))

    def get(self, use: str, kind: str = "", language: str | None = None) -> list[Phrase]:
        """Return the phrases for a use in a language, with those for all languages.

        :param language: None: those of all languages
        """
        wanted = (ANY, *self.languages) if language is None else (ANY, language)
        return [phrase for each in wanted for phrase in self._phrases.get((use, kind, each), ())]

    def rank_languages(self, sentences: Iterable[Sequence[Token]], hint: str | None = None) -> list[str]:
        """Return the languages that the sentences may be in: those with most frequent words, none where there are none.

        :param hint: the customer's language, which comes first among those with as many words
        """
        words = Counter(token.word for sentence in sentences for token in sentence)
        scores = {
            language: sum(words[word] for word in frequent) for language, frequent in sorted(self._frequent.items())
        }
        most = max(scores.values(), default=0)
        found = [language for language, score in scores.items() if score == most > 0]
        found = [each for each in found if len(self._frequent[each] & words.keys()) * ONE_IN >= len(words)]
        return sorted(found, key=lambda language: language != hint)

    def is_negated(self, phrase: Phrase, sentence: Sequence[Token], start: int, end: int, language: str) -> bool:
        """Return whether a phrase is turned round by a word before it or inside it.

        A phrase that contains such a word itself says what it means, as "never ordered".
        """
        negations = self.get(kinds.NEGATION, "", language)
        single = [wanted for negation in negations for wanted in negation.slots[0]]
        if any(is_word(word, wanted) for slot in phrase.slots for word in slot for wanted in single):
            return False
        before = max((n + 1 for n in range(start) if sentence[n].word in ".!?;:,"), default=0)
        reach = sentence[max(before, start - 3) : end]
        return contains_any(negations, reach)
