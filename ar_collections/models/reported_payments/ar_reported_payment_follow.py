import re
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ...core.money import to_decimal
from ...core.reported_payments import report as rules
from .ar_reported_payment import TASK

#: For so many days a payment that was not found is still looked for, so that its task ends when it is booked.
LATE_DAYS = 60


class ArReportedPaymentFollow(models.Model):
    """How reported payments end: the books show the money, or the policy's days are over."""

    _inherit = "ar.reported.payment"

    @api.model
    def _judge_company(self, company, today, auto_commit=False):
        """Step of the nightly run: end the reports that are paid, and those whose days are over.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        reports = self.with_company(company)
        domain = Domain("company_id", "=", company.id) & self._domain_to_judge(today)
        run = self.env["ar.nightly"]._batch_run(company, "reported_payments", auto_commit)
        run.over_records(
            reports.search(domain, order="date_until, id"),
            lambda batch: batch._judge(today),
            due=lambda batch: batch.search(Domain("id", "in", batch.ids) & domain),
            whole=True,  # open reports stay as they are
        )
        return run.result.finished

    @api.model
    def _domain_to_judge(self, today):
        """Return the domain of reports to judge: the open ones, and those not found whose money may still be booked."""
        late = Domain("state", "=", rules.NOT_FOUND) & Domain("ended_on", ">=", today - timedelta(days=LATE_DAYS))
        return Domain("state", "=", rules.OPEN) | late

    def _judge(self, today, is_over=False):
        """End the reports that the books decide; the others stay as they are.

        :param date today: the company's date
        :param bool is_over: whether a person says that the money did not arrive
        """
        before = {reported: reported.state for reported in self}
        states = {reported: reported._get_state_by_books(today, is_over) for reported in self}
        for state in (rules.SETTLED, rules.NOT_FOUND):
            ended = self.filtered(lambda r, state=state: states[r] == state and before[r] != state)
            ended._set_state(state, ended_on=today)
            for reported in ended:
                reported._log_on_thread(reported._get_end_text())
        if settled := self.filtered(lambda reported: reported.state == rules.SETTLED):
            settled._close_report_tasks()
        if lost := self.filtered(lambda reported: states[reported] == rules.NOT_FOUND != before[reported]):
            lost._act_on_not_found()

    def _get_state_by_books(self, today, is_over):
        """Return the state of the report according to the books; parameters as in `_judge`.

        What is reset to draft will be posted again: a report waits for it, but its other invoices do not.

        :rtype: str
        """
        self.ensure_one()
        # Iterating over the field itself, and not over a part of it, reads the lines of all reports together.
        lefts = [to_decimal(line.amount_left) for line in self.line_ids if line.move_id.state != "draft"]
        waits = len(lefts) < len(self.line_ids)
        if waits and not lefts:
            return self.state
        if is_over:
            today = max(today, self.date_until + timedelta(days=1))
        state = rules.judge(lefts, self.date_until, today)
        return self.state if waits and state == rules.SETTLED else state

    def _get_end_text(self):
        """Return how the report ended, as a sentence for the log."""
        self.ensure_one()
        if self.state == rules.SETTLED:
            return self.env._("Settled: nothing of it is open any more.")
        return self.env._("Not found: %(amount)s is still open.", amount=self._format_amount(self.amount_left))

    def _act_on_not_found(self):
        """Tell the customers once that the money was not found, and give the collectors a task.

        It replaces the task to look for the money, unless another payment of the customer is still expected. Payments
        that were not found before are named again as long as nobody has done their task.
        """
        self.env["ar.outreach"]._notify(self, "payment_not_found")
        related = self.search(self._domain_looked_for(self.customer_id))
        texts = self._get_task_texts(self.customer_id)
        expecting = related.filtered(lambda reported: reported.state == rules.OPEN).customer_id
        for customer in self.customer_id - expecting:
            customer._close_tasks(TASK)
        lost = related.filtered(lambda reported: reported.state == rules.NOT_FOUND and reported.amount_left)
        for reported in lost.filtered(lambda one: one in self or one._is_named_in(texts.get(one.customer_id, ""))):
            reported._add_not_found_task()

    def _add_not_found_task(self):
        """Give the collector the task to talk with the customer about a payment that was not found."""
        self.ensure_one()
        reader = self._in_staff_language()
        text = reader.env._(
            "%(number)s: %(left)s was not found, contact the customer",
            number=self.name,
            left=reader._format_amount(self.amount_left),
        )
        self.customer_id._add_task(TASK, text, append=True)

    def _is_named_in(self, text):
        """Return whether a text names the report, and not only one whose number begins or ends like its own."""
        return bool(re.search(rf"(?<!\w){re.escape(self.name)}(?!\w)", text))

    @api.model
    def _get_task_texts(self, customers):
        """Return {customer: text of the open tasks about its reported payments}."""
        kind = self.env.ref(TASK)
        # sudo: a task may be anybody's, and some contexts include those that are done.
        tasks = customers.sudo().activity_ids
        tasks = tasks.filtered(lambda task: task.active and task.activity_type_id == kind)
        return {
            customer: " ".join(f"{task.summary} {task.note}" for task in tasks if task.res_id == customer.id)
            for customer in customers
        }

    def _close_report_tasks(self, customers=None):
        """Close the tasks of customers without any payment that somebody has to look for, or to talk about.

        :param customers: default: those of these reports
        """
        customers = customers or self.customer_id
        related = self.search(self._domain_looked_for(customers))
        still = related.filtered(lambda reported: reported.state == rules.OPEN or reported.amount_left)
        for customer in customers - still.customer_id:
            customer._close_tasks(TASK)

    def _on_moved(self, before):
        """Override to let the task to look for the money follow to the other account.

        The task of the account before names what stays there only.
        """
        result, text = super()._on_moved(before), self._get_task_texts(before)[before]
        self._add_report_task()
        if self._is_named_in(text):
            before._close_tasks(TASK)
            staying = self.search(self._domain_looked_for(before))
            staying.filtered(lambda reported: reported._is_named_in(text))._add_tasks_again()
        else:
            self._close_report_tasks(before)
        return result

    def _add_tasks_again(self):
        """Give the collectors the tasks about these payments that a task which is closed had named."""
        for reported in self:
            if reported.state == rules.OPEN:
                reported._add_report_task()
            elif reported.amount_left:
                reported._add_not_found_task()

    @api.model
    def _domain_looked_for(self, customers):
        """Return the domain of the reports of customers that are open, or were not found lately."""
        today = min(company._ar_today() for company in customers.company_id)
        return Domain("customer_id", "in", customers.ids) & self._domain_to_judge(today)

    # === NOTICE === #

    def _is_notice_valid(self, notice):
        """Override to drop the notice where the money was booked, or the report withdrawn, meanwhile."""
        self.ensure_one()
        return self.state == rules.NOT_FOUND and bool(self.amount_left)

    def _get_notice_lines(self, notice):
        """Override to list what is open of the reported amounts."""
        self.ensure_one()
        lines = self.line_ids.sudo()  # amounts for the message
        return [(line.move_line_id, line.amount_left) for line in lines if line.move_line_id and line.amount_left]

    def _get_notice_html(self, communication):
        """Override to say which payment was reported."""
        self.ensure_one()
        lang = communication.lang
        values = {
            "reported": self,
            "amount": self._format_amount(self.amount_total, lang),
            "date": self._format_date(self.date, lang),
            "reference": self.reference,
        }
        qweb = self.env["ir.qweb"].with_context(lang=lang)
        return qweb._render("ar_collections.reported_payment_notice", values, minimal_qcontext=True, lang=lang)
