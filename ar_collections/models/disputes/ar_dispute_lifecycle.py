from odoo import SUPERUSER_ID, Command, api, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_amount, format_date

from ...core.disputes import dispute as rules
from ...core.portal.allocation import RequestRefused
from ...core.workdays import WorkCalendar

TASK = "ar_collections.mail_activity_type_dispute"

OVERDUE_TASK = "ar_collections.mail_activity_type_dispute_overdue"

BOOK_TASK = "ar_collections.mail_activity_type_dispute_book"


class ArDisputeLifecycle(models.Model):
    """From the day a dispute is raised to its end. The customer is told at each step, the thread tells it to staff."""

    _inherit = "ar.dispute"

    @api.model
    def _raise_dispute(self, customer, reason, requested, note, origin="staff", files=()):
        """Record what a customer contests; the customer gets a confirmation, the owner a task.

        :param customer: `ar.customer`; the caller has checked who asks
        :param reason: `ar.dispute.reason`
        :param requested: {journal item id: Decimal amount, or None for all that is open}
        :param str note: in the customer's words
        :param str origin: ``staff`` or ``portal``
        :param files: list of `core.attachment.File`, checked before
        :raise RequestRefused: when it cannot be disputed like that
        """
        customer.sudo()._lock_account()  # of two windows, the second finds the items disputed; rights were checked
        parts = rules.check(customer._get_disputables(list(requested)), requested)
        items = customer._browse_lines(list(parts))
        self._check_rounding(items, parts)
        quiet = self.sudo().with_context(mail_auto_subscribe_no_notify=True, mail_create_nolog=True)  # see `_allowed`
        credited = self.env["ar.facts"]._read_credited(items.ids)
        dispute = quiet.create(
            {
                **self._prepare_dispute_vals(customer, reason),
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
        self.env["ar.outreach"]._notify(dispute, "dispute_received", is_manual=True)
        return dispute.with_env(self.env)

    @api.model
    def _check_rounding(self, items, parts):
        """Refuse amounts that the currency does not have: rounded, they would be nothing, or more than is open.

        :param parts: {journal item id: Decimal}
        :raise RequestRefused: for the first of them
        """
        for item in items:
            if parts[item.id] != self.env["ar.dispute.line"]._to_exact(float(parts[item.id]), item.currency_id):
                raise RequestRefused(rules.BAD_AMOUNT, item.id)

    @api.model
    def _prepare_dispute_vals(self, customer, reason):
        """Return who answers it until when."""
        today = customer.company_id._ar_today()
        return {
            "customer_id": customer.id,
            "reason_id": reason.id,
            "user_id": self._get_owner(customer, reason).id,
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
    def _get_owner(self, customer, reason):
        """Return the reason's owner, where that person works for the company; else who cares for the customer."""
        company = customer.company_id
        owner = reason.sudo().user_id  # whoever raises it, people of other companies are not offered
        if owner.active and company in owner.company_ids:
            return owner
        return customer.collector_id or company.ar_activated_by_id or self._get_first_manager(company)

    @api.model
    def _get_deadline(self, customer, reason, today):
        """Return until when an answer is due, by the policy's working days."""
        policy = customer.sudo().policy_id  # for the calendar alone
        calendar = policy._get_work_calendar(today) if policy else WorkCalendar()
        return rules.deadline(today, reason.sla_days, calendar)

    def _attach(self, files):
        """Keep the customer's files on the dispute, where only staff who may read it can open them."""
        self.ensure_one()
        attachments = self.env["ir.attachment"].sudo()  # customers and collectors need no right on attachments
        self.file_ids = attachments.create(
            [{"name": file.name, "raw": file.content, "res_model": self._name, "res_id": self.id} for file in files]
        )

    def _as_system(self):
        """Return self for the system: what visitors do on their page is noted in nobody else's name."""
        return self.with_user(SUPERUSER_ID)

    # === STEPS === #

    def _review(self):
        """Take into review what is new."""
        moved = self._set_state(rules.REVIEW)
        for dispute in moved:
            dispute._log_on_thread(self.env._("under review"))
        self.env["ar.outreach"]._notify(moved, "dispute_review", is_manual=True)
        return moved

    def _withdraw(self):
        """End open disputes because the customer no longer contests the items."""
        moved = self.browse()
        for company, disputes in self.grouped("company_id").items():
            moved |= disputes._set_state(rules.WITHDRAWN, date_resolved=company._ar_today())
        moved._end_tasks()
        for dispute in moved:
            dispute._log_on_thread(self.env._("withdrawn"))
        self.env["ar.outreach"]._notify(moved, "dispute_resolved", is_manual=True)
        return moved

    def _reopen(self):
        """Take rejected disputes into review again; what is open of them is silent again."""
        moved = self._set_state(rules.REVIEW, date_resolved=False, grace_until=False, escalated_on=False)
        for dispute in moved:
            today = dispute.company_id._ar_today()
            dispute.date_deadline = self._get_deadline(dispute.customer_id, dispute.reason_id, today)
            dispute._add_owner_task()
            dispute._log_on_thread(self.env._("under review again"))
        self.env["ar.outreach"]._notify(moved, "dispute_review", is_manual=True)
        return moved

    def _resolve(self, accepted, answer, draft_credit=False, grace_days=None):
        """Answer the dispute: what is granted of each item, and what the customer is told.

        :param accepted: {`ar.dispute.line`: Decimal}
        :param str answer: to the customer
        :param bool draft_credit: draft a credit note for what is granted
        :param int grace_days: how long what is not granted stays silent; default: the policy's number
        :raise RequestRefused: for an amount below zero or above what is disputed
        :raise UserError: when somebody else ended it meanwhile
        """
        self.ensure_one()
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state not in rules.OPEN_STATES:
            raise UserError(self.env._("%(number)s is already resolved; reload the page.", number=self.name))
        granted = {line: rules.accept(line._get_exact_amount(), accepted[line]) for line in self.line_ids}
        state = rules.outcome([(line._get_exact_amount(), amount) for line, amount in granted.items()])
        for line, amount in granted.items():
            line.write({"amount_accepted": float(amount), "residual_at_resolution": line._get_residual()})
        if draft_credit:
            self.line_ids._draft_credit_notes()
        today = self.company_id._ar_today()
        self._set_state(
            state, answer=answer, date_resolved=today, grace_until=self._get_grace_end(state, today, grace_days)
        )
        self._end_tasks()
        if self.amount_accepted:
            self._add_booking_task()
        self._log_resolved()
        self.env["ar.outreach"]._notify(self, "dispute_resolved", is_manual=True)

    def _get_grace_end(self, state, today, grace_days):
        """Return the day from which what is not granted may be chased again."""
        if state == rules.ACCEPTED:
            return False
        days = self.customer_id.policy_id.dispute_grace_days if grace_days is None else grace_days
        return rules.grace_end(today, days)

    # === TASKS AND STORY === #

    def _add_owner_task(self):
        """Ask the owner to answer."""
        for dispute in self.with_context(mail_activity_quick_update=True):
            dispute.activity_schedule(
                TASK, date_deadline=dispute.date_deadline, summary=dispute.reason_id.name, user_id=dispute.user_id.id
            )

    def _add_booking_task(self):
        """Ask for the reduction in the books: until they show it, what was granted stays silent."""
        self.ensure_one()
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            BOOK_TASK,
            summary=self.env._("Post a credit note of %(amount)s", amount=self._format_money(self.amount_accepted)),
            user_id=(self.customer_id.collector_id or self.user_id).id,
        )

    def _close_when_booked(self):
        """Close the task once every credit note that was drafted is posted."""
        booked = self.filtered(lambda dispute: set(dispute.credit_note_ids.mapped("state")) == {"posted"})
        booked.activity_unlink([BOOK_TASK])

    def _end_tasks(self):
        """Close what was asked of people about these disputes."""
        self.activity_unlink([TASK, OVERDUE_TASK])

    def _format_money(self, amount):
        self.ensure_one()
        return format_amount(self.env, amount, self.currency_id)

    def _log_raised(self):
        self.ensure_one()
        self._log_on_thread(
            self.env._(
                "%(amount)s disputed: %(reason)s. Assigned to %(owner)s, answer due by %(date)s.",
                amount=self._format_money(self.amount_total),
                reason=self.reason_id.name,
                owner=self.user_id.name,
                date=format_date(self.env, self.date_deadline),
            )
        )

    def _log_resolved(self):
        self.ensure_one()
        self._log_on_thread(
            self.env._(
                "%(outcome)s, %(granted)s of %(amount)s granted",
                outcome=dict(self._fields["state"]._description_selection(self.env))[self.state],
                granted=self._format_money(self.amount_accepted),
                amount=self._format_money(self.amount_total),
            )
        )
