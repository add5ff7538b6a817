from odoo import models
from odoo.exceptions import UserError


class ArPaymentPlanApprove(models.Model):
    """Plans beyond the policy's limits: a credit manager decides, never who asked."""

    _inherit = "ar.payment.plan"

    def _ask_for_approval(self):
        """Give a credit manager the task to decide on what is beyond the policy."""
        for plan in self.filtered("needs_approval"):
            manager = plan._get_approver()
            plan.activity_schedule(
                "ar_collections.mail_activity_type_plan_approval",
                summary=plan.env._("%(plan)s is beyond the policy: approve, change or refuse it", plan=plan.name),
                note=(plan.beyond_limits or "").replace("\n", " "),
                user_id=manager.id,
            )

    def _get_approver(self):
        """Return who decides: the policy's manager, else a credit manager; never who asked."""
        self.ensure_one()
        group = self.env.ref("ar_collections.ar_collections_group_credit_manager")
        users = self.customer_id.policy_id.manager_id | group.all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids and user != self.env.ref("base.user_root")
        )
        customer = self.customer_id
        return (users - self.requested_by_id)[:1] or customer.collector_id or customer.company_id.ar_activated_by_id

    def action_approve(self):
        """Approve what is beyond the policy; what the customer accepted already becomes active."""
        plans = self._allowed("credit_manager")
        for plan in plans:
            plan._check_four_eyes()
            plan.write({"approved_by_id": self.env.uid, "approved_on": plan.env.cr.now()})
            plan.activity_unlink(["ar_collections.mail_activity_type_plan_approval"])
            plan._tell_story(plan.env._("Approved by %(user)s.", user=self.env.user.name))
            if plan.accepted_on:
                plan._activate()
            else:
                plan._tell_requester(plan.env._("Your payment plan is approved: propose it to the customer."))

    def _check_four_eyes(self):
        """Refuse an approval that is not needed, or comes from who asked for it."""
        self.ensure_one()
        if not self.needs_approval:
            raise UserError(self.env._("%(plan)s does not wait for an approval.", plan=self.name))
        if self.requested_by_id == self.env.user:
            raise UserError(self.env._("You asked for this plan yourself; another credit manager must approve it."))

    def _refuse(self, reason):
        """Say no to a plan that waits for approval; a customer who asked for it is told why."""
        self.ensure_one()
        self._check_four_eyes()
        self._check_reason(reason)
        self._set_state("cancelled", ended_reason=reason)
        self.activity_unlink(["ar_collections.mail_activity_type_plan_approval"])
        self._tell_story(self.env._("Refused: %(reason)s", reason=reason))
        if self.origin == "portal":
            self.env["ar.outreach"]._notify(self, "plan_refused", human=True)
        else:
            self._tell_requester(self.env._("Your payment plan was refused: %(reason)s", reason=reason))

    def _tell_requester(self, sentence):
        """Post a message to the colleague who drafted the plan."""
        partner = self.requested_by_id.partner_id
        self.message_post(body=sentence, partner_ids=partner.ids, subtype_xmlid="mail.mt_note")
