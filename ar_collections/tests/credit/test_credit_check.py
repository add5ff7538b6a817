from decimal import Decimal

from ...core.credit.effect import BLOCK, INVOICE, NOTHING, Document
from .common_credit import ArCreditCommon


class TestCreditCheck(ArCreditCommon):
    """Documents are checked one after the other against limits, with the exposure as it is at this moment."""

    def _check(self, partner, *amounts, lock=True):
        documents = [Document(number, INVOICE, Decimal(str(amount))) for number, amount in enumerate(amounts)]
        with self._on():
            found = self.env["ar.credit.check"]._check({partner: documents}, self.company, lock=lock)
        return [effect.effect for _number, effect in sorted(found.items())]

    def _blocking(self, customer):
        customer.policy_id.sudo().effect_invoice = BLOCK

    def test_documents_of_one_batch_count_together(self):
        """With a limit of 1,000, of two invoices of 600 one is blocked; a smaller one after it fits."""
        customer = self._customer()
        self._limit(customer, 1000)
        self._blocking(customer)
        self.assertEqual(self._check(customer.partner_id, 600, 600, 400), [NOTHING, BLOCK, NOTHING])

    def test_what_equals_the_limit_passes(self):
        """A cent above the limit is too much, the limit itself is not."""
        customer = self._customer()
        self._limit(customer, 1000)
        self._blocking(customer)
        self.assertEqual(self._check(customer.partner_id, 1000), [NOTHING])
        self.assertEqual(self._check(customer.partner_id, "1000.01"), [BLOCK])

    def test_customers_without_limit_are_checked_where_their_policy_may_stop_documents(self):
        """Where a policy only informs, nothing is read of a customer without limit and with a good status."""
        customer = self._customer()
        self.assertEqual(self._check(customer.partner_id, 1_000_000), [])
        self._blocking(customer)
        self.assertEqual(self._check(customer.partner_id, 1_000_000), [NOTHING])
        customer.policy_id.rule_ids.unlink()
        self.assertEqual(self._check(customer.partner_id, 1_000_000), [])

    def test_the_effect_is_that_of_the_policy(self):
        """A policy that informs blocks nothing."""
        customer = self._customer()
        self._limit(customer, 1000)
        self.assertEqual(self._check(customer.partner_id, 2000, lock=False), ["inform"])
