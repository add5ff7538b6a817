from datetime import date, timedelta
from decimal import Decimal

from ..customers.owed.common_owed import ArBranchCommon

MAY, JUNE = (date(2026, 5, 1), date(2026, 5, 31)), (date(2026, 6, 1), date(2026, 6, 9))


class TestStatementBranches(ArBranchCommon):
    """Movements where an invoice of a branch is paid at head office, as online payments are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._owed(cls.branch, 0, 1000.0, invoice_date=date(2026, 5, 5))
        cls.bank = cls.company_data["default_journal_bank"]
        cls.money = cls._entry(cls.partner, -1000.0, journal=cls.bank, day=date(2026, 5, 20))

    def _match(self):
        (self.money | self._debt(self.invoice)).sudo().reconcile()

    def _sections(self, customer, period):
        """Return [(opening, {kind and name: amount}, closing)] of what is told about the period."""
        activity = self.env["ar.statement.contents"].sudo()._read_activity(customer, {customer.id: period})
        return [
            (
                Decimal(section["opening"]),
                {(row["kind"], row["name"]): Decimal(row["amount"]) for row in section["rows"]},
                Decimal(section["closing"]),
            )
            for section in activity[customer.id]["sections"]
        ]

    def _prepare(self, day):
        """Return the statement of the branch that is prepared and sent on that day."""
        with self._on(day):
            self.env["ar.customer.statement"].sudo()._prepare_company(self.branch, day)
        self.env.invalidate_all()
        domain = [("customer_id", "=", self.customer.id)]
        statement = self.env["ar.customer.statement"].sudo().search(domain, order="id desc", limit=1)
        self._deliver(day)
        return statement

    def test_what_head_office_received_is_a_payment_of_the_branch(self):
        invoice, payment = ("invoice", self.invoice.name), ("payment", self.money.move_id.name)
        self.assertEqual(self._sections(self.customer, MAY), [(0, {invoice: 1000}, 1000)])
        self.assertEqual(self._sections(self.head, MAY), [(0, {payment: -1000}, -1000)])
        self._match()
        self.assertEqual(self._sections(self.customer, MAY), [(0, {invoice: 1000, payment: -1000}, 0)])
        self.assertEqual(self._sections(self.head, MAY), [(0, {invoice: 1000, payment: -1000}, 0)])
        self.assertEqual([self._sections(each, JUNE) for each in (self.customer, self.head)], [[], []])

    def test_the_balance_is_what_is_open(self):
        other = self._owed(self.branch, 0, 300.0, invoice_date=date(2026, 5, 6))
        credit = self._owed(self.branch, 0, 50.0, move_type="out_refund", invoice_date=date(2026, 5, 7))
        self._entry(self.partner, 20.0, day=date(2026, 5, 8))  # owed to head office
        (self.money | self._debt(self.invoice) | self._debt(other) | self._debt(credit)).sudo().reconcile()
        for customer in (self.customer, self.head):
            items = self.env["ar.as.of"]._read_items(customer.company_id, MAY[1], self.partner.ids)
            ((_opening, _rows, closing),) = self._sections(customer, MAY)
            self.assertEqual(closing, sum(item.residual for item in items))

    def test_a_foreign_currency_counts_in_its_own_amounts(self):
        euro = {"currency_id": self.env.ref("base.EUR").id}
        self.env.ref("base.EUR").active = True
        invoice = self._owed(self.branch, 0, 70.0, invoice_date=date(2026, 5, 5), **euro)
        money = self._owed(self.company, 0, 50.0, move_type="out_refund", invoice_date=date(2026, 5, 9), **euro)
        (self._debt(money) | self._debt(invoice)).sudo().reconcile()
        self.assertIn(
            (0, {("invoice", invoice.name): 70, ("credit_note", money.name): -50}, 20),
            self._sections(self.customer, MAY),
        )

    def test_a_payment_in_draft_is_not_in_the_ledger(self):
        self._match()
        self.env.cr.execute("UPDATE account_move_line SET parent_state = 'draft' WHERE id = %s", [self.money.id])
        self.assertEqual(self._sections(self.customer, MAY), [(0, {("invoice", self.invoice.name): 1000}, 1000)])

    def test_a_match_of_today_is_a_movement(self):
        self.env.cr.execute("UPDATE account_move_line SET create_date = '2026-01-01'")
        self._match()
        read_moved, since = self.env["ar.statement.contents"].sudo()._read_moved, {self.customer.id: self.TODAY}
        self.assertEqual(read_moved(self.customer, since), {self.customer.id})
        self.env.cr.execute("UPDATE account_partial_reconcile SET create_date = '2026-01-01'")
        self.assertFalse(read_moved(self.customer, since))

    def test_what_was_matched_late_leads_from_one_statement_to_the_next(self):
        policy = self.customer.policy_id.sudo()
        policy.write({"statement_frequency": "weekly", "statement_weekday": "2", "statement_kind": "activity"})
        policy.statement_done_for = self.TODAY - timedelta(days=7)
        self.env.cr.execute("UPDATE account_move SET create_date = '2026-01-01'")
        (before,) = self._prepare(self.TODAY).contents["activity"]["sections"]
        self._match()
        self._owed(self.branch, 0, 5.0, invoice_date=self.TODAY)
        (section,) = self._prepare(self.TODAY + timedelta(days=7)).contents["activity"]["sections"]
        self.assertEqual((before["closing"], section["opening"]), ("1000.00", "1000.00"))
        self.assertEqual(
            [(row["kind"], row["date"], Decimal(row["amount"])) for row in section["rows"]],
            [("payment", "2026-05-20", -1000), ("invoice", self.TODAY.isoformat(), 5)],
        )
        self.assertEqual(Decimal(section["closing"]), 5)
