from odoo import api, models

from ....core.recovery.insolvency import arose_on


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

    def _is_drafted_today(self, today):
        """Override to leave out what is claimed in proceedings; a person may still invoice it."""
        is_drafted = super()._is_drafted_today(today)
        partner = self.customer_id.partner_id if is_drafted else self.customer_id.partner_id.browse()
        found = self.env["ar.facts"]._read_proceedings(self.company_id, partner.ids).get(partner.id)
        if not found:
            return is_drafted
        move = self.move_id
        day = arose_on(self.move_line_id.date or move.date, move.invoice_date or None, move.delivery_date or None)
        return not any(proceedings.covers(day) and proceedings.holds(today) for proceedings in found)
