import logging

from odoo import api, models
from odoo.exceptions import LockError
from odoo.fields import Domain

from odoo.addons.ar_collections.models.customers.nightly.batch_run import CONFLICTS

from ..core import billing

_logger = logging.getLogger(__name__)


class WouldCredit(Exception):
    """A credit note would result, which a person decides about."""


class SaleOrderBilling(models.Model):
    """Orders that are invoiced by themselves, customer by customer; one that fails stops nobody."""

    _inherit = "sale.order"

    @api.model
    def _ar_bill_company(self, company, today, auto_commit=False):
        """Step of the nightly run: invoice what is due of the company's orders, and list what is left out.

        What is invoiced, drafts included, is not due any more, so that it may run as often as it likes.

        :param date today: the company's date
        :param bool auto_commit: commit customer after customer, as a scheduled action does
        :return: False where the time ran out
        """
        orders = self.sudo().with_company(company)  # as the run, whatever its user may read
        due = orders._ar_find_due(company, today)
        orders._ar_drop_left_out(company, due)
        groups = due.grouped(lambda order: order.partner_invoice_id.commercial_partner_id)
        run = self.env["ar.nightly"]._batch_run(company, "order_billing", auto_commit)
        run.over_values(list(groups.values()), lambda group: group._ar_bill_customer(today))
        if run.result.finished and company.ar_orders_billed_on != today:
            company.sudo().ar_orders_billed_on = today  # as above
        return run.result.finished

    @api.model
    def _ar_find_due(self, company, today):
        """Return the confirmed orders of a company whose customers are billed today, with something left to invoice.

        Those of which nothing is delivered yet are among them, to be listed.
        """
        if not any(mode != billing.OFF for mode in self._ar_get_modes(company)):
            return self.browse()
        last = company.ar_orders_billed_on or None
        # Billing days are over once the day's run is: what follows looks at deliveries alone.
        statuses = ("to invoice",) if last == today else ("to invoice", "no")
        domain = Domain("company_id", "=", company.id) & Domain("state", "=", "sale")
        orders = self.search(domain & Domain("invoice_status", "in", statuses), order="id")
        settings = orders._ar_get_billing_settings(company)
        return orders.filtered(
            lambda order: billing.is_due(*settings[order.partner_invoice_id.commercial_partner_id], last, today)
            and (order.invoice_status == "to invoice" or settings[order.partner_invoice_id.commercial_partner_id][0]
                 != billing.DELIVERY)
        )  # fmt: skip

    @api.model
    def _ar_get_modes(self, company):
        """Return all ways of billing that are used in a company."""
        customers = self.env["ar.customer"].search([("company_id", "=", company.id), ("order_billing", "!=", False)])
        return {*company.ar_policy_ids.mapped("order_billing"), *customers.mapped("order_billing")}

    def _ar_get_billing_settings(self, company):
        """Return {commercial partner: (way, weekday, day of the month)} of those who get the invoices."""
        partners = self.partner_invoice_id.commercial_partner_id
        domain = [("partner_id", "in", partners.ids), ("company_id", "=", company.id), ("merged_into_id", "=", False)]
        account_of = {account.partner_id: account for account in self.env["ar.customer"].search(domain)}
        strangers = partners.filtered(lambda partner: partner not in account_of)
        matched = company.ar_policy_ids.filtered("active")._match_partners(strangers)
        settings = {}
        for partner in partners:
            account = account_of.get(partner)
            policy = account.policy_id if account else matched.get(partner.id, self.env["ar.credit.policy"])
            source = account if account and account.order_billing else policy
            mode, weekday = source.order_billing or billing.OFF, int(source.order_billing_weekday or 0)
            settings[partner] = (mode, weekday, source.order_billing_day)
        return settings

    # === ONE CUSTOMER === #

    def _ar_bill_customer(self, today):
        """Invoice these orders of one customer together; one by one where that fails.

        :raise LockError: where somebody works on all of them
        """
        orders = self.try_lock_for_update(allow_referencing=True)
        if not orders:
            raise LockError(self.env._("The orders are in use."))
        orders.invalidate_recordset()
        stops = orders._ar_find_stops()
        for order, reason in stops.items():
            order._ar_leave_out(reason, today)
        ready = orders.filtered(lambda order: order not in stops)
        if not ready:
            return
        try:
            with self.env.cr.savepoint():
                ready._ar_bill(today)
        except CONFLICTS:
            raise
        except Exception:
            self.env.invalidate_all(flush=False)
            _logger.info("The orders %s are invoiced one by one.", ready.ids, exc_info=True)
            for order in ready:
                order._ar_bill_alone(today)

    def _ar_bill_alone(self, today):
        """Invoice one order apart from the others of its customer; a failure is listed."""
        try:
            with self.env.cr.savepoint():
                self._ar_bill(today)
        except CONFLICTS:
            raise
        except WouldCredit:
            self.env.invalidate_all(flush=False)
            self._ar_leave_out(billing.CREDIT, today)
        except Exception as error:
            self.env.invalidate_all(flush=False)
            self._ar_leave_out(billing.ERROR, today, error)

    def _ar_bill(self, today):
        """Draft the invoices of these orders, and post them where the policy does.

        :raise WouldCredit: where one of them is a credit note
        """
        policies = self.env["ar.invoice.sending"]  # finds policies of invoices
        moves = self._create_invoices(final=True)
        if any(move.move_type != "out_invoice" for move in moves):
            raise WouldCredit
        self._ar_clear_left_out()
        found = policies._find_policies(moves)
        for move in moves.filtered(lambda move: found[move].order_billing_posts):
            self._ar_post(move, today)

    @api.model
    def _ar_post(self, move, today):
        """Post a drafted invoice; where that fails, it stays a draft, and its orders are listed."""
        orders = move.line_ids.sale_line_ids.order_id
        try:
            with self.env.cr.savepoint():
                move.invoice_date = move.invoice_date or today
                move.with_context(ar_autopost=True).action_post()  # what is held is marked, and told on its thread
        except CONFLICTS:
            raise
        except Exception as error:
            self.env.invalidate_all(flush=False)
            orders._ar_leave_out(billing.NOT_POSTED, today, error)
        else:
            if move.state != "posted":
                orders._ar_leave_out(billing.ON_HOLD, today)

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
        """Return whether an invoice of what is to be invoiced was canceled or credited.

        Odoo counts it as not invoiced again then; without this, each run would make the invoice anew.
        """
        self.ensure_one()
        moves = self.order_line.filtered(lambda line: line.qty_to_invoice > 0).invoice_lines.move_id
        return any(move.state == "cancel" or move.move_type == "out_refund" for move in moves)

    # === WHAT IS LEFT OUT === #

    def _ar_leave_out(self, reason, today, error=None):
        """List orders that are not invoiced.

        :param error: the exception, if any
        """
        problems, rows = self.env["ar.problem"], self.env["ar.order.left.out"]
        known = rows.search([("order_id", "in", self.ids)])
        values = {"reason": reason, "message": error and problems._get_message(error)}
        known.write(values)
        rows.create([{"order_id": order.id, "since": today, **values} for order in self - known.order_id])
        for order in self:
            if error:
                problems._report(order, "order_billing", error)
            else:
                problems._clear(order, "order_billing")

    def _ar_clear_left_out(self):
        """Take invoiced orders off the list."""
        self.env["ar.order.left.out"].search([("order_id", "in", self.ids)]).unlink()
        self.env["ar.problem"]._clear(self, "order_billing")

    @api.model
    def _ar_drop_left_out(self, company, due):
        """Take orders off the list that are invoiced by now, canceled, or of which nothing was left to invoice.

        :param due: the orders that this run looks at
        """
        rows = self.env["ar.order.left.out"].search([("company_id", "=", company.id), ("order_id", "not in", due.ids)])
        if self._ar_get_modes(company) <= {billing.OFF}:
            rows.order_id._ar_clear_left_out()
            return
        nothing = rows.filtered(lambda row: row.reason == billing.NOTHING).order_id
        over = rows.order_id.filtered(
            lambda order: (
                order.state != "sale"
                or order.invoice_status == "invoiced"
                or (order in nothing and order.invoice_status == "to invoice")
            )
        )
        drafted = rows.filtered(lambda row: row.reason in (billing.NOT_POSTED, billing.ON_HOLD)).order_id
        waits = drafted.filtered(lambda order: "draft" in order.invoice_ids.mapped("state"))
        (over - waits)._ar_clear_left_out()
