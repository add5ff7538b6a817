"""Who sees write-offs, and what becomes of them when invoices and customers change."""

from odoo import Command
from odoo.exceptions import AccessError, UserError

from ..common_recovery import ArRecoveryCommon


class TestIdentity(ArRecoveryCommon):
    def test_merged_contacts_take_their_write_offs_along(self):
        invoice = self._invoice(self.payer, 90, 250.0)
        self._customer(self.payer)
        write_off = self._write_off(invoice)
        kept = self._partner(name="Kept")
        account = self._customer(kept)
        self.env["base.partner.merge.automatic.wizard"]._merge((kept | self.payer).ids, kept)
        self.env.invalidate_all()
        self.assertEqual(write_off.line_ids.partner_id, kept)
        self.assertEqual(write_off.line_ids.customer_id, account)

    def test_an_invoice_reset_and_posted_again_stays_written_off(self):
        invoice = self._invoice(self.payer, 90, 250.0)
        write_off = self._write_off(invoice)
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual((invoice.amount_residual, write_off.state), (0, "posted"))
        self.assertEqual(self._sum_receivables(self.payer), 0)

    def test_an_invoice_changed_before_the_decision(self):
        invoice = self._invoice(self.payer, 90, 250.0)
        write_off = self._write_off(invoice, user=self.collector)
        other = self.env.ref("base.JPY")
        other.active = True
        invoice.button_draft()
        for repost in (lambda: None, lambda: invoice.write({"currency_id": other.id}) and invoice.action_post()):
            repost()
            with self.assertRaisesRegex(UserError, "changed"), self._on():
                write_off.with_user(self.credit_manager).action_approve()
            self.assertEqual(write_off.state, "open")

    def test_what_is_written_off_cannot_be_written_off_again(self):
        invoice = self._invoice(self.payer, 90, 250.0)
        self._write_off(invoice)
        with self.assertRaisesRegex(UserError, "Nothing is open"):
            self._write_off(invoice)

    def test_users_of_another_company_see_nothing_and_decide_nothing(self):
        other = self._create_company(name="Elsewhere")
        stranger = self._user(
            "credit_manager", login="elsewhere", company_id=other.id, company_ids=[Command.set(other.ids)]
        )
        write_off = self._write_off(self._invoice(self.payer, 90, 250.0), user=self.collector)
        theirs = self.env["ar.write.off"].with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(theirs.search([]))
        for method in ("action_approve", "action_reject", "action_withdraw", "action_reverse", "action_claim_relief"):
            with self.subTest(method), self.assertRaises(UserError):
                getattr(theirs.browse(write_off.id), method)()
        self.assertEqual(write_off.state, "open")

    def test_nobody_writes_them_by_rpc(self):
        write_off = self._write_off(self._invoice(self.payer, 90, 250.0), user=self.collector)
        for values in ({"state": "posted"}, {"requested_by_id": self.second.id}, {"amount_total": 1}):
            with self.subTest(values), self.assertRaises(AccessError):
                write_off.with_user(self.credit_manager).write(values)
        with self.assertRaises(AccessError):
            write_off.line_ids.with_user(self.credit_manager).write({"amount": 1})
        for user in (self.collector, self.credit_manager):
            with self.subTest(user=user.name), self.assertRaises(UserError):
                write_off.with_user(user).unlink()

    def test_the_night_asks_as_often_for_many_as_for_one(self):
        def run():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            with self._on():
                found = self.env["ar.write.off"].sudo()._select_paid_after_all(self.company)
            return len(found), self.env.cr.sql_log_count - before

        first, rest = self._invoice(self.payer, 90, 10.0), [self._invoice(p, 90, 10.0) for p in self._partners(5)]
        for invoice in (first, *rest):
            self._write_off(invoice)
        self._entry(self._debt(first), self.TODAY, 10)
        run()
        one, queries = run()
        for invoice in rest:
            self._entry(self._debt(invoice), self.TODAY, 10)
        many, queries_of_many = run()
        self.assertEqual((one, many), (1, 6))
        self.assertEqual(queries, queries_of_many)
