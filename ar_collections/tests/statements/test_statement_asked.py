"""What statements ask for: the same amount in the email, its printed version and on the customer page."""

from .common_statements import ArStatementCommon


class TestStatementAsked(ArStatementCommon):
    """The old invoice, of 100.00, was entered long ago and is due in ten days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.partner.bank"].create({"acc_number": "IE1", "partner_id": cls.company.partner_id.id})

    def _transfers(self):
        """Return the amounts of the transfers in the email with the statement, and on the printed one."""
        statement = self._prepare()
        with self._on():
            mailed = statement.communication_id._get_transfers()
            printed = self.customer._get_statement_values()["transfers"]
        return [[transfer["amount"] for transfer in transfers] for transfers in (mailed, printed)]

    def _asked(self, amount):
        """Assert that email and printed statement ask for this amount."""
        self.assertEqual(self._transfers(), [[f"$\xa0{amount}"]] * 2)

    def test_the_newest_invoice_is_asked_for_like_others_that_are_not_due(self):
        self.policy.write({"minimum_known_days": 3, "statement_invoices": True})
        with self._on():
            new = self._invoice(self.customer.partner_id, -30, 40.0)
        self._asked("140.00")
        self.assertIn(new, self._statements().communication_id.line_ids.move_id)
        self._run()
        self.assertFalse(self._communications(self.customer).filtered(lambda each: not each.notice))

    def test_an_invoice_of_which_nobody_knows_whether_it_arrived_is_asked_for(self):
        self.policy.arrival_rule = "wait"
        self._asked("100.00")
