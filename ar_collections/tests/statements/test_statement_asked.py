"""What statements ask for: the same amount in the email, its printed version and on the customer page."""

from datetime import timedelta

from odoo import Command

from .common_statements import ArStatementCommon

#: Color of days late of what is asked for.
WARNING = "color: #92400e"


class TestStatementAsked(ArStatementCommon):
    """The old invoice, of 100.00, was entered long ago and is due in ten days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.partner.bank"].create({"acc_number": "IE1", "partner_id": cls.company.partner_id.id})

    def _group(self):
        """Return the only section of the customer page."""
        self.env.invalidate_all()
        with self._on():
            (group,) = self.customer._get_page_values()["groups"]
        return group

    def _row(self, invoice):
        return next(row for row in self._group()["rows"] if row["move"] == invoice)

    def _assert_asked(self, amount):
        """Assert that email, printed statement and page ask for this amount; "": they name the account alone."""
        statement = self._prepare()
        with self._on():
            mailed = statement.communication_id._get_transfers()
            printed = self.customer._get_statement_values()["transfers"]
        transfers = [printed, self._group()["transfers"], *([mailed] if amount else [])]
        text = amount and f"$\xa0{amount}"
        self.assertEqual([[row["amount"] for row in rows] for rows in transfers], [[text]] * len(transfers))

    def _assert_left_alone(self, invoice):
        """Assert that the page shows an overdue invoice without asking for it, and takes money for it all the same."""
        row = self._row(invoice)
        self.assertEqual((row["payable"], row["is_due"], row["ticked"]), (True, False, False))
        self.assertFalse(self._group()["is_late"])
        self.assertGreater(self._group()["pay_all"], row["amount"])

    def test_the_newest_invoice_is_asked_for_like_others_that_are_not_due(self):
        self.policy.write({"minimum_known_days": 3, "statement_invoices": True})
        with self._on():
            new = self._invoice(self.customer.partner_id, -30, 40.0)
        self._assert_asked("140.00")
        self.assertIn(new, self._statements().communication_id.line_ids.move_id)
        self._run()
        self.assertFalse(self._communications(self.customer).filtered(lambda each: not each.notice))

    def test_an_invoice_of_which_nobody_knows_whether_it_arrived_is_asked_for(self):
        self.policy.arrival_rule = "wait"
        self._assert_asked("100.00")

    def test_what_is_left_of_a_discount_is_not_asked_for(self):
        """The discount of 2 % is taken on its last day; the rest fell due three days ago."""
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % in 27 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 27,
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 27})],
            }
        )
        self.policy.write({"tolerance_amount": 0, "tolerance_share": 0})
        paid_on = self.TODAY - timedelta(days=3)
        values = {"invoice_date": paid_on - timedelta(days=27), "invoice_date_due": False}
        invoice = self._invoice(self.customer.partner_id, 0, 1000.0, invoice_payment_term_id=term.id, **values)
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        register.create(
            {"payment_date": paid_on, "amount": 980.0, "payment_difference_handling": "open"}
        )._create_payments()
        self.assertEqual(invoice.amount_residual, 20)
        self._assert_left_alone(invoice)
        self._assert_asked("100.00")
        self.assertEqual((self._group()["open"], self._group()["overdue"]), (120, 0))
        self.assertEqual(self._statements().contents["sections"][0]["overdue"], "0")
        self.assertEqual(self._row(invoice)["days_late"], 0)
        # Nor does the link of a reminder that listed it once.
        with self._on():
            (group,) = self.customer._get_page_values({self._debt(invoice).id})["groups"]
        self.assertFalse(any(row["ticked"] for row in group["rows"]))
        self._pay(self.invoice)
        self._assert_asked("")

    def test_what_a_person_excluded_is_not_asked_for(self):
        excluded = self._invoice(self.customer.partner_id, 12, 3000.0)
        self.assertEqual((self._row(excluded)["ticked"], self._group()["is_late"]), (True, True))
        excluded.no_followup = True
        self._assert_left_alone(excluded)
        self._assert_asked("100.00")
        (mail,) = self._deliver()
        self.assertIn("12 days late", mail["body"])
        self.assertNotIn(WARNING, mail["body"])
        excluded.no_followup = False
        with self._on():
            self.customer.with_user(self.collector).action_send_statements()
        (mail,) = self._deliver()
        self.assertIn(WARNING, mail["body"])

    def test_what_was_due_before_the_cut_off_date_is_not_asked_for(self):
        opening = self._invoice(self.customer.partner_id, 400, 50.0)
        self.company.ar_cutoff_date = self.TODAY - timedelta(days=100)
        self._assert_left_alone(opening)
        self._assert_asked("100.00")
        with self._on():  # but by who chose it for a reminder
            (group,) = self.customer._get_page_values({self._debt(opening).id})["groups"]
        self.assertEqual([row["move"] for row in group["rows"] if row["ticked"]], [opening])
