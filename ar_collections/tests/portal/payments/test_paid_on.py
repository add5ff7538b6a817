from datetime import datetime, time, timedelta

from freezegun import freeze_time

from odoo import SUPERUSER_ID, Command
from odoo.tests import tagged

from ..common_portal import ArPortalCommon

NEW_YORK, SYDNEY = "America/New_York", "Australia/Sydney"


@tagged("post_install", "-at_install")
class TestPaidOn(ArPortalCommon):
    """The day of an online payment, by which agreements, interest and days late are judged: the company's day."""

    def _begin(self, **values):
        """Return a transaction for the old invoice, as the customer's page begins it."""
        allocation = self.customer._allocate({self._item(self.old).id: None})
        return self._create(amount=float(allocation.total), **self.customer._prepare_transaction_vals(allocation))

    def _create(self, **values):
        transactions = self.env["payment.transaction"].sudo()
        values = {
            "provider_id": self.provider.id,
            "payment_method_id": self.payment_method_id,
            "currency_id": self.company.currency_id.id,
            "partner_id": self.payer.id,
            "operation": "online_redirect",
            **values,
        }
        return transactions.create(values)

    def _confirm(self, transaction, days, hour, zone, booked_after=0):
        """Let the provider confirm a payment at an hour (UTC) of a day, and Odoo's scheduled action book it.

        :param int days: from today
        :param int booked_after: days from the confirmation
        :return: the payment
        """
        self.company.ar_time_zone = zone
        moment = datetime.combine(self.TODAY + timedelta(days=days), time(hour, 30))
        with freeze_time(moment):
            transaction._set_done()
        with freeze_time(moment + timedelta(days=booked_after)):
            transaction.with_user(SUPERUSER_ID).with_context(tz=False)._post_process()
        self.env.invalidate_all()
        return transaction.payment_id

    def test_in_the_evening_in_the_west_it_is_the_same_day(self):
        payment = self._confirm(self._begin(), 1, 1, NEW_YORK)
        self.assertEqual((payment.date, payment.move_id.date), (self.TODAY, self.TODAY))
        paid = self._item(self.old).matched_credit_ids
        self.assertEqual((paid.max_date, self.old.amount_residual), (self.TODAY, 0.0))

    def test_in_the_morning_in_the_east_it_is_the_next_day(self):
        payment = self._confirm(self._begin(), 0, 22, SYDNEY)
        self.assertEqual((payment.date, payment.move_id.state), (self.TODAY + timedelta(days=1), "posted"))
        self.assertEqual(self.old.amount_residual, 0.0)

    def test_what_is_booked_later_was_paid_when_it_was_confirmed(self):
        payment = self._confirm(self._begin(), 0, 12, NEW_YORK, booked_after=3)
        self.assertEqual(payment.date, self.TODAY)

    def test_what_was_confirmed_in_a_closed_period_is_booked_after_it(self):
        transaction = self._begin()
        self.company.sudo().fiscalyear_lock_date = self.TODAY
        payment = self._confirm(transaction, 0, 12, NEW_YORK, booked_after=3)
        self.assertEqual((payment.move_id.state, self.old.amount_residual), ("posted", 0.0))
        self.assertGreater(payment.move_id.date, self.TODAY)

    def test_a_payment_of_odoos_own_page_counts_by_the_same_day(self):
        values = {"amount": 200.0, "reference": "Own page", "invoice_ids": [Command.set(self.old.ids)]}
        payment = self._confirm(self._create(**values), 1, 1, NEW_YORK)
        self.assertEqual((payment.date, self.old.amount_residual), (self.TODAY, 0.0))

    def test_without_collections_odoo_dates_it(self):
        self.company.sudo().ar_active = False
        values = {"amount": 200.0, "reference": "Own page", "invoice_ids": [Command.set(self.old.ids)]}
        payment = self._confirm(self._create(**values), 1, 1, NEW_YORK)
        self.assertEqual(payment.date, self.TODAY + timedelta(days=1))

    def test_of_a_refund_too(self):
        transaction = self._begin()
        self._confirm(transaction, 0, 12, NEW_YORK)
        refund = transaction._create_child_transaction(200.0, is_refund=True)
        self.assertEqual(self._confirm(refund, 1, 1, NEW_YORK).date, self.TODAY)
