from datetime import datetime, timezone
from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.invoicing.sending import check, states
from odoo.addons.ar_collections.core.invoicing.sending.check import InvoiceFacts, judge


class TestJudge(TestCase):
    def test_each_reason(self):
        for values, expected in (
            ({}, ("waiting", None)),
            ({"is_posted": False, "methods": frozenset()}, ("held", "draft")),
            ({"is_active": False}, ("held", "inactive")),
            ({"mode": "off"}, ("held", "switched_off")),
            ({"is_changed": True}, ("held", "changed")),
            ({"is_credited": True}, ("held", "credited")),
            ({"is_old": True}, ("held", "old")),
            ({"is_canceled": True, "is_posted": False}, ("not_to_send", "canceled")),
            ({"amount": Decimal(11), "review_above": Decimal(10)}, ("held", "review")),
            ({"amount": Decimal(10), "review_above": Decimal(10)}, ("waiting", None)),
            ({"amount": Decimal(11)}, ("waiting", None)),
            ({"missing": ("upload",)}, ("held", "upload")),
            ({"methods": frozenset()}, ("held", "no_receiver")),
            ({"methods": frozenset(), "is_uploaded": True}, ("sent", None)),
            ({"methods": frozenset({"manual"}), "is_uploaded": True}, ("sent", None)),
            ({"methods": frozenset({"manual", "email"})}, ("waiting", None)),
            ({"is_with_odoo": True, "is_changed": True}, ("waiting", "with_odoo")),
        ):
            with self.subTest(values=values):
                self.assertEqual(judge(InvoiceFacts(**values)), expected)

    def test_what_people_set_aside(self):
        doubts = {"mode": "off", "is_changed": True, "is_credited": True, "is_old": True}
        self.assertEqual(judge(InvoiceFacts(**doubts, is_released=True)), ("waiting", None))
        missing = {"missing": ("reference",)}
        self.assertEqual(judge(InvoiceFacts(**missing, is_released=True)), ("held", "reference"))
        self.assertEqual(judge(InvoiceFacts(**missing, is_overridden=True)), ("waiting", None))
        for values in ({"is_active": False}, {"is_posted": False}):
            state, _reason = judge(InvoiceFacts(**values, is_released=True, is_overridden=True))
            self.assertEqual(state, "held")

    def test_requirements(self):
        all_kinds = [("reference", True), ("upload", True), ("upload", True), ("other", True)]
        self.assertEqual(check.find_missing(all_kinds, False, ()), ("reference", "upload", "other"))
        self.assertEqual(check.find_missing(all_kinds, True, {"upload"}), ("other",))
        self.assertEqual(check.find_missing([("reference", False)], False, ()), ())

    def test_states_that_follow(self):
        for mails, made, delivered, expected in (
            ([("exception", True), ("exception", False)], 2, 0, "unknown"),
            ([("cancel", False)], 1, 0, "failed"),
            ([("cancel", False)], 2, 1, "failed"),
            ([("cancel", False), ("exception", True), ("outgoing", False)], 3, 0, "queued"),
            ([("sent", False)], 2, 2, "sent"),
            ([("sent", False)], 2, 1, "unknown"),
            ([], 1, 0, "unknown"),
        ):
            with self.subTest(mails=mails, made=made):
                self.assertEqual(states.after_mails(mails, made, delivered), expected)
        for hour, day in ((0, 11), (12, 11), (13, 10), (23, 10)):
            turn = states.next_turn("daily", hour, datetime(2026, 6, 10, 12, 0, 1, tzinfo=timezone.utc))
            self.assertEqual((turn.hour, turn.day), (hour, day))

    def test_after_errors(self):
        email, service = {"email"}, {"email", "tax_office"}
        for steps, attempts, options, expected in (
            (email, 3, {"is_conflict": True}, "waiting"),
            (email, 10, {"is_conflict": True}, "failed"),
            (service, 1, {"is_conflict": True}, "unknown"),
            (service, 1, {"is_conflict": True, "has_begun": False}, "waiting"),
            (service, 3, {"has_begun": False}, "failed"),
            (service, 1, {"is_refused": True}, "failed"),
            (service, 1, {}, "unknown"),
        ):
            with self.subTest(steps=steps, attempts=attempts, options=options):
                self.assertEqual(states.after_error(steps, attempts, **options), expected)
