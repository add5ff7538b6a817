from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ArCreditPolicy(models.Model):
    """The pause after a customer's reply, failed deliveries, and whether messages can name a bank account."""

    _inherit = "ar.credit.policy"

    _writable = {
        "manager": (
            "reply_pause_days", "failed_deliveries_max",
        ),
    }  # fmt: skip

    reply_pause_days = fields.Integer(
        "Pause after a Reply (working days)",
        default=5,
        tracking=True,
        help=(
            "Number of working days without automatic contact after a reply of the customer. 0: no pause. "
            "Example: with 5, a reply on Monday pauses reminders until the next Monday."
        ),
    )

    failed_deliveries_max = fields.Integer(
        "Failed Deliveries until the Address Is Checked",
        default=3,
        tracking=True,
        help=(
            "Number of messages in a row that the mail server may refuse for an address. Then it is not used "
            "until somebody confirms or changes it. 0: it is tried again and again. Example: with 3, the "
            "address is left out after the third refusal in a row."
        ),
    )

    bank_warning = fields.Char(
        "Missing Bank Account",
        compute="_compute_bank_warning",
        help="What is missing to name a bank account in messages.",
    )

    _failed_deliveries_not_negative = models.Constraint(
        "CHECK (failed_deliveries_max >= 0)", "The number of failed deliveries cannot be negative; 0 means no limit."
    )
    _reply_pause_not_negative = models.Constraint(
        "CHECK (reply_pause_days >= 0)", "The pause after a reply cannot be negative; 0 means no pause."
    )

    @api.depends("company_id.partner_id.bank_ids")
    @api.depends_context("lang")
    def _compute_bank_warning(self):
        details = self.env["ar.bank.details"]
        for policy in self:
            company = policy.company_id
            policy.bank_warning = (
                company
                and not details._get_company_account(company, company.currency_id)
                and self.env._(
                    "%(company)s has no bank account: messages and statements cannot say where to transfer the money. "
                    "Enter one on the company's contact.",
                    company=company.name,
                )
            )

    @api.model
    def _check_notice_template(self, template, missing):
        """Check that messages about communications can be written with an email template.

        :param str missing: what is said where there is none
        :raise ValidationError: without a template, or with one for other records
        """
        if not template:
            raise ValidationError(missing)
        if template.model != "ar.communication":
            raise ValidationError(
                self.env._(
                    "The email template “%(template)s” is not for communications: choose a template that applies to "
                    "communications.",
                    template=template.name,
                )
            )
