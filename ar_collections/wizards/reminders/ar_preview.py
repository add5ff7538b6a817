from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...const import DECISION_CODES
from ...core import decision as codes
from ...core.facts import Scope
from ...formats import format_date

#: What a manual reminder leads to, by its channel.
OUTCOMES = [("sent", "Sent"), ("task", "Task created"), ("letter", "Letter to print")]


class ArPreview(models.TransientModel):
    """Preview of a date: which reminders would be sent, and why the other customers would not be contacted.

    The decisions are made by the same function as in the nightly run.
    """

    _name = "ar.preview"
    _inherit = ["ar.wizard.mixin"]
    _description = "Preview of Reminders"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    date = fields.Date(required=True, default=lambda self: self.env.company._ar_today())
    line_ids = fields.One2many("ar.preview.line", "preview_id")
    contacted_count = fields.Integer("Will be contacted", compute="_compute_counts")
    not_contacted_count = fields.Integer("Not contacted", compute="_compute_counts")
    ar_active = fields.Boolean(related="company_id.ar_active")

    @api.depends("line_ids.has_message")
    def _compute_counts(self):
        for preview in self:
            preview.contacted_count = len(preview.line_ids.filtered("has_message"))
            preview.not_contacted_count = len(preview.line_ids) - preview.contacted_count

    @api.depends("date")
    def _compute_display_name(self):
        for preview in self:
            preview.display_name = self.env._("Preview for %(date)s", date=format_date(self.env, preview.date))

    def action_preview(self):
        """Decide for every customer with open items and show the list; auditors see it, too, and send nothing."""
        self.ensure_one()
        self.check_access("write")
        customers = self.env["ar.customer"]
        customers._ensure_for_company(self.company_id)
        return self._show(customers.search([("company_id", "=", self.company_id.id)]))

    def _show(self, customers):
        """Decide for these customers of the company and return the action of the list; nothing due: left out."""
        waiting = self.env["ar.communication"]._waiting(customers)
        verdicts = customers._decide(self.date, Scope(without=frozenset(waiting.ids)))
        steps = self._find_sendable_steps(verdicts, waiting)
        called = waiting.filtered(lambda communication: communication._get_channel()._is_spoken).customer_id
        self.line_ids = [Command.clear()] + [
            Command.create(
                {
                    **self._prepare_line_vals(customer, verdict.decision),
                    "outcome": self._get_outcome(steps[customer]) if customer in steps else False,
                    "done": "task" if customer in called and verdict.decision.has_message else False,
                }
            )
            for customer, verdict in verdicts.items()
            if verdict.decision.code != codes.NOTHING_DUE
        ]
        return self._get_lines_action()

    def _get_outcome(self, step):
        """Return what a manual reminder of a step leads to, one of `OUTCOMES`.

        :param core.facts.Step step:
        """
        channel = self.env["ar.channel"]._get(step.channel)
        return "task" if channel._is_spoken else "letter" if channel._is_printable else "sent"

    def _find_sendable_steps(self, verdicts, waiting):
        """Return {customer: the step} that can be sent manually today: regardless of days, limits and reviews.

        :param dict verdicts: {customer: Verdict} of the day of the preview
        :param waiting: the prepared communications, which a manual reminder replaces
        """
        today = self.company_id._ar_today()
        asked = [customer for customer, verdict in verdicts.items() if verdict.decision.step]
        manual = verdicts
        if self.date != today or not all(verdicts[customer].decision.has_message for customer in asked):
            customers = self.env["ar.customer"].union(*asked)
            scope = Scope(is_manual=True, without=frozenset(waiting.ids))
            manual = customers._decide(today, scope)
        return {customer: verdict.decision.step for customer, verdict in manual.items() if verdict.decision.has_message}

    @api.model
    def _prepare_line_vals(self, customer, decision):
        """Return the values of one customer's row; the amount is in company currency, less credits."""
        amounts_due = sum(entry.item.chaseable for entry in decision.items)
        return {
            "customer_id": customer.id,
            "has_message": decision.has_message,
            "code": decision.code,
            "until": decision.until or False,
            "step_id": decision.step.step_id if decision.step else False,
            "item_count": len(decision.items),
            "amount": float(amounts_due - sum(credit.amount for credit in decision.credits)),
        }

    def _get_lines_action(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_preview_line_action")
        return dict(action, domain=[("preview_id", "=", self.id)], display_name=self.display_name)


class ArPreviewLine(models.TransientModel):
    """One customer in the preview."""

    _name = "ar.preview.line"
    _inherit = ["ar.wizard.mixin"]
    _description = "Preview of a Customer's Reminder"
    _order = "has_message desc, amount desc, id"

    preview_id = fields.Many2one("ar.preview", required=True, index=True, ondelete="cascade")
    date = fields.Date(related="preview_id.date")
    customer_id = fields.Many2one("ar.customer", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="customer_id.company_id")
    collector_id = fields.Many2one(related="customer_id.collector_id")
    currency_id = fields.Many2one(related="customer_id.currency_id")
    has_message = fields.Boolean("Will be contacted")
    code = fields.Selection(DECISION_CODES, "Reason")
    until = fields.Date(help="Day on which the reason ends, where it is known.")
    step_id = fields.Many2one("ar.reminder.step")
    channel = fields.Selection(related="step_id.channel")
    item_count = fields.Integer("Items")
    amount = fields.Monetary("Amount due")
    outcome = fields.Selection(
        OUTCOMES, readonly=True, help="What a manual reminder leads to today; empty where none can be sent."
    )
    done = fields.Selection([*OUTCOMES, ("skipped", "Skipped")], readonly=True)

    def action_send_now(self):
        """Send the due reminders today, manually: without regard to allowed days, contact limits, review threshold."""
        return self._execute("sent")

    def action_skip(self):
        """Skip the due step: it is logged as skipped and used, the next step comes in its time."""
        return self._execute("skipped")

    def _execute(self, done):
        """Send or skip the due reminders of these customers.

        :param str done: ``sent`` or ``skipped``
        :raise UserError: when there is no reminder for any of them, with the reasons
        """
        self.check_access("write")
        self.env["ar.access.mixin"]._require("collector")
        for company, lines in self.filtered(lambda line: not line.done).grouped("company_id").items():
            today = company._ar_today()
            made = lines._dispatch(company, today, skip=done == "skipped")
            if not made:
                raise UserError(lines._get_refusal(today))
            for line in lines.filtered_domain([("customer_id", "in", made.customer_id.ids)]):
                line.done = "skipped" if done == "skipped" else line.outcome or done
            made.customer_id._mark_changed()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_edit(self):
        """Open the dialog to edit the message before it is sent."""
        self.ensure_one()
        self.check_access("write")
        self.customer_id._require("collector")
        return self.env["ar.message.edit"]._open_for(self.customer_id, line=self)

    def action_open(self):
        """Open the customer's account."""
        self.ensure_one()
        return self.customer_id._get_form_action()

    def _dispatch(self, company, today, skip=False):
        """Send the due reminders of these customers manually, or log them as skipped.

        Customers locked by another transaction and customers with an edited message are left out.

        :param bool skip: log the steps as skipped instead of sending anything
        :return: the communications created
        :raise UserError: when collections are not active in the company
        """
        if not company.ar_active:
            raise UserError(self.env._("Collections are not active yet; a manager activates them first."))
        customers = self.customer_id.try_lock_for_update()
        waiting = self.env["ar.communication"]._waiting(customers._with_members())
        edited = waiting.filtered("edited_on")  # opened and sent one by one, never replaced
        waiting = waiting - edited
        customers -= edited.customer_id.union(*edited.customer_id._get_payers().values())
        scope = Scope(is_manual=True, without=frozenset(waiting.ids))
        verdicts = customers.with_company(company)._decide(today, scope)
        outreach = self.env["ar.outreach"]
        # Manual reminders replace what the nightly run prepared; the same step is not sent twice.
        waiting._cancel("outdated")
        made = (
            outreach._skip(verdicts, today)
            if skip
            else outreach._perform(verdicts, waiting.browse(), today, is_manual=True)
        )
        outreach._trigger_mail_queue()
        return made

    def _get_refusal(self, today):
        """Return why no reminder can be sent, as text with one line per customer."""
        labels = dict(self._fields["code"]._description_selection(self.env))
        edited = self.env["ar.communication"]._waiting(self.customer_id).filtered("edited_on").customer_id
        verdicts = self.customer_id._decide(today, Scope(is_manual=True))
        wording = self.env._("An edited message is waiting. Open it with “Edit”.")
        reasons = [
            f"{customer.display_name}: {wording if customer in edited else labels[verdict.decision.code]}"
            for customer, verdict in verdicts.items()
        ]
        return self.env._("No reminder can be sent now.\n%(reasons)s", reasons="\n".join(reasons))
