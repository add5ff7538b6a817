from odoo import models


class ArPaymentPlanOutcome(models.Model):
    """What follows from the judgement of a plan: its state, notices, tasks and the notes on the customer's thread."""

    _inherit = "ar.payment.plan"

    def _store_missed(self, judgement, today):
        """Mark missed installments and add a task about new ones; unmark those that had been paid in time.

        :param judgement: core.plans.plan.Judgement
        """
        self.ensure_one()
        missed = self.installment_ids.filtered(lambda row: row.number in judgement.missed)
        new = missed.filtered(lambda row: not row.missed_on)
        (self.installment_ids.filtered("missed_on") - missed).missed_on = False
        new.missed_on = today
        if self.missed_count != len(missed):
            self.missed_count = len(missed)
        if new and self.state == "active":
            numbers = ", ".join(f"{row.number}/{len(self.installment_ids)}" for row in new)
            sentence = self.env._("Installment %(numbers)s was missed.", numbers=numbers)
            self._log_on_thread(sentence)
            self._add_plan_task(self.env._("%(plan)s: installment %(numbers)s missed", plan=self.name, numbers=numbers))

    def _add_plan_task(self, summary):
        self.customer_id._add_task("ar_collections.mail_activity_type_plan", summary)

    def _become_completed(self, today):
        self._set_state("completed", ended_on=today)
        self.env["ar.outreach"]._notify(self, "plan_completed")
        self._log_on_thread(self.env._("Everything is paid; the plan is completed."))

    def _become_broken(self, today):
        many = self.filtered(lambda plan: plan.missed_count >= plan.missed_max)
        many._set_state("broken", ended_on=today, ended_reason=self.env._("Too many installments were missed"))
        last = self - many
        last._set_state("broken", ended_on=today, ended_reason=self.env._("The last installment was missed"))
        self.env["ar.outreach"]._notify(self, "plan_broken")
        many._log_on_thread(
            self.env._("Ended: too many installments were missed. Reminders resume for the remaining amount.")
        )
        last._log_on_thread(
            self.env._("Ended: the last installment was missed. Reminders resume for the remaining amount.")
        )
        for plan in self:
            plan._add_plan_task(plan.env._("%(plan)s is broken: decide on the next action", plan=plan.name))

    def _become_reopened(self, today):
        """Reactivate completed plans after a reversed payment; what is open again gets the days of grace once more.

        A plan whose items are in another agreement by now stays completed.
        """
        free = self._filter_free()
        for plan in free:
            plan._add_plan_task(plan.env._("%(plan)s: a payment was reversed", plan=plan.name))
        free._log_on_thread(self.env._("A payment was reversed: the plan is no longer fully paid."))
        free._set_state("active", ended_on=False, reopened_on=today)

    def _filter_free(self):
        """Return those whose items are in no other agreement; their accounts are locked: none is made meanwhile.

        Those whose account another transaction holds are left to the next night.
        """
        accounts = self.customer_id._try_lock_accounts()
        return self.filtered(lambda plan: plan.customer_id in accounts and not plan._has_conflict())

    def _become_revived(self, today):
        """Reactivate broken plans: a payment made in time was booked after the plan had ended."""
        free = self._filter_free()
        free._set_state("active", ended_on=False, ended_reason=False)
        free._log_on_thread(self.env._("A payment was recorded late but made in time: the plan continues."))
        for plan in free:
            plan._add_plan_task(plan.env._("%(plan)s continues: a payment was recorded late", plan=plan.name))

    def _become_expired(self, today):
        """Cancel proposals that the customer did not accept before the first date."""
        self._set_state("cancelled", ended_reason=self.env._("Not accepted before its first date"))
        self._log_on_thread(self.env._("Not accepted before its first date; the proposal is withdrawn."))
        for plan in self:
            plan._add_plan_task(plan.env._("%(plan)s was not accepted in time", plan=plan.name))
