from odoo import api, models
from odoo.tools import SQL

from ...core.late_charges.charge import PAID_IN_TIME
from ..customers.sql import PAYMENT_BLOCKED, pg_array


class ArLateChargeAgreed(models.Model):
    """Late charges of what is agreed on: not charged while it is kept, waived afterwards where the policy says so.

    They accrue all the time, so that an agreement that is broken leaves the whole late charge. So do those of invoices
    whose payment is blocked: nobody knows yet whether they are right.
    """

    _inherit = "ar.late.charge"

    @api.model
    def _read_held(self, line_ids):
        """Return the ids of those journal items that are in an open promise or an active plan, reported or blocked.

        Extension point: for what else keeps us from charging an item.
        """
        query = SQL(
            """
            SELECT move_line_id FROM ar_promise_line WHERE move_line_id = ANY(%(lines)s::int[]) AND is_live
             UNION
            SELECT move_line_id FROM ar_payment_plan_line WHERE move_line_id = ANY(%(lines)s::int[]) AND is_live
             UNION
            SELECT move_line_id FROM ar_reported_payment_line WHERE move_line_id = ANY(%(lines)s::int[]) AND is_live
             UNION
            SELECT line.id
              FROM account_move_line line JOIN account_move move ON move.id = line.move_id
             WHERE line.id = ANY(%(lines)s::int[]) AND line.reconciled IS NOT TRUE AND %(is_blocked)s
            """,
            lines=pg_array(line_ids),
            is_blocked=PAYMENT_BLOCKED,
        )
        return {line_id for (line_id,) in self.env.execute_query(query)}

    @api.model
    def _read_kept(self, line_ids):
        """Return the ids of those journal items all of which was in a promise or a plan that was kept.

        A plan is kept where no installment was missed, or those that were are excused: it is completed when it is
        paid, however late.
        """
        query = SQL(
            """
            SELECT line.move_line_id
              FROM ar_promise_line line
              JOIN ar_promise promise ON promise.id = line.promise_id AND promise.state = 'kept'
             WHERE line.move_line_id = ANY(%(lines)s::int[]) AND line.amount >= line.residual_before
             UNION
            SELECT line.move_line_id
              FROM ar_payment_plan_line line
              JOIN ar_payment_plan plan ON plan.id = line.plan_id AND plan.state = 'completed'
               AND COALESCE(plan.missed_count, 0) = 0
             WHERE line.move_line_id = ANY(%(lines)s::int[]) AND line.amount >= line.residual_before
            """,
            lines=pg_array(line_ids),
        )
        return {line_id for (line_id,) in self.env.execute_query(query)}

    def _find_kept(self):
        """Return {charge: reason} of those of these charges, of paid items, that end because an agreement was kept.

        Extension point: for what else ends a debt with its late charges.
        """
        policies = self.filtered(lambda charge: charge.policy_id.late_charge_waives_kept)
        kept = self._read_kept(policies.move_line_id.ids) if policies else set()
        reason = self.env._("What was agreed on was kept")
        return {charge: reason for charge in policies if charge.move_line_id.id in kept}

    def _waive_kept(self):
        """Waive what is left of paid items whose agreement was kept, where the policies say so.

        The policy is the decision: no second person is asked.
        """
        paid = self.filtered(lambda charge: charge.paid_on and charge.left > 0 and charge.state != PAID_IN_TIME)
        kept = (paid - paid.filtered(lambda charge: charge._get_waiting_waivers()))._find_kept()
        for charge, reason in kept.items():
            charge._add_waiver(charge.left, reason, self.env.ref("base.user_root"))
        if kept:
            self.browse().union(*kept)._refresh_left()
