import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, plaintext2html

from ...const import GROUP_AUDITOR, SERIOUS_TONES

_logger = logging.getLogger(__name__)


class ArCustomer(models.Model):
    """Salespeople: they see how their customers stand, and hear of it before and when it gets serious."""

    _inherit = "ar.customer"

    #: Whoever holds it acts as the customer on the page; who may only look at the account has no use for it.
    access_token = fields.Char(groups=GROUP_AUDITOR)
    #: Whom to turn to is no secret; the policy it may come from is not for everybody.
    collector_id = fields.Many2one(compute_sudo=True)
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    status_text = fields.Char(
        "Status", compute="_compute_status_text", help="Summary of the receivables of the customer."
    )

    @api.depends("overdue", "oldest_due_date", "next_step_id", "next_date")
    @api.depends_context("lang")
    def _compute_status_text(self):
        for customer in self:
            customer.status_text = " ".join(customer._get_status_sentences())

    def _get_status_sentences(self):
        """Return what is overdue and what comes next, a sentence each."""
        self.ensure_one()
        values = {
            "amount": format_amount(self.env, self.overdue, self.currency_id),
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
        if self.next_step_id and self.next_date:
            sentences.append(self.env._("Next: “%(step)s” on %(next)s, unless it is paid by then.", **values))
        return sentences

    # === WHO MAY SEE WHAT === #

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Override of `mail`: salespeople do not read the thread, because messages hold the link to the page."""
        user = self.env.user
        if message_operation == "read" and user._is_internal() and not user.has_group(GROUP_AUDITOR):
            return dict.fromkeys(self, "write")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    @api.model
    def get_view(self, view_id=None, view_type="form", **options):
        """Override of `base` to show who may only look pages without buttons, and filters of their own."""
        if not view_id and view_type in ("form", "list", "search") and not self.env.user.has_group(GROUP_AUDITOR):
            view_id = self.env.ref(f"ar_collections.ar_customer_view_{view_type}_salesperson").id
        return super().get_view(view_id, view_type, **options)

    # === WHEN IT GETS SERIOUS === #

    def _get_salesperson(self):
        """Return the customer's salesperson, if that is somebody who works for this company; else nobody."""
        self.ensure_one()
        user = self.partner_id.sudo().user_id  # whose customer it is, is no secret
        works_here = user.active and not user.share and self.company_id in user.company_ids
        return user if works_here else user.browse()

    def _with_salesperson_lang(self):
        """Return the account in the language of the salesperson who is to hear what happened; nothing where nobody is.

        Whoever does it, and the collector in charge, know already.
        """
        self.ensure_one()
        user = self._get_salesperson()
        if self.sudo().policy_id.notify_salesperson != "serious" or user in (self.env.user, self.collector_id):
            return self.browse()
        return self.sudo().with_context(lang=user.lang) if user else self.browse()

    def _notify_salesperson(self, subject, text=""):
        """Send the salesperson a note about what happened, with how the customer stands.

        :param str subject: in the salesperson's language, as the rest
        """
        self.ensure_one()
        self.flush_recordset()
        words = f"{subject}.\n{text}\n{self.status_text}" if text else f"{subject}.\n{self.status_text}"
        self._notify_colleague(self._get_salesperson(), subject, plaintext2html(words), record=self.partner_id)

    # === BEFORE IT GETS SERIOUS === #

    @api.model
    def _run_company(self, company, today, dry_run, auto_commit):
        """Override to tell salespeople what they missed, and to warn them once the company's day is done."""
        total = super()._run_company(company, today, dry_run, auto_commit)
        if not dry_run and company.ar_active:
            self.env["ar.communication"]._notify_missed_salespeople(company, today)
            self._warn_salespeople(company, today)
        return total

    @api.model
    def _warn_salespeople(self, company, today):
        """Send each salesperson one list of the customers who are about to hear a firm word.

        While customers are still to be looked at today, it waits for the next turn: one list a day. Whose collector
        the salesperson is, those stand on the worklist anyway.
        """
        policies = company.ar_policy_ids.filtered("salesperson_days")
        if not policies or self._customers_to_run(company, today, auto_commit=True):
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
        """Return which customers are warned of: a firm step comes within their policy's working days."""
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
        """Send one salesperson the list, and remember it; what fails is tried again at the next turn."""
        reader = self.with_context(lang=user.lang)
        try:
            with self.env.cr.savepoint():
                self.env["ar.salesperson.note"].sudo().create(  # memory of the run, for nobody to write
                    [customer._prepare_note_vals(user, today) for customer in self]
                )
                thread = self.env["mail.thread"].sudo()  # the list is the system's
                thread.with_context(lang=user.lang, mail_notify_force_send=False).message_notify(
                    author_id=company.partner_id.id,
                    partner_ids=user.partner_id.ids,
                    subject=reader.env._("Customers about to receive a firm reminder: %(count)s", count=len(self)),
                    body=self.env["ir.qweb"]
                    .with_context(lang=user.lang)
                    ._render("ar_collections.salesperson_warning", reader._get_warning_values()),
                )
        except Exception:  # whatever it is, it must not stop the run
            self.env.invalidate_all(flush=False)
            _logger.warning("Salesperson %s could not be warned about customers.", user.id, exc_info=True)

    def _prepare_note_vals(self, user, today):
        self.ensure_one()
        step = {"step_id": self.next_step_id.id, "next_date": self.next_date}
        return {"customer_id": self.id, "user_id": user.id, "date": today, **step}

    def _get_warning_values(self):
        """Return what the list shows, as text in the reader's language."""
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
