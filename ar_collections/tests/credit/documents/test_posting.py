from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.http import serialize_exception
from odoo.tools import file_open, mute_logger

from ....core.credit.effect import INFORM, WARN
from ....models.credit.documents.credit_hold import CreditHold
from .common_documents import ArDocumentsCommon


class TestPosting(ArDocumentsCommon):
    """Invoices of customers on hold stay drafts, all others are posted."""

    def test_what_equals_the_limit_passes_a_cent_more_does_not(self):
        self._assert_held(self._draft(1000.01), "exceeded by .*0.01")
        self.env["account.move"].search([("partner_id", "=", self.partner.id)]).unlink()
        self.assertEqual(self._post(self._draft(1000)), ["posted"])

    def test_archiving_the_account_lets_nothing_pass(self):
        draft = self._draft(1000.01)
        self.customer.active = False
        self._assert_held(draft, "exceeded by .*0.01")
        self._release(draft)
        self.assertEqual(self._post(draft), ["posted"])

    def test_the_message_names_customer_reason_room_and_whom_to_ask(self):
        self._post(self._draft(600))
        self.credit_manager.name = "Carla Credit"
        message = self._assert_held(self._draft(500))
        self.assertRegex(message, "Patient Payer.*500.00.*The credit limit is exceeded by .*100.00")
        self.assertRegex(message, "Room: .*400.00")
        self.assertIn("Carla Credit", message)

    def test_the_web_client_knows_the_error_by_its_name(self):
        with file_open("ar_collections/static/src/credit/credit_hold.js") as script:
            self.assertIn(serialize_exception(CreditHold("x"))["name"], script.read())

    def test_of_a_batch_the_one_that_fits_is_posted_and_the_others_are_marked(self):
        first, second, small = self._draft(600), self._draft(600), self._draft(400)
        batch = second | small | first
        with patch.object(type(self.biller), "_bus_send", autospec=True) as sent:
            self._post(batch)
        self.assertEqual((first | second | small).mapped("state"), ["posted", "draft", "posted"])
        self.assertEqual(bool(first.ar_held_on), False)
        self.assertTrue(second.ar_held_on)
        self.assertRegex(second.with_user(self.biller).ar_hold_text, "exceeded by .*200.00")
        self.assertIn("On hold", second.message_ids[0].body)
        _user, kind, values = sent.call_args.args
        self.assertEqual(kind, "simple_notification")
        self.assertIn("600.00", values["message"])

    def test_customers_of_a_batch_are_held_each_for_itself(self):
        other = self._partner(name="Other")
        drafts = self._draft(1200) | self._draft(5000, partner=other)
        self._post(drafts)
        self.assertEqual(drafts.mapped("state"), ["draft", "posted"])

    def test_a_credit_note_posted_with_it_makes_room(self):
        note = self._draft(200, move_type="out_refund")
        drafts = self._draft(1200) | note
        self._post(drafts)
        self.assertEqual(drafts.mapped("state"), ["posted", "posted"])

    def test_draft_credit_notes_make_no_room(self):
        self._draft(200, move_type="out_refund")
        self._assert_held(self._draft(1100), "exceeded by .*100.00")

    def test_it_is_the_same_where_drafts_do_not_count(self):
        self.policy.exposure_drafts = False
        self._draft(800)
        self._assert_held(self._draft(1000.01))
        self.assertEqual(self._post(self._draft(1000)), ["posted"])

    def test_drafts_entered_before_count_where_the_policy_says_so(self):
        self._draft(800)
        self._assert_held(self._draft(300), "exceeded by .*100.00")

    def test_of_two_drafts_that_do_not_fit_together_the_first_is_posted(self):
        first, second = self._draft(600), self._draft(600)
        self._assert_held(second)
        self.assertEqual(self._post(first), ["posted"])
        self._assert_held(second)

    def test_a_draft_that_waits_for_a_release_holds_no_other(self):
        held = self._draft(1200)
        held.sudo().ar_held_on = "2026-06-09 12:00:00"
        self.assertEqual(self._post(self._draft(1000)), ["posted"])

    def test_receipts_credit_notes_entries_and_bills_are_never_held(self):
        self._post(self._draft(1000))
        for move_type in ("out_receipt", "out_refund", "in_invoice"):
            with self.subTest(move_type=move_type):
                self.assertEqual(self._post(self._draft(700, move_type=move_type)), ["posted"])

    def test_a_reversal_and_its_reversal_are_never_held(self):
        invoice = self._draft(1000)
        self._post(invoice)
        with self._on():
            note = invoice._reverse_moves(cancel=True)
            self._post(self._draft(900))
            self.assertEqual(note.state, "posted")
            again = note._reverse_moves()
        self.assertEqual(again.move_type, "out_invoice")
        self.assertEqual(self._post(again), ["posted"])

    def test_only_what_a_credit_note_took_back_passes_as_its_reversal(self):
        invoice = self._draft(1000)
        self._post(invoice)
        self._assert_held(self._draft(1200, reversed_entry_id=invoice.id))
        with self._on():
            note = invoice._reverse_moves(cancel=True)
            larger, other = note._reverse_moves(), self._draft(2000, reversed_entry_id=note.id)
        larger.invoice_line_ids.price_unit = 2500
        self._assert_held(larger)
        self._assert_held(other)

    def test_an_archived_account_holds_its_limit_all_the_same(self):
        self.customer.sudo().active = False
        draft = self._draft(1200)
        self._assert_held(draft, "exceeded by")
        self._release(draft)
        self.assertEqual(self._post(draft), ["posted"])

    def test_a_policy_that_warns_posts_and_says_so(self):
        self.policy.effect_invoice = WARN
        draft = self._draft(1200)
        with patch.object(type(self.biller), "_bus_send", autospec=True) as sent:
            self.assertEqual(self._post(draft), ["posted"])
        self.assertIn("Confirmed in spite of a credit warning", draft.message_ids[0].body)
        self.assertIn("exceeded by", sent.call_args.args[2]["message"])

    def test_a_policy_that_informs_posts_silently_and_locks_nobody(self):
        self.policy.effect_invoice = INFORM
        draft = self._draft(1200)
        with patch.object(type(self.customer), "_lock_rows", side_effect=AssertionError):
            self.assertEqual(self._post(draft), ["posted"])
        self.assertNotIn("credit", "".join(draft.message_ids.mapped("body")))

    def test_the_first_invoice_of_a_new_member_is_within_the_limit_of_the_group(self):
        head = self._customer(self._partner(name="Head office"))
        self._limit(head, 700, is_group_limit=True)
        new = self._partner(name="New member", parent_id=head.partner_id.id)
        draft = self._draft(700.01, partner=new)
        self._assert_held(draft, "group")
        draft.unlink()
        self.assertEqual(self._post(self._draft(700, partner=new)), ["posted"])

    def test_the_group_limit_holds_members_together(self):
        head = self._customer(self._partner(name="Head"))
        self.partner.parent_id = head.partner_id
        self._limit(head, 700, is_group_limit=True)
        sister = self._partner(name="Sister", parent_id=head.partner_id.id)
        self._customer(sister)
        drafts = self._draft(600) | self._draft(200, partner=sister)
        self._post(drafts)
        self.assertEqual(drafts.mapped("state"), ["posted", "draft"])

    def test_the_limit_of_the_root_company_counts_for_a_branch(self):
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        self.biller.company_ids += branch
        self._post(self._draft(900))
        draft = self._draft(200, company_id=branch.id)
        self.assertEqual(draft.company_id, branch)
        self._assert_held(draft, "exceeded by .*100.00")

    def test_a_foreign_invoice_counts_at_its_rate(self):
        currency = self._foreign(("2026-01-01", 2))
        self._assert_held(self._draft(2000.02, currency_id=currency.id), "exceeded by .*0.01")
        self.env["account.move"].search([("partner_id", "=", self.partner.id)]).unlink()
        self.assertEqual(self._post(self._draft(2000, currency_id=currency.id)), ["posted"])

    def test_a_currency_without_rate_never_holds(self):
        currency = self._foreign()
        self.assertEqual(self._post(self._draft(5000, currency_id=currency.id)), ["posted"])

    def test_a_currency_without_rate_does_not_free_a_customer_who_is_over_the_limit_already(self):
        currency = self._foreign()
        self.customer.sudo().write({"credit_limit_kind": "none", "credit_limit": 0})
        self._post(self._draft(500))
        self._limit(self.customer, 400)
        self._assert_held(self._draft(10, currency_id=currency.id), "exceeded by .*100.00")

    def test_posted_again_a_larger_invoice_is_held(self):
        draft = self._draft(900)
        self._post(draft)
        with self._on():
            draft.button_draft()
        draft.invoice_line_ids.price_unit = 1001
        self._assert_held(draft)
        draft.invoice_line_ids.price_unit = 1000
        self.assertEqual(self._post(draft), ["posted"])

    def test_an_error_of_ours_does_not_stop_posting(self):
        draft = self._draft(1200)
        checks = type(self.env["ar.credit.check"])
        with (
            patch.object(checks, "_check", side_effect=ValueError),
            mute_logger("odoo.addons.ar_collections.models.customers.core_flow"),
        ):
            self.assertEqual(self._post(draft), ["posted"])

    def test_marks_end_when_posted_canceled_or_given_to_another_customer(self):
        def held():
            draft, small = self._draft(1200), self._draft(1, partner=self._partner(name="Small"))
            self._post(draft | small)
            self.assertTrue(draft.ar_held_on)
            return draft

        canceled, moved, posted = held(), held(), held()
        canceled.with_user(self.biller).button_cancel()
        moved.with_user(self.biller).partner_id = self._partner(name="New")
        self.assertFalse(canceled.ar_held_on or moved.ar_held_on or moved.ar_hold_reasons)
        contact = self._partner(name="Contact", parent_id=self.partner.id, is_company=False)
        posted.with_user(self.biller).partner_id = contact  # still the same customer
        self.assertTrue(posted.ar_held_on)
        self._limit(self.customer, 5000)
        self._post(posted)
        self.assertFalse(posted.ar_held_on or posted.ar_hold_reasons)


class TestAttempts(ArDocumentsCommon):
    """Ways around the check that are none."""

    def test_writing_the_state(self):
        draft = self._draft(1200)
        for user in (self.biller, self.env.ref("base.user_root")):
            with self._on(), self.assertRaises(UserError):
                draft.with_user(user).write({"state": "posted"})
        self.assertEqual(draft.state, "draft")
        draft.unlink()
        with self._on():
            self._draft(900).with_user(self.biller).write({"state": "posted"})

    def test_context_keys_and_superuser_mode(self):
        draft = self._draft(1200)
        keys = dict.fromkeys(("bypass_risk", "force_post", "ar_force", "tracking_disable", "ar_credit_passed"), True)
        self._assert_held(draft.with_context(**keys))
        with self._on(), self.assertRaises(UserError):
            draft.sudo().action_post()
        with self._on():
            draft.with_user(self.biller).with_context(ar_autopost=True).action_post()
        self.assertEqual(draft.state, "draft")

    def test_nobody_chooses_which_drafts_count(self):
        self._draft(800)
        exposures = self.env["ar.credit.exposure"].with_context(ar_posted_from=1)
        self.assertEqual(exposures._read(self.partner, self.company)[self.partner.id].drafts, 800)

    def test_the_dialog_that_confirms_many(self):
        drafts = self._draft(600) | self._draft(1200) | self._draft(300)
        wizards = self.env["validate.account.move"].with_user(self.biller)
        with self._on():
            wizards = wizards.with_context(active_model="account.move", active_ids=drafts.ids)
            wizards.create({"force_post": True}).validate_move()
        self.assertEqual(drafts.mapped("state"), ["posted", "draft", "posted"])

    def test_the_button_of_the_list(self):
        draft, other = self._draft(1200), self._draft(5, partner=self._partner(name="Other"))
        with self._on():
            (draft | other).with_user(self.biller).action_validate_moves_with_confirmation()
        self.assertEqual((draft | other).mapped("state"), ["draft", "posted"])

    def test_a_duplicate_of_a_held_invoice_is_not_marked_but_held(self):
        draft, other = self._draft(1200), self._draft(5, partner=self._partner(name="Other"))
        self._post(draft | other)
        copy = draft.copy({"invoice_date": self.TODAY})
        self.assertFalse(copy.ar_held_on or copy.ar_hold_reasons)
        self._assert_held(copy)

    def test_an_invoice_of_another_customer_given_to_the_one_on_hold(self):
        draft = self._draft(1200, partner=self._partner(name="Other"))
        draft.with_user(self.biller).partner_id = self.partner
        self._assert_held(draft)

    def test_a_date_in_the_future_is_checked_when_it_is_posted(self):
        draft = self._draft(1200, invoice_date="2026-06-20")
        with self._on():
            draft.with_user(self.biller)._post()  # scheduled, not posted
        self.assertEqual((draft.state, draft.auto_post, bool(draft.ar_held_on)), ("draft", "at_date", False))
        draft.auto_post = "no"
        self._assert_held(draft)
