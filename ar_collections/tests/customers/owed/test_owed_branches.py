from odoo import Command

from .common_owed import ArBranchCommon


class TestBranches(ArBranchCommon):
    """Branches of one root company match each other's items: what a company does not need covers the others' debts."""

    def _paid(self, company, amount):
        """Book money of the customer in that company, unmatched; return its line."""
        return self._entry(self.partner, -amount, journal=self.company_data["default_journal_bank"], company=company)

    def _credits(self, customer):
        """Return what is set off in the customer's company: {line id: amount}."""
        return {credit.item_id: float(credit.amount) for credit in self._facts(customer).usable_credits}

    def _requests(self):
        """Return what head office and branch request today."""
        self._run(companies=self.company | self.branch)
        found = []
        for customer in (self.head, self.customer):
            message = self._communications(customer).filtered(lambda c: c.state == "planned")
            found.append(message.amount_total if message else None)
        return found

    def test_a_branch_does_not_remind_what_was_paid_at_head_office(self):
        self._owed(self.branch, 10, 100.0)
        self._paid(self.company, 100.0)
        self.assertEqual(self._requests(), [None, None])
        self.assertCode(self.customer, "covered_by_credit")

    def test_head_office_does_not_remind_what_was_paid_at_a_branch(self):
        self._owed(self.company, 10, 100.0)
        self._paid(self.branch, 100.0)
        self.assertEqual(self._requests(), [None, None])
        self.assertCode(self.head, "covered_by_credit")

    def test_a_credit_is_used_once_and_for_its_own_company_first(self):
        self._owed(self.branch, 10, 100.0)
        self._owed(self.company, 5, 50.0)
        line = self._paid(self.company, 120.0)
        self.assertEqual((self._credits(self.head), self._credits(self.customer)), ({line.id: 50}, {line.id: 70}))
        self.assertEqual(self._requests(), [None, 30])

    def test_among_debts_of_one_day_the_same_company_is_always_first(self):
        self._owed(self.branch, 10, 100.0)
        self._owed(self.company, 10, 100.0)
        line = self._paid(self.company, 100.0)
        self.assertEqual((self._credits(self.head), self._credits(self.customer)), ({line.id: 100}, {}))

    def test_a_debt_that_nobody_asks_for_takes_no_credit_of_another_company(self):
        excluded = self._owed(self.branch, 200, 500.0)
        (excluded.move_id if excluded._name == "account.move.line" else excluded).no_followup = True
        self._owed(self.company, 5, 50.0)
        line = self._paid(self.company, 40.0)
        self.assertEqual((self._credits(self.head), self._credits(self.customer)), ({line.id: 40}, {}))
        self.assertEqual(self._requests()[0], 10)

    def test_three_companies_share_what_is_left_by_age(self):
        third = self._branch("Third")
        self._owed(third, 20, 60.0)
        self._owed(self.branch, 10, 60.0)
        self._owed(self.company, 5, 60.0)
        line = self._paid(self.branch, 100.0)
        shares = [self._credits(account) for account in (self._customer(self.partner, third), self.customer, self.head)]
        self.assertEqual(shares, [{line.id: 40}, {line.id: 60}, {}])

    def test_an_account_of_one_branch_alone_is_not_shared(self):
        own = self.company_data["default_account_receivable"].copy({"code": "BRA1"})
        own.sudo().company_ids = [Command.set(self.branch.ids)]
        self._owed(self.company, 10, 100.0)
        self._entry(self.partner, -100.0, account=own, journal=self.company_data["default_journal_bank"],
                    company=self.branch)  # fmt: skip
        self.assertEqual(self._requests()[0], 100)

    def test_another_root_company_is_not_shared(self):
        other = self._create_company(name="Other Company")
        self._owed(self.branch, 10, 100.0)
        self._invoice(self.partner, 1, 100.0, company=other, move_type="out_refund")
        self.assertEqual(self._requests(), [None, 100])

    def test_in_another_currency_it_is_not_shared(self):
        rates = [Command.create({"name": "2020-01-01", "rate": 2.0, "company_id": self.company.id})]
        currency = self.env["res.currency"].create({"name": "XTS", "symbol": "X", "rate_ids": rates})
        self._owed(self.branch, 10, 100.0)
        self._owed(self.company, 10, 500.0, currency_id=currency.id, move_type="out_refund")
        self.assertEqual(self._requests(), [None, 100])

    def test_what_head_office_paid_back_covers_nothing_at_the_branch(self):
        self._owed(self.branch, 10, 100.0)
        self._paid(self.company, 100.0)
        self._entry(self.partner, 100.0, journal=self.company_data["default_journal_bank"])
        self.assertEqual(self._requests(), [None, 100])

    def test_the_balances_stay_those_of_the_ledger(self):
        self._owed(self.branch, 10, 100.0)
        self._paid(self.company, 100.0)
        self._requests()
        self.env.invalidate_all()
        self.assertEqual((self.head.balance, self.customer.balance), (-100, 100))

    def test_matched_across_branches_nothing_is_left(self):
        invoice = self._owed(self.branch, 10, 100.0)
        (self._paid(self.company, 100.0) | self._debt(invoice)).sudo().reconcile()
        self.assertEqual(self._requests(), [None, None])
        self.assertCode(self.customer, "nothing_due")

    def test_the_message_of_the_branch_lists_what_it_set_off(self):
        self._owed(self.branch, 10, 100.0)
        line = self._paid(self.company, 30.0)
        self.assertEqual(self._requests(), [None, 70])
        credit = self._communications(self.customer).line_ids.filtered(lambda row: row.kind == "credit")
        self.assertEqual((credit.move_line_id, credit.amount_left), (line, -30))

    def test_the_page_of_the_branch_names_the_payment_and_its_company(self):
        self._owed(self.branch, 10, 100.0)
        line = self._paid(self.company, 30.0)
        with self._on():
            (group,) = self.customer._get_page_values()["groups"]
        (row,) = group["credits"]
        self.assertEqual((row["name"], row["is_usable"]), (f"{line.move_id.name} ({self.company.name})", False))
        self.assertEqual((row["left"], group["open"], group["credit"]), (30, 100, 30))

    def test_a_collector_of_the_branch_alone_needs_no_access_to_head_office(self):
        self._owed(self.branch, 10, 100.0)
        self._paid(self.company, 100.0)
        with self._on():
            verdicts = self.customer.with_user(self.customer.collector_id).with_company(self.branch)._decide(self.TODAY)
        self.assertEqual([verdict.decision.code for verdict in verdicts.values()], ["covered_by_credit"])
