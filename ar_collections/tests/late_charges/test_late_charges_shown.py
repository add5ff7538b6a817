"""Customers read until when a payment ends late charges; the claim as of a day ties out."""

import base64
import io
import zipfile
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_late_charges import ArLateChargeCommon


@tagged("post_install", "-at_install")
class TestLateChargesShown(ArLateChargeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls._user("auditor", login="claim-auditor")

    def _message(self, invoice, day=None):
        """Let the run of the day send what is due; return the message."""
        self._run(day or self.TODAY)
        return self._communications(self._customer(invoice.partner_id))[:1]

    def test_messages_say_until_when_nothing_is_added(self):
        self.policy.write({"late_charge_from_days": 3, "late_charge_grace_days": 30})
        invoice = self._due(date(2026, 6, 6))
        self._accrue(invoice.partner_id)
        message = self._message(invoice)
        self.assertIn("nothing is added", message.items_html)
        self.assertIn("July 9, 2026", message.items_html)
        self.assertNotIn("computed as follows", message.items_html)

    def test_the_day_until_which_nothing_is_added_names_its_invoices_beside_others(self):
        self.policy.write({"late_charge_from_days": 10, "late_charge_grace_days": 5})
        old = self._due(date(2026, 5, 2))
        new = self._due(date(2026, 6, 3), partner=old.partner_id)
        charge = self._accrue(old.partner_id)[0]
        message = self._message(old)
        self.assertEqual(message.line_ids.move_line_id.move_id, old | new)
        html = message.items_html
        self.assertNotIn("If all of it is paid", html)
        self.assertRegex(
            html, rf"Nothing is added for\s+(<span>)?{new.name}(</span>)?\s+if that is paid by <b>June 18, 2026"
        )
        self.assertRegex(html, rf"Late charges so far, not included above:.*{charge.left}")
        charge.sudo().write({"state": "waiting", "free_until": False})  # it has begun, and is not due yet
        with patch.object(type(charge), "_refresh_left") as refresh:
            charge._waive_kept()
        refresh.assert_not_called()
        self.assertEqual(message._get_late_charge_values()["amounts"], charge._get_left_texts())

    def test_formal_reminders_quote_the_computation(self):
        self._on_schedule(
            {"days": 30, "tone": "formal", "mail_template_id": self.formal.mail_template_id.id}, late_charge_from_days=1
        )
        invoice = self._due(date(2026, 5, 5))
        charge = self._accrue(invoice.partner_id)
        message = self._message(invoice)
        self.assertIn("computed as follows", message.items_html)
        self.assertIn("10.15 %", message.items_html)
        self.assertIn("40.00", message.items_html)
        self.assertIn('text-align: right; white-space: nowrap;">10.15 %', message.items_html)
        text = message._get_plain_text()
        self.assertIn("From | To | Days | Open | Rate a year | Interest", text)
        self.assertRegex(text, r"May 6, 2026 \| Jun \d+, 2026 \| \d+ \|")
        self.assertRegex(text, r"Interest: [^;]+\d; lump sum: [^;]+\d; together: ")
        self.assertTrue(charge.left)

    def test_messages_say_nothing_where_the_policy_charges_nothing(self):
        invoice = self._due(date(2026, 6, 6))
        self._accrue(invoice.partner_id)
        self.policy.late_charge_regime_id = False
        self.assertNotIn("o_ar_late_charges", self._message(invoice).items_html)

    def test_the_page_of_the_customer(self):
        self.policy.write({"late_charge_from_days": 10, "late_charge_grace_days": 36500 // 100})
        invoice = self._due(date(2026, 3, 2))
        charge = self._accrue(invoice.partner_id)
        values = self._customer(invoice.partner_id)._get_late_charge_page_values()
        self.assertEqual([(row["name"], row["amount"]) for row in values["rows"]], [(invoice.name, charge.left)])
        self.assertEqual(values["rows"][0]["free_until"], charge.free_until)

    # === CLAIM === #

    def _claim(self, partner, day, **values):
        claims = self.env["ar.late.charge.claim"].with_user(self.auditor)
        return claims.create({"customer_id": self._customer(partner).id, "date": day, **values})

    def test_the_claim_as_of_a_day(self):
        first = self._due(date(2025, 5, 15))
        self._pay(first, 1000.0, day=date(2025, 6, 30))
        claim = self._claim(first.partner_id, date(2025, 8, 13))
        rows, credits = claim._read_rows()
        self.assertEqual([(float(row.open), float(row.lump_sum)) for row in rows], [(4000.0, 40.0)])
        self.assertEqual(float(rows[0].interest.amount), 119.20)
        self.assertFalse(credits)
        before = self._claim(first.partner_id, date(2025, 6, 30), has_lump_sums=False)
        rows, _credits = before._read_rows()
        self.assertEqual((float(rows[0].open), float(rows[0].interest.amount)), (4000.0, 70.26))

    def test_what_was_charged_is_not_claimed_again(self):
        invoice = self._due(date(2025, 5, 15))
        self._pay(invoice, day=date(2025, 8, 13))
        charge = self._accrue(invoice.partner_id)
        charge.with_user(self._user("manager", login="claim-manager")).action_invoice()
        move = charge.billing_ids.move_id
        move.invoice_date = self.TODAY
        move.action_post()
        self._pay(move)
        rows, _credits = self._claim(invoice.partner_id, self.TODAY)._read_rows()
        self.assertEqual(sum(row.total for row in rows), 0)

    def test_what_was_charged_later_belongs_to_the_claim_of_the_day(self):
        invoice = self._due(date(2025, 5, 15))
        charge = self._accrue(invoice.partner_id)
        before = self._claim(invoice.partner_id, date(2025, 8, 13))._read_rows()[0]
        charge.sudo()._draft_invoices().action_post()
        after = self._claim(invoice.partner_id, date(2025, 8, 13))._read_rows()[0]
        self.assertEqual([float(row.total) for row in after], [5171.44])
        self.assertEqual(after, before)

    def test_the_sheet_and_the_workbook(self):
        invoice = self._due(date(2025, 5, 15))
        claim = self._claim(invoice.partner_id, date(2025, 8, 13))
        self.assertIn("5,171.44", claim.preview)
        self.assertIn("46 days", claim.preview)
        claim.action_export()
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(claim.file))) as workbook:
            self.assertIn("xl/worksheets/sheet2.xml", workbook.namelist())
        self.assertEqual(claim.action_print()["type"], "ir.actions.report")

    def test_a_missing_rate_is_a_message(self):
        invoice = self._due(date(2025, 5, 15))
        claim = self._claim(invoice.partner_id, self.TODAY)
        claim.regime_id = self.env.ref("ar_collections.late_charge_regime_pl")
        self.assertIn("Reference Rates", claim.preview)

    def test_claims_of_another_company_are_refused(self):
        other = self._create_company(name="Claims elsewhere")
        partner = self._partner()
        foreign = self.env["ar.customer"].sudo()._ensure_for_partners(partner, other)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self.env["ar.late.charge.claim"].with_user(self._user("auditor", login="foreign-auditor")).create(
                {"customer_id": foreign.id, "date": self.TODAY}
            )
