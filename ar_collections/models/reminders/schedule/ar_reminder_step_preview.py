import datetime
from collections import defaultdict
from dataclasses import replace

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ....core.facts import Rules, Scope
from ....core.reminders.sample import first_day, is_nothing_reached, sample
from ....formats import format_date

#: Open items that are looked at to find a customer for a preview; customers of a day, and days, that are decided about.
ITEMS, CUSTOMERS, DAYS = 200, 20, 5

#: The facts for a preview: money that is not matched does not hold it up.
PREVIEW = Scope(is_manual=True, is_judged=True)


class ArReminderStepPreview(models.Model):
    """The message of a step as a real customer would get it; it is written, read and rolled back."""

    _inherit = "ar.reminder.step"

    def action_preview(self):
        """Open the preview of the step's message, with a customer that it fits."""
        self.ensure_one()
        self.check_access("read")
        return self.env["ar.step.preview"]._open_for(self)

    # === THE MESSAGE === #

    def _read_preview(self, customer, day, lang=False):
        """Return the message of this step as a customer would get it on a day, if nothing is paid until then.

        Nothing is stored, whoever calls it: the message is created, read and rolled back.

        :param str lang: the language; default: the customer's
        :return: {reason: why there is no message, or an empty text} and, with a message, what `_show` returns
        :rtype: dict
        """
        self.ensure_one()
        customer = customer.with_company(customer.company_id)
        verdict = self._sample(customer, day)[customer]
        if not verdict.decision.has_message:
            return {"reason": self._get_no_preview_text(customer, verdict, day)}
        try:
            return {"reason": "", **self._write_and_forget(customer, verdict, day, lang)}
        except UserError as error:
            return {"reason": str(error)}

    def _sample(self, customers, day):
        """Return {customer: Verdict} of this step, as if each of the customers of one company got it on a day.

        A customer for whom another one pays gets none.
        """
        (step,) = self._get_steps()
        rules = customers._get_rules(day)
        return {
            customer: verdict
            if verdict.payer
            else replace(verdict, decision=sample(verdict.facts, rules.get(customer.id, Rules()), step, day))
            for customer, verdict in customers._decide(day, PREVIEW).items()
        }

    def _write_and_forget(self, customer, verdict, day, lang):
        """Return what a message would show; it is created, rendered and rolled back."""
        with self.env.cr.savepoint() as savepoint:
            chosen = {customer: {"lang": lang} if lang else {}}
            outreach = self.env["ar.outreach"]
            communication = outreach._log({customer: verdict}, day, is_manual=True, edited=chosen)
            outreach._render(communication)
            shown = self._show(communication)
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        return shown

    def _show(self, communication):
        """Return the parts of a message: {channel, lang, subject, recipients, is_unreached, attachments, html}.

        All are texts, but ``attachments``, a list of texts, and ``is_unreached``: no address is known.
        """
        channel = communication._get_channel()
        names = ", ".join(communication.recipient_ids.mapped("display_name"))
        addresses = channel._has_addresses and communication.email_to
        return {
            "channel": dict(channel._get_selection())[communication.channel],
            "lang": communication.lang or "",
            "subject": communication.subject or "",
            "recipients": f"{names} ({addresses})" if addresses else names,
            "is_unreached": channel._has_addresses and not addresses,
            "attachments": self.env["ar.outreach"]._name_attachments(communication),
            "html": str(channel._get_preview(communication)),
        }

    def _get_no_preview_text(self, customer, verdict, day):
        """Return why the customer would not get this step on the day."""
        names = {"customer": customer.display_name}
        if not is_nothing_reached(verdict.decision):
            reason = customer._get_code_label(verdict.decision.code)
            return self.env._("%(customer)s would not get it: %(reason)s.", reason=reason, **names)
        (step,) = self._get_steps()
        later = first_day(verdict.facts.items, step, day)
        if not later:
            return self.env._("%(customer)s has no open invoice that reaches this step.", **names)
        if later > day:
            when = format_date(self.env, later)
            return self.env._(
                "%(customer)s has no invoice for this step yet: the first one reaches it on %(day)s.", day=when, **names
            )
        return self.env._(
            "%(customer)s has overdue invoices: it is reminded of these, not of what is due later.", **names
        )

    # === AN EXAMPLE === #

    def _find_example(self, company):
        """Return a customer that this step fits and the day: today, else the first day on which it fits anybody.

        Customers on this schedule come first. The day may be a guess: what a person set on the customer counts then.

        :return: (`ar.customer`, date), both empty where no customer has an open invoice that ever reaches the step
        """
        self.ensure_one()
        today = company._ar_today()
        for domain in (Domain("policy_id.schedule_id", "=", self.schedule_id.id), Domain.TRUE):
            for is_later in (False, True):
                lines = self._find_lines(company, today, domain, is_later)
                for day, customers in self._group_by_day(lines, company, today):
                    for customer, verdict in self._sample(customers, day).items():
                        if verdict.decision.has_message:
                            return customer, day
        return self.env["ar.customer"], False

    def _find_lines(self, company, today, domain, is_later):
        """Return open items for this step, those that reached it last first, or those that reach it soonest.

        :param Domain domain: of the customers
        :param bool is_later: those that reach it after today
        """
        accounts = self.env["ar.customer"]._search(domain & Domain("company_id", "=", company.id))
        debtors = accounts.subselect(SQL.identifier("ar_customer", "partner_id"))
        reached = today - datetime.timedelta(days=self.days)
        due = [("date_maturity", ">", reached)] if is_later else [("date_maturity", "<=", reached)]
        if self.days <= 0:
            due.append(("date_maturity", ">=", today))
        return self.env["account.move.line"].search(
            [
                ("account_id", "in", self.env["ar.facts"]._get_receivable_account_ids(company)),
                ("company_id", "=", company.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual", ">", 0),
                ("partner_id.commercial_partner_id", "in", debtors),
                *due,
            ],
            order="date_maturity, id" if is_later or self.days <= 0 else "date_maturity desc, id desc",
            limit=ITEMS,
        )

    def _group_by_day(self, lines, company, today):
        """Return [(day, customers)] on which the customers of the items reach the step, soonest first."""
        partners = lines.partner_id.commercial_partner_id
        accounts = self.env["ar.customer"].search([("company_id", "=", company.id), ("partner_id", "in", partners.ids)])
        account_of = {account.partner_id: payer for account, payer in accounts._get_payers().items()}
        groups = defaultdict(accounts.browse)
        for line in lines:
            day = max(today, line.date_maturity + datetime.timedelta(days=self.days))
            account = account_of.get(line.partner_id.commercial_partner_id)
            if account and len(groups[day]) < CUSTOMERS:
                groups[day] |= account
        return [(day, customers) for day, customers in list(groups.items())[:DAYS] if customers]
