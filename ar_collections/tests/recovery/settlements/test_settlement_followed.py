"""What becomes of settlements when invoices and customers change, who sees them, and what a night costs."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError

from .test_settlement import LAST, SettlementCommon


class TestFollowed(SettlementCommon):
    def test_an_invoice_posted_again_stays_settled(self):
        settlement = self._agree()
        self.invoice.button_draft()
        self._judge(LAST + timedelta(days=1))
        self.assertEqual(settlement.state, "open")
        self.invoice.action_post()
        self.assertEqual(settlement.line_ids.move_line_id, self._debt(self.invoice))
        self.assertEqual(self._held(), 1000)
        self._money(600, LAST)
        self._judge(LAST + timedelta(days=2))
        self.assertEqual((settlement.state, settlement.credit_note_ids.amount_total), ("paid", 400))

    def test_each_payment_marks_it_also_where_it_is_marked(self):
        """A judgement that could not see the payment meets the row that it changed, and begins anew."""
        settlement = self._agree()

        def version():
            self.env.cr.execute("SELECT ctid FROM ar_settlement WHERE id = %s AND to_judge", [settlement.id])
            return self.env.cr.fetchone()

        self._money(100, self.TODAY)
        before = version()
        self.assertTrue(before)
        self._money(100, self.TODAY)
        self.assertTrue(version())
        self.assertNotEqual(version(), before)

    def test_a_canceled_invoice_ends_it(self):
        settlement = self._agree()
        self.invoice.button_draft()
        self.invoice.button_cancel()
        self.assertEqual(settlement.state, "withdrawn")

    def test_merged_contacts_take_it_along(self):
        settlement = self._agree()
        note = self.env["ar.payment.ability"].create({"customer_id": self.customer.id, "reason": "Lost a customer"})
        kept = self._partner(name="Kept")
        account = self._customer(kept)
        self.env["base.partner.merge.automatic.wizard"]._merge((kept | self.customer.partner_id).ids, kept)
        self.env.invalidate_all()
        self.assertEqual((settlement.customer_id, note.customer_id), (account, account))
        self.assertEqual((settlement.partner_id, note.partner_id), (kept, kept))

    def test_what_changed_since_the_request_is_noticed(self):
        settlement = self._request()
        self._money(100, self.TODAY)
        with self.assertRaisesRegex(UserError, "changed"), self._on():
            settlement.with_user(self.credit_manager).action_approve()
        with self.assertRaises(UserError):
            self._request()

    def test_what_is_settled_is_not_promised_or_placed(self):
        self._agree()
        with self._on():
            self.assertFalse(self.customer._get_free_amounts())
            self.assertFalse(self.customer._get_placeable_items(self.company.currency_id))

    def test_users_of_another_company_see_nothing_and_decide_nothing(self):
        other = self._create_company(name="Elsewhere")
        company = {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        stranger = self._user("credit_manager", login="elsewhere", **company)
        settlement = self._request()
        theirs = self.env["ar.settlement"].with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(theirs.search([]))
        for method in ("action_approve", "action_reject", "action_withdraw", "action_update", "action_open_abilities"):
            with self.subTest(method), self.assertRaises(UserError):
                getattr(theirs.browse(settlement.id), method)()
        with self.assertRaises(AccessError):
            settlement.with_user(self.credit_manager).write({"amount_agreed": 1})
        abilities = self.env["ar.payment.ability"].with_user(stranger).with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            abilities.create({"customer_id": self.customer.id, "reason": "x"})

    def test_the_customer_page_names_it(self):
        settlement = self._agree()
        with self._on():
            rows = [row for row in self.customer._get_agreement_rows() if row["name"] == settlement.name]
        self.assertEqual(len(rows), 1)
        self.assertIn("600", rows[0]["text"])

    def test_a_night_without_any_asks_once(self):
        self.env.flush_all()
        with self.assertQueryCount(1), self._on():
            self.env["ar.settlement"].sudo()._judge_company(self.company, self.TODAY)
