from odoo import api, fields, models
from odoo.exceptions import UserError


class ArStepPreview(models.TransientModel):
    """Dialog that shows the message of a step as a customer would get it; it sends nothing and changes nothing."""

    _name = "ar.step.preview"
    _inherit = ["ar.wizard.mixin"]
    _description = "Preview of a Step"

    step_id = fields.Many2one("ar.reminder.step", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    customer_id = fields.Many2one("ar.customer", domain="[('company_id', '=', company_id)]", ondelete="cascade")
    date = fields.Date(
        "As of",
        required=True,
        default=lambda self: self.env.company._ar_today(),
        help="Day for which the message is written, if nothing is paid until then. Example: a day next month shows a "
        "later step of an invoice that is due today.",
    )
    lang = fields.Selection(
        "_get_languages", "Language", help="Language of the message; empty: the one the customer would get."
    )
    is_later = fields.Boolean(readonly=True, help="Whether the step fits nobody today, so that a later day is shown.")

    @api.model
    def _get_languages(self):
        return self.env["res.lang"].get_installed()

    @api.model
    def _open_for(self, step):
        """Return the action that opens the dialog for a step, with a customer that it fits, if there is one."""
        company = step.schedule_id.company_id or self.env.company
        customer, day = step._find_example(company)
        today = company._ar_today()
        values = {"step_id": step.id, "company_id": company.id, "customer_id": customer.id, "date": day or today}
        preview = self.create({**values, "is_later": bool(day and day > today)})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview: %(step)s", step=step.name),
            "res_model": self._name,
            "res_id": preview.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    @api.model
    def get_message(self, step_id=False, customer_id=False, day=False, lang=False):
        """Return the message of a step as the customer would get it, or why it would get none.

        :param str day: the date, as text; default: today
        :param str lang: the code of an installed language; default: the customer's
        :return: see `ar.reminder.step._read_preview`
        :rtype: dict
        :raise AccessError: where the user may not read step or customer
        :raise UserError: for who has no role in collections
        """
        step = self.env["ar.reminder.step"].browse(step_id or [])
        customer = self.env["ar.customer"].browse(customer_id or [])
        self.env["ar.access.mixin"]._require("auditor")
        step.check_access("read")
        customer.check_access("read")
        if not step.exists() or not customer.exists():
            return {"reason": self._get_nobody_text(step)}
        known = {code for code, _name in self._get_languages()}
        if lang and lang not in known:
            raise UserError(self.env._("This language is not installed; choose another one."))
        return step._read_preview(customer, fields.Date.to_date(day) or customer.company_id._ar_today(), lang)

    @api.model
    def _get_nobody_text(self, step):
        """Return what to do where no customer is chosen."""
        if self.env["ar.customer"].search_count([], limit=1):
            return self.env._("No customer has an open invoice that this step fits. Choose a customer and another day.")
        return self.env._("There are no customers with open invoices yet: post an invoice, then preview the step.")
