from odoo import SUPERUSER_ID, Command, api, models
from odoo.exceptions import UserError

from ...core.disputes import dispute as rules
from ...core.disputes.limits import check_limits
from ...core.portal.allocation import RequestRefused
from ...core.workdays import WorkCalendar
from ...formats import format_date


class ArDisputeLifecycle(models.Model):
    """Lifecycle of a dispute: raise, review, resolve, withdraw, reopen.

    Each transition notifies the customer, logs on the customer's thread and updates the tasks of staff.
    """

    _inherit = "ar.dispute"

    @api.model
    def _raise_dispute(self, customer, reason, requested, note, origin="staff", files=()):
        """Create a dispute; the customer gets a confirmation, the owner a task.

        :param customer: `ar.customer`; the caller checked the user's or visitor's access
        :param reason: `ar.dispute.reason`
        :param requested: {journal item id: Decimal in its currency, or None for all that is open}
        :param str note: the customer's statement
        :param str origin: ``staff`` or ``portal``
        :param files: list of `core.disputes.attachment.File`, checked by the caller
        :return: the `ar.dispute`
        :raise RequestRefused: when the items cannot be disputed, with the code of the reason
        :raise LockError: when another transaction holds the account
        """
        customer.sudo()._lock_account()  # of two requests, the second finds the items disputed; access was checked
        disputables = customer._get_disputables(list(requested))
        parts = rules.check(disputables, requested)
        items = customer._browse_lines(list(parts))
        self._check_rounding(items, parts)
        if origin == "portal":
            self._check_limits(customer, disputables, parts, items.currency_id)
        # Users may not write disputes, see `_allowed`.
        disputes = self.sudo().with_context(mail_auto_subscribe_no_notify=True, mail_create_nolog=True)
        credited = self.env["ar.facts"]._read_credited(items.ids)
        recorder = self.env.user if origin == "staff" else self.env["res.users"]
        dispute = disputes.create(
            {
                **self._prepare_dispute_vals(customer, reason, recorder),
                "currency_id": items.currency_id.id,
                "origin": origin,
                "note": note,
                "line_ids": [
                    Command.create(self._prepare_line_vals(item, parts[item.id], credited.get(item.id, 0)))
                    for item in items
                ],
            }
        )
        dispute._attach(files)
        dispute._add_owner_task()
        dispute._log_raised()
        if origin != "portal" or customer._may_start("confirmation"):
            self.env["ar.outreach"]._notify(dispute, "dispute_received", is_manual=True)
        return dispute.with_env(self.env)

    @api.model
    def _check_rounding(self, items, parts):
        """Check that the amounts are rounded to their currencies: rounding might yield zero or more than is open.

        :param parts: {journal item id: Decimal}
        :raise RequestRefused: for the first amount that is not rounded
        """
        for item in items:
            if parts[item.id] != self.env["ar.dispute.line"]._to_exact(float(parts[item.id]), item.currency_id):
                raise RequestRefused(rules.BAD_AMOUNT, item.id)

    @api.model
    def _check_limits(self, customer, disputables, parts, currency):
        """Check the policy's limits for disputes that customers raise themselves.

        :param disputables: list of `core.disputes.dispute.Disputable`
        :param parts: {journal item id: Decimal}
        :param currency: `res.currency` of the items
        :raise RequestRefused: with one of `core.disputes.dispute.LIMITS`
        """
        lines = self.env["ar.dispute.line"].sudo()  # the customer's own; visitors have no rights on them
        about = lines._find_by_item(customer._browse_lines(list(parts)), [])
        past = {item.id: found._count_past() for item, found in about.items()}
        open_count = self.sudo().search_count([("customer_id", "=", customer.id), ("state", "in", rules.OPEN_STATES)])
        limits = customer.sudo().policy_id._get_dispute_rules(currency)  # visitors may not read policies
        check_limits(disputables, parts, limits, open_count, past)

    @api.model
    def _prepare_dispute_vals(self, customer, reason, recorder):
        """Return the values of a new dispute: customer, reason, owner, date and deadline; parameters: `_get_owner`."""
        today = customer.company_id._ar_today()
        return {
            "customer_id": customer.id,
            "reason_id": reason.id,
            "user_id": self._get_owner(customer, reason, recorder).id,
            "date_raised": today,
            "date_deadline": self._get_deadline(customer, reason, today),
        }

    @api.model
    def _prepare_line_vals(self, item, amount, credited):
        return {
            "move_line_id": item.id,
            "move_id": item.move_id.id,
            "name": item.move_id.name,
            "date_due": item.date_maturity or item.date,
            "amount": float(amount),
            "credited_before": float(credited),
        }

    @api.model
    def _get_owner(self, customer, reason, recorder):
        """Return the reason's owner if that user belongs to the company, else the customer's collector.

        Without a collector it is who activated collections for the company, else its first manager. Who may grant
        nothing of it is passed over; where there is nobody else, the dispute is that user's all the same.

        :param recorder: `res.users` who records the dispute; empty where the customer does
        """
        company = customer.company_id
        barred = self._get_barred(company, recorder)
        owner = reason.sudo().user_id  # visitors may not read users
        if owner not in barred and owner._ar_works_for(company, "auditor"):
            return owner
        default = customer.collector_id or company._ar_get_responsible()
        if default in barred:
            return (company._ar_get_users("manager") - barred)[:1] or default
        return default

    @api.model
    def _get_barred(self, company, recorder):
        """Return those users who may grant nothing of a dispute of the company; recovery overrides it.

        :param recorder: `res.users` who recorded it; may be empty
        """
        return recorder.browse()

    def _get_recorder(self):
        """Return the user who recorded the dispute; empty where the customer did. Extension point."""
        self.ensure_one()
        return self.create_uid if self.origin == "staff" else self.env["res.users"]

    @api.model
    def _get_deadline(self, customer, reason, today):
        """Return the date by which an answer is due: the reason's working days by the policy's calendar."""
        policy = customer.sudo().policy_id  # only for the calendar
        calendar = policy._get_work_calendar(today) if policy else WorkCalendar()
        return rules.deadline(today, reason.sla_days, calendar)

    def _as_system(self):
        """Return self as the system user, who is the author of what anonymous visitors do on the portal page."""
        return self.with_user(SUPERUSER_ID)

    # === TRANSITIONS === #

    def _review(self):
        """Start the review of new disputes, log it and notify the customers; return the disputes that changed."""
        moved = self._set_state(rules.REVIEW)
        for dispute in moved:
            dispute._log_on_thread(self.env._("under review"))
        self.env["ar.outreach"]._notify(moved, "dispute_review", is_manual=True)
        return moved

    def _may_customer_withdraw(self):
        """Return whether the customer may withdraw the dispute on its page. Extension point."""
        self.ensure_one()
        return self.state in rules.OPEN_STATES

    def _withdraw(self, notify=True, by_customer=False):
        """End open disputes because the customers no longer contest the items; return the disputes that changed.

        :param bool notify: send the customers a notice
        :param bool by_customer: the customer withdraws them on its page, which counts for its next dispute
        """
        moved = self.browse()
        for company, disputes in self.grouped("company_id").items():
            moved |= disputes._set_state(
                rules.WITHDRAWN, date_resolved=company._ar_today(), withdrawn_by_customer=by_customer
            )
        moved._end_tasks()
        for dispute in moved:
            dispute._log_on_thread(dispute._in_staff_language().env._("withdrawn"))
        if notify:
            self.env["ar.outreach"]._notify(moved, "dispute_resolved", is_manual=True)
        return moved

    def _end_unowed(self, reason):
        """Override to withdraw an open dispute without a notice: the customer learns of the canceled invoice."""
        for dispute in self._set_state(rules.WITHDRAWN, date_resolved=self.company_id._ar_today()):
            dispute._end_tasks()
            dispute._log_on_thread(self.env._("Dispute withdrawn: %(reason)s", reason=reason))

    def _reopen(self):
        """Reopen rejected disputes for review: new deadline, new task, and their amounts are excluded again.

        :return: the disputes that changed
        """
        ended = dict.fromkeys(("date_resolved", "resolved_by_id", "grace_until", "escalated_on"), False)
        moved = self._set_state(rules.REVIEW, **ended)
        for dispute in moved:
            today = dispute.company_id._ar_today()
            dispute.date_deadline = self._get_deadline(dispute.customer_id, dispute.reason_id, today)
            dispute._add_owner_task()
            dispute._log_on_thread(self.env._("under review again"))
        self.env["ar.outreach"]._notify(moved, "dispute_review", is_manual=True)
        return moved

    def _resolve(self, accepted, answer, draft_credit=False, grace_days=None):
        """Resolve the dispute with the granted amounts and the answer to the customer.

        :param accepted: {`ar.dispute.line`: granted amount as Decimal, in its currency}
        :param str answer: text to the customer
        :param bool draft_credit: draft a credit note for each granted amount
        :param int grace_days: days without reminders about what is not granted; default: the policy's number
        :raise RequestRefused: for an amount below zero or above the disputed one
        :raise UserError: when the dispute was ended meanwhile, or a second person has to grant it
        """
        self._lock_open()
        granted = {line: rules.accept(line._get_exact_amount(), accepted[line]) for line in self.line_ids}
        self._check_granted(granted)
        state = rules.outcome([(line._get_exact_amount(), amount) for line, amount in granted.items()])
        for line, amount in granted.items():
            line.write({"amount_accepted": float(amount), "residual_at_resolution": line._get_residual()})
        if draft_credit:
            self.line_ids._draft_credit_notes()
        today = self.company_id._ar_today()
        self._set_state(
            state,
            answer=answer,
            date_resolved=today,
            resolved_by_id=self.env.uid,
            grace_until=self._get_grace_end(state, today, grace_days),
        )
        self._end_tasks()
        if self.amount_accepted:
            self._add_booking_task()
        self._log_resolved()
        self.env["ar.outreach"]._notify(self, "dispute_resolved", is_manual=True)

    def _lock_open(self):
        """Lock the dispute, to be changed by who may.

        :raise LockError: when another transaction holds it
        :raise UserError: when it was ended meanwhile
        """
        self.ensure_one()
        self.lock_for_update()
        self.invalidate_recordset(["state", "user_id", "reason_id", "date_deadline"])
        if self.state not in rules.OPEN_STATES:
            raise UserError(self.env._("%(number)s is already resolved; reload the page.", number=self.name))

    def _check_granted(self, granted):
        """Check that the user may grant amounts alone; recovery overrides it.

        :param granted: {`ar.dispute.line`: what would be granted of it as Decimal, in the dispute's currency}
        :raise UserError: where a second person has to grant it
        """

    def _get_grace_end(self, state, today, grace_days):
        """Return the day on which reminders about what is not granted resume; False when all is granted."""
        if state == rules.ACCEPTED:
            return False
        days = self.customer_id.policy_id.dispute_grace_days if grace_days is None else grace_days
        return rules.grace_end(today, days)

    # === LOG === #

    def _log_raised(self):
        self.ensure_one()
        reader = self._in_staff_language()
        reader._log_on_thread(
            reader.env._(
                "%(amount)s disputed: %(reason)s. Assigned to %(owner)s, answer due by %(date)s.",
                amount=reader._format_amount(self.amount_total),
                reason=reader.reason_id.name,
                owner=self.user_id.name,
                date=format_date(reader.env, self.date_deadline),
            )
        )

    def _log_resolved(self):
        self.ensure_one()
        self._log_on_thread(
            self.env._(
                "%(outcome)s, %(granted)s of %(amount)s granted",
                outcome=dict(self._fields["state"]._description_selection(self.env))[self.state],
                granted=self._format_amount(self.amount_accepted),
                amount=self._format_amount(self.amount_total),
            )
        )
