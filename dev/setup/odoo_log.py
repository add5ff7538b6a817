"""Read Odoo's logs: find the warnings that come from our add-ons."""

import re

from dev.setup.paths import ROOT

RECORD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) \S+ (?P<text>.*)", re.DOTALL)
BAD_LEVELS = {"WARNING", "ERROR", "CRITICAL"}
# The name of an add-on; of a model or table: "ar.customer", "ar_customer" ("ar.po" is Arabic).
OURS = re.compile(r"ar_collections|\bar[._](?!po\b)[a-z]")


def own_warnings(log):
    """Return the warnings and errors in an Odoo log that mention our add-ons, tracebacks included.

    :param Path log: a log file
    :rtype: list[str]
    """
    return own_records(log.read_text(errors="replace") if log.is_file() else "")


def own_records(text, root=str(ROOT)):
    r"""Return those records of a log's text which are warnings or worse and name something of ours.

    A record names its logger first, then its message, which may run over many lines. The path of the checkout is
    ignored: it contains the name of the add-on.

    >>> own_records(
    ...     "2025-01-31 10:00:00,000 7 INFO db odoo.modules: loading ar_collections\n"
    ...     "2025-01-31 10:00:00,000 7 WARNING db odoo.models: ar.customer has no access rules\n"
    ...     "consider adding one\n"
    ...     "2025-01-31 10:00:00,000 7 WARNING db odoo.tools: /home/ar_collections/.dev/odoo is odd\n",
    ...     root="/home/ar_collections",
    ... )
    ['2025-01-31 10:00:00,000 7 WARNING db odoo.models: ar.customer has no access rules\nconsider adding one']
    """
    records = re.split(r"\n(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,)", text.strip())
    return [record for record in records if _is_own_warning(record.replace(root, ""))]


def _is_own_warning(record):
    found = RECORD.match(record)
    return bool(found and found["level"] in BAD_LEVELS and OURS.search(found["text"]))
