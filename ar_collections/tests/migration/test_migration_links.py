"""The migration to 19.0.1.4.0: links in earlier messages keep working, and the keys of accounts are stored no more."""

from datetime import timedelta

from odoo.tools.sql import column_exists

from ..common import ArCommon
from .common_migration import run_migration

SCRIPT = "19.0.1.4.0/post-links.py"

KEY = "3f1c2f0e-5f0b-4a6e-9a52-0d6b8c2a7e11"

MERGED_KEY = "9b0d7c52-1f5e-4f0b-8a3e-5a7be81f2c77"


class TestMigrationLinks(ArCommon):
    def setUp(self):
        super().setUp()
        self.customer = self._customer(self.partner)
        self.merged = self._customer(self._partner(name="Merged"))
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE ar_customer ADD COLUMN access_token varchar")
        for account, key in ((self.customer, KEY), (self.merged, MERGED_KEY)):
            self.env.cr.execute("UPDATE ar_customer SET access_token = %s WHERE id = %s", [key, account.id])
        self.merged.write({"active": False, "merged_into_id": self.customer.id})

    def _migrate(self, version="19.0.1.3.0"):
        run_migration(self.env, SCRIPT, version)

    def test_links_in_earlier_messages_work_as_long_as_new_ones(self):
        for _time in range(2):
            self._migrate()
            for key in (KEY, MERGED_KEY):
                link = self.env["ar.portal.link"].sudo()._find(self.customer, key)
                self.assertEqual((link.customer_id, link.origin), (self.customer, "earlier"))
                self.assertAlmostEqual(
                    link.valid_until, self.customer.company_id._ar_today() + timedelta(days=180), delta=timedelta(1)
                )
        self.assertFalse(column_exists(self.env.cr, "ar_customer", "access_token"))

    def test_no_stored_text_holds_a_key_any_more(self):
        page = f"http://localhost/my/receivables/{self.customer.id}"
        message = self.customer.message_post(body="x")
        body = f'<p><a href="{page}?access_token={KEY}&amp;message=5">Pay</a> {page}/plan/3?access_token={KEY}</p>'
        mail = self.env["mail.mail"].sudo().create({"mail_message_id": message.id, "body_html": "x"})
        self.env.flush_all()
        self.env.cr.execute("UPDATE mail_message SET body = %s WHERE id = %s", [body, message.id])
        self.env.cr.execute("UPDATE mail_mail SET body_html = %s WHERE id = %s", [body, mail.id])
        transaction = self._transaction(f"/my/receivables/{self.customer.id}?access_token={KEY}&paid=S1")
        self._migrate()
        for text in (message.body, mail.body_html):
            self.assertNotIn(KEY, text)
            self.assertIn(f'{page}?message=5"', text)
            self.assertIn(f"{page}/plan/3?", text)
        self.assertEqual(transaction.landing_route, f"/my/receivables/{self.customer.id}?paid=S1")

    def test_buttons_of_earlier_notifications_are_stored_without_their_keys(self):
        view = f"http://localhost/mail/view?model=ar.customer&amp;res_id={self.customer.id}&amp;pid=1"
        other = "/mail/view?model=sale.order&amp;access_token=theirs"
        message = self.customer.message_post(body="x")
        mail = self.env["mail.mail"].sudo().create({"mail_message_id": message.id, "body_html": "x"})
        body = f'''<a href="{view}&amp;access_token={KEY}&amp;hash=h">View</a> <a href="{other}">Order</a>
            {view.replace("model=", f"access_token={KEY}&model=")} {view}&access_token={KEY}'''
        self.env.flush_all()
        self.env.cr.execute("UPDATE mail_message SET body = %s WHERE id = %s", [body, message.id])
        self.env.cr.execute("UPDATE mail_mail SET body_html = %s WHERE id = %s", [body, mail.id])
        self._migrate()
        for text in (message.body, mail.body_html):
            self.assertNotIn(KEY, text)
            self.assertIn(f'href="{view}&amp;hash=h"', text)
            self.assertIn("access_token=theirs", text)

    def _transaction(self, landing_route):
        provider = self.env["payment.provider"].search([("code", "=", "demo")], limit=1)
        method = self.env["payment.method"].with_context(active_test=False).search([], limit=1)
        return self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": "links-1",
                "amount": 1.0,
                "currency_id": self.company.currency_id.id,
                "partner_id": self.partner.id,
                "landing_route": landing_route,
            }
        )

    def test_a_new_database_has_nothing_to_migrate(self):
        self._migrate(version=None)
        self.assertTrue(column_exists(self.env.cr, "ar_customer", "access_token"))
