"""What `make charges` finds, and what it does not."""

from dataclasses import replace

import pytest

from dev.charges.comparison import Booked, compare

FINE = Booked("A-1", "installment 1", 7, "done", 5000, 0, False)
CHARGES = {"A-1": [(5000, 0)]}
BALANCES = {7: (9000, 4000)}


def _kinds(charges=None, booked=(FINE,), balances=None):
    result = compare(CHARGES if charges is None else charges, list(booked), balances or BALANCES)
    return [kind for kind, findings in vars(result).items() if findings]


def test_what_agrees_is_no_finding():
    assert not _kinds()
    assert not _kinds({"A-1": [(5000, 700)]}, [replace(FINE, refunded=700)], {7: (9000, 4700)})


@pytest.mark.parametrize("charges", [{"A-1": [(5000, 0), (5000, 0)]}, {"A-1": [(5000, 0)], "A-2": [(5000, 0)]}])
def test_a_second_charge_of_a_reference_or_unit(charges):
    booked = [FINE, replace(FINE, reference="A-2", state="error", paid=0)]
    assert "double_charges" in _kinds(charges, booked)


def test_more_than_was_invoiced():
    assert "double_charges" in _kinds(balances={7: (4000, -1000)})


@pytest.mark.parametrize(
    "booked", [[replace(FINE, paid=4999)], [replace(FINE, paid=10000)], [replace(FINE, refunded=1)], []]
)
def test_books_that_differ(booked):
    assert _kinds(booked=booked) == ["books_differ"]


def test_a_balance_that_differs_by_a_cent():
    assert _kinds(balances={7: (9000, 4001)}) == ["books_differ"]


@pytest.mark.parametrize("state", ["draft", "pending", "authorized"])
def test_what_nobody_knows_of(state):
    row = Booked("A-2", "installment 2", 7, state, 0, 0, noted=False)
    assert _kinds(booked=[FINE, row]) == ["unknown"]
    assert not _kinds(booked=[FINE, replace(row, noted=True)])
