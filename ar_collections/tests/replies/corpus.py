"""The sample replies: what the rules find in them, and how often they are right. Without Odoo.

A file of samples has one language. Each sample begins with ``### kind``, with ``date=`` for the day that it names,
``address=`` for a contact, and ``ambiguous`` where the day may be another one. All were written on `WRITTEN_ON`.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from odoo.addons.ar_collections.core.replies.kinds import ORDER
from odoo.addons.ar_collections.core.replies.reading import Reading, read
from odoo.addons.ar_collections.core.replies.rules import Rule, Rulebook

FOLDER = Path(__file__).parent / "corpus"
RULES = Path(__file__).parents[2] / "data" / "replies" / "ar.reply.rule.csv"

#: A Wednesday.
WRITTEN_ON = date(2026, 6, 10)

#: The rules were written by these samples.
TUNED = "tuned"

#: These were written before the rules; the rules are not changed for them.
HELD_OUT = "held_out"

#: These were written afterwards, to be difficult: colloquial, with roundabout words. Rules are not changed for them.
HARD = "hard"

#: As people write to people they know: short, without accents, with typing errors. The rules were extended by these.
COLLOQUIAL = "colloquial"

#: Written together with those, before the rules were extended, and not looked at since.
COLLOQUIAL_HELD_OUT = "colloquial_held_out"

#: Colloquial as well, written after the rules were extended. Rules are changed for them only
#: where they were taken for something else.
COLLOQUIAL_LATER = "colloquial_later"

PARTS = (TUNED, HELD_OUT, HARD, COLLOQUIAL, COLLOQUIAL_HELD_OUT, COLLOQUIAL_LATER)


@dataclass(frozen=True)
class Sample:
    """A sample reply and what is right about it."""

    language: str
    kind: str
    text: str
    day: date | None = None
    address: str = ""
    is_ambiguous: bool = False


def read_rules():
    """Return the rules that ship with the add-on.

    :rtype: Rulebook
    """
    with RULES.open(encoding="utf-8", newline="") as file:
        return Rulebook(
            Rule(row["use"], row["kind"], row["language"], row["words"], row["is_whole"] == "1")
            for row in csv.DictReader(file)
        )


def read_samples(part):
    """Return the samples of a part of the corpus, one of `PARTS`.

    :rtype: list[Sample]
    """
    samples = []
    for path in sorted((FOLDER / part).glob("*.txt")):
        for block in path.read_text(encoding="utf-8").split("### ")[1:]:
            head, _newline, text = block.partition("\n")
            kind, *options = head.split()
            values = dict(option.partition("=")[::2] for option in options)
            day = date.fromisoformat(values["date"]) if "date" in values else None
            samples.append(
                Sample(path.stem, kind, text.strip("\n"), day, values.get("address", ""), "ambiguous" in values)
            )
    return samples


def read_sample(sample, book):
    """Return what the rules find in a sample, of a customer whose language is not known.

    :rtype: Reading
    """
    return read(sample.text, book, WRITTEN_ON)


class Figures:
    """How often the rules are right about samples, by kind and by language."""

    def __init__(self, samples, book):
        self.results = [(sample, read_sample(sample, book)) for sample in samples]

    def wrong(self):
        """Return the samples whose kind, day or address is not what is expected, each with its reading."""
        return [(sample, found) for sample, found in self.results if not is_right(sample, found)]

    def share_of_kinds(self):
        """Return the share of samples whose kind is right, from 0 to 1."""
        return sum(sample.kind == found.kind for sample, found in self.results) / len(self.results)

    def share_of_days(self):
        """Return the share of samples with a day, of the right kind, whose day is right; None where there are none."""
        dated = [(s, found) for s, found in self.results if s.day and s.kind == found.kind]
        return (
            sum(bool(found.day) and found.day.day == sample.day for sample, found in dated) / len(dated)
            if dated
            else None
        )

    def by(self, key):
        """Return {value: (precision, recall, number of samples)} by the kind or the language of samples.

        Precision is None where nothing was found. For a language, both count the kinds of its samples.

        :param str key: ``kind`` or ``language``
        """
        expected, found, right = Counter(), Counter(), Counter()
        for sample, reading in self.results:
            own = sample.kind if key == "kind" else sample.language
            expected[own] += 1
            found[reading.kind if key == "kind" else sample.language] += 1
            right[own] += sample.kind == reading.kind
        return {
            each: (right[each] / found[each] if found[each] else None, right[each] / expected[each], expected[each])
            for each in ([kind for kind in ORDER if expected[kind]] if key == "kind" else sorted(expected))
        }


def is_right(sample, found: Reading):
    """Return whether kind, day and address are what is expected."""
    day = found.day.day if found.day else None
    return (
        sample.kind == found.kind
        and (sample.day == day)
        and (not sample.address or sample.address == found.address)
        and sample.is_ambiguous <= bool(found.day and found.day.other)
    )
