"""The options of automatic payment as customers enter them: read, or refused with a reason."""

from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.autopay import options as rules
from odoo.addons.ar_collections.core.autopay import typed_options as typed
from odoo.addons.ar_collections.core.autopay.typed_options import OptionsRefused, read_options
from odoo.addons.ar_collections.core.portal.typed_amount import read_amount

READ = [
    # entered, option, value
    ({"charge_on": "due_date"}, "charge_on", "due_date"),
    ({"charge_on": "due_date", "days_before": "x", "month_day": "99"}, "days_before", 0),
    ({"charge_on": "days_before", "days_before": "5"}, "days_before", 5),
    ({"charge_on": "days_before", "days_before": " 60 "}, "days_before", 60),
    ({"charge_on": "month_day", "month_day": "31"}, "month_day", 31),
    ({"charge_on": "month_day", "month_day": "1."}, "month_day", 1),
    ({"charge_on": "month_day", "month_day": "15th"}, "month_day", 15),
    ({"charge_on": "due_date", "maximum_charge": "1250,50"}, "maximum_charge", Decimal("1250.50")),
    ({"charge_on": "due_date", "maximum_month": "1,250.50"}, "maximum_month", Decimal("1250.50")),
    ({"charge_on": "due_date", "maximum_charge": "  "}, "maximum_charge", Decimal(0)),
    ({"charge_on": "due_date"}, "maximum_month", Decimal(0)),
]

REFUSED = [
    ({}, rules.BAD_TIME),
    ({"charge_on": "weekly"}, rules.BAD_TIME),
    ({"charge_on": ["due_date"]}, rules.BAD_TIME),
    ({"charge_on": "days_before"}, rules.BAD_DAYS_BEFORE),
    ({"charge_on": "days_before", "days_before": "0"}, rules.BAD_DAYS_BEFORE),
    ({"charge_on": "days_before", "days_before": "61"}, rules.BAD_DAYS_BEFORE),
    ({"charge_on": "days_before", "days_before": "2.5"}, rules.BAD_DAYS_BEFORE),
    ({"charge_on": "days_before", "days_before": "٣"}, rules.BAD_DAYS_BEFORE),
    ({"charge_on": "month_day", "month_day": "32"}, rules.BAD_MONTH_DAY),
    ({"charge_on": "month_day", "month_day": "-1"}, rules.BAD_MONTH_DAY),
    ({"charge_on": "month_day", "month_day": ""}, rules.BAD_MONTH_DAY),
    ({"charge_on": "due_date", "maximum_charge": "0"}, typed.BAD_AMOUNT),
    ({"charge_on": "due_date", "maximum_charge": "-5"}, typed.BAD_AMOUNT),
    ({"charge_on": "due_date", "maximum_month": "a lot"}, typed.BAD_AMOUNT),
    ({"charge_on": "due_date", "maximum_month": "1.250"}, typed.BAD_AMOUNT),
    ({"charge_on": "due_date", "maximum_charge": "9", "maximum_month": "8"}, rules.MONTH_BELOW_CHARGE),
]


def read(values, journals=(), offered=(7,)):
    return read_options(values, journals, offered, lambda text: read_amount(text, 2) if text.strip() else None)


class TestTypedOptions(TestCase):
    def test_read(self):
        for values, name, expected in READ:
            with self.subTest(values=values):
                self.assertEqual(getattr(read(values), name), expected)

    def test_refused(self):
        for values, code in REFUSED:
            with self.subTest(values=values), self.assertRaises(OptionsRefused) as refused:
                read(values)
            self.assertEqual(refused.exception.code, code)

    def test_kinds_of_invoice(self):
        due = {"charge_on": "due_date"}
        for ticked, offered, chosen in [
            (["8"], [8, 7], {8}),
            (["7", "8"], [7, 8], set()),
            (["8", "8", "x", "99"], [7, 8], {8}),
            ([], [7], set()),
        ]:
            self.assertEqual(read(due, ticked, offered).journal_ids, chosen)
        with self.assertRaises(OptionsRefused) as refused:
            read(due, ["99"], [7, 8])
        self.assertEqual(refused.exception.code, typed.NO_KIND)
