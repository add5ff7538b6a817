"""What went wrong: the charges of the simulated Stripe against the books, to the cent."""

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Booked:
    """A transaction in the database.

    :param reference: by which Stripe knows it
    :param unit: what it was made for, an installment or a collection of an account
    :param partner: who pays
    :param state: of the transaction
    :param paid: cents that were booked as received
    :param refunded: cents that were booked as given back
    :param noted: whether a task about such charges of the customer is open, or a problem about this one
    """

    reference: str
    unit: str
    partner: int
    state: str
    paid: int
    refunded: int
    noted: bool


@dataclass
class Result:
    """The findings by kind; each is a text."""

    double_charges: list = field(default_factory=list)
    books_differ: list = field(default_factory=list)
    unknown: list = field(default_factory=list)


#: What must not be: the findings, and workers that failed on days on which nothing disturbs them.
FORBIDDEN = ("double_charges", "books_differ", "unknown", "failures_undisturbed")

#: States of a transaction from which nobody can tell what became of it.
OPEN = ("draft", "pending", "authorized")


def compare(charges, booked, balances):
    """Return what went wrong.

    :param charges: {reference: [(cents, cents refunded)]} of successful charges at Stripe
    :param booked: list of `Booked`
    :param balances: {partner: (cents invoiced, cents that the customer owes by the ledger)}
    :rtype: Result

    >>> fine = Booked("A-1", "installment 1", 7, "done", 5000, 0, False)
    >>> compare({"A-1": [(5000, 0)]}, [fine], {7: (9000, 4000)})
    Result(double_charges=[], books_differ=[], unknown=[])
    >>> again = Booked("A-2", "installment 1", 7, "draft", 0, 0, False)
    >>> result = compare({"A-1": [(5000, 0)], "A-2": [(5000, 0)]}, [fine, again], {7: (9000, 4000)})
    >>> for kind, findings in vars(result).items():
    ...     print(kind, findings)
    double_charges ['installment 1: 2 charges', 'customer 7: 10000 taken, 9000 invoiced']
    books_differ ['A-2: 5000 charged, 0 booked', 'customer 7: owes 4000, should owe -1000']
    unknown ['A-2: draft']
    """
    result = Result()
    _find_double(result, charges, booked, balances)
    _find_differences(result, charges, booked, balances)
    result.unknown = [f"{row.reference}: {row.state}" for row in booked if row.state in OPEN and not row.noted]
    return result


def _find_double(result, charges, booked, balances):
    """Find what was charged twice: for one reference, one installment or collection, or more than was invoiced."""
    units, taken = defaultdict(int), defaultdict(int)
    for row in booked:
        made = charges.get(row.reference, [])
        units[row.unit] += len(made)
        taken[row.partner] += sum(cents for cents, _refunded in made)
    result.double_charges += [f"{unit}: {number} charges" for unit, number in units.items() if number > 1]
    result.double_charges += [
        f"customer {partner}: {cents} taken, {balances[partner][0]} invoiced"
        for partner, cents in taken.items()
        if cents > balances[partner][0]
    ]


def _find_differences(result, charges, booked, balances):
    """Find what Stripe and the books do not have alike, by transaction and by customer."""
    known = {row.reference: row for row in booked}
    result.books_differ += [f"{reference}: not known here" for reference in charges if reference not in known]
    owed = {partner: invoiced for partner, (invoiced, _owes) in balances.items()}
    for row in booked:
        made = charges.get(row.reference, [])
        paid, refunded = sum(cents for cents, _back in made), sum(back for _cents, back in made)
        owed[row.partner] += refunded - paid
        if paid != row.paid:
            result.books_differ.append(f"{row.reference}: {paid} charged, {row.paid} booked")
        if refunded != row.refunded:
            result.books_differ.append(f"{row.reference}: {refunded} refunded, {row.refunded} booked")
    for partner, (_invoiced, owes) in balances.items():
        if owes != owed[partner]:
            result.books_differ.append(f"customer {partner}: owes {owes}, should owe {owed[partner]}")
