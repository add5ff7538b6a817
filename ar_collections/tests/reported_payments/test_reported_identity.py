from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError

from .common_reported import ReportedCommon


class TestIdentity(ReportedCommon):
    """Reports follow their debts: invoices that are posted again, customers that are merged or get a parent."""

    def test_an_invoice_that_is_posted_again(self):
        reported = self._report()
        with self._on():
            self.old.button_draft()
            self.old.invoice_line_ids.price_unit = 280
            self.old.action_post()
        self.env.invalidate_all()
        self.assertEqual(reported.line_ids.move_line_id, self._debt(self.old))
        self.assertEqual(reported.state, "open")
        self.assertEqual(self._codes()[self.old], ["payment_reported"])

    def test_while_an_invoice_is_in_draft_the_report_waits(self):
        reported = self._report()
        with self._on():
            self.old.button_draft()
        self._judge(self.DAY_AFTER)
        self.assertEqual(reported.state, "open")

    def test_what_is_not_in_draft_is_judged_all_the_same(self):
        reported = self._report({self.old: None, self.new: None})
        with self._on():
            self.old.button_draft()
        self._judge(self.LAST_DAY)
        self.assertEqual(reported.state, "open")
        self._judge(self.DAY_AFTER)
        self.assertEqual(reported.state, "not_found")

    def test_paid_besides_a_draft_it_waits_for_the_draft(self):
        reported = self._report({self.old: None, self.new: None})
        self._pay(self.new)
        with self._on():
            self.old.button_draft()
        self._judge(self.DAY_AFTER)
        self.assertEqual(reported.state, "open")

    def test_nobody_calls_a_draft_not_found(self):
        reported = self._report()
        with self._on():
            self.old.button_draft()
            with self.assertRaisesRegex(UserError, "reset to draft"):
                reported.with_user(self.collector).action_not_found()
        self.assertEqual(reported.state, "open")

    def test_an_item_that_replaced_another_is_not_reported_once_more(self):
        reported = self._report(origin="portal")
        self._judge(self.DAY_AFTER)
        reported.sudo().line_ids.move_line_id = False  # as where Odoo replaces the items of an invoice
        self.assertRefused("reported_before", origin="portal", on=self.DAY_AFTER)
        self._report({self.new: None}, origin="portal", on=self.DAY_AFTER)

    def test_a_canceled_invoice_ends_it(self):
        reported = self._report()
        with self._on():
            self.old.button_draft()
            self.old.button_cancel()
        self.assertEqual(reported.state, "withdrawn")
        self.assertFalse(self._tasks(self.customer, "reported_payment"))

    def test_merged_customers(self):
        reported = self._report()
        target = self._partner(name="Merged Payer")
        self._invoice(target, 3, 20.0)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        with self._on():
            wizard._merge((self.partner | target).ids, target)
        self.env.invalidate_all()
        account = self._customer(target)
        self.assertEqual(reported.customer_id, account)
        self.assertEqual(account.reported_payment_open_count, 1)

    def test_a_contact_that_joins_a_company(self):
        reported = self._report()
        parent = self._partner(name="Parent Company")
        with self._on():
            self.partner.write({"is_company": False, "parent_id": parent.id})
            self.env["ar.customer"].sudo()._carry_over_company(self.company, self.TODAY)
        self.env.invalidate_all()
        self.assertEqual(reported.customer_id.partner_id, self._debt(self.old).partner_id.commercial_partner_id)

    def test_a_contact_that_leaves_a_company_takes_report_and_task_along(self):
        office = self._partner(name="Office", is_company=False, parent_id=self.partner.id)
        receivable, revenue = (
            self.company_data["default_account_receivable"],
            self.company_data["default_account_revenue"],
        )
        lines = [
            {"account_id": receivable.id, "partner_id": office.id, "debit": 90, "date_maturity": self.TODAY},
            {"account_id": revenue.id, "credit": 90},
        ]
        values = {"move_type": "entry", "date": self.TODAY, "line_ids": [Command.create(line) for line in lines]}
        entry = self.env["account.move"].create(values)
        entry.action_post()
        with self._on():
            item, staying = entry.line_ids.filtered("debit"), self._report()
            reported = self.customer._report_payment(self.TODAY, {item.id: None})
            office.write({"is_company": True, "parent_id": False})
            self.env["ar.customer"].sudo()._carry_over_company(self.company, self.TODAY)
        self.env.invalidate_all()
        self.assertEqual(reported.customer_id.partner_id, office)
        self.assertIn(reported.name, self._tasks(reported.customer_id, "reported_payment").summary)
        task = self._tasks(self.customer, "reported_payment")
        self.assertEqual(len(task), 1)
        self.assertIn(staying.name, task.summary)
        self.assertNotIn(reported.name, f"{task.summary} {task.note}")
        staying.action_withdraw()
        self.assertFalse(self._tasks(self.customer, "reported_payment"))

    def test_a_payment_that_comes_back_later(self):
        reported = self._report()
        payment = self._pay(self.old)
        self._judge(self.TODAY)
        self.assertEqual(reported.state, "settled")
        payment.action_draft()
        payment.action_cancel()
        self.env.invalidate_all()
        self._judge(self.TODAY + timedelta(days=1))
        self.assertEqual(reported.state, "settled")
        self.assertNotIn("payment_reported", self._codes()[self.old])
