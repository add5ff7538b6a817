from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from ....core.credit.effect import INFORM
from .common_documents import ArDocumentsCommon


class TestRelease(ArDocumentsCommon):
    """A credit manager releases one document: for this customer, and up to this amount."""

    def test_a_released_invoice_is_posted_and_the_release_is_kept(self):
        draft = self._draft(1200)
        self._assert_held(draft)
        release = self._release(draft, "Guarantee of the bank")
        self.assertEqual(
            (release.amount, release.user_id, release.reason), (1200, self.credit_manager, "Guarantee of the bank")
        )
        self.assertEqual((release.partner_id, release.customer_id), (self.partner, self.customer))
        self.assertIn("exceeded by", release.hold_text)
        for thread in (draft, self.customer):
            self.assertIn("Guarantee of the bank", thread.message_ids[0].body)
        self.assertEqual(self._post(draft), ["posted"])
        release.invalidate_recordset()
        self.assertEqual(release.present_name, draft.name)
        self._assert_held(self._draft(1))  # the customer itself is not released

    def test_release_and_confirm(self):
        draft = self._draft(1200)
        with self._on():
            action = draft.with_user(self.credit_manager).action_ar_release()
            dialogs = self.env["ar.credit.release.new"].with_user(self.credit_manager).with_context(**action["context"])
            with Form(dialogs) as form:
                self.assertIn("exceeded by", form.hold_text)
                self.assertIn("Patient Payer", form.customer_name)
                form.reason = "Agreed"
            form.record.action_release_and_confirm()
        self.assertEqual(draft.state, "posted")

    def test_it_is_for_this_amount_and_customer_alone(self):
        draft = self._draft(1200)
        self._release(draft)
        draft.invoice_line_ids.price_unit = 1200.01
        self._assert_held(draft)
        draft.invoice_line_ids.price_unit = 1100
        other = self._customer(self._partner(name="Other"))
        self._limit(other, 100)
        draft.partner_id = other.partner_id
        self._assert_held(draft)
        draft.partner_id = self.partner
        self.assertEqual(self._post(draft), ["posted"])

    def test_a_duplicate_is_not_released(self):
        draft = self._draft(1200)
        self._release(draft)
        self._assert_held(draft.copy({"invoice_date": self.TODAY}))

    def test_another_exchange_rate_does_not_hold_it_again(self):
        currency = self._foreign(("2026-01-01", 2))
        draft = self._draft(3000, currency_id=currency.id)
        release = self._release(draft)
        self.assertEqual((release.amount, release.document_amount), (1500, 3000))
        draft.invoice_currency_rate = 1.9
        self.assertGreater(draft.amount_total_signed, 1500)
        self.assertEqual(self._post(draft), ["posted"])

    def test_it_is_valid_in_a_currency_without_a_rate(self):
        """What is known holds the customer; the released amount is that of the document."""
        self.customer.sudo().write({"credit_limit_kind": "none", "credit_limit": 0})
        self._post(self._draft(500))
        self._limit(self.customer, 400)
        draft = self._draft(10, currency_id=self._foreign().id)
        self._assert_held(draft)
        self._release(draft)
        draft.invoice_line_ids.price_unit = 10.01
        self._assert_held(draft)
        draft.invoice_line_ids.price_unit = 10
        self.assertEqual(self._post(draft), ["posted"])

    def test_it_stays_valid_when_the_customer_gets_a_parent(self):
        draft = self._draft(1200)
        self._release(draft)
        head = self._customer(self._partner(name="Head"))
        self.partner.is_company = False
        self.partner.parent_id = head.partner_id
        self._limit(head, 100)
        self.assertEqual(draft.commercial_partner_id, head.partner_id)
        self.assertEqual(self._post(draft), ["posted"])

    def test_it_does_not_keep_a_contact_from_being_deleted(self):
        draft = self._draft(1200)
        release = self._release(draft)
        draft.unlink()
        self.partner.unlink()
        self.env.invalidate_all()
        self.assertEqual((release.exists(), bool(release.partner_id)), (release, False))
        self.assertEqual(release.customer_id.display_name, "Patient Payer")

    def test_it_follows_the_account_into_a_merge(self):
        draft = self._draft(1200)
        release = self._release(draft)
        target = self._customer(self._partner(name="Target"))
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((self.partner | target.partner_id).ids, target.partner_id)
        self.env.invalidate_all()
        self.assertEqual((release.customer_id, release.partner_id), (target, target.partner_id))

    def test_only_credit_managers_release(self):
        draft = self._draft(1200)
        users = [self.biller, self._user("collector", login="release-c"), self._user("manager", login="release-m")]
        self.credit_manager.name = "Carla Credit"
        for user in users:
            with self.subTest(user=user.login), self._on():
                with self.assertRaisesRegex(UserError, "Carla Credit"):
                    draft.with_user(user).action_ar_release()
                with self.assertRaises(UserError), mute_logger("odoo.addons.base.models.ir_model"):
                    dialogs = self.env["ar.credit.release.new"].with_user(user)
                    dialogs.create({"res_model": "account.move", "res_id": draft.id, "reason": "x"}).action_release()
                with self.assertRaises(UserError):
                    self.env["ar.credit.release"].with_user(user)._release(draft, "x", "y")
        self.assertFalse(self.env["ar.credit.release"].search([("res_id", "=", draft.id)]))

    def test_releases_are_neither_made_nor_changed_by_rpc(self):
        release = self._release(self._draft(1200)).with_user(self.credit_manager)
        with mute_logger("odoo.addons.base.models.ir_model"):
            with self.assertRaises(AccessError):
                release.copy()
            with self.assertRaises(AccessError):
                release.write({"amount": 9999})
            with self.assertRaises(AccessError):
                release.unlink()
        with self.assertRaises(UserError):
            release.sudo().unlink()

    def test_a_reason_is_needed(self):
        draft = self._draft(1200)
        with self.assertRaisesRegex(UserError, "Enter a reason"):
            self._release(draft, "  ")

    def test_what_is_not_held_is_not_released(self):
        draft = self._draft(900)
        with self.assertRaisesRegex(UserError, "not on hold any more"):
            self._release(draft)
        self.policy.effect_invoice = INFORM
        with self.assertRaisesRegex(UserError, "not on hold any more"):
            self._release(self._draft(5000))

    def test_what_is_confirmed_or_canceled_is_not_released(self):
        posted, canceled = self._draft(900), self._draft(1200)
        self._post(posted)
        self._limit(self.customer, 100)
        canceled.button_cancel()
        for move in (posted, canceled):
            with self.assertRaisesRegex(UserError, "nothing to release"):
                self._release(move)
            with self.assertRaisesRegex(UserError, "nothing to release"), self._on():
                self.env["ar.credit.release"].with_user(self.credit_manager)._release(move, "x", "y")

    def test_only_documents_of_the_users_companies_and_of_known_kinds(self):
        far = self._create_company(name="Far")
        elsewhere = self._user("credit_manager", login="elsewhere", company_id=far.id, company_ids=far.ids)
        draft = self._draft(1200)
        dialogs = self.env["ar.credit.release.new"].with_user(elsewhere)
        with mute_logger("odoo.addons.base.models.ir_rule"):
            for values in (
                {"res_model": "account.move", "res_id": draft.id},
                {"res_model": "res.users", "res_id": 1},
                {"res_model": "ar.credit.document.mixin", "res_id": 1},
                {"res_model": "nonsense", "res_id": 1},
                {"res_model": "account.move", "res_id": 0},
            ):
                with self.subTest(**values), self.assertRaises(UserError):
                    dialogs.create({**values, "reason": "x"}).action_release()

    def test_the_list_opens_the_document(self):
        draft = self._draft(1200)
        release = self._release(draft).with_user(self.credit_manager)
        self.assertEqual(release.action_open_document()["res_id"], draft.id)
        draft.unlink()
        with self.assertRaisesRegex(UserError, "does not exist any more"):
            release.action_open_document()

    def test_who_is_asked(self):
        company = self.company
        managers = company._ar_get_credit_contacts()
        self.assertIn(self.credit_manager, managers)
        far = self._create_company(name="Far")
        self.credit_manager.write({"company_id": far.id, "company_ids": [Command.set(far.ids)]})
        self.assertNotIn(self.credit_manager, company._ar_get_credit_contacts())
        company._ar_get_credit_contacts().group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self.assertIn("ask your administrator", company.with_user(self.biller)._ar_get_credit_contact_text())
