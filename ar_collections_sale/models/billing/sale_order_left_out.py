from odoo import Command, api, models
from odoo.fields import Domain

from ...core import billing


class SaleOrderLeftOut(models.Model):
    """Why orders are not invoiced by themselves, and the list of these, see `ar.order.left.out`."""

    _inherit = "sale.order"

    def _ar_find_stops(self):
        """Return {order: why it is not invoiced}."""
        accounts = self.env["ar.customer"].search(
            [
                ("partner_id", "in", self.partner_invoice_id.commercial_partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("billing_requirement_ids", "any", [("kind", "=", "reference"), ("is_enforced", "=", True)]),
            ]
        )
        strict = {(account.partner_id, account.company_id) for account in accounts}
        stops = {}
        for order in self:
            key = order.partner_invoice_id.commercial_partner_id, order.company_id
            stop = billing.find_stop(
                is_held=bool(order.ar_held_on),
                lacks_reference=key in strict and not (order.client_order_ref or "").strip(),
                is_undone=order._ar_was_undone(),
                is_nothing=order.state != "sale" or order.invoice_status != "to invoice",
            )
            if stop:
                stops[order] = stop
        return stops

    def _ar_was_undone(self):
        """Return whether an invoice of what is to be invoiced was canceled or credited, and not made again since.

        Odoo counts it as not invoiced again then; without this, each run would make the invoice anew. An invoice made
        by a person ends it.
        """
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: line.qty_to_invoice > 0)
        return any(line.product_uom_id.compare(self._ar_get_undone_quantity(line), 0) > 0 for line in lines)

    @api.model
    def _ar_get_undone_quantity(self, line):
        """Return what was canceled or credited of an order line, without what was invoiced after that.

        :return: in the unit of the order line
        """

        def happened_on(invoiced):
            """Of a canceled one, which has no date of its own: its last change."""
            move = invoiced.move_id
            return (move.write_date if move.state == "cancel" else move.create_date), invoiced.id

        documents = []
        for invoiced in line.invoice_lines.sorted(happened_on):
            is_canceled, is_credit = invoiced.move_id.state == "cancel", invoiced.move_id.move_type == "out_refund"
            if not (is_canceled and is_credit):
                quantity = invoiced.product_uom_id._compute_quantity(invoiced.quantity, line.product_uom_id)
                documents.append((quantity, is_canceled or is_credit))
        return billing.get_undone_quantity(documents)

    # === WHAT IS LEFT OUT === #

    def _ar_leave_out_stopped(self, today):
        """List those of these orders that are not to be invoiced now, all at once; return the others."""
        stops = self._ar_find_stops()
        stopped = self.filtered(lambda order: order in stops)
        for reason, orders in stopped.grouped(lambda order: stops[order]).items():
            orders._ar_leave_out(reason, today=today)
        return self - stopped

    def _ar_leave_out(self, reason, error=None, *, today, move=None):
        """List orders that are not invoiced.

        :param error: the exception, if any
        :param move: the draft that could not be posted, if any
        """
        problems, rows = self.env["ar.problem"], self.env["ar.order.left.out"]
        known = rows.search([("order_id", "in", self.ids)])
        values = {"reason": reason, "message": error and problems._get_message(error), "checked_on": today}
        if move:
            values["move_ids"] = [Command.link(move.id)]
        known.write(values)
        rows.create([{"order_id": order.id, "since": today, **values} for order in self - known.order_id])
        if error:
            for order in self:
                problems._report(order, "order_billing", error)
        else:
            problems._clear(self, "order_billing")

    @api.model
    def _ar_find_failed(self, company, today):
        """Return the orders that failed on an earlier day, and those that need not be looked at again today.

        The latter are those that failed today, and those of which nothing was to be invoiced and still is not.
        """
        rows, failures = self.env["ar.order.left.out"], (billing.ERROR, billing.CREDIT)
        domain = Domain("company_id", "=", company.id)
        failed = rows.search(domain & Domain("reason", "=", billing.ERROR) & Domain("checked_on", "<", today)).order_id
        seen = rows.search(
            domain & Domain("reason", "in", (*failures, billing.NOTHING)) & Domain("checked_on", "=", today)
        )
        tried = seen.filtered(lambda row: row.reason in failures).order_id
        idle = (seen.order_id - tried).filtered(lambda order: order.invoice_status == "no")
        return failed, tried | idle

    def _ar_clear_left_out(self, but=None):
        """Take invoiced orders off the list.

        :param but: the reason of those that stay
        """
        rows = self.env["ar.order.left.out"].search([("order_id", "in", self.ids)])
        stay = rows.filtered(lambda row: row.reason == but)
        self.env["ar.problem"]._clear(self - stay.order_id, "order_billing")
        (rows - stay).unlink()

    @api.model
    def _ar_drop_left_out(self, company, due):
        """Take orders off the list that are invoiced by now, canceled, or of which nothing was left to invoice.

        And those that people invoice now; their drafts stay on it.

        :param due: the orders that this run looks at
        """
        rows = self.env["ar.order.left.out"].search([("company_id", "=", company.id), ("order_id", "not in", due.ids)])
        if not rows or self._ar_get_modes(company) <= {billing.OFF}:
            rows.order_id._ar_clear_left_out()
            return
        settings = rows.order_id._ar_get_billing_settings(company)
        nothing = rows.filtered(lambda row: row.reason == billing.NOTHING).order_id
        over = rows.order_id.filtered(
            lambda order: (
                order.state != "sale"
                or order.invoice_status == "invoiced"
                or settings[order.partner_invoice_id.commercial_partner_id][0] == billing.OFF
                or (order in nothing and order.invoice_status == "to invoice")
            )
        )
        held = rows.filtered(lambda row: row.reason == billing.ON_HOLD).order_id
        held = held.filtered(lambda order: "draft" in order.invoice_ids.mapped("state"))
        failed = rows.filtered(lambda row: row.reason == billing.NOT_POSTED)
        drafted = failed.filtered(lambda row: "draft" in row.move_ids.mapped("state")).order_id
        ((over | failed.order_id) - held - drafted)._ar_clear_left_out()
