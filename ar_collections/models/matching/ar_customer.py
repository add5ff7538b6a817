from odoo import api, fields, models

from ...const import GROUP_AUDITOR

MATCH_TYPE = "ar_collections.mail_activity_type_match"


class ArCustomer(models.Model):
    """The customer's money that is not matched: the task to match it first, and how long it holds reminders."""

    _inherit = "ar.customer"

    held_until = fields.Date(
        "Held until",
        readonly=True,
        copy=False,
        help="Day from which payments that are not matched yet hold no automatic reminder any more.",
    )
    match_task_date = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the newest of the payments was entered that the collector got the task to match for.",
    )
    unmatched_count = fields.Integer("Payments to Match", compute="_compute_unmatched_count", groups=GROUP_AUDITOR)

    def _compute_unmatched_count(self):
        counted = self.env["ar.unmatched.payment"]._read_group(
            [("customer_id", "in", self.ids)], ["customer_id"], ["__count"]
        )
        counts = dict(counted)
        for customer in self:
            customer.unmatched_count = counts.get(customer, 0)

    def action_open_unmatched(self):
        """Open the payments of the customer that are not matched."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_unmatched_payment_action")
        return dict(action, domain=[("customer_id", "=", self.id)], context={})

    # === TASK === #

    def _take_over_records(self, others):
        """Override to take over the day of the task with the task, so that it closes when nothing is left."""
        days = [day for day in (self | others).mapped("match_task_date") if day]
        result = super()._take_over_records(others)
        if days:
            self.with_context(tracking_disable=True).match_task_date = max(days)
        return result

    @api.model
    def _add_match_tasks(self, verdicts):
        """Give the collectors of these customers the task to match their payments: once, and again for new money.

        There is none before collections are activated for the company, because nothing is held then.

        :param dict verdicts: {customer: Verdict} whose reminders are held
        """
        active = {customer: verdict for customer, verdict in verdicts.items() if customer.company_id.ar_active}
        for customer, verdict in active.items():
            newest = max((payment.entered_at for payment in verdict.account.unmatched), default=None)
            if not newest:  # the money is of others, whose collectors get the task
                continue
            if customer.match_task_date and customer.match_task_date >= newest:
                continue
            reader = customer._in_staff_language()
            reader._add_task(MATCH_TYPE, reader.env._("Match the payments before a reminder is sent"))
            customer.with_context(tracking_disable=True).match_task_date = newest

    def _end_match_tasks(self, verdicts):
        """Close the tasks of customers of whom no money is left that could have held a reminder.

        :param dict verdicts: {customer: Verdict}
        """
        done = self.filtered("match_task_date").filtered(
            lambda customer: (
                customer in verdicts
                and not any(
                    p.item_ids or not p.is_credit or verdicts[customer].own  # a payer's credit is not for its own debts
                    for p in verdicts[customer].account.unmatched
                )
            )
        )
        if done:
            done._close_tasks(MATCH_TYPE)
            done.with_context(tracking_disable=True).match_task_date = False

    def _close_match_task(self):
        """Close the customer's task where no payment is left to match."""
        for customer in self.sudo().filtered("match_task_date"):  # whoever matched the last one
            if not customer.unmatched_count:
                customer._close_tasks(MATCH_TYPE)
                customer.match_task_date = False
