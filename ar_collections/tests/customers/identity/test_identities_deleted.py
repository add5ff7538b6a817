from contextlib import suppress

import psycopg2

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_identities import IdentitiesCommon


@tagged("post_install", "-at_install")
class TestDeletedContacts(IdentitiesCommon):
    """A contact whose only invoice was deleted can be deleted, whatever we know about it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner(name="Acme")
        cls.invoice = cls._invoice(cls.partner, 10, 100.0)
        cls.account = cls._customer(cls.partner)
        groups = ("base.group_user", "base.group_partner_manager")
        cls.clerk = cls.env["res.users"].create(
            {
                "name": "Contacts only",
                "login": "contacts-only",
                "group_ids": [Command.set([cls.env.ref(group).id for group in groups])],
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
            }
        )

    def _delete_invoice(self):
        self.invoice.button_draft()
        self.invoice.name = False
        self.invoice.with_context(force_delete=True).unlink()

    def test_an_account_that_was_never_used_is_deleted(self):
        self._delete_invoice()
        self.partner.with_user(self.clerk).unlink()
        self.assertFalse(self.account.exists())

    def test_a_reminded_customer_is_deleted_and_the_log_is_kept(self):
        self._day()
        sent = self._communications(self.account)
        self._delete_invoice()
        self.partner.with_user(self.clerk).unlink()
        self.env.invalidate_all()
        self.assertEqual((self.account.active, self.account.display_name), (False, "Acme"))
        self.assertEqual((sent.exists().customer_id, sent.state), (self.account, "sent"))
        self.assertTrue(sent.display_name.startswith("Acme"))
        self.assertFalse(self._nights())

    def test_a_customer_with_agreements_is_deleted(self):
        promise = self._promise(self.account, self._debt(self.invoice))
        self._dispute(self.account, self._debt(self.invoice), 10)
        self._delete_invoice()
        self.partner.unlink()
        self.assertFalse(self._nights())
        self.assertEqual(promise.customer_id, self.account)

    def test_a_reminder_in_the_queue_reaches_nobody(self):
        self._run()
        self._delete_invoice()
        self.partner.unlink()
        self.assertEqual(self._deliver(), [])
        self.assertFalse(self._nights())

    def test_a_duplicate_without_invoices_is_merged_away(self):
        self._day()
        self._delete_invoice()
        other = self._partner(name="Acme", email=self.partner.email)
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.clerk)
        with mute_logger("odoo.addons.base.partner.merge"):
            wizard._merge((self.partner | other).ids, other.with_user(self.clerk))
        self.env.invalidate_all()
        self.assertEqual((self.account.partner_id, self.account.active), (other, True))
        self.assertFalse(self._nights())

    def test_a_merged_contact_is_deleted_and_its_account_still_leads_on(self):
        person = self._partner(name="Ann", is_company=False)
        account = self._customer(person)
        person.parent_id = self.partner
        self.assertEqual(account.merged_into_id, self.account)
        person.with_user(self.clerk).unlink()
        self.env.invalidate_all()
        self.assertEqual((account._get_survivor(), account.display_name), (self.account, "Acme, Ann"))

    def test_the_form_of_such_an_account_can_be_read(self):
        self._day()
        self._delete_invoice()
        self.partner.unlink()
        self.env.invalidate_all()
        account = self.account.with_user(self.collector)
        fields = [name for name in account.fields_get() if name != "message_main_attachment_id"]
        self.assertEqual(account.read(fields)[0]["former_name"], "Acme")
        account.search([("active", "=", False)]).read(["display_name"])

    def test_what_owes_money_cannot_be_deleted(self):
        """Odoo refuses it, and the account is as before."""
        with mute_logger("odoo.sql_db"), suppress(UserError, psycopg2.Error), self.env.cr.savepoint():
            self.partner.unlink()
        self.env.invalidate_all()
        self.assertTrue(self.partner.exists())
        self.assertEqual((self.account.partner_id, self.account.active), (self.partner, True))
