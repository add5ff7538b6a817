from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.tests.common import PROBLEM_LOG

from ..events.common_stripe_events import ArStripeEventsCommon


@tagged("post_install", "-at_install")
class TestStripeDispute(ArStripeEventsCommon):
    """Chargebacks: found by the payment, followed by a dispute on its invoices."""

    def setUp(self):
        super().setUp()
        self.transaction, self.intent = self._pay_by_card(self.old, self.new, amounts={self.old: "50"})

    def _contest(self, **values):
        """Let the customer contest the payment; return (Stripe's dispute, our chargeback)."""
        data = self.stripe.dispute(self.intent, **values)
        self._deliver_all(self.stripe.events[-1])
        return data, self.chargebacks.search([("reference", "=", data["id"])])

    def _reverse(self):
        """Take the payment out of the books, as a bookkeeper does once the money is gone."""
        (self.old + self.new).sudo().line_ids.remove_move_reconcile()
        self.env.invalidate_all()

    def test_a_chargeback_becomes_a_dispute_with_amount_reason_and_a_task_in_time(self):
        _data, chargeback = self._contest()
        self.assertEqual((chargeback.amount, chargeback.currency_id.name), (150.0, "USD"))
        self.assertEqual((chargeback.status, chargeback.reason), ("needs_response", "product_not_received"))
        dispute = chargeback.dispute_ids
        amounts = {line.move_id: line.amount for line in dispute.line_ids}
        self.assertEqual(amounts, {self.old: 50.0, self.new: 100.0})
        self.assertEqual((dispute.state, dispute.customer_id), ("new", self.customer))
        self.assertIn("Reason: Product not received. Status at Stripe: Response needed.", dispute.note)
        task = dispute.activity_ids
        self.assertEqual(len(task), 1)
        self.assertLess(task.date_deadline, (chargeback.due_by - timedelta(days=1)).date())
        self.assertGreaterEqual(task.date_deadline, self.company._ar_today())

    def test_passed_on_it_has_the_day_of_the_bank(self):
        _data, chargeback = self._contest()
        dispute, heir = chargeback.dispute_ids, self._user("auditor", login="heir")
        reason = self.env["ar.dispute.reason"].create({"name": "Delivery", "user_id": heir.id, "sla_days": 90})
        dialog = self.env["ar.dispute.pass.on"].with_user(self.collector)
        dialog = dialog.create({"dispute_id": dispute.id, "reason_id": reason.id, "note": "Not delivered"})
        before = dispute.date_deadline
        self.assertEqual(dialog.date_deadline, before)
        dialog.action_pass_on()
        self.assertEqual((dispute.user_id, dispute.date_deadline), (heir, before))
        self.assertEqual((dispute.activity_ids.user_id, dispute.activity_ids.date_deadline), (heir, before))

    def test_the_open_part_is_disputed_as_soon_as_the_payment_is_taken_back(self):
        self._contest()
        self.assertEqual(self._residuals(), (150.0, 0.0))
        self._reverse()
        self.assertEqual(self._residuals(), (200.0, 100.0))
        contested = {
            item.item_id: self.customer._disputed_amount(item) for item in self.customer.sudo()._get_facts().items
        }
        lines = (self.old + self.new).line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        amounts = {line.move_id: float(contested[line.id]) for line in lines}
        self.assertEqual(amounts, {self.old: 50.0, self.new: 100.0})

    def test_a_part_of_the_payment(self):
        _data, chargeback = self._contest(amount=7500)
        self.assertEqual(sorted(chargeback.dispute_ids.line_ids.mapped("amount")), [25.0, 50.0])

    def test_won_ends_the_dispute_and_lost_leaves_it_to_a_person(self):
        data, chargeback = self._contest()
        self._deliver_all(self.stripe.move_dispute(data, "won", name="closed"))
        self.assertEqual((chargeback.outcome, chargeback.dispute_ids.state), ("won", "withdrawn"))
        self.assertFalse(chargeback.dispute_ids.activity_ids)
        other, chargeback = self._contest()
        self._deliver_all(self.stripe.move_dispute(other, "lost", name="closed"))
        self.assertEqual((chargeback.outcome, chargeback.dispute_ids.state), ("lost", "new"))

    def test_lost_when_it_is_first_heard_of_is_a_task_too(self):
        _data, chargeback = self._contest(status="lost", due=0)
        self.assertEqual(chargeback.outcome, "lost")
        dispute = chargeback.dispute_ids
        self.assertEqual((dispute.state, dispute.amount_total, len(dispute.activity_ids)), ("new", 150.0, 1))

    def test_what_was_won_may_be_contested_again(self):
        data, chargeback = self._contest(status="warning_needs_response")
        self._deliver_all(self.stripe.move_dispute(data, "warning_closed", name="closed"))
        self.assertEqual(chargeback.dispute_ids.state, "withdrawn")
        self._deliver_all(self.stripe.move_dispute(data, "needs_response"))
        self.assertEqual(sorted(chargeback.dispute_ids.mapped("state")), ["new", "withdrawn"])
        self._deliver_all(self.stripe.move_dispute(data, "under_review"))
        self.assertEqual(len(chargeback.dispute_ids), 2)

    def test_customers_do_not_withdraw_it_on_their_page(self):
        _data, chargeback = self._contest()
        dispute = chargeback.dispute_ids
        key, address = self._key(self.customer), f"/my/receivables/{self.customer.id}/dispute/{dispute.id}"
        page = self.url_open(f"{address}?access_token={key}").text
        self.assertIn(dispute.name, page)
        self.assertNotIn("/withdraw", page)
        csrf = self._page().text.split('name="csrf_token" value="')[1].split('"')[0]
        self.url_open(f"{address}/withdraw", data={"access_token": key, "csrf_token": csrf})
        self.env.invalidate_all()
        self.assertEqual((dispute.state, len(dispute.activity_ids)), ("new", 1))

    def test_a_manager_may_delete_the_reason(self):
        self.env.ref("ar_collections_stripe.dispute_reason_chargeback").sudo().unlink()
        _data, chargeback = self._contest()
        self.assertTrue(chargeback.dispute_ids.reason_id)

    def test_the_status_counts_and_not_the_name_of_the_event(self):
        data, chargeback = self._contest()
        self._deliver_all(self.stripe.move_dispute(data, moved=-15000))
        self.assertEqual(chargeback.withdrawn, 150.0)
        self._deliver_all(self.stripe.move_dispute(data, "lost", moved=15000))
        self.assertEqual((chargeback.outcome, chargeback.withdrawn), ("lost", 0.0))

    def test_events_in_any_order_and_repeated_make_one_dispute(self):
        data = self.stripe.dispute(self.intent)
        self.stripe.move_dispute(data, moved=-15000)
        self.stripe.move_dispute(data, "won", moved=15000)
        self.stripe.move_dispute(data, name="closed")
        created, *later = self.stripe.events[-4:]
        self._deliver_all(*later[::-1], created)
        chargeback = self.chargebacks.search([("reference", "=", data["id"])])
        self.assertEqual((len(chargeback), chargeback.outcome), (1, "won"))
        self.assertFalse(chargeback.dispute_ids, "It was over when it was heard of.")

    def test_inquiries_unknown_statuses_and_disputes_without_an_answer(self):
        data, chargeback = self._contest(status="warning_needs_response")
        self.assertTrue(chargeback.is_refundable)
        self._deliver_all(self.stripe.move_dispute(data, "appeal_of_another_kind", reason="a_new_reason"))
        self.assertEqual((chargeback.status, chargeback.outcome), ("appeal_of_another_kind", "open"))
        labels = dict(chargeback.fields_get(["reason"])["reason"]["selection"])
        self.assertEqual((labels["a_new_reason"], labels["general"]), ("a_new_reason", "General"))
        self.assertIn("status appeal_of_another_kind", str(self.customer.message_ids.mapped("body")))
        self.assertEqual(chargeback.reason, "a_new_reason")
        self._deliver_all(self.stripe.move_dispute(data, "warning_closed", name="closed"))
        self.assertEqual(chargeback.dispute_ids.state, "withdrawn")
        _data, final = self._contest(due=0)
        self.assertFalse(final.due_by)
        self.assertIn("No answer is possible", final.dispute_ids.note)

    def test_a_dispute_of_a_refunded_payment(self):
        self.transaction.sudo()._refund(150.0)
        self._deliver_all()
        _data, chargeback = self._contest()
        self.assertEqual(chargeback.outcome, "open")
        self.assertTrue(chargeback.dispute_ids)

    def test_a_dispute_of_a_payment_that_is_not_from_here_is_ignored(self):
        self.stripe.dispute({**self.intent, "id": "pi_of_a_shop"})
        self._deliver_all(self.stripe.events[-1])
        self.assertEqual(self._mine()[-1].state, "ignored")

    @mute_logger(PROBLEM_LOG)
    def test_a_chargeback_without_invoice_is_a_problem_until_it_is_over(self):
        self.patch(type(self.chargebacks), "_get_items", lambda _self: {})
        data, chargeback = self._contest()
        problem = self.env["ar.problem"]._search_open(chargeback, "stripe_dispute")
        self.assertIn("150.00", problem.message)
        self._deliver_all(self.stripe.move_dispute(data, "won", name="closed"))
        self.assertTrue(problem.solved_on)

    def test_what_was_taken_back_in_the_currency_of_the_account(self):
        data, chargeback = self._contest()
        entries = [{"id": "txn_1", "amount": -14012, "currency": "eur"}]
        self._deliver_all(self.stripe.move_dispute(data, "under_review", balance_transactions=entries))
        self.assertEqual(chargeback.withdrawn, 150.0)

    def test_it_follows_its_invoices_and_is_found_on_the_form(self):
        _data, chargeback = self._contest()
        action = chargeback.with_user(self.collector).action_open_disputes()
        self.assertEqual(action["res_id"], chargeback.dispute_ids.id)
        self.assertEqual(chargeback.payment_reference, self.transaction.reference)

    def test_a_late_success_after_the_dispute_changes_nothing(self):
        _data, chargeback = self._contest()
        success = next(event for event in self.stripe.events if event["type"] == "payment_intent.succeeded")
        self._deliver_all(success)
        self.assertEqual((self.transaction.state, chargeback.dispute_ids.state), ("done", "new"))
        self.assertLessEqual(chargeback.create_date, fields.Datetime.now())
