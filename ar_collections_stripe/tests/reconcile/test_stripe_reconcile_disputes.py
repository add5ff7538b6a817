from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.tests.common import PROBLEM_LOG

from ..disputes.common_stripe_disputes import ArStripeDisputesCommon
from ..disputes.stripe_disputes_lookalike import StripeDisputesLookalike
from .common_stripe_lists import ArStripeListsCommon
from .stripe_lists_lookalike import StripeListsLookalike


class StripeMoneyLookalike(StripeDisputesLookalike, StripeListsLookalike):
    """The simulated Stripe server with the money of disputes, and lists."""


@tagged("post_install", "-at_install")
class TestStripeReconcileDisputes(ArStripeDisputesCommon, ArStripeListsCommon):
    """Payments whose money a chargeback took back are no charges without a payment."""

    _lookalike = StripeMoneyLookalike

    def _check_nothing(self):
        self.assertTrue(self._compare())
        self.assertEqual(self._found(), [])

    def test_a_booked_chargeback_of_a_payment_without_an_entry(self):
        self._automatic()
        self._move_to_no_entry()
        self._check_nothing()
        data, _chargeback = self._contest()
        self.assertEqual((self._move(data, -15000).state, self.payment.state), ("booked", "rejected"))
        self._check_nothing()
        self._move(data, 15000, status="won")
        self._check_nothing()

    def test_a_part_of_a_payment_without_an_entry(self):
        self._automatic()
        self._move_to_no_entry()
        data, _chargeback = self._contest(amount=7500)
        self.assertEqual(self._move(data, -7500).state, "booked")
        self._check_nothing()

    def test_a_booked_chargeback_of_a_payment_with_an_entry(self):
        self._automatic()
        data, _chargeback = self._contest()
        self.assertEqual(self._move(data, -15000).state, "booked")
        self._check_nothing()
        self._move(data, 15000, status="won")
        self._check_nothing()

    @mute_logger(PROBLEM_LOG)
    def test_a_payment_that_was_canceled_by_hand(self):
        data, _chargeback = self._contest()
        booking = self._move(data, -15000)
        self.payment.action_draft()
        self.payment.action_cancel()
        self._compare()
        self.assertEqual(self._found(), [("charge_missing", 150.0, 150.0)], "Nobody has said what it was for.")
        booking.with_user(self.manager).action_skip()
        self._check_nothing()
