import email
import email.policy
from datetime import date, timedelta
from email.message import EmailMessage
from unittest import TestCase

from odoo.addons.ar_collections.core.communications.contact_rules import next_allowed_day
from odoo.addons.ar_collections.core.communications.display_name import shorten_name
from odoo.addons.ar_collections.core.communications.outcome import (
    MAX_ATTEMPTS,
    communication_state,
    retry_delay,
)
from odoo.addons.ar_collections.core.communications.refusals import Refusal, Turn
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
        for code, text, at_recipient, expected in (
            (421, "", False, ("planned", None)),
            (450, "4.2.1 greylisted", True, ("planned", None)),
            (452, "4.2.2 mailbox full", True, ("planned", None)),
            (452, "no space left", False, ("planned", None)),
            (550, "nobody of that name", True, ("failed", "address")),
            (550, "5.1.1 <x@y.example>: Recipient address rejected: User unknown", True, ("failed", "address")),
            (550, "5.2.1 The email account is disabled", True, ("failed", "address")),
            (556, "5.1.10 <x@y.example>: Domain does not accept mail", True, ("failed", "address")),
            (553, "no such mailbox", True, ("failed", "address")),
            (550, "5.1.1 unknown", False, ("failed", "address")),
            (550, "you may not send", False, ("failed", "technical")),
            (554, "not this text", False, ("failed", "technical")),
            (554, "5.7.1 <x@y.example>: Relay access denied", True, ("failed", "technical")),
            (550, "5.7.1 Service unavailable; client host blocked using a blocklist", True, ("failed", "technical")),
            (553, "5.7.1 <us@x.example>: Sender address rejected: not owned by user", True, ("failed", "technical")),
            (550, "5.1.8 <us@x.example>: Sender address rejected: Domain not found", True, ("failed", "technical")),
            (550, "5.4.5 Daily sending quota exceeded", True, ("failed", "technical")),
            (554, "blocked", True, ("failed", "technical")),
            (530, "Authentication required", True, ("failed", "technical")),
            (552, "5.2.2 over quota", True, ("planned", None)),
            (552, "mailbox full", True, ("planned", None)),
            (552, "5.3.4 message too big", False, ("failed", "technical")),
        ):
            with self.subTest(code=code, text=text):
                self.assertEqual(Refusal(code, text, at_recipient).outcome, expected)

    def test_a_turn_ends_where_several_domains_refuse_in_a_row(self):
        denied, unknown = Refusal(554, "5.7.1 denied", True), Refusal(550, "5.1.1 unknown", True)
        domains = [f"x@{number}.example" for number in range(4)]
        turn = Turn()
        self.assertEqual([turn.refuse(denied, each) for each in domains], [False, False, True, True])
        self.assertFalse(any(Turn(is_suspect=True).refuse(unknown, each) for each in domains))
        turn = Turn()
        for each in domains:
            self.assertFalse(turn.refuse(denied, each))
            turn.take()

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


class TestDisplayName(TestCase):
    def test_one_address_stays_one_whatever_the_length_of_its_name(self):
        for length in range(40, 140):
            name = ("Acme Ltd., " + "word " * 30)[:length].strip()
            message = EmailMessage(policy=email.policy.SMTP)
            message["To"] = f'"{shorten_name(name)}" <ap@customer.example.com>'
            header = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)["To"]
            self.assertEqual([each.addr_spec for each in header.addresses], ["ap@customer.example.com"], name)
