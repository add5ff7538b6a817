from odoo import models

from ...core.promises import request


class ArCustomerObstacles(models.Model):
    """Which open items the customer can promise on its page: known before the form is filled in."""

    _inherit = "ar.customer"

    def _find_promise_obstacles(self, item_ids, past=None, today=None):
        """Return {item id: code} of those items about which the page takes no promise at present.

        Whether an amount of them is free is not looked at.

        :param item_ids: ids of journal items
        :param past: what `ar.facts._read_past` returned; default: it is read now
        :param date today: default: the company's date
        """
        self.ensure_one()
        limits = self._get_promise_rules()
        if not limits or not item_ids:
            return {}
        today = today or self.company_id._ar_today()
        statuses, promises = (past or self.env["ar.facts"]._read_past(self, item_ids, today))["promise"]
        status = statuses.get(self.id, request.PromiseStatus())
        codes = {
            item_id: request.find_item_obstacle(promises.get(item_id, ()), status, limits, today)
            for item_id in item_ids
        }
        return {item_id: code for item_id, code in codes.items() if code}
