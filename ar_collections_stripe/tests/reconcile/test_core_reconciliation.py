from dataclasses import replace
from unittest import TestCase

from odoo.addons.ar_collections_stripe.core import reconciliation as rules
from odoo.addons.ar_collections_stripe.core.reconciliation import Change, Charge, Payment, find_differences, find_lost

CHARGE = Charge("ch_1", "pi_1", "INV-1", "cus_1", 5000, "EUR", 100)
PAYMENT = Payment(7, "pi_1", "INV-1", "cus_1", 5000, "EUR", 100)
REFUND = Change("re_1", "pi_1", 500, "EUR", 200, "succeeded")
REFUNDED = Payment(8, "re_1", "R-INV-1", None, 500, "EUR", 200, source=7)
DISPUTE = Change("du_1", "pi_1", 5000, "EUR", 300, "needs_response")


class TestReconciliation(TestCase):
    """Each way in which Stripe and the books can differ, and what is no difference."""

    def _kinds(self, charges=(CHARGE,), refunds=(), disputes=(), payments=(PAYMENT,), known=(), strangers=False):
        found = find_differences(list(charges), refunds, disputes, list(payments), known, strangers)
        return [difference.kind for difference in found]

    def test_what_agrees_is_no_difference(self):
        self.assertFalse(
            self._kinds(refunds=[REFUND], disputes=[DISPUTE], payments=[PAYMENT, REFUNDED], known=["du_1"])
        )

    def test_a_charge_whose_payment_is_not_done_or_not_booked(self):
        for values in ({"is_done": False}, {"is_booked": False}, {"is_done": False, "number": None}):
            with self.subTest(values=values):
                self.assertEqual(self._kinds(payments=[replace(PAYMENT, **values)]), [rules.CHARGE_MISSING])

    def test_a_charge_that_nothing_here_knows(self):
        self.assertEqual(self._kinds(payments=[]), [rules.CHARGE_MISSING])
        self.assertFalse(self._kinds(payments=[], strangers=True))

    def test_amount_currency_and_customer_one_at_a_time(self):
        for values, kind in (
            ({"amount": 4999}, rules.AMOUNT),
            ({"currency": "USD", "amount": 1}, rules.CURRENCY),
            ({"customer": "cus_2"}, rules.CUSTOMER),
        ):
            with self.subTest(kind=kind):
                self.assertEqual(self._kinds(charges=[replace(CHARGE, **values)]), [kind])
        self.assertFalse(
            self._kinds(payments=[replace(PAYMENT, customer=None)]), "Without a saved method anybody may pay."
        )

    def test_a_second_charge_with_the_same_reference(self):
        second = replace(CHARGE, id="ch_2", intent="pi_2")
        self.assertEqual(self._kinds(charges=[CHARGE, second]), [rules.TWICE])
        self.assertEqual(self._kinds(charges=[second, CHARGE]), [rules.TWICE])
        self.assertFalse(self._kinds(charges=[CHARGE, replace(second, refunded=5000)]), "It was given back.")
        self.assertEqual(self._kinds(charges=[CHARGE, replace(second, refunded=4999)]), [rules.TWICE])

    def test_the_same_reference_in_a_shop_that_shares_the_account(self):
        shop = replace(CHARGE, id="ch_2", intent="pi_2", amount=77)
        self.assertFalse(self._kinds(charges=[CHARGE, shop], strangers=True))
        self.assertEqual(self._kinds(charges=[CHARGE, shop]), [rules.TWICE])

    def test_of_charges_for_a_payment_without_a_number_the_first_is_the_payments(self):
        unknown = replace(PAYMENT, number=None, is_done=False)
        second = replace(CHARGE, id="ch_2", intent="pi_2")
        self.assertEqual(self._kinds(charges=[CHARGE, second], payments=[unknown]), [rules.CHARGE_MISSING, rules.TWICE])

    def test_refunds(self):
        failed = replace(REFUND, status="failed")
        self.assertEqual(self._kinds(refunds=[REFUND]), [rules.REFUND_MISSING])
        self.assertEqual(
            self._kinds(refunds=[REFUND], payments=[PAYMENT, replace(REFUNDED, is_done=False)]), [rules.REFUND_MISSING]
        )
        self.assertEqual(self._kinds(refunds=[failed], payments=[PAYMENT, REFUNDED]), [rules.REFUND_FAILED])
        for values, kinds in (
            ({"is_done": False}, [rules.REFUND_FAILED]),
            ({"is_booked": False}, []),
            ({"is_done": False, "is_booked": False}, []),
        ):
            with self.subTest(values=values):
                refunded = replace(REFUNDED, **values)
                self.assertEqual(self._kinds(refunds=[failed], payments=[PAYMENT, refunded]), kinds)
        self.assertFalse(self._kinds(refunds=[failed]), "Neither there nor here.")
        self.assertEqual(
            self._kinds(refunds=[REFUND], payments=[PAYMENT, replace(REFUNDED, amount=400)]), [rules.AMOUNT]
        )

    def test_refunds_on_their_way_are_no_difference(self):
        for status in ("pending", "requires_action"):
            way = replace(REFUND, status=status)
            for payments in ([PAYMENT], [PAYMENT, replace(REFUNDED, is_done=False, is_booked=False)]):
                with self.subTest(status=status, payments=len(payments)):
                    self.assertFalse(self._kinds(refunds=[way], payments=payments))

    def test_what_was_given_back_as_advised_is_gone(self):
        second = replace(CHARGE, id="ch_2", intent="pi_2", refunded=5000)
        back = Change("re_2", "pi_2", 5000, "EUR", 200, "succeeded")
        self.assertFalse(self._kinds(charges=[CHARGE, second], refunds=[back]), "Charged twice.")
        self.assertFalse(self._kinds(charges=[second], refunds=[back], payments=[]), "Nothing here knew it.")
        wrong = replace(CHARGE, customer="cus_2")
        refunded = replace(REFUNDED, amount=5000)
        full = replace(REFUND, amount=5000)
        self.assertFalse(self._kinds(charges=[replace(wrong, refunded=5000)], refunds=[full],
                                     payments=[PAYMENT, refunded]), "The wrong customer was charged.")  # fmt: skip

    def test_what_came_and_went_at_stripe_alone_needs_no_entry(self):
        full = replace(REFUND, amount=5000)
        unbooked = replace(PAYMENT, is_done=False, is_booked=False)
        charge = replace(CHARGE, refunded=5000)
        self.assertFalse(self._kinds(charges=[charge], refunds=[full], payments=[unbooked]))
        self.assertFalse(self._kinds(charges=[], refunds=[full], payments=[unbooked]), "The charge is not listed.")
        self.assertEqual(
            self._kinds(charges=[charge], refunds=[full], payments=[unbooked, replace(REFUNDED, amount=5000)]),
            [rules.CHARGE_MISSING],
            "The refund is booked.",
        )
        self.assertEqual(
            self._kinds(charges=[replace(charge, refunded=500)], refunds=[REFUND], payments=[unbooked]),
            [rules.CHARGE_MISSING, rules.REFUND_MISSING],
        )

    def test_refunds_of_what_nothing_here_knows(self):
        for strangers in (True, False):
            self.assertFalse(self._kinds(refunds=[replace(REFUND, intent="pi_shop")], strangers=strangers))

    def test_disputes(self):
        self.assertEqual(self._kinds(disputes=[DISPUTE]), [rules.DISPUTE_MISSING])
        shop = replace(DISPUTE, intent="pi_shop")
        self.assertFalse(self._kinds(disputes=[shop], strangers=True))
        self.assertEqual(self._kinds(disputes=[shop]), [rules.DISPUTE_MISSING])

    def test_payments_without_a_charge(self):
        for payments in ([replace(PAYMENT, number=None)], [replace(PAYMENT, number="pi_9")]):
            (lost,) = find_lost(payments, [CHARGE], [])
            self.assertEqual((lost.kind, lost.amount, lost.expected), (rules.PAYMENT_MISSING, None, 5000))
        self.assertFalse(find_lost([replace(PAYMENT, number="pi_9")], [CHARGE], ["pi_9"]), "Found when looked up.")
        for values in ({"is_done": False}, {"is_booked": False}):
            self.assertFalse(find_lost([replace(PAYMENT, number=None, **values), REFUNDED], [], []), values)
