from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.tests.common import PROBLEM_LOG

from .common_stripe_lists import ArStripeListsCommon


@tagged("post_install", "-at_install")
class TestStripeReconcile(ArStripeListsCommon):
    """The books against Stripe: what differs is listed, said what to do, and ends by itself."""

    def test_what_agrees_is_no_difference(self):
        transaction, intent = self._pay_by_card(self.old, self.new)
        self.stripe.refund(intent["id"], 1000)
        self.stripe.dispute(intent)
        self._deliver_all()
        self._book()
        self.assertTrue(transaction.child_transaction_ids)
        self.assertTrue(self._compare())
        self.assertEqual((self._found(), self._problem().ids), ([], []))

    @mute_logger(PROBLEM_LOG)
    def test_a_charge_without_payment_here_until_its_event_arrives(self):
        transaction, intent = self._start(self.new)
        self._confirm(intent)
        entries = self.env["account.move"].search_count([])
        self._compare()
        self.assertEqual(self._found(), [("charge_missing", 100.0, 100.0)])
        self.assertIn("Charge without Payment: 1", self._problem().message)
        self.assertIn("Stripe Differences", self._problem().advice)
        self.assertIn("retry it", self.differences.search([]).advice)
        self.assertEqual(self.env["account.move"].search_count([]), entries, "Nothing is booked.")
        self._deliver_all()
        self._book()
        self._compare()
        self.assertEqual((self._found(), self._problem().ids, transaction.state), ([], [], "done"))
        self.assertTrue(self.differences.search([]).solved_on)

    @mute_logger(PROBLEM_LOG)
    def test_a_payment_that_was_reset_to_draft_is_a_charge_without_payment(self):
        transaction, _intent = self._pay_by_card(self.new)
        transaction.payment_id.action_draft()
        self._compare()
        self.assertEqual(self._found(), [("charge_missing", 100.0, 100.0)])
        transaction.payment_id.action_post()
        self._compare()
        self.assertFalse(self._found())

    @mute_logger(PROBLEM_LOG)
    def test_a_charge_of_a_shop_is_listed_unless_the_account_is_shared(self):
        self.stripe.charge_elsewhere("Order of a shop", 900)
        self._compare()
        self.assertEqual(self._found(), [("charge_missing", 9.0, 0.0)])
        self.provider.ar_stripe_shared = True
        self._compare()
        self.assertFalse(self._found())

    @mute_logger(PROBLEM_LOG)
    def test_a_payment_without_a_charge_at_stripe(self):
        transaction, _intent = self._start(self.new)
        transaction.sudo()._set_done()
        self._book()
        self._compare()
        self.assertEqual(self._found(), [("payment_missing", 0.0, 100.0)])
        transaction.payment_id.action_draft()
        transaction.payment_id.action_cancel()
        self._compare()
        self.assertFalse(self._found(), "It was canceled as advised.")

    @mute_logger(PROBLEM_LOG)
    def test_another_amount_or_currency_until_the_payment_is_corrected(self):
        transaction, _intent = self._pay_by_card(self.new)
        (charge,) = self.stripe.charges.values()
        payment = transaction.payment_id
        charge["amount_captured"], charge["currency"] = 9000, "eur"
        self._compare()
        self.assertEqual(self._found(), [("currency", 90.0, 100.0)])
        euro = self.env.ref("base.EUR")
        euro.active = True
        for values, found in (
            ({"currency_id": euro.id}, [("amount", 90.0, 100.0)]),
            ({"amount": 90.0}, []),
        ):
            payment.action_draft()
            payment.write(values)
            payment.action_post()
            self._compare()
            self.assertEqual(self._found(), found)

    @mute_logger(PROBLEM_LOG)
    def test_a_stray_charge_until_it_is_refunded(self):
        stray = self.stripe.charge_elsewhere("Order", 900)
        self._compare()
        self.assertEqual(self._found(), [("charge_missing", 9.0, 0.0)])
        self.stripe.refund(stray["id"], 900)
        self._compare()
        self.assertFalse(self._found())

    def test_a_payment_whose_charge_is_older_than_the_list_is_looked_up(self):
        _transaction, intent = self._pay_by_card(self.new)
        (charge,) = self.stripe.charges.values()
        look_up = ("GET", f"/v1/payment_intents/{intent['id']}")
        for days, is_looked_up in ((40, False), (10, True)):  # more than 30, and more than some days before them
            charge["created"] -= days * 86400
            self.stripe.versions.clear()
            self._compare()
            self.assertFalse(self._found())
            self.assertEqual(look_up in self.stripe.versions, is_looked_up)

    @mute_logger(PROBLEM_LOG)
    def test_a_payment_with_a_number_that_stripe_does_not_have(self):
        transaction, _intent = self._pay_by_card(self.new)
        transaction.sudo().provider_reference = "pi_of_another_account"
        self.stripe.charges.clear()
        self._compare()
        self.assertEqual(self._found(), [("payment_missing", 0.0, 100.0)])

    @mute_logger(PROBLEM_LOG)
    def test_another_amount_currency_or_customer(self):
        transaction, _intent = self._pay_by_card(self.new)
        (charge,) = self.stripe.charges.values()
        transaction.sudo().token_id = self.env["payment.token"].sudo().create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.card.id,
                "partner_id": self.new.partner_id.id,
                "provider_ref": charge["customer"],
                "payment_details": "4242",
            }
        )  # fmt: skip
        self._compare()
        self.assertFalse(self._found())
        for values, found in (
            ({"amount_captured": 9000}, ("amount", 90.0, 100.0)),
            ({"currency": "eur"}, ("currency", 100.0, 100.0)),
            ({"customer": "cus_other"}, ("customer", 100.0, 100.0)),
        ):
            with self.subTest(found=found[0]), patch.dict(charge, values):
                self._compare()
                self.assertEqual(self._found(), [found])
        self._compare()
        self.assertFalse(self._found())

    @mute_logger(PROBLEM_LOG)
    def test_paid_twice_until_it_is_refunded(self):
        transaction, _intent = self._pay_by_card(self.new)
        second = self.stripe.charge_elsewhere(transaction.reference, 10000)
        self._compare()
        self.assertEqual(self._found(), [("twice", 100.0, 0.0)])
        self.stripe.refund(second["id"], 10000)
        self._compare()
        self.assertFalse(self._found())

    @mute_logger(PROBLEM_LOG)
    def test_a_refund_that_is_missing_here_and_one_that_failed_there(self):
        transaction, intent = self._pay_by_card(self.new)
        refund = self.stripe.refund(intent["id"], 1000)
        self._compare()
        self.assertEqual(self._found(), [("refund_missing", 10.0, 0.0)])
        self._deliver_all()
        self._book()
        self._compare()
        self.assertFalse(self._found())
        child = transaction.child_transaction_ids
        self.stripe.fail_refund(refund)
        self._compare()
        self.assertEqual((child.state, self._found()), ("done", [("refund_failed", 10.0, 10.0)]))
        self._deliver_all(self.stripe.events[-1])
        self._compare()
        self.assertEqual((child.state, self._found()), ("error", [("refund_failed", 10.0, 10.0)]))
        self.assertEqual(child.payment_id.state, "in_process", "A person decides.")
        child.payment_id.action_cancel()
        self._compare()
        self.assertFalse(self._found())

    def test_a_refund_that_fails_before_its_payment_event_is_not_recorded(self):
        transaction, intent = self._pay_by_card(self.new)
        self.stripe.fail_refund(self.stripe.refund(intent["id"], 1000))
        self._deliver_all(*self.stripe.events[::-1])
        self._book()
        self.assertFalse(transaction.child_transaction_ids)

    @mute_logger(PROBLEM_LOG)
    def test_a_dispute_that_no_event_told_of(self):
        _transaction, intent = self._pay_by_card(self.new)
        self.stripe.dispute(intent)
        self._compare()
        self.assertEqual(self._found(), [("dispute_missing", 100.0, 0.0)])
        self.chargebacks._catch_up(self.provider)
        self._compare()
        self.assertFalse(self._found())

    def test_a_payment_that_was_captured_in_parts(self):
        transaction, _intent = self._pay_by_card(self.new)
        (charge,) = self.stripe.charges.values()
        charge["amount_captured"] = 6000
        for amount in (20.0, 40.0):
            part = transaction.sudo()._create_child_transaction(amount)
            part._set_done()
            part._post_process()
        self._compare()
        self.assertFalse(self._found())

    def test_the_last_hour_is_left_for_the_next_day(self):
        _transaction, intent = self._start(self.new)
        self._confirm(intent)
        self._compare(hours=0)
        self.assertFalse(self._found())

    @mute_logger(PROBLEM_LOG)
    def test_an_open_difference_is_compared_for_as_long_as_it_is_open(self):
        _transaction, intent = self._start(self.new)
        self._confirm(intent)
        self._compare()
        self._compare(hours=24 * 40)
        self.assertEqual(len(self._found()), 1)
        self._deliver_all()
        self._book()
        self._compare(hours=24 * 40)
        self.assertFalse(self._found())

    @mute_logger(PROBLEM_LOG)
    def test_what_comes_again_is_the_same_row(self):
        transaction, _intent = self._pay_by_card(self.new)
        for _time in range(2):
            transaction.payment_id.action_draft()
            self._compare()
            transaction.payment_id.action_post()
            self._compare()
        self.assertEqual(len(self.differences.search([])), 1)

    def test_amounts_in_the_smallest_unit_of_any_currency(self):
        account = self.env["ar.stripe.account"]
        for name, amount, minor in (("USD", 12.34, 1234), ("JPY", 20000.0, 20000), ("KWD", 1.23, 1230)):
            currency = self.env.ref(f"base.{name}")
            with self.subTest(currency=name):
                self.assertEqual(account._to_minor(amount, currency), minor)
                self.assertAlmostEqual(self.differences._to_major(minor, currency), amount)

    # === SIZE === #

    @mute_logger(PROBLEM_LOG)
    def test_all_pages_are_read_and_the_number_of_queries_does_not_grow(self):
        def run():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._compare()
            return self.env.cr.sql_log_count - before

        for number in range(3):
            self.stripe.charge_elsewhere(f"Order {number}", 900)
        run()
        few = run()
        for number in range(30):
            self.stripe.charge_elsewhere(f"Sale {number}", 900)
        self.stripe.page, self.stripe.listed = 4, []
        run()
        self.assertEqual((len(self._found()), self.stripe.listed.count("charges")), (33, 9))
        self.assertLessEqual(run(), few + 1)

    @mute_logger(PROBLEM_LOG)
    def test_more_than_can_be_compared_is_a_problem_with_the_way_out(self):
        for number in range(3):
            self.stripe.charge_elsewhere(f"Order {number}", 900)
        with patch("odoo.addons.ar_collections_stripe.models.ar_stripe_account.MOST", 2):
            self.assertFalse(self._compare())
        self.assertIn("fewer days", self._problem().message)
        self.assertFalse(self._found(), "Nothing is half compared.")

    # === FAILURES === #

    @mute_logger(PROBLEM_LOG)
    def test_a_key_without_the_right_is_told_which_one(self):
        self.stripe.forbidden = {"disputes"}
        self.assertFalse(self._compare())
        self.assertIn("rak_dispute_read", self._problem().message)
        self.stripe.forbidden = set()
        self.assertTrue(self._compare())
        self.assertFalse(self._problem())

    @mute_logger(PROBLEM_LOG)
    def test_stripe_being_down_changes_nothing_and_is_a_problem(self):
        _transaction, intent = self._start(self.new)
        self._confirm(intent)
        self._compare()
        self.stripe.refuses = 503
        self.assertFalse(self._compare())
        self.assertEqual(len(self._found()), 1)

    @mute_logger(PROBLEM_LOG)
    def test_one_provider_stops_no_other_and_0_days_means_never(self):
        other = self.provider.copy(
            {"name": "2", "state": "test", "stripe_secret_key": "sk_test_wrong", "stripe_publishable_key": "pk"}
        )
        never = self.provider.copy(
            {"name": "3", "state": "test", "stripe_secret_key": "sk_test_no", "stripe_publishable_key": "pk"}
        )
        never.ar_stripe_reconcile_days = 0
        self.stripe.charge_elsewhere("Order", 900)
        with (
            freeze_time(fields.Datetime.now() + timedelta(hours=2)),
            patch.object(self.env.registry["ir.cron"], "_commit_progress", lambda *_args, **_kwargs: 60.0),
        ):
            self.env["payment.provider"]._ar_cron_reconcile()
        problems = self.env["ar.problem"]
        self.assertIn("secret key", problems._search_open(other, "stripe_difference").message)
        self.assertFalse(problems._search_open(never, "stripe_difference"))
        self.assertEqual(len(self._found()), 1)
