from odoo import api, models

from .split import split_claimed


class ArLateCharge(models.Model):
    """Late charges end with the opening of insolvency proceedings; those up to it are a part of the claim."""

    _inherit = "ar.late.charge"

    @api.model
    def _read_facts(self, items, today):
        """Override to let no interest run after the opening."""
        found = super()._read_facts(items, today)
        claimed = {}
        for company, own in self._group_by_company(items).items():
            claimed |= self.env["ar.facts"]._find_claimed(company, own)
        if not claimed:
            return found
        result = []
        for facts in found:
            days = [proceedings.charged_until for proceedings in claimed.get(facts.item.line_id, ())]
            result.append(facts._replace(charged_until=min(filter(None, days), default=None)))
        return result

    def _find_claimed(self):
        """Return those of these charges whose invoices are claimed in proceedings today."""
        claimed = self.move_id._ar_find_claimed()
        return self.filtered(lambda charge: charge.move_id in claimed)

    def _invoice_by_policy(self, today):
        """Override to leave out what is claimed in proceedings; a person may still invoice it."""
        return super(ArLateCharge, self - self._find_claimed())._invoice_by_policy(today)

    def _group_for_invoices(self):
        """Override to charge what is claimed apart from the rest: the invoice is claimed with the debts it is about."""
        return split_claimed(super()._group_for_invoices(), self._find_claimed())

    def _add_to_drafts(self):
        """Override to put nothing that is claimed on an invoice of what is sold now: it would be asked for with it."""
        return super(ArLateCharge, self - self._find_claimed())._add_to_drafts()
