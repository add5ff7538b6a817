from odoo import models

from ....core.recovery import placement as rules
from ....formats import get_colon
from ...agreements.ar_agreement import OPEN_AGREEMENTS

NOTICE = "placement_made"

#: While the case is new at the agency; later it has told the customer itself.
NEW_STATES = (rules.PLACED, rules.ACCEPTED)


class ArPlacementNotice(models.Model):
    """The customer is told that a debt was handed over, once for each case, where its policy wants that."""

    _inherit = "ar.placement"

    def _tell_customer(self):
        """Put the notice into the mail queue, in superuser mode; none about what the customer disputes."""
        self.ensure_one()
        if self.customer_id.policy_id.placement_notice and not self._is_disputed():
            self.env["ar.outreach"]._notify(self, NOTICE)

    def _is_disputed(self):
        """Return whether there is an open dispute about any part of the items."""
        disputes = self.env["ar.dispute"].sudo()  # they count, whoever may read them
        about = [("line_ids.move_line_id", "in", self.line_ids.move_line_id.ids)]
        return bool(disputes.search_count([*OPEN_AGREEMENTS["ar.dispute"], *about], limit=1))

    def _is_notice_valid(self, notice):
        """Override to drop the notice where the case ended, was paid or is disputed before it went out."""
        self.ensure_one()
        return self.state in NEW_STATES and bool(self.amount_left) and not self._is_disputed()

    def _get_notice_html(self, communication):
        """Override to list the items with what is open of them, and the agency, in the language of the message."""
        self.ensure_one()
        lang = communication.lang
        values = {
            "colon": get_colon(self.with_context(lang=lang).env),
            "lines": [
                {"name": line.name, "amount": self._format_amount(line.amount_left, lang)}
                for line in self.line_ids
                if line.amount_left
            ],
            "total": self._format_amount(self.amount_left, lang),
            "agency": self.agency_id.partner_id,
            "number": self.name,
            "url": self.customer_id._get_page_address(),
            "signature": self.company_id._ar_get_signature(self.customer_id.collector_id),
        }
        qweb = self.env["ir.qweb"].with_context(lang=lang)
        return qweb._render("ar_collections.communication_placement", values, minimal_qcontext=True, lang=lang)
