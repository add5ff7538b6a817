from decimal import Decimal

from odoo.addons.ar_collections.core.credit.effect import BLOCK, INVOICE, NOTHING, ORDER, WARN, Document

from .common_status import ArStatusCommon


class TestCreditStatusCheck(ArStatusCommon):
    """What rules, exclusions and holds mean when documents are checked, with the facts of that moment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(90, 500)
        cls.policy.write({"effect_invoice": BLOCK, "effect_order": BLOCK})

    def _check(self, *kinds, amount=10):
        documents = [Document(number, kind, Decimal(amount)) for number, kind in enumerate(kinds or (INVOICE,))]
        with self._on():
            found = self.env["ar.credit.check"]._check({self.customer.partner_id: documents}, self.company)
        return [effect.effect for _number, effect in sorted(found.items())]

    def test_a_customer_without_limit_is_held_by_a_rule_before_any_night(self):
        self._rules({"use_days": True, "days": 61})
        self.assertEqual(self.customer.credit_state, "good")
        self.assertEqual(self._check(), [BLOCK])

    def test_an_exclusion_or_a_payment_lets_the_next_document_pass(self):
        self._rules({"use_days": True, "days": 61})
        exclusion = self._exclude(self.customer)
        self.assertEqual(self._check(), [NOTHING])
        with self._on():
            exclusion.action_end()
        self.assertEqual(self._check(), [BLOCK])
        self._pay(self.invoice)
        self.assertEqual(self._check(), [NOTHING])  # the stored status is refreshed some minutes later
        self.assertEqual(self.customer.credit_state, "hold")

    def test_a_payment_does_not_release_where_a_person_has_to(self):
        self._rules({"use_days": True, "days": 61}, releases_itself=False)
        self._refresh(self.customer)
        self._pay(self.invoice)
        self.assertEqual(self._check(), [BLOCK])

    def test_a_rule_for_orders_alone_holds_orders_and_is_no_status(self):
        self._rules({"use_days": True, "days": 61, "on_order": True})
        self.assertEqual(self._refresh(self.customer), ("good", []))
        self.assertEqual(self._check(ORDER, INVOICE), [BLOCK, NOTHING])

    def test_a_warning_never_blocks(self):
        self._rules({"use_days": True, "days": 61, "status": "warning"})
        self.assertEqual(self._check(), [WARN])

    def test_a_hold_by_a_person_stops_documents(self):
        self._rules({"code": "over_limit"})
        self._decide(self.customer, "hold", until=self.until)
        self.assertEqual(self._check(), [BLOCK])

    def test_cash_only_stops_every_document_on_credit(self):
        """A limit of zero is no missing limit (reported of another program: nothing was held with a limit of 0)."""
        self._rules({"code": "over_limit"})
        self._limit(self.customer, 0, credit_limit_kind="zero")
        self.assertEqual(self._check(), [BLOCK])

    def test_a_negligible_rest_is_not_overdue(self):
        """What is left of a payment by rounding holds nobody (frappe/erpnext#52960)."""
        self._rules({"use_days": True, "days": 61})
        self._pay(self.invoice, 499.99)
        self.assertEqual(self._check(), [NOTHING])

    def test_without_rules_nothing_is_held(self):
        self._rules()
        self.assertEqual(self._check(), [])
