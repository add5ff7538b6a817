from datetime import date
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from odoo.addons.ar_collections.tests.common import PROBLEM_LOG

from .common_sms import ArSmsCommon

FRIDAY, SATURDAY, MONDAY = date(2026, 6, 12), date(2026, 6, 13), date(2026, 6, 15)


class TestSmsTiming(ArSmsCommon):
    """Quiet hours where the reader is, and the month's costs."""

    def test_it_waits_for_the_morning_of_the_reader(self):
        self.partner.write({"country_id": self.env.ref("base.jp").id, "tz": "Asia/Tokyo"})
        self._run()
        self.assertFalse(self._queue(hour=12))  # nine in the evening in Tokyo
        recipient = self._communications(self.customer).address_ids
        self.assertEqual((recipient.state, recipient.sms_after.hour), ("planned", 23))
        crons = self.env["ir.cron.trigger"].sudo().search([("call_at", "=", recipient.sms_after)])
        self.assertEqual(crons.cron_id, self.env.ref("ar_collections_sms.ir_cron_sms_queue"))
        self.assertFalse(self._queue(hour=22))
        # In the morning it is another day there; here it is the same.
        self.assertEqual(len(self._queue(hour=23)), 1)

    def test_a_time_zone_that_is_not_one_of_the_country_does_not_count(self):
        self.partner.write({"country_id": self.env.ref("base.us").id, "tz": "Europe/Paris"})
        self._run()
        self.assertFalse(self._queue(hour=12))  # at night in Hawaii
        self.assertEqual(len(self._queue(hour=19)), 1)

    def test_over_the_weekend_it_waits_for_the_hour_of_the_run(self):
        """The money of the weekend is in the books by then; the quiet hours end before it."""
        self.company.sudo().ar_run_hour = 10
        self._run(FRIDAY)
        self.assertFalse(self._queue(SATURDAY))
        recipient = self._communications(self.customer).address_ids
        self.assertEqual(str(recipient.sms_after), "2026-06-15 10:00:00")
        self.assertFalse(self._queue(MONDAY, hour=9))
        self.assertEqual(len(self._queue(MONDAY, hour=10)), 1)

    def test_of_a_run_in_the_evening_it_leaves_on_the_allowed_day(self):
        """From the hour of the run on it is quiet until the next day, on which nobody may be contacted perhaps."""
        self.company.sudo().ar_run_hour = 21
        self._run(FRIDAY)
        self.assertFalse(self._queue(SATURDAY))
        self.assertFalse(self._queue(MONDAY, hour=5))
        self.assertEqual(len(self._queue(MONDAY, hour=6)), 1)  # eight in Paris

    def test_the_policy_sets_the_hours(self):
        self.policy.write({"sms_quiet_from": 0, "sms_quiet_until": 0, "sms_quiet_sundays": False})
        self._run()
        self.assertEqual(len(self._queue(hour=1)), 1)
        with self.assertRaises(ValidationError):
            self.policy.sms_quiet_from = 25

    @mute_logger(PROBLEM_LOG)
    def test_the_cap_of_the_month(self):
        company = self.company.sudo()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            company.write({"ar_sms_cap": 5, "ar_sms_price": 0})
        company.write({"ar_sms_price": 0.25, "ar_sms_cap": 0.30})
        other, _invoice = self._late(name="Another", phone="+33612345600")
        self._agree(other.partner_id)
        self._run()
        logs = self.registry["ar.communication"]
        costs = logs._read_sms_costs
        with patch.object(logs, "_read_sms_costs", autospec=True, side_effect=costs) as read:
            self.assertEqual(len(self._queue()), 1)
        self.assertEqual(read.call_count, 1)  # of two messages
        problem = self.env["ar.problem"]._search_open(self.company, "sms_cap")
        self.assertEqual(problem.times, 2)  # nearly reached, then reached
        self.assertFalse(self._queue())
        self.assertEqual(problem.times, 2)
        with self._on():
            self.assertEqual(self.env["ar.communication"]._read_sms_costs(self.company), 0.25)
            company.ar_sms_cap = 10
        self.assertEqual(len(self._queue()), 1)
        self.assertTrue(problem.exists().solved_on)

    def test_what_the_gateway_refused_costs_nothing(self):
        self.company.sudo().write({"ar_sms_price": 0.25, "ar_sms_cap": 5})
        self._run()
        self._queue(sim_error="wrong_number_format")
        with self._on():
            self.assertEqual(self.env["ar.communication"]._read_sms_costs(self.company), 0)
