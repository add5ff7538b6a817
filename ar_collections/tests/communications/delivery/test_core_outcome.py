from datetime import date, timedelta
from unittest import TestCase

from odoo.addons.ar_collections.core.communications.contact_rules import next_allowed_day
from odoo.addons.ar_collections.core.communications.outcome import (
    MAX_ATTEMPTS,
    communication_state,
    reply_outcome,
    retry_delay,
)
from odoo.addons.ar_collections.core.facts import AccountFacts, Rules

#: States of the recipients -> state of the communication.
TABLE = {
    (): None,
    ("planned",): "planned",
    ("planned", "planned"): "planned",
    ("sending", "planned"): "sending",
    ("sending", "sent"): "sending",
    ("sent", "planned"): "sending",
    ("unknown", "planned"): "sending",
    ("failed", "planned"): "planned",
    ("cancelled", "planned"): "planned",
    ("sent",): "sent",
    ("sent", "sent"): "sent",
    ("sent", "failed"): "sent",
    ("sent", "unknown"): "sent",
    ("sent", "cancelled"): "sent",
    ("unknown",): "unknown",
    ("unknown", "failed"): "unknown",
    ("unknown", "cancelled"): "unknown",
    ("failed",): "failed",
    ("failed", "failed"): "failed",
    ("failed", "cancelled"): "failed",
    ("cancelled",): "cancelled",
}


class TestOutcome(TestCase):
    def test_state_of_a_communication_by_its_recipients(self):
        for states, expected in TABLE.items():
            for order in (states, states[::-1]):
                with self.subTest(states=order):
                    self.assertEqual(communication_state(order), expected)

    def test_replies(self):
        for code, is_about_recipient, expected in (
            (421, False, ("planned", None)),
            (450, True, ("planned", None)),
            (452, True, ("planned", None)),
            (452, False, ("planned", None)),
            (550, True, ("failed", "address")),
            (553, True, ("failed", "address")),
            (550, False, ("failed", "technical")),
            (554, False, ("failed", "technical")),
        ):
            with self.subTest(code=code, is_about_recipient=is_about_recipient):
                self.assertEqual(reply_outcome(code, is_about_recipient), expected)

    def test_waiting_times_grow_and_end_after_days(self):
        delays = [retry_delay(attempts) for attempts in range(1, MAX_ATTEMPTS)]
        self.assertEqual(delays, sorted(delays))
        self.assertGreater(sum(delays, timedelta()), timedelta(days=4))
        self.assertIsNone(retry_delay(MAX_ATTEMPTS))


class TestNextAllowedDay(TestCase):
    def test_after_the_day_after_a_weekend_and_after_the_limits(self):
        friday = date(2026, 6, 12)
        for facts, rules, expected in (
            (AccountFacts(9, automatic_today=True), Rules(), date(2026, 6, 15)),
            (AccountFacts(9, contacts=(friday,)), Rules(minimum_gap_days=5), date(2026, 6, 17)),
            (AccountFacts(9, contacts=(friday,)), Rules(contacts_per_7_days=1), date(2026, 6, 19)),
            (AccountFacts(9), Rules(contacts_per_day=0), date(2026, 6, 15)),
        ):
            with self.subTest(rules=rules):
                self.assertEqual(next_allowed_day(facts, rules, friday), expected)
