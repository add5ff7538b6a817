from unittest.mock import patch

from odoo.tests import tagged

from .common_documents import ArDocumentsCommon

WITHOUT_MONEY = "odoo.addons.ar_collections.models.credit.documents.account_move_paid.WITHOUT_MONEY"


@tagged("post_install", "-at_install")
class TestPostingPaid(ArDocumentsCommon):
    """Money in hand is never refused: what was paid online is posted, whatever the status of the customer."""

    def _transaction(self, invoice, state, amount=None, **values):
        self.provider.support_manual_capture = "full_only"
        return self._create_transaction(
            "direct", reference=f"T{invoice.id}-{state}-{amount}", amount=amount or invoice.amount_total,
            currency_id=invoice.currency_id.id, partner_id=invoice.partner_id.id, state=state,
            invoice_ids=[invoice.id], **values,
        )  # fmt: skip

    def test_paid_authorized_and_pending_transactions(self):
        for state in ("done", "authorized", "pending"):
            draft = self._draft(1200)
            self._transaction(draft, state)
            with self.subTest(state=state), patch(WITHOUT_MONEY, ("custom",)):  # the provider of the tests has no code
                self.assertEqual(self._post(draft), ["posted"])

    def test_a_draft_canceled_or_failed_transaction_is_no_money(self):
        for state in ("draft", "cancel", "error"):
            draft = self._draft(1200)
            self._transaction(draft, state)
            with self.subTest(state=state):
                self._assert_held(draft)

    def test_a_wire_transfer_that_was_only_chosen_is_no_money(self):
        draft = self._draft(1200)
        self.provider.code = "none"
        transaction = self._transaction(draft, "pending")
        self.assertEqual(transaction.provider_code, "none")
        self._assert_held(draft)
        transaction.state = "done"
        self.assertEqual(self._post(draft), ["posted"])

    def test_what_is_paid_in_part_takes_less_room(self):
        draft = self._draft(1200)
        self._transaction(draft, "authorized", amount=200)
        self.assertEqual(self._post(draft), ["posted"])

    def test_what_is_paid_in_part_and_still_too_much_is_held_without_losing_the_payment(self):
        draft = self._draft(1500)
        transaction = self._transaction(draft, "done", amount=200)
        with self._on():
            transaction._post_process()
        self.assertEqual((draft.state, bool(draft.ar_held_on)), ("draft", True))
        self.assertEqual((transaction.payment_id.amount, transaction.is_post_processed), (200, True))

    def test_a_transaction_posts_the_draft_that_it_pays(self):
        draft = self._draft(1200)
        transaction = self._transaction(draft, "done")
        with self._on():
            transaction._post_process()
        self.assertEqual((draft.state, draft.payment_state), ("posted", draft._get_invoice_in_payment_state()))

    def test_one_transaction_for_two_invoices_pays_them_in_their_order(self):
        first, second = self._draft(1200), self._draft(1300)
        transaction = self._transaction(first, "authorized", amount=1200)
        transaction.invoice_ids += second
        self._post(first | second)
        self.assertEqual((first | second).mapped("state"), ["posted", "draft"])

    def test_a_payment_makes_room(self):
        invoice = self._draft(900)
        self._post(invoice)
        draft = self._draft(1000)
        self._assert_held(draft)
        with self._on():
            self._transaction(invoice, "done")._post_process()
        self.assertEqual(self._post(draft), ["posted"])

    def test_the_money_of_another_customer_pays_nothing(self):
        other = self._draft(1200, partner=self._partner(name="Other"))
        transaction = self._transaction(other, "done")
        draft = self._draft(1200)
        draft.with_user(self.biller).transaction_ids = transaction.ids
        self._assert_held(draft)
        transaction.partner_id = self._partner(parent_id=self.partner.id, name="Contact", is_company=False)
        transaction.invoice_ids = draft
        self.assertEqual(self._post(draft), ["posted"])

    def test_a_payment_that_other_invoices_used_pays_nothing(self):
        invoice = self._draft(900)
        self._post(invoice)
        transaction = self._transaction(invoice, "done")
        with self._on():
            transaction._post_process()
        self._post(self._draft(800))
        draft = self._draft(900)
        transaction.invoice_ids = draft
        self.assertEqual(self._post(draft), ["draft"])
