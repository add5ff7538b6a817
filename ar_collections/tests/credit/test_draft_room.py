from odoo import Command
from odoo.tests import Form

from .common_credit import ArCreditCommon


class TestDraftRoom(ArCreditCommon):
    """A draft invoice says whether it is within the credit limit, to everybody who may write invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(4, 400)
        cls.partner = cls.customer.partner_id

    def _draft(self, amount, partner=None, **values):
        line = Command.create({"name": "Work", "price_unit": amount, "tax_ids": []})
        partner = partner or self.partner
        move = {"move_type": "out_invoice", "partner_id": partner.id, "invoice_line_ids": [line], **values}
        return self.env["account.move"].create(move)

    def _read(self, draft):
        draft.invalidate_recordset()
        with self._on():
            return draft.ar_is_over_limit, draft.ar_credit_text

    def test_nothing_is_said_without_a_limit(self):
        self.assertEqual(self._read(self._draft(70)), (False, False))
        self._limit(self._customer(self._partner(name="Other")), 10)
        self.assertEqual(self._read(self._draft(70)), (False, False))

    def test_up_to_the_limit_and_a_cent_above(self):
        self._limit(self.customer, 500)
        draft = self._draft(100)
        self.assertEqual(self._read(draft)[0], False)
        self.assertIn("0.00 are left", self._read(draft)[1])
        draft.invoice_line_ids.price_unit = 100.01
        self.assertEqual(self._read(draft)[0], True)
        self.assertRegex(self._read(draft)[1], "500.00, is exceeded by .*0.01")
        self.assertNotIn(self.ADDRESS["street"], self._read(draft.with_context(show_address=True))[1])
        draft.action_post()  # it informs
        self.assertEqual(self._read(draft), (False, False))

    def test_drafts_that_do_not_count_are_added_to_what_is_owed(self):
        self._limit(self.customer, 500)
        self.policy.exposure_drafts = False
        self._draft(60)
        self.assertIn("40.00 are left", self._read(self._draft(60))[1])

    def test_cash_only_and_credit_notes(self):
        self._limit(self.customer, 0, credit_limit_kind="zero")
        self.assertIn("gets no credit", self._read(self._draft(60))[1])
        self.assertEqual(self._read(self._draft(60, move_type="out_refund")), (False, False))

    def test_it_is_the_same_whatever_company_the_user_works_in(self):
        self._limit(self.customer, 450)
        draft, other = self._draft(60), self._create_company(name="Elsewhere")
        elsewhere = draft.with_context(allowed_company_ids=(other | self.company).ids)
        self.assertEqual(elsewhere.env.company, other)
        self.assertEqual(self._read(elsewhere), self._read(draft))
        self.assertTrue(self._read(elsewhere)[0])

    def test_the_limit_of_the_group(self):
        head = self._customer(self._partner(name="Head"))
        self.partner.parent_id = head.partner_id
        self._limit(head, 450, is_group_limit=True)
        self._night()
        self.assertRegex(self._read(self._draft(60))[1], "Head.*exceeded by .*10.00")

    def test_while_the_invoice_is_written_by_a_user_without_a_role(self):
        self._limit(self.customer, 500)
        biller = self.internal_user
        biller.write(
            {
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [Command.link(self.env.ref("account.group_account_invoice").id)],
            }
        )
        moves = self.env["account.move"].with_user(biller).with_context(default_move_type="out_invoice")
        with self._on(), Form(moves) as form:
            form.partner_id = self.partner
            self.assertIn("100.00 are left", form.ar_credit_text)
            with form.invoice_line_ids.new() as line:
                line.name, line.price_unit = "Work", 130
                line.tax_ids.clear()
            self.assertTrue(form.ar_is_over_limit)
