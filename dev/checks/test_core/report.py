"""Both results side by side, and where they differ."""

from collections import Counter

WITHOUT, WITH = "without our add-ons", "with our add-ons"
COLUMNS = ("passed", "failed", "error", "skipped")


def table(results):
    """Return the number of tests by suite and outcome, for both sides.

    :param dict results: {side: {"outcomes": {test: outcome}}}
    """
    counts = {side: _count(result["outcomes"]) for side, result in results.items()}
    suites = sorted({suite for count in counts.values() for suite, _outcome in count} - {"total"})
    lines = [
        f"{'':18}" + "".join(f"{side:^36}" for side in results),
        f"{'':18}" + "".join(f"{name:>9}" for _side in results for name in COLUMNS),
    ]
    for suite in [*suites, "total"]:
        numbers = [counts[side][suite, outcome] for side in results for outcome in COLUMNS]
        lines.append(f"{suite:18}" + "".join(f"{number:9}" for number in numbers))
    return "\n".join(lines)


def _count(outcomes):
    """Return {(suite, outcome): tests}, with the suite `total` for all.

    >>> sorted(_count({"sale/test_a::A::test_a": "passed"}).items())
    [(('sale', 'passed'), 1), (('total', 'passed'), 1)]
    """
    counts = Counter()
    for test, outcome in outcomes.items():
        counts[test.partition("/")[0], outcome] += 1
        counts["total", outcome] += 1
    return counts


def differences(results):
    """Return a paragraph for each test whose outcome is not the same on both sides.

    >>> one = {"outcomes": {"sale/test_a::A::test_a": "passed"}, "details": {}}
    >>> other = {"outcomes": {"sale/test_a::A::test_a": "failed"}, "details": {"sale/test_a::A::test_a": "Reason"}}
    >>> differences({WITHOUT: one, WITH: one})
    []
    >>> print(differences({WITHOUT: one, WITH: other})[0])
    sale/test_a::A::test_a: passed without our add-ons, failed with our add-ons
    Reason
    """
    before, after = results[WITHOUT]["outcomes"], results[WITH]["outcomes"]
    found = []
    for test in sorted(before.keys() | after.keys()):
        one, other = before.get(test, "missing"), after.get(test, "missing")
        if one != other:
            detail = results[WITH]["details"].get(test) or results[WITHOUT]["details"].get(test) or ""
            found.append(f"{test}: {one} {WITHOUT}, {other} {WITH}\n{detail}".rstrip())
    return found
