"""The numbers of open invoices to measure, how time grows with them, and how two measurements compare."""

import math
import re

from dev.setup.console import Problem


def read_sizes(text):
    """Return numbers of invoices, ascending.

    >>> read_sizes("20000, 2000")
    [2000, 20000]
    """
    words = re.split(r"[\s,]+", text.strip())
    if not all(word.isdecimal() and int(word) for word in words):
        raise Problem(f"SIZES={text} are no numbers of invoices: write them as SIZES='2000 20000'.")
    return sorted(set(map(int, words)))


def slope(measured):
    """Return how the run's time grows between the two largest sizes: 1 is linear, 2 quadratic.

    >>> slope([{"invoices": 2000, "run_s": 5.0}, {"invoices": 20000, "run_s": 50.0}])
    1.0
    """
    if len(measured) < 2:
        return None
    small, large = measured[-2:]
    return round(math.log(large["run_s"] / small["run_s"]) / math.log(large["invoices"] / small["invoices"]), 3)


def compare(with_us, without):
    """Return the ratios and differences of two measurements {flow: (CPU seconds, queries)}.

    >>> compare({"post": (0.02, 40)}, {"post": (0.016, 35)})
    {'post_cpu_ratio': 1.25, 'post_queries_more': 5}
    """
    result = {}
    for flow, (cpu, queries) in with_us.items():
        other_cpu, other_queries = without[flow]
        result[f"{flow}_cpu_ratio"] = round(cpu / other_cpu, 3)
        result[f"{flow}_queries_more"] = round(queries - other_queries, 2)
    return result
