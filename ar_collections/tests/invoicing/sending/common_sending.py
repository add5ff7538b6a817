from datetime import datetime, time, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command

from ...common import ArCommon

PDF = "odoo.addons.account.models.account_move_send.AccountMoveSend._prepare_invoice_pdf_report"


def without_pdf(_self, invoices_data):
    """Stand in for the report, whose pages take a second each."""
    for invoice, data in invoices_data.items():
        data["pdf_attachment_values"] = {
            "name": f"{invoice.id}.pdf",
            "raw": b"%PDF-1.4",
            "mimetype": "application/pdf",
            "res_model": invoice._name,
            "res_id": invoice.id,
            "res_field": "invoice_pdf_report_file",
        }


class SendingCommon(ArCommon):
    """A company whose policy sends invoices when they are posted, at noon of ``TODAY``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(datetime.combine(cls.TODAY, time(12))))
        cls.startClassPatcher(patch(PDF, without_pdf))
        cls.policy.invoice_sending = "posting"
        cls.customer = cls._customer()
        cls.partner = cls.customer.partner_id

    @classmethod
    def _bill(cls, partner=None, amount=100.0, **values):
        """Return a posted invoice."""
        return cls._invoice(partner or cls.partner, -30, amount, **values)

    @classmethod
    def _require(cls, kind, **values):
        """Let the customer require something of invoices."""
        return cls.env["ar.billing.requirement"].create({"customer_id": cls.customer.id, "kind": kind, **values})

    def _row(self, invoice):
        """Return the row of an invoice, read anew."""
        self.env.invalidate_all()
        return self.env["ar.invoice.sending"].search([("move_id", "=", invoice.id)])

    def _turn(self, hours=0):
        """Let the scheduled action send what is due after some hours; it looks again at what it has looked at."""
        self.env["ar.invoice.sending"].search([]).sudo().judged_at = False
        with freeze_time(datetime.combine(self.TODAY, time(12)) + timedelta(hours=hours)):
            self.env["ar.invoice.sending"]._send_company(self.company)

    def _night(self, days=1):
        """Run the step of the nightly run after some days."""
        day = self.TODAY + timedelta(days=days)
        with freeze_time(datetime.combine(day, time(6))):
            self.env["ar.invoice.sending"]._judge_company(self.company, day)

    def _mails_of(self, invoice):
        """Work the mail queue; return the mails of an invoice that went out."""
        mails = self._deliver()
        return [mail for mail in mails if invoice.name in mail["subject"]]

    def _reset(self, invoice, **values):
        """Reset an invoice to draft, change it, and post it again."""
        invoice.button_draft()
        invoice.write(values)
        invoice.action_post()

    def _problems(self, record):
        """Return the open problems of a record."""
        return self.env["ar.problem"]._search_open(record, "invoices")

    def _line(self, invoice, price):
        """Return the values that change the price of the invoice's line."""
        return {"invoice_line_ids": [Command.update(invoice.invoice_line_ids[:1].id, {"price_unit": price})]}

    def assertState(self, invoice, state, reason=False):
        row = self._row(invoice)
        self.assertEqual((row.state, row.reason), (state, reason))
        return row
