from decimal import Decimal
from unittest.mock import patch

from odoo import Command

from ..common import ArCommon


class ArCreditCommon(ArCommon):
    """Customers with a credit limit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.credit_manager = cls._user("credit_manager")
        # It warns of what is within the limit, which most tests are not about.
        cls.policy.rule_ids.filtered(lambda rule: rule.code == "limit_used").unlink()

    def _limit(self, customer, amount, **values):
        """Set the customer's limit as the credit manager."""
        with self._on():
            customer.with_user(self.credit_manager).write(
                {"credit_limit_kind": "amount", "credit_limit": amount, **values}
            )

    def _draft(self, amount, partner=None, **values):
        """Create a draft invoice of the day of the test, of `partner` of the class unless another is given."""
        line = Command.create({"name": "Work", "price_unit": amount, "tax_ids": []})
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or self.partner).id,
                "invoice_date": self.TODAY,
                "invoice_line_ids": [line],
                **values,
            }
        )

    def _book(self):
        """End the transaction and run the scheduled action that computes exposures; return how many it computed."""
        stale = self.env["ar.credit.stale"].sudo()
        self.env.cr.flush()
        number = len(stale.search([]).grouped("customer_number"))
        with self._on(), patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 60):
            stale._cron_refresh()
        self.assertFalse(stale.search([]))
        return number

    def _night(self, day=None, again=True):
        """Run the nightly step of credit control.

        :param bool again: also where it was run for the day
        """
        day = day or self.TODAY
        if again:
            self.company.sudo().ar_exposures_on = False
        with self._on(day):
            self.env["ar.customer"].sudo().with_company(self.company)._refresh_credit_company(self.company, day)
        self.env.invalidate_all()

    def _lines(self, customer):
        """Return the parts of the stored exposure: {part: amount}."""
        customer.invalidate_recordset()
        return {code: float(amount) for code, amount in customer._get_exposure().lines}

    def _ledger(self, partner):
        """Return what the exposure is without securities, read anew and in another way: by the ORM."""
        companies = self.env["res.company"].search([("id", "child_of", self.company.ids)])
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "child_of", partner.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("company_id", "in", companies.ids),
            ]
        )
        drafts = self.env["account.move"].search(
            [
                ("partner_id", "child_of", partner.ids),
                ("state", "=", "draft"),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("company_id", "in", companies.ids),
            ]
        )
        residual = sum(Decimal(str(item.amount_residual)) for item in items)
        return float(residual + max(sum(Decimal(str(move.amount_total_signed)) for move in drafts), 0))
