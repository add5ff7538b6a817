from odoo import models
from odoo.fields import Domain

from ...core import decision as codes


class ArCustomerNext(models.Model):
    """The next account of a collector's worklist."""

    _inherit = "ar.customer"

    def action_next_account(self):
        """Go to the next account: of the list that the form was opened from, else of the user's worklist."""
        self.ensure_one()
        self._require("collector")
        found = self._find_next_account()
        following = found._get_form_action() if found else self._get_worklist_action()
        return {"type": "ir.actions.client", "tag": "ar_next_account", "params": {"next": following}}

    def _find_next_account(self):
        """Return the next account, in the order of the worklist, on which the user did nothing today."""
        today = self.company_id._ar_today()
        todo = Domain("collector_id", "=", self.env.uid) & Domain("id", "!=", self.id)
        # As the filter "To Do" of the list: small differences alone are no work.
        work = Domain("overdue", ">", 0) & Domain("decision_code", "!=", codes.SMALL_DIFFERENCE)
        todo &= Domain("priority_score", ">", 0) | work
        todo &= Domain("snooze_until", "=", False) | Domain("snooze_until", "<=", today)
        todo &= (
            Domain("worked_on", "=", False)
            | Domain("worked_on", "<", "today")
            | Domain("worked_by_id", "!=", self.env.uid)
        )
        score = self.priority_score
        later = Domain("priority_score", "<", score) | (
            Domain("priority_score", "=", score) & Domain("id", ">", self.id)
        )
        return self.search(todo & later, limit=1) or self.search(todo, limit=1)

    def _get_worklist_action(self):
        return self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_customer_action")
