"""`make replies`: how often the rules that read customers' replies are right, by kind and by language.

Six parts of the sample replies in `ar_collections/tests/replies/corpus`: those the rules were written by, those that
were written before the rules and held out, difficult ones that were written afterwards, and colloquial ones, which
the rules were extended by, which were held out, and which were written after that. Prints precision (of the
replies read as a kind, the share that is of that kind) and recall (of the replies of a kind, the share that was read as
such), then what was read wrongly. What the rules do not understand is `unclear`: a person reads it.
"""

from dev.checks.core import add_pure_packages
from dev.setup.console import run_tool

TITLES = {
    "tuned": "samples that the rules were written by",
    "held_out": "held out: written before the rules, not tuned on",
    "hard": "difficult: colloquial, written after the rules, not tuned on",
    "colloquial": "colloquial, which the rules were extended by",
    "colloquial_held_out": "colloquial, held out: written before the rules were extended, not tuned on",
    "colloquial_later": "colloquial, written after the rules were extended: only what was misread was mended",
}


def main():
    """Print the figures of each part; return the exit status."""
    add_pure_packages()
    from odoo.addons.ar_collections.tests.replies import corpus  # imported after its packages were replaced

    book = corpus.read_rules()
    for part, title in TITLES.items():
        figures = corpus.Figures(corpus.read_samples(part), book)
        days = figures.share_of_days()
        print(f"{len(figures.results)} {title}")
        print(f"  kinds right: {figures.share_of_kinds():.0%}; days right: {'-' if days is None else f'{days:.0%}'}")
        for key in ("kind", "language"):
            _print_table(key, figures.by(key))
        for sample, found in figures.wrong():
            words = " ".join(sample.text.split())
            print(f"  {sample.language} {sample.kind}, read as {found.kind}: {words[:90]}")
        print()
    return 0


def _print_table(key, rows):
    print(f"  {key:<15} precision  recall  samples")
    for name, (precision, recall, number) in rows.items():
        shown = "-" if precision is None else f"{precision:.0%}"
        print(f"  {name:<15} {shown:>9}  {recall:>6.0%}  {number:>7}")


if __name__ == "__main__":
    run_tool(main)
