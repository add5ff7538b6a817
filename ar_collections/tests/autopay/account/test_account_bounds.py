"""A mistake stays small: limits for each run and day, an alarm above them, and one switch that stops all."""

from ..common_autopay import AccountAutopayCase


class TestAccountBounds(AccountAutopayCase):
    def setUp(self):
        super().setUp()
        self.other, self.second = self._due(10, 50, name="Another")
        self._enrol()
        self._enrol(self._saved_method(partner=self.other.partner_id), self.other)
        self._send_notice(7)

    def _problem(self):
        return self.env["ar.problem"].sudo()._search_open(self.company, "autopay_limits")

    def test_above_a_limit_nothing_more_is_charged_and_a_problem_says_so(self):
        for limit, value in (("run_number", 1), ("day_number", 1), ("run_amount", 300), ("day_amount", 310)):
            with self.subTest(limit), self.env.cr.savepoint() as savepoint:
                self.company[f"ar_autopay_{limit}"] = value
                with self.assertLogs("odoo.addons.ar_collections.models.customers.nightly.ar_problem"):
                    self.assertEqual(self._charge(10), {"charge": 1})
                self.assertIn("1 due payments", self._problem().message)
                self.company[f"ar_autopay_{limit}"] = 0
                self.assertEqual((self._charge(10), self._problem().ids), ({"charge": 1}, []))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_the_day_counts_what_earlier_runs_charged(self):
        self.company.ar_autopay_day_number = 1
        with self.assertLogs("odoo.addons.ar_collections.models.customers.nightly.ar_problem"):
            self.assertEqual((self._charge(10), self._charge(10)), ({"charge": 1}, {}))
        self.assertEqual(self._charge(11), {"charge": 1})

    def test_the_switch_stops_everything(self):
        self.company.ar_autopay_stopped = True
        self.assertEqual(self._charge(10), {})
        self.company.ar_autopay_stopped = False
        self.assertEqual(self._charge(11), {"charge": 2})
