"""Some weeks of a customer group: page, payment, statement and thanks, a customer who moves, money that comes back."""

from datetime import date

from .common_group import ArGroupReceiptsCommon


class TestGroupDiary(ArGroupReceiptsCommon):
    """``TODAY`` is Wednesday, June 10; statements are sent on Wednesdays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"statement_frequency": "weekly", "statement_weekday": "2"})
        cls.policy.sudo().statement_done_for = date(2026, 6, 3)
        cls.company.ar_active = True

    def _statements(self, day):
        """Run the statements of a day; return {customer: {name of the section: what is open}}, own items as ""."""
        with self._on(day):
            self.env["ar.customer.statement"].sudo()._prepare_company(self.company, day)
        self._deliver(day)
        found = self.env["ar.customer.statement"].search([("scheduled_for", "=", day), ("state", "=", "prepared")])
        return {
            each.customer_id: {
                part.get("name", ""): float(part["sections"][0]["total"])
                for part in (each.contents, *each.contents.get("members", ()))
                if part["sections"]
            }
            for each in found
        }

    def _shown(self, customer, day):
        """Return what the page of a customer shows as payable: {invoice number: amount}."""
        with self._on(day):
            self.env.invalidate_all()
            groups = customer.sudo()._get_page_values()["groups"]
        rows = [row for group in groups for part in (group, *group["members"]) for row in part["rows"]]
        return {row["name"]: row["amount"] for row in rows if row["payable"]}

    def test_some_weeks(self):
        payer, first, second, own = self.payer, self.first, self.second, self.own
        self.assertEqual(self._statements(date(2026, 6, 10)), {payer: {"": 100.0, "North": 70.0, "South": 30.0}})
        self.assertEqual(self._shown(payer, date(2026, 6, 11)), {own.name: 100.0, first.name: 70.0, second.name: 30.0})
        payment = self._pay_group({first: None, second: 10}, date(2026, 6, 11))
        self.assertEqual(self._shown(payer, date(2026, 6, 11)), {own.name: 100.0, second.name: 20.0})
        self.assertEqual(self._shown(self.north, date(2026, 6, 11)), {})

        with self._on(date(2026, 6, 12)):
            self.env["ar.payment.receipt"].sudo()._prepare_company(self.company, date(2026, 6, 12))
        thanks = [mail for mail in self._deliver(date(2026, 6, 12)) if "thank you" in mail["subject"]]
        self.assertEqual(len(thanks), 1)
        self.assertIn("For South", thanks[0]["body"])
        self.assertEqual(self._statements(date(2026, 6, 17)), {payer: {"": 100.0, "South": 20.0}})

        other = self._customer(self._partner(name="New Owner", email="owner@customer.example.com"))
        self.south.payer_id = other  # sold
        self.assertEqual(self._shown(payer, date(2026, 6, 18)), {own.name: 100.0})
        self.assertEqual(self._shown(other, date(2026, 6, 18)), {second.name: 20.0})
        self.assertEqual(self._statements(date(2026, 6, 24)), {payer: {"": 100.0}, other: {"South": 20.0}})

        payment.action_draft()  # the bank takes it back
        payment.action_cancel()
        self.assertEqual(self._shown(payer, date(2026, 6, 25)), {own.name: 100.0, first.name: 70.0})
        self.assertEqual(self._shown(self.south, date(2026, 6, 25)), {second.name: 30.0})
        self.assertEqual(
            self._statements(date(2026, 7, 1)), {payer: {"": 100.0, "North": 70.0}, other: {"South": 30.0}}
        )
