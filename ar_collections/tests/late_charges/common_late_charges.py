from datetime import date

from odoo import Command

from ..common import ArCommon


class LateChargeMixin:
    """A policy that charges by the rules of the European Union, in the company's currency, from the first day.

    To be put before a class of tests that has customers.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = (
            cls.env["account.account"].search(
                [("account_type", "=", "income_other"), ("company_ids", "in", cls.company.ids)], limit=1
            )
            or cls.company_data["default_account_revenue"]
        )
        cls.company.ar_late_charge_account_id = cls.account
        cls.regime = cls.env.ref("ar_collections.late_charge_regime_eu").copy({"name": "Test rules"})
        cls.regime.write({"currency_id": cls.company.currency_id.id, "lump_currency_id": cls.company.currency_id.id})
        cls.policy.write(
            {
                "late_charge_regime_id": cls.regime.id,
                "late_charge_since": date(2023, 1, 1),
                "late_charge_grace_days": 0,
            }
        )

    def _accrue(self, *partners, day=None):
        """Compute the late charges of the customers as the night does; return them."""
        day = day or self.TODAY
        customers = self.env["ar.customer"].union(*(self._customer(partner) for partner in partners))
        self.env["ar.late.charge"].sudo()._accrue(self.company, customers, day)
        self.env.invalidate_all()
        return self._charges(*partners)

    def _charge_night(self, day=None):
        """Compute and draft as the night of that day does."""
        with self._on(day):
            self.company.ar_late_charges_on = False
            self.env["ar.late.charge"].sudo()._accrue_company(self.company, day or self.TODAY)
        self.env.invalidate_all()

    def _charges(self, *partners):
        return self.env["ar.late.charge"].search(
            [("partner_id", "in", [partner.id for partner in partners])], order="date_due, id"
        )

    def _charge_of(self, invoice):
        return self.env["ar.late.charge"].search([("move_id", "=", invoice.id)])

    def _due(self, due, amount=5000.0, partner=None, **values):
        """Create and post an invoice with this due date; return it."""
        return self._invoice(partner or self._partner(), 0, amount, today=due, **values)

    def _lose(self, invoice, amount, day):
        """Write an amount of the invoice off in a journal of losses."""
        item = invoice.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        journal = self.company_data["default_journal_misc"]
        journal.sudo().ar_is_write_off = True  # an administrator's
        rows = ((item.account_id, -amount), (self.company_data["default_account_expense"], amount))
        entry = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day,
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance, "partner_id": invoice.partner_id.id})
                    for account, balance in rows
                ],
            }
        )
        entry.action_post()
        (item | entry.line_ids.filtered(lambda line: line.account_id == item.account_id)).reconcile()

    def _note(self, invoice, amount, day, reverses=True):
        """Post a credit note of a day and match it with the invoice."""
        note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": invoice.partner_id.id,
                "invoice_date": day,
                "reversed_entry_id": reverses and invoice.id,
                "invoice_line_ids": [Command.create({"name": "Less", "price_unit": amount, "tax_ids": []})],
            }
        )
        note.action_post()
        lines = (note | invoice).line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        lines.filtered(lambda line: not line.reconciled).reconcile()
        return note


class ArLateChargeCommon(LateChargeMixin, ArCommon):
    """Late charges alone."""
