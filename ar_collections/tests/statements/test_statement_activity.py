from datetime import date, timedelta
from decimal import Decimal

from .common_statements import ArStatementCommon


class TestStatementActivity(ArStatementCommon):
    """Statements with what was booked in their period: from the opening to the closing balance."""

    def test_activity_leads_from_the_opening_to_the_closing_balance(self):
        self.policy.write({"statement_kind": "activity", "statement_audience": "movements", "statement_pdf": True})
        moved, early = self._late(overdue_days=20, amount=200.0, name="Moved")  # issued before the period
        self._pay(early, 50.0, self.TODAY - timedelta(days=2))
        refund = self._invoice(
            moved.partner_id, 0, 30.0, move_type="out_refund", invoice_date=self.TODAY - timedelta(days=1)
        )
        self.env.cr.execute("UPDATE account_move_line SET create_date = %s", ["2026-01-01"])
        self.assertFalse(self._prepare())  # nothing was booked of the customer that owes
        statement = self._statements(moved)
        (section,) = statement.contents["activity"]["sections"]
        self.assertEqual((section["opening"], section["closing"]), ("200.00", "120.00"))
        self.assertEqual(
            [(row["kind"], row["amount"]) for row in section["rows"]],
            [("payment", "-50.00"), ("credit_note", "-30.00")],
        )
        self.assertEqual((statement.first_day, statement.last_day), (date(2026, 6, 3), date(2026, 6, 9)))
        ledger = self.env["ar.as.of"]._read_items(self.company, statement.last_day, moved.partner_id.ids)
        self.assertEqual(sum(float(item.residual) for item in ledger), 120.0)
        (mail,) = self._deliver()
        for text in ("Opening balance", "Closing balance", refund.name):
            self.assertIn(text, mail["body"])
        html = str(
            self.env["ir.actions.report"]._render_qweb_html(
                "ar_collections.action_report_statement", moved.ids, data={"day": "2026-06-10", "first": "2026-06-03"}
            )[0]
        )
        self.assertIn("Opening balance", html)
        self.assertIn(refund.name, html)
        moved_since = {customer.id: self.TODAY for customer in self.customer | moved}
        read_moved = self.env["ar.statement.contents"]._read_moved
        self.assertFalse(read_moved(self.customer | moved, moved_since))
        entered = "UPDATE account_move_line SET create_date = '2026-06-09 20:00' WHERE move_id = %s"
        self.env.cr.execute(entered, [early.id])
        self.company.ar_time_zone = "Pacific/Auckland"  # where it was the morning of the 10th
        self.assertEqual(read_moved(self.customer | moved, moved_since), {moved.id})

    def test_what_was_booked_late_leads_from_one_statement_to_the_next(self):
        self.policy.statement_kind = "activity"
        first = self._prepare()
        self._deliver()
        early = {"invoice_date": self.TODAY - timedelta(days=4)}
        late, draft = (self._invoice(self.customer.partner_id, -5, amount, **early) for amount in (40.0, 7.0))
        self.env.cr.execute(
            "UPDATE account_move SET create_date = '2026-01-01' WHERE id <> %s", [late.id]
        )  # entered before the first statement, posted after it
        following = self._prepare(self.TODAY + timedelta(days=7)) - first
        (before,), (section,) = (each.contents["activity"]["sections"] for each in (first, following))
        self.assertEqual(before["closing"], section["opening"])
        self.assertEqual(
            [(row["name"], row["kind"], Decimal(row["amount"])) for row in section["rows"]],
            [(late.name, "invoice", 40), (None, "correction", 7)],
        )
        ledger = self.env["ar.as.of"]._read_items(self.company, following.last_day, self.customer.partner_id.ids)
        self.assertEqual(sum(item.residual for item in ledger), Decimal(section["closing"]))
        (mail,) = self._deliver(self.TODAY + timedelta(days=7))
        self.assertIn("Earlier entries, changed since the last statement", mail["body"])

    def test_each_currency_has_balances_of_its_own(self):
        self.policy.statement_kind = "activity"
        early = {"invoice_date": date(2026, 5, 1)}
        foreign = self._invoice(self.customer.partner_id, -20, 70.0, currency_id=self.currency_euro.id, **early)
        self._invoice(
            self.customer.partner_id,
            -20,
            30.0,
            currency_id=self.currency_euro.id,
            invoice_date=self.TODAY - timedelta(days=1),
        )
        sections = {each["currency_id"]: each for each in self._prepare().contents["activity"]["sections"]}
        euro, own = sections[self.currency_euro.id], sections[self.company.currency_id.id]
        self.assertEqual([Decimal(euro[name]) for name in ("opening", "closing")], [70, 100])
        self.assertEqual([Decimal(own[name]) for name in ("opening", "closing")], [100, 100])
        mails = self._deliver()
        self.assertIn(foreign.name, mails[0]["body"])
