import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, plaintext2html

from ...const import GROUP_AUDITOR, SERIOUS_TONES
from ...formats import format_amount

_logger = logging.getLogger(__name__)


class ArCustomer(models.Model):
    """Salespeople: they see the status of their customers, and are notified before and when reminders get serious."""

    _inherit = "ar.customer"

    #: The address of the customer page is for users with a role; it holds no key.
    access_token = fields.Char(groups=GROUP_AUDITOR)
    #: Salespeople may see the collector, but not the policy that the collector may come from.
    collector_id = fields.Many2one(compute_sudo=True)
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    status_text = fields.Char(
        "Status", compute="_compute_status_text", help="Summary of the receivables of the customer."
    )

    @api.depends("overdue", "credits", "oldest_due_date", "next_step_id", "next_date")
    @api.depends_context("lang")
    def _compute_status_text(self):
        for customer in self:
            customer.status_text = " ".join(customer._get_status_sentences())

    def _get_status_sentences(self):
        """Return a sentence on the overdue amount and, where there are any, on credits and the next step."""
        self.ensure_one()
        values = {
            "amount": format_amount(self.env, self.overdue, self.currency_id),
            "credits": format_amount(self.env, self.credits, self.currency_id),
            "day": self._format_date(self.oldest_due_date),
            "step": self.next_step_id.name,
            "next": self._format_date(self.next_date),
        }
        if not self.overdue:
            sentences = [self.env._("Nothing is overdue.")]
        elif self.oldest_due_date:
            sentences = [self.env._("%(amount)s overdue, the oldest since %(day)s.", **values)]
        else:
            sentences = [self.env._("%(amount)s overdue.", **values)]
        if self.overdue and self.credits:
            sentences.append(self.env._("%(credits)s of payments and credits are not applied yet.", **values))
        if self.next_step_id and self.next_date:
            sentences.append(self.env._("Next: “%(step)s” on %(next)s, unless it is paid by then.", **values))
        return sentences

    # === ACCESS === #

    @api.model
    def get_view(self, view_id=None, view_type="form", **options):
        """Override of `base` to return views without buttons, and with other filters, for users without a role."""
        if not view_id and view_type in ("form", "list", "search") and not self.env.user.has_group(GROUP_AUDITOR):
            view_id = self.env.ref(f"ar_collections.ar_customer_view_{view_type}_salesperson").id
        return super().get_view(view_id, view_type, **options)

    # === MERGING === #

    def _drop_duplicates(self, others):
        """Override to keep one row of each notification."""
        result = super()._drop_duplicates(others)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM ar_salesperson_note note USING ar_salesperson_note kept
                 WHERE note.customer_id = ANY(%(others)s) AND kept.step_id = note.step_id
                   AND kept.user_id = note.user_id AND kept.date = note.date
                   AND (kept.customer_id = %(own)s OR (kept.customer_id = ANY(%(others)s) AND kept.id < note.id))
                """,
                others=others.ids,
                own=self.id,
            )
        )
        self.env["ar.salesperson.note"].invalidate_model()
        return result

    # === NOTIFICATION === #

    def _get_salesperson(self):
        """Return the customer's salesperson if active, internal and allowed in this company; else an empty record."""
        self.ensure_one()
        user = self.partner_id.sudo().user_id  # sudo: who the salesperson is may be read by everybody
        works_here = user.active and not user.share and self.company_id in user.company_ids
        return user if works_here else user.browse()

    def _with_salesperson_lang(self):
        """Return the account in the language of the salesperson to notify; empty where nobody is to be notified.

        That is the case where the policy excludes it, or where the salesperson is the current user or the collector.
        """
        self.ensure_one()
        user = self._get_salesperson()
        # sudo: the policy says whether the salesperson is told, and the message is the same whoever caused it.
        if self.sudo().policy_id.notify_salesperson != "serious" or user in (self.env.user, self.collector_id):
            return self.browse()
        return self.sudo().with_context(lang=user.lang) if user else self.browse()

    def _notify_salesperson(self, subject, text=""):
        """Send the salesperson a message about an event, followed by the status of the customer.

        :param str subject, text: in the salesperson's language, see `_with_salesperson_lang`
        """
        self.ensure_one()
        self.flush_recordset()
        body = f"{subject}.\n{text}\n{self.status_text}" if text else f"{subject}.\n{self.status_text}"
        self._notify_colleague(self._get_salesperson(), subject, plaintext2html(body), record=self.partner_id)

    # === WARNING === #

    @api.model
    def _run_company(self, company, today, dry_run, auto_commit):
        """Override to send missed notifications and the warnings of the day after the company's run."""
        result = super()._run_company(company, today, dry_run, auto_commit)
        if not dry_run and company.ar_active:
            self.env["ar.communication"]._notify_missed_salespeople(company, today)
            self._warn_salespeople(company, today)
        return result

    @api.model
    def _warn_salespeople(self, company, today):
        """Send each salesperson one list of the customers with a serious reminder ahead.

        It waits until all customers of the day are done, so that there is one list a day. Customers whose collector is
        the salesperson are left out: they are on the worklist.
        """
        policies = company.ar_policy_ids.filtered("salesperson_days")
        if not policies or self._customers_to_run(company, today, auto_commit=True, limit=1):
            return
        customers = self.search(self._get_warning_domain(company, policies, today), order="next_date, overdue DESC")
        notified = self.env["ar.salesperson.note"]._read_notified(customers, today)
        to_notify = defaultdict(self.browse)
        for customer in customers:
            user = customer._get_salesperson()
            if user and user != customer.collector_id and (customer, customer.next_step_id, user) not in notified:
                to_notify[user] |= customer
        for user, group in to_notify.items():
            group._warn(user, company, today)

    @api.model
    def _get_warning_domain(self, company, policies, today):
        """Return the domain of the customers with a serious step within the working days of their policy."""
        soon = Domain.OR(
            Domain("policy_id", "=", policy.id)
            & Domain("next_date", "<=", policy._get_work_calendar(today).add_workdays(today, policy.salesperson_days))
            for policy in policies
        )
        return (
            soon
            & Domain("company_id", "=", company.id)
            & Domain("next_date", ">", today)
            & Domain("next_step_id.tone", "in", SERIOUS_TONES)
            & Domain("partner_id.user_id", "!=", False)
        )

    def _warn(self, user, company, today):
        """Send the list to one salesperson and store that; where it fails, the next run tries again."""
        reader = self.with_context(lang=user.lang)
        try:
            with self.env.cr.savepoint():
                self.env["ar.salesperson.note"].sudo().create(  # written by the run only, no user has the right
                    [customer._prepare_note_vals(user, today) for customer in self]
                )
                thread = self.env["mail.thread"].sudo()  # the run sends it, not a user
                thread.with_context(lang=user.lang, mail_notify_force_send=False).message_notify(
                    author_id=company.partner_id.id,
                    partner_ids=user.partner_id.ids,
                    subject=reader.env._("Customers about to receive a firm reminder: %(count)s", count=len(self)),
                    body=self.env["ir.qweb"]
                    .with_context(lang=user.lang)
                    ._render("ar_collections.salesperson_warning", reader._get_warning_values()),
                )
        except Exception:  # no failure may stop the run
            self.env.invalidate_all(flush=False)
            _logger.warning("Salesperson %s could not be warned about customers.", user.id, exc_info=True)

    def _prepare_note_vals(self, user, today):
        self.ensure_one()
        step = {"step_id": self.next_step_id.id, "next_date": self.next_date}
        return {"customer_id": self.id, "user_id": user.id, "date": today, **step}

    def _get_warning_values(self):
        """Return the values of the list's template, formatted in the language of the context."""
        base_url = self[:1].get_base_url()
        return {
            "company": self.company_id,
            "rows": [
                {
                    "name": customer.partner_id.display_name,
                    "url": f"{base_url}/mail/view?model=res.partner&res_id={customer.partner_id.id}",
                    "overdue": format_amount(self.env, customer.overdue, customer.currency_id),
                    "oldest": customer._format_date(customer.oldest_due_date),
                    "step": customer.next_step_id.name,
                    "date": customer._format_date(customer.next_date),
                }
                for customer in self
            ],
        }
