"""A group over two months: reminders by itself, joining, reminders through the payer, leaving."""

from datetime import date

from odoo.tools import mute_logger

from ...common import PROBLEM_LOG
from .common_group import GroupCommon


class TestGroupDiary(GroupCommon):
    def test_two_months(self):
        self.north_invoice = self._invoice(self.north.partner_id, 0, 1000, date(2026, 6, 5))
        self.south_invoice = self._invoice(self.south.partner_id, 0, 300, date(2026, 6, 5))
        with self.subTest("alone"):
            self._pay(self.south_invoice, 100, day=date(2026, 6, 5))
            mails = self._day(date(2026, 6, 8))
            self.assertEqual(sorted(self._readers(mails)), ["north", "south"])
        with self.subTest("joining repeats nothing"):
            self._join(self.north, self.south)
            for day in (9, 10, 11, 12):
                self.assertEqual(self._day(date(2026, 6, day)), [])
            self.assertCode(self.north, "already_sent")
            self.assertEqual((self.north.next_date, self.north.next_step_id), (date(2026, 6, 15), self.firm))
            self.assertEqual(self.payer.next_date, date(2026, 6, 15))
        with self.subTest("one message to the payer"):
            mails = self._day(date(2026, 6, 15))
            self.assertEqual(self._readers(mails), ["payer"])
            self.assertCode(self.north, "payer_reminded")
            self.assertEqual(self._day(date(2026, 6, 15)), [])
            self.assertCode(self.north, "already_sent")
            self.assertEqual(self._listed(self.payer), {self.north_invoice.name: 10, self.south_invoice.name: 10})
            self.assertEqual(self._communications(self.payer).amount_total, 1200)
            self.assertEqual(self.north.last_contact_date, date(2026, 6, 15))
            self.assertEqual((self.north.balance, self.payer.balance), (1000, 0))
        with self.subTest("a disputed item stays out"):
            self._dispute()
            self._pay(self.north_invoice, 400, day=date(2026, 6, 20))
            with mute_logger(PROBLEM_LOG):
                self._day(date(2026, 6, 25))
            task = self._tasks(self.payer, "call")  # the call of the schedule, to the payer
            self.assertTrue(task)
            self.assertFalse(self._tasks(self.north | self.south, "call"))
            self.assertEqual(self._listed(self.payer), {self.north_invoice.name: 20})
            self.assertEqual(self._communications(self.payer)[-1:].amount_total, 600)
            self.assertCode(self.south, "disputed")
            with self._on(date(2026, 6, 25)):
                task.with_user(self.collector).action_feedback("Pays soon")
        with self.subTest("who leaves is reminded of what comes next"):
            self.north.payer_id = False
            for day in (26, 29, 30):
                self.assertEqual(self._day(date(2026, 6, day)), [])
            mails = self._day(date(2026, 7, 6))
            self.assertEqual(self._readers(mails), ["north"])
            self.assertEqual(self._listed(self.north), {self.north_invoice.name: 30})
        with self.subTest("and is not reminded through the payer again"):
            self._join(self.north)
            for day in (7, 13, 20):
                self.assertEqual(self._day(date(2026, 7, day)), [])
        self.assertEqual(self._find_repeated(), [])

    def _dispute(self):
        reason = self.env["ar.dispute.reason"].create({"name": "Damaged", "user_id": self.collector.id, "sla_days": 30})
        requested = {self._debt(self.south_invoice).id: None}
        with self._on(date(2026, 6, 16)):
            disputes = self.env["ar.dispute"].with_user(self.collector)
            disputes._raise_dispute(self.south, reason, requested, "It arrived damaged")
