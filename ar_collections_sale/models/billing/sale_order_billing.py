import logging
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import LockError
from odoo.fields import Domain

from odoo.addons.ar_collections.models.customers.nightly.batch_run import CONFLICTS

from ...core import billing

_logger = logging.getLogger(__name__)


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
        ready = due._ar_leave_out_stopped(today)
        groups = ready.grouped(lambda order: order.partner_invoice_id.commercial_partner_id)
        drafts = orders._ar_find_not_posted(company, today)
        run = self.env["ar.nightly"]._batch_run(company, "order_billing", auto_commit)
        run.over_values(list(drafts), lambda move: orders._ar_post_again(move, today))
        if run.result.finished:
            run.over_values(list(groups.values()), lambda group: group._ar_bill_customer(today))
        # With orders in use, or without time, the billing day is not over: the next run makes up for it.
        is_done = run.result.finished and not run.result.counts["locked", ""]
        day = today if is_done else company.ar_orders_billed_on or today - timedelta(days=1)
        if company.ar_orders_billed_on != day:
            company.sudo().ar_orders_billed_on = day  # as above
        return run.result.finished

    @api.model
    def _ar_find_due(self, company, today):
        """Return the confirmed orders of a company whose customers are billed today, with something left to invoice.

        Those of which nothing is delivered yet are among them, to be listed, and those that failed on an earlier day,
        whatever the billing day. What was found on the same day, and costs a try to find again, is left out.
        """
        if not any(mode != billing.OFF for mode in self._ar_get_modes(company)):
            return self.browse()
        last = company.ar_orders_billed_on or None
        # Billing days are over once the day's run is: what follows looks at deliveries alone.
        statuses = ("to invoice",) if last == today else ("to invoice", "no")
        domain = Domain("company_id", "=", company.id) & Domain("state", "=", "sale")
        orders = self.search(domain & Domain("invoice_status", "in", statuses), order="id")
        again, seen = self._ar_find_failed(company, today)
        settings = (orders - seen)._ar_get_billing_settings(company)

        def is_due(order):
            mode, weekday, day = settings[order.partner_invoice_id.commercial_partner_id]
            if order in again:
                return mode != billing.OFF
            is_open = order.invoice_status == "to invoice" or mode != billing.DELIVERY
            return is_open and billing.is_due(mode, weekday, day, last, today)

        return (orders - seen).filtered(is_due)

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
        """Invoice these orders of one customer together, without those that cannot be invoiced.

        :raise LockError: where somebody works on one of them, because they are to be on one invoice
        """
        if len(self.try_lock_for_update(allow_referencing=True)) < len(self):
            raise LockError(self.env._("The orders are in use."))
        self.invalidate_recordset()
        ready = self._ar_leave_out_stopped(today)
        fault = ready._ar_try_to_bill(today) if ready else None
        if not fault:
            return
        # What fails by itself is left out; the rest is still invoiced together.
        faults = {order: order._ar_find_fault() for order in ready} if len(ready) > 1 else {ready: fault}
        good = ready.filtered(lambda order: not faults[order])
        for order in ready - good:
            order._ar_leave_out(*faults[order], today=today)
        if good < ready and good and not good._ar_try_to_bill(today):
            return
        for order in good:
            if fault := order._ar_try_to_bill(today):
                order._ar_leave_out(*fault, today=today)

    def _ar_try_to_bill(self, today):
        """Invoice these orders together; return why that failed, (reason, exception or None), or None."""
        return self._ar_attempt(lambda: self._ar_bill(today))

    def _ar_find_fault(self):
        """Return why an order cannot be invoiced by itself, as `_ar_try_to_bill`; it is tried, and undone."""

        def draft():
            self._ar_draft()
            raise billing.Undone

        return self._ar_attempt(draft)

    def _ar_attempt(self, work):
        """Do the work in a savepoint; return why it failed: (reason, exception or None), or None."""
        try:
            with self.env.cr.savepoint():
                work()
        except CONFLICTS:
            raise
        except billing.Undone:
            fault = None
        except billing.WouldCredit:
            fault = (billing.CREDIT, None)
        except Exception as error:
            _logger.info("The orders %s could not be invoiced.", self.ids, exc_info=True)
            fault = (billing.ERROR, error)
        else:
            return None
        self.env.invalidate_all(flush=False)
        return fault

    def _ar_draft(self):
        """Return the drafted invoices of these orders.

        :raise billing.WouldCredit: where one of them is a credit note
        """
        moves = self._create_invoices(final=True)
        if any(move.move_type != "out_invoice" for move in moves):
            raise billing.WouldCredit
        return moves

    def _ar_bill(self, today):
        """Draft the invoices of these orders, and post them where the policy does.

        :raise billing.WouldCredit: where one of them is a credit note
        """
        moves = self._ar_draft()
        self._ar_clear_left_out(but=billing.NOT_POSTED)  # of an earlier invoice
        found = self.env["ar.invoice.sending"]._find_policies(moves)
        for move in moves.filtered(lambda move: found[move].order_billing_posts):
            self._ar_post(move, today)

    # === POSTING === #

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
            orders._ar_leave_out(billing.NOT_POSTED, error, today=today, move=move)
        else:
            if move.state != "posted":
                orders._ar_leave_out(billing.ON_HOLD, today=today)

    @api.model
    def _ar_find_not_posted(self, company, today):
        """Return the drafts that could not be posted on an earlier day, and that their policies still post."""
        rows = self.env["ar.order.left.out"].search(
            [
                ("company_id", "=", company.id),
                ("reason", "=", billing.NOT_POSTED),
                ("checked_on", "<", today),
            ]
        )
        moves = rows.move_ids.filtered(lambda move: move.state == "draft" and not move.ar_held_on)
        found = self.env["ar.invoice.sending"]._find_policies(moves)
        return moves.filtered(lambda move: found[move].order_billing_posts)

    @api.model
    def _ar_post_again(self, move, today):
        """Post a draft that could not be posted before; `_ar_drop_left_out` takes its orders off the list.

        :raise LockError: where somebody works on it
        """
        if not move.try_lock_for_update(allow_referencing=True):
            raise LockError(self.env._("The invoice is in use."))
        move.invalidate_recordset()
        if move.state == "draft":
            self._ar_post(move, today)
