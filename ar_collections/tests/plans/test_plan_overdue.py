"""What customers read is overdue while a plan runs: the same on the page, in statements, in thanks and on the home."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

from ...core.receipts import amounts_open
from .common_plans import ArPlanCommon


class TestOverdueWithPlan(ArPlanCommon):
    """Late invoices of 300, 40 days ago, and 100, 10 days ago, in a plan of 100 a month from in a week."""

    def setUp(self):
        super().setUp()
        self.plan = self._active()

    def _read(self, day):
        """Return {surface: what it says is overdue in all}, on that day."""
        self.env.invalidate_all()
        with self._on(day):
            (group,) = self.customer._get_page_values()["groups"]
            facts = self.env["ar.facts"]._gather(self.customer, day)
            contents = self.env["ar.statement.contents"]._read_contents(self.customer, day, facts)[self.customer.id]
            (printed,) = self.customer._get_statement_values()["groups"]
            (_open, thanks) = amounts_open(facts[self.customer.id], day)["USD"]
            return {
                "page": group["overdue"],
                "aging of the page": sum(group["buckets"][1:]),
                "email": float(contents["sections"][0]["overdue"]),
                "print": float(sum(printed["buckets"][1:], Decimal(0))),
                "thanks": float(thanks),
            }

    def _assert_overdue(self, day, amount, count):
        self.assertEqual(set(self._read(day).values()), {float(amount)}, self._read(day))
        with self._on(day):
            self.assertEqual(self.customer._count_late(), count)

    def test_nothing_is_before_the_first_installment(self):
        self._assert_overdue(self.TODAY, 0, 0)
        with self._on():
            (group,) = self.customer._get_page_values()["groups"]
            (printed,) = self.customer._get_statement_values()["groups"]
            content, _mimetype = self.env["ar.statement"]._render_csv(self.customer, self.TODAY)
        self.assertEqual({row["days_late"] for row in (*group["rows"], *printed["rows"])}, {0})
        self.assertEqual((group["open"], printed["total"], group["is_late"]), (400, 400, False))
        self.assertEqual({row[3] for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))}, {"Days late", "0"})

    def test_a_late_installment_is(self):
        day = self._in_days(8)
        self._assert_overdue(day, 100, 1)
        with self._on(day):
            (group,) = self.customer._get_page_values()["groups"]
        self.assertEqual((group["is_late"], group["pay_overdue"]), (True, 0))  # it is paid on the plan's page

    def test_what_is_not_planned_is_beside_it(self):
        third = self._invoice(self.customer.partner_id, 35, 30.0)
        self._assert_overdue(self.TODAY, 30, 1)
        self._assert_overdue(self._in_days(8), 130, 2)
        self._pay(third)
        self._assert_overdue(self._in_days(8), 100, 1)

    def test_a_plan_over_what_is_not_due_yet(self):
        self._pay(self.old)
        self._pay(self.new)
        new = self._invoice(self.customer.partner_id, -90, 160.0)
        self._active(new, count=2)
        self._assert_overdue(self._in_days(8), 80, 1)

    def test_the_statement_of_a_past_day_is_as_the_ledger_was(self):
        with self._on():
            (printed,) = self.customer._get_statement_values(self.TODAY - timedelta(days=1))["groups"]
        self.assertEqual(sum(printed["buckets"][1:]), 400)

    def test_staff_see_the_ledger(self):
        self._run()
        self.assertEqual(self.customer.overdue, 400)
