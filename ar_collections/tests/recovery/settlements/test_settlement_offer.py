"""The offer of a settlement: seen by a person first, sent once, and never about what is contested."""

from datetime import timedelta
from decimal import Decimal

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext, mute_logger

from .test_settlement import LAST, SettlementCommon


class TestSettlementOffer(SettlementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.customer.partner_id
        cls.partner.write({"street": "Main Street 1", "city": "Springfield", "zip": "1000"})

    def _show(self, settlement, user=None):
        """Open the dialog; return it."""
        with self._on():
            action = settlement.with_user(user or self.collector).action_offer()
        return self.env[action["res_model"]].with_user(user or self.collector).browse(action["res_id"])

    def _send(self, settlement, channel="email"):
        dialog = self._show(settlement)
        dialog.channel = channel
        with self._on():
            dialog.action_send()
        self.env.invalidate_all()
        return self._offers()

    def _offers(self):
        return self._communications(self.customer).filtered(lambda one: one.notice == "settlement_offered")

    def test_a_person_sees_it_before_it_is_sent(self):
        settlement = self._agree()
        before = self.env["mail.mail"].sudo().search([])
        dialog = self._show(settlement)
        self.assertEqual((dialog.channel, dialog.has_choice), ("email", True))
        self.assertIn(self.partner.email, dialog.email_to)
        for text in (html2plaintext(dialog.email_html), html2plaintext(dialog.letter_html)):
            for part in ("600.00", "1,000.00", "400.00", self.invoice.name, "June 30, 2026", "owed as before"):
                self.assertIn(part, text)
            self.assertNotIn("No assets", text)
        self.assertIn("Main Street 1\n", dialog.letter_to)
        self.assertNotIn("\n\n", dialog.letter_to)
        self.assertFalse(self._offers())
        self.assertEqual(self.env["mail.mail"].sudo().search([]), before)

    def test_it_is_sent_once_and_logged(self):
        settlement = self._agree()
        offer = self._send(settlement)
        self.assertEqual((offer.state, offer.channel, offer.deadline), ("planned", "email", LAST))
        self.assertEqual(
            offer.line_ids.mapped(lambda line: (line.move_line_id, line.amount_left)),
            [(self._debt(self.invoice), 1000.0)],
        )
        self.assertFalse(settlement.activity_ids)
        (mail,) = self._deliver_offers()
        self.assertIn("600.00", mail["body"])
        self.assertIn(f"/my/receivables/{self.customer.id}/settlement/{settlement.id}", mail["body"])
        self.assertEqual(
            (self._offers().state, settlement.offer_state, settlement.offered_on), ("sent", "sent", self.TODAY)
        )
        with self.assertRaisesRegex(UserError, "already"):
            self._show(settlement)
        with self.assertRaisesRegex(UserError, "already"), self._on():
            settlement.with_user(self.collector)._offer("email")
        self.assertEqual(len(self._offers()), 1)

    def test_the_database_refuses_a_second_one(self):
        offer = self._send(self._agree())
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            offer.sudo().copy({"state": "planned"}).flush_recordset()

    @tagged("at_install", "ar_print")
    def test_it_is_a_letter_where_there_is_no_email(self):
        self.partner.email = False
        settlement = self._agree()
        dialog = self._show(settlement)
        self.assertEqual((dialog.channel, dialog.has_choice, bool(dialog.email_html)), ("letter", False, False))
        offer = self._send(settlement, "letter")
        self.assertEqual((offer.state, offer.channel, offer.letter_hint), ("planned", "letter", False))
        with self._on():
            collector = self.env(user=self.collector, context={"force_report_rendering": True})
            html = (
                self.env["ir.actions.report"]
                ._render_qweb_html("ar_collections.action_report_reminder_letter", offer.ids)[0]
                .decode()
            )
            offer.with_env(collector).action_print()
        self.env.invalidate_all()
        self.assertEqual((offer.state, len(offer.attachment_ids)), ("sent", 1))
        for part in ("Offer to settle", "600.00", f"/settlement/{settlement.id}"):
            self.assertIn(part, html)
        for part in ("Payment reminder", "Please pay by"):
            self.assertNotIn(part, html)

    def test_nobody_is_reached(self):
        self.partner.write({"email": False, "street": False, "city": False})
        with self.assertRaisesRegex(UserError, "postal address"):
            self._show(self._agree())

    def test_bank_details_name_the_agreed_amount(self):
        bank = {"acc_number": "GB82 WEST 1234 5698 7654 32", "partner_id": self.company.partner_id.id}
        self.env["res.partner.bank"].create({**bank, "allow_out_payment": True})
        settlement = self._agree()
        with self._on():
            transfers = settlement.sudo()._get_transfers()
        self.assertIn("600.00", transfers[0]["amount"])

    def test_it_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner.lang = "fr_FR"
        offer = self._send(self._agree())
        self.assertEqual(offer.lang, "fr_FR")
        self.assertIn("30 juin 2026", offer.body)

    def test_only_what_is_approved_and_running_is_offered(self):
        requested = self._request()
        with self.assertRaisesRegex(UserError, "approved"):
            self._show(requested)
        with self._on():
            requested.with_user(self.credit_manager).action_approve()
        with self._on(LAST + timedelta(days=1)), self.assertRaisesRegex(UserError, "approved"):
            requested.with_user(self.collector).action_offer()

    def test_what_changes_before_it_leaves_is_not_sent(self):
        for change in (
            lambda settlement: settlement.with_user(self.collector).action_withdraw(),
            lambda settlement: self._money(600, self.TODAY),
            lambda settlement: self._dispute(),
        ):
            with self.subTest(), self.env.cr.savepoint() as savepoint:
                settlement = self._agree()
                offer = self._send(settlement)
                with self._on():
                    change(settlement)
                self.env.flush_all()
                self.assertFalse(self._deliver_offers())
                self.assertEqual((offer.state, offer.cancel_reason), ("cancelled", "outdated"))
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_what_is_disputed_is_not_offered(self):
        settlement = self._agree()
        self._dispute()
        with self.assertRaisesRegex(UserError, "disputed"):
            self._show(settlement)

    def _dispute(self):
        reason = self.env["ar.dispute.reason"].search([], limit=1)
        with self._on():
            self.env["ar.dispute"].with_user(self.collector)._raise_dispute(
                self.customer, requested={self._debt(self.invoice).id: Decimal(100)}, reason=reason, note="Broken"
            )
        self.env.flush_all()

    def _deliver_offers(self):
        """Work the mail queue; return the offers that went out, without the mails to colleagues."""
        return [mail for mail in self._deliver() if "offer to settle" in mail["subject"]]

    def test_who_may_not_offer_it(self):
        settlement = self._agree()
        dialog = self._show(settlement)
        auditor = self._user("auditor")
        for user in (auditor, self._user("external"), self._plain_user()):
            with self.subTest(user=user.name), self.assertRaises(UserError), self._on():
                settlement.with_user(user).action_offer()
            with self.subTest(user=user.name), self.assertRaises(UserError), self._on():
                dialog.with_user(user).action_send()
        self.assertFalse(self._offers())

    def _plain_user(self):
        return self.env["res.users"].create(
            {"name": "No Role", "login": "no-role-offers", "group_ids": [(6, 0, self.env.ref("base.group_user").ids)]}
        )
