"""Whether an invoice reached the customer, by the evidence there is, and whether it may be reminded.

Evidence is what happened: a mail server took the mail, a mail came back, the customer opened the page. Of each way, an
e-mail address for instance, the latest counts: a mail that was sent again after a bounce is sent. The best way decides,
because one recipient who got the invoice is enough.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

# --- Kinds of evidence ---
SENT = "sent"

#: The recipient's system confirmed it, as the Peppol network does.
CONFIRMED = "confirmed"

BOUNCED = "bounced"

FAILED = "failed"

VIEWED = "viewed"

#: Odoo made the document for a person to print or download.
PRINTED = "printed"

#: A person says that it was delivered: on paper, from another system.
MARKED = "marked"

#: What happened around it, and says nothing about the arrival: the customer asked for it again, the collector was told.
REQUESTED, TOLD = "requested", "told"

# --- States: those of the evidence above, and ---
NOT_SENT = "not_sent"

DELIVERED = "delivered"

#: States in which nothing shows that the customer has the invoice, and waiting does not help.
NOT_ARRIVED = (NOT_SENT, BOUNCED, FAILED)

#: States that are known, not assumed.
KNOWN = (DELIVERED, VIEWED)

# --- What a policy does about invoices of which nothing shows that they arrived ---
OFF, WAIT, ASSUME = "off", "wait", "assume"

#: Ways that confirm what arrived, so that waiting proves nothing.
CONFIRMING = ("peppol",)

#: Days without a bounce after which a sent mail counts as delivered. A mail server gives up after up to five days, but
#: nearly all bounces come within minutes.
DEFAULT_DAYS = 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that happened to an invoice.

    :param day: in the company's time zone
    :param route: the way it took: an e-mail address, ``peppol``, a page; empty for paper
    """

    kind: str
    day: date
    route: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """The state of an invoice, and what it follows from.

    :param state: ``NOT_SENT``, ``SENT``, ``DELIVERED``, ``BOUNCED``, ``FAILED``, ``VIEWED`` or ``PRINTED``
    :param evidence: what decides; ``None`` without any
    :param until: of ``SENT``: the day from which it counts as delivered; ``None`` where the network has to confirm it
    """

    state: str
    evidence: Evidence | None = None
    until: date | None = None


def judge(evidence: Iterable[Evidence], today: date, days: int = DEFAULT_DAYS) -> Arrival:
    """Return whether the invoice arrived, as of the end of a day.

    :param evidence: in the order in which it happened; what is later than the day does not count
    :param days: days without a bounce after which what was sent counts as delivered

    >>> june = [date(2026, 6, day) for day in range(1, 30)]
    >>> sent, bounced = Evidence(SENT, june[0], "a@b.example"), Evidence(BOUNCED, june[0], "a@b.example")
    >>> judge([sent], june[0]).state, judge([sent], june[1]).state, judge([sent, bounced], june[5]).state
    ('sent', 'delivered', 'bounced')

    One address is enough, and a mail that is sent again counts anew:

    >>> judge([sent, bounced, Evidence(SENT, june[0], "c@b.example")], june[1]).state
    'delivered'
    >>> judge([sent, bounced, Evidence(SENT, june[2], "a@b.example")], june[2]).state
    'sent'
    >>> judge([sent, Evidence(SENT, june[3], "a@b.example")], june[3]).state  # a copy was asked for
    'delivered'

    Who opened the page has it, whatever came back:

    >>> judge([sent, Evidence(VIEWED, june[0], "page"), bounced], june[1]).state, judge([], june[1]).state
    ('viewed', 'not_sent')
    """
    known = [each for each in evidence if each.day <= today and each.kind not in (REQUESTED, TOLD)]
    for kind, state in ((VIEWED, VIEWED), (MARKED, DELIVERED), (CONFIRMED, DELIVERED)):
        if found := [each for each in known if each.kind == kind]:
            return Arrival(state, found[-1])
    latest: dict[str, tuple[int, Evidence]] = {}
    for number, each in enumerate(known):
        before = latest.get(each.route)
        if not before or (before[1].kind, each.kind) != (SENT, SENT):  # a copy does not make the first mail later
            latest[each.route] = number, each
    return _best(list(latest.values()), today, timedelta(days=days))


def _best(latest: list[tuple[int, Evidence]], today: date, days: timedelta) -> Arrival:
    """Return the state of the best way.

    :param latest: the last evidence of each way, with its place in the order
    """
    sent = [each for _number, each in latest if each.kind == SENT]
    if mails := [each for each in sent if each.route not in CONFIRMING]:
        first = min(mails, key=lambda each: each.day)
        until = first.day + days
        return Arrival(DELIVERED, first) if today >= until else Arrival(SENT, first, until)
    if sent:
        return Arrival(SENT, sent[-1])
    if not latest:
        return Arrival(NOT_SENT)
    # Printed after a mail came back, it went by post; printed before, it did not help.
    _number, last = max(latest, key=lambda pair: pair[0])
    return Arrival(last.kind, last)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the policy makes of the state: whether reminders wait, until when, or why the arrival is assumed."""

    waits: bool = False
    until: date | None = None
    assumed: str | None = None


def decide(rule: str, arrival: Arrival) -> Verdict:
    """Return whether an automatic reminder of the invoice waits.

    What was printed is assumed to have gone by post, so it does not wait.

    :param rule: ``OFF``, ``WAIT`` or ``ASSUME``

    >>> decide(WAIT, Arrival(BOUNCED)).waits, decide(WAIT, Arrival(DELIVERED)).waits, decide(OFF, Arrival(FAILED)).waits
    (True, False, False)
    >>> decide(ASSUME, Arrival(NOT_SENT)), decide(WAIT, Arrival(PRINTED)).assumed
    (Verdict(waits=False, until=None, assumed='not_sent'), 'printed')
    """
    if rule == OFF or arrival.state in KNOWN:
        return Verdict()
    if rule == WAIT and arrival.state != PRINTED:
        return Verdict(waits=True, until=arrival.until)
    return Verdict(assumed=arrival.state)


def mask_address(address: str) -> str:
    """Return an e-mail address that its owner recognizes, and nobody else can use.

    >>> mask_address("accounts@customer.example.com"), mask_address("a@b.example")
    ('a…s@customer.example.com', 'a…@b.example')
    """
    name, _at, domain = address.rpartition("@")
    last = name[-1] if len(name) > 2 else ""
    return f"{name[:1]}…{last}@{domain}"
