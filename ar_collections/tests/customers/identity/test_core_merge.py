"""Accounts of one debtor as one: nobody is contacted who was left alone, and rounds of items that are posted again."""

from datetime import date, timedelta
from unittest import TestCase

from odoo.addons.ar_collections.core.customers.merge import Settings, merge_settings
from odoo.addons.ar_collections.core.customers.rounds import Reminded, counts

TODAY = date(2026, 6, 10)


def day(offset):
    return TODAY + timedelta(days=offset)


class TestSettings(TestCase):
    def merge(self, own, *others):
        """Return the settings of account A after it took over B, C, ..."""
        made = [Settings(name, **values) for name, values in zip("ABCD", (own, *others), strict=False)]
        return merge_settings(made[0], made[1:], TODAY)

    def test_nothing_is_set(self):
        self.assertEqual(self.merge({}, {}), Settings("A"))

    def test_who_was_excluded_in_one_of_them_stays_so(self):
        court = {"excluded": True, "exclusion_reason": "In court"}
        for accounts in ((court, {}), ({}, court), ({}, {}, court), (court, court)):
            with self.subTest(accounts=accounts):
                found = self.merge(*accounts)
                self.assertEqual((found.excluded, found.exclusion_reason), (True, "In court"))
        self.assertEqual(self.merge({"exclusion_reason": "Left over"}, court).exclusion_reason, "In court")
        self.assertEqual(self.merge({"excluded": True}, court).exclusion_reason, "In court")
        self.assertEqual(self.merge({"excluded": True}, {"excluded": True}).exclusion_reason, "A, B")

    def test_the_longest_pause_and_the_reasons_of_those_that_last(self):
        def pause(offset, reason):
            return {"pause_until": day(offset), "pause_reason": reason}

        table = [
            ((pause(5, "Flood"), pause(9, "Strike")), (day(9), "A: Flood; B: Strike")),
            ((pause(9, "Flood"), pause(0, "Strike")), (day(9), "Flood")),
            ((pause(1, "Flood"), pause(1, "Flood")), (day(1), "Flood")),
            (({}, pause(9, "Strike")), (day(9), "Strike")),
            ((pause(-9, "Flood"), {}), (day(-9), "")),
        ]
        for accounts, expected in table:
            with self.subTest(accounts=accounts):
                found = self.merge(*accounts)
                self.assertEqual((found.pause_until, found.pause_reason), expected)

    def test_policy_and_collector_of_its_own_else_of_the_first_that_has_one(self):
        found = self.merge({}, {"policy_id": 2}, {"policy_id": 3, "collector_id": 4}, {"collector_id": 5})
        self.assertEqual((found.policy_id, found.collector_id), (2, 4))
        found = self.merge({"policy_id": 1}, {"policy_id": 2, "collector_id": 3})
        self.assertEqual((found.policy_id, found.collector_id), (1, 3))


class TestRounds(TestCase):
    def test_which_reminder_belongs_to_the_item(self):
        may, june = date(2026, 5, 1), date(2026, 6, 1)
        whole, part, deleted = Reminded(9, 1, may), Reminded(9, 1, may, is_part=True), Reminded(9, None, may, True)
        table = [
            (whole, (9, 1, may), True),
            (whole, (9, 2, may), True),  # posted again, or reminded as a whole
            (whole, (9, 2, may - timedelta(days=1)), True),
            (whole, (9, 2, may + timedelta(days=1)), False),
            (whole, (8, 1, may), False),
            (part, (9, 1, may), True),
            (part, (9, 1, may - timedelta(days=1)), True),
            (part, (9, 1, june), False),
            (part, (9, 2, may), True),  # posted again, due on the same day
            (part, (9, 2, may - timedelta(days=1)), False),  # another installment
            (deleted, (9, 2, may - timedelta(days=1)), True),
            (deleted, (9, 2, june), False),
        ]
        for reminded, item, expected in table:
            with self.subTest(reminded=reminded, item=item):
                self.assertEqual(counts(reminded, *item), expected)
