from dataclasses import replace
from datetime import date, timedelta
from unittest import TestCase

from odoo.addons.ar_collections.core import decision as codes
from odoo.addons.ar_collections.core.facts import AccountFacts, Exclusion
from odoo.addons.ar_collections.core.invoicing import arrival
from odoo.addons.ar_collections.core.invoicing.arrival import Arrival, Evidence, judge
from odoo.addons.ar_collections.core.reminders.decide import decide
from odoo.addons.ar_collections.core.reminders.upcoming import next_contact

from ...core_common import CoreCase

MONDAY = date(2026, 6, 8)


def day(number):
    return MONDAY + timedelta(days=number)


def fact(kind, number=0, route="a@b.example"):
    return Evidence(kind, day(number), route)


class TestCoreArrival(TestCase):
    """The state of an invoice follows from what happened to it."""

    def assertState(self, expected, *evidence, today=9, days=1):
        self.assertEqual(judge(evidence, day(today), days).state, expected)

    def test_what_a_mail_server_took_is_delivered_after_the_days(self):
        self.assertState("sent", fact("sent", 5), today=5)
        self.assertState("sent", fact("sent", 5), today=6, days=2)
        self.assertState("delivered", fact("sent", 5), today=7, days=2)
        self.assertState("delivered", fact("sent", 5), today=5, days=0)
        self.assertEqual(judge([fact("sent", 5)], day(5)).until, day(6))

    def test_a_late_bounce_undoes_it(self):
        self.assertState("bounced", fact("sent", 1), fact("bounced", 4))
        self.assertState("delivered", fact("sent", 1), fact("bounced", 4), today=3)  # as it was known then

    def test_one_address_is_enough(self):
        other = fact("sent", 1, "c@b.example")
        self.assertState("delivered", fact("sent"), other, fact("bounced", 2))
        self.assertState("failed", fact("bounced"), fact("failed", 1, "c@b.example"))

    def test_the_first_address_that_took_it_decides_when(self):
        late = fact("sent", 9, "c@b.example")
        self.assertState("delivered", fact("sent", 1), late)

    def test_a_copy_does_not_delay_and_a_mail_after_a_bounce_does(self):
        self.assertState("delivered", fact("sent", 1), fact("sent", 9))
        self.assertState("sent", fact("sent", 1), fact("bounced", 2), fact("sent", 9))

    def test_known_counts_more_than_mails(self):
        self.assertState("viewed", fact("viewed", 1, "page"), fact("bounced", 2))
        self.assertState("delivered", fact("bounced", 2), fact("marked", 3, ""))
        self.assertState("delivered", fact("failed", 2), fact("confirmed", 3, "peppol"))

    def test_a_network_that_confirms_has_to_do_it(self):
        network = fact("sent", 1, "peppol")
        self.assertState("sent", network)
        self.assertIsNone(judge([network], day(9)).until)
        self.assertState("delivered", network, fact("confirmed", 9, "peppol"))
        self.assertState("delivered", network, fact("sent", 1))
        self.assertState("failed", network, fact("failed", 2, "peppol"))

    def test_printed_after_a_failure_is_assumed_and_before_it_is_not(self):
        self.assertState("printed", fact("bounced", 1), fact("printed", 2, ""))
        self.assertState("bounced", fact("printed", 1, ""), fact("bounced", 2))

    def test_requests_and_tasks_say_nothing(self):
        self.assertState("not_sent", fact("requested"), fact("told", route=""))
        self.assertState("not_sent")

    def test_the_policy(self):
        for state in ("not_sent", "bounced", "failed", "sent"):
            with self.subTest(state):
                self.assertTrue(arrival.decide("wait", Arrival(state)).waits)
                self.assertEqual(arrival.decide("assume", Arrival(state)).assumed, state)
                self.assertEqual(arrival.decide("off", Arrival(state)), arrival.Verdict())
        for state in ("delivered", "viewed"):
            self.assertEqual(arrival.decide("wait", Arrival(state)), arrival.Verdict())
            self.assertEqual(arrival.decide("assume", Arrival(state)), arrival.Verdict())
        self.assertEqual(arrival.decide("wait", Arrival("sent", until=day(3))).until, day(3))

    def test_addresses_are_masked(self):
        self.assertEqual(arrival.mask_address("ab@c.example"), "a…@c.example")
        self.assertEqual(arrival.mask_address("@c.example"), "…@c.example")


class TestCoreNotArrived(CoreCase):
    """The decision: an invoice that did not arrive is left out with its reason, others are reminded."""

    def waiting(self, until=None):
        left = self.item(5)
        return replace(left, exclusions=(Exclusion(codes.NOT_ARRIVED, left.residual_currency, until),))

    def test_alone_it_is_the_reason_and_beside_others_it_is_left_out(self):
        alone = decide(AccountFacts(9, items=(self.waiting(),)), self.rules, self.TODAY)
        both = decide(AccountFacts(9, items=(self.waiting(), self.item(5, item_id=2))), self.rules, self.TODAY)
        self.assertEqual((alone.action, alone.code), (codes.NO_CONTACT, codes.NOT_ARRIVED))
        self.assertEqual([entry.item.item_id for entry in both.items], [2])

    def test_what_was_sent_today_is_reminded_when_its_days_are_over(self):
        facts = AccountFacts(9, items=(self.waiting(self.day(1)),))
        decision = decide(facts, self.rules, self.TODAY)
        planned = next_contact(facts, self.rules, decision, self.TODAY, is_todays=True)
        self.assertEqual((decision.code, planned.day), (codes.NOT_ARRIVED, self.day(1)))
