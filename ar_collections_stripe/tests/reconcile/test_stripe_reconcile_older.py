from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.tests.common import PROBLEM_LOG

from .common_stripe_lists import ArStripeListsCommon

MODELS = "odoo.addons.ar_collections_stripe.models"

#: Hours after which nothing of today is listed any more.
LATER = 24 * 50


@tagged("post_install", "-at_install")
class TestStripeReconcileOlder(ArStripeListsCommon):
    """What is older than the days that are compared, and what takes too long."""

    # === OPEN DIFFERENCES === #

    @mute_logger(PROBLEM_LOG)
    def test_an_old_difference_does_not_make_the_time_longer(self):
        self.stripe.charge_elsewhere("Order", 900)
        self._compare()
        with patch(f"{MODELS}.ar_stripe_account.MOST", 0):
            self.assertTrue(self._compare(LATER), "Nothing of these days is at Stripe.")
        self.assertEqual(self._found(), [("charge_missing", 9.0, 0.0)])
        self.assertTrue(self.differences.search([]).checked_on)

    @mute_logger(PROBLEM_LOG)
    def test_each_kind_ends_when_it_is_mended_later(self):
        stray = self.stripe.charge_elsewhere("Order", 900)
        _paid, refunded = self._pay_by_card(self.new)
        self.stripe.refund(refunded["id"], 1000)
        self.stripe.dispute(refunded)
        by_hand, _intent = self._start(self.old)
        by_hand.sudo()._set_done()
        self._book()
        self._compare()
        kinds = ["charge_missing", "dispute_missing", "payment_missing", "refund_missing"]
        self.assertEqual([row[0] for row in self._found()], kinds)
        self._compare(LATER)
        self.assertEqual([row[0] for row in self._found()], kinds, "Nothing was mended.")
        self.stripe.refund(stray["id"], 900)
        self._deliver_all()
        by_hand.payment_id.action_draft()
        by_hand.payment_id.action_cancel()
        self._book()
        self._compare(LATER)
        self.assertFalse(self._found())

    @mute_logger(PROBLEM_LOG)
    def test_what_the_account_does_not_have_any_more_ends(self):
        self.stripe.charge_elsewhere("Order", 900)
        self._compare()
        self.stripe.charges.clear()
        self._compare(LATER)
        self.assertFalse(self._found())

    @mute_logger(PROBLEM_LOG)
    def test_those_that_were_looked_up_longest_ago_come_first(self):
        for number in range(3):
            self.stripe.charge_elsewhere(f"Order {number}", 900)
        self._compare()
        with patch(f"{MODELS}.payment_provider_reconcile.LOOK_UPS", 1):
            for number in range(1, 4):
                self._compare(LATER + number)
                self.assertEqual(self.differences.search_count([("checked_on", "!=", False)]), number)
        self.assertEqual(len(self._found()), 3)

    @mute_logger(PROBLEM_LOG)
    def test_what_is_older_than_a_year_ends_with_a_note(self):
        self.stripe.charge_elsewhere("Order", 900)
        self._compare()
        self._compare(24 * 367)
        self.assertEqual((self._found(), self._problem().ids), ([], []))
        self.assertIn("year", self.differences.search([]).note)

    @mute_logger(PROBLEM_LOG)
    def test_payments_that_could_not_be_looked_up_stay_as_they_are(self):
        for invoice in (self.old, self.new):
            transaction, _intent = self._pay_by_card(invoice)
            transaction.sudo().provider_reference = f"pi_{invoice.id}"
        self.stripe.charges.clear()
        with patch(f"{MODELS}.payment_provider_reconcile.LOOK_UPS", 1):
            self._compare()
            self.assertEqual(len(self._found()), 1)
        self._compare()
        with patch(f"{MODELS}.payment_provider_reconcile.LOOK_UPS", 1):
            self._compare()
        self.assertEqual(len(self._found()), 2)

    # === TIME === #

    @mute_logger(PROBLEM_LOG)
    def test_a_stripe_that_answers_too_slowly_is_a_problem(self):
        self.stripe.charge_elsewhere("Order", 900)
        with patch.object(self.env.registry["payment.provider"], "_ar_get_seconds", lambda _provider: -1):
            self.assertFalse(self._compare())
        self.assertIn("too slowly", self._problem().message)
        self.assertFalse(self._found(), "Nothing is half compared.")

    def test_the_time_is_below_that_of_a_worker(self):
        for cron, request, seconds in ((-1, 120, 72), (300, 120, 180), (0, 120, 3600), (None, 0, 3600)):
            limits = {"limit_time_real_cron": cron, "limit_time_real": request}
            with (
                self.subTest(cron=cron),
                patch(f"{MODELS}.payment_provider_reconcile.config", limits),
            ):
                self.assertEqual(self.provider._ar_get_seconds(), seconds)

    def test_the_scheduled_action_reads_the_books_after_stripe_in_a_transaction_of_its_own(self):
        steps = []
        account, crons = self.env.registry["ar.stripe.account"], self.env.registry["ir.cron"]
        fetch, read = account._fetch, account._read_payments

        def note(step, method):
            return lambda *args, **kwargs: steps.append(step) or method(*args, **kwargs)

        with (
            patch.object(account, "_fetch", note("Stripe", fetch)),
            patch.object(account, "_read_payments", note("books", read)),
            patch.object(crons, "_commit_progress", note("commit", lambda *_args, **_kwargs: 60.0)),
        ):
            self.env["payment.provider"]._ar_cron_reconcile()
            self.assertEqual(steps, ["commit", "Stripe", "commit", "books", "commit"])
            steps.clear()
            self.provider._ar_try_reconcile()
            self.assertEqual(steps, ["Stripe", "books"])
