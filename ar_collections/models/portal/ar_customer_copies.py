from odoo import models

from ...core.invoicing import arrival


class ArCustomerCopies(models.Model):
    """On the customer page: invoices that the customer did not get, and those that it looks at."""

    _inherit = "ar.customer"

    def _get_possible_asks(self):
        """Override to let the customer have invoices sent again."""
        return {**super()._get_possible_asks(), "copy": self.env._("I did not get it")}

    def _is_previewed(self, key):
        """Return whether a visitor came by the link with which a colleague looks at the page.

        :param key: as it came in the request, may be anything
        """
        self.ensure_one()
        return self.env["ar.portal.link"]._find(self, key).origin == "preview"

    def _record_seen(self, line_ids):
        """Record that the customer looked at open items on the page: once a day for each, see `ar.invoice.arrival`.

        :param line_ids: ids of journal items, as a visitor sent them; what is no open item of the customer is left out
        """
        self.ensure_one()
        own = {item.item_id for item in self._get_facts().items}
        lines = self._browse_lines([line_id for line_id in line_ids if line_id in own])
        rows = {}
        for line in lines:
            row = line._get_arrival_row(arrival.VIEWED, route="account page", user_id=None)
            rows[row["move_id"], row.get("move_line_id")] = row
        if self.env["ar.invoice.arrival"].sudo()._store(list(rows.values())):  # the visitor's access was checked
            self._mark_arrivals(lines)
