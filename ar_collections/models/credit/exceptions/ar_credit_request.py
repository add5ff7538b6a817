from odoo import models

from ....core.credit.exceptions import ABOVE_RECOMMENDED, TEMPORARY_LIMIT, write_limit
from ....core.credit.limit import Limit
from ....core.money import to_decimal


class ArCreditRequest(models.Model):
    """Approved limits that are exceptions: temporary ones, and those above the recommended limit."""

    _inherit = "ar.credit.request"

    def _apply(self, limit, note):
        """Override to note why the customer has a temporary limit, and a limit above the recommended one."""
        result = super()._apply(limit, note)
        if self.until:
            self._note_temporary(note or self.reason)
        elif self._is_above_recommended(limit):
            account, today = self.customer_id, self.company_id._ar_today()
            value = write_limit(limit, self._get_recommended())
            vals = account._prepare_exception(ABOVE_RECOMMENDED, today, value=value, reason=note or self.reason)
            rows = self.env["ar.customer.exception"]
            opened = [("customer_id", "=", account.id), ("kind", "=", ABOVE_RECOMMENDED), ("ended_on", "=", False)]
            account._end_rows(rows.search(opened), today)
            rows.create(vals)
        return result

    def _note_temporary(self, reason):
        """Note why the customer has the temporary limit that was approved, and who approved it."""
        rows = self.env["ar.customer.exception"]
        domain = [("customer_id", "=", self.customer_id.id), ("kind", "=", TEMPORARY_LIMIT), ("ended_on", "=", False)]
        rows.search(domain).write({"reason": reason, "user_id": self.env.uid})

    def _is_above_recommended(self, limit):
        """Return whether a limit is above the recommended one."""
        recommended = self._get_recommended()
        if recommended is None or recommended.ceiling is None:
            return False
        return limit.ceiling is None or limit.ceiling > recommended.ceiling

    def _get_recommended(self):
        """Return the recommended limit, ``None`` without one."""
        found = self.recommendation or {}
        return Limit(found["kind"], to_decimal(found["amount"])) if found else None
