from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from ...const import CHARGE_TIMES
from ...core.autopay.declines import DEAD_CODES
from ...core.autopay.options import AutopayOptions
from ...core.autopay.outcomes import FINAL
from ...core.money import to_decimal


class ArAutopayConsent(models.Model):
    """The customer's consent to charge a saved payment method: who gave it, when, and to which text.

    It is about a payment plan, or without one about all invoices of the account. Rows are evidence and only appended:
    another method or a new consent creates another row, a withdrawal ends one.
    """

    _name = "ar.autopay.consent"
    _description = "Consent to Automatic Payments"
    _order = "id desc"

    plan_id = fields.Many2one(
        "ar.payment.plan",
        index=True,
        readonly=True,
        ondelete="restrict",
        help="Plan whose installments are charged; empty: the invoices of the account.",
    )
    customer_id = fields.Many2one(
        "ar.customer", compute="_compute_customer_id", store=True, readonly=False, precompute=True, index=True
    )
    company_id = fields.Many2one(related="customer_id.company_id", store=True, precompute=True, index=True)
    token_id = fields.Many2one(
        "payment.token", "Payment Method", required=True, index=True, readonly=True, ondelete="restrict"
    )
    method = fields.Char(readonly=True, help="Payment method as shown to the customer.")
    mandate_reference = fields.Char(readonly=True, help="Reference of the mandate for bank debits, where there is one.")
    name = fields.Char("Given by", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Logged in as", readonly=True)
    agreed_on = fields.Datetime("Given on", required=True, readonly=True)
    ip_address = fields.Char("IP Address", readonly=True)
    text = fields.Text("Consent Text", required=True, readonly=True, help="Text as accepted by the customer.")
    text_version = fields.Char("Version of the Text", readonly=True, help="Fingerprint of the text.")
    charge_on = fields.Selection(CHARGE_TIMES, "Invoices are Charged", readonly=True)
    days_before = fields.Integer("Days before the Due Date", readonly=True)
    month_day = fields.Integer("Day of the Month", readonly=True, help="The last day of months that are shorter.")
    maximum_charge = fields.Monetary("Maximum per Payment", readonly=True, help="0: no maximum.")
    maximum_month = fields.Monetary("Maximum per Month", readonly=True, help="0: no maximum.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    # A journal that is archived or deleted must not widen what the customer agreed to: an empty list means all.
    journal_ids = fields.Many2many(
        "account.journal", string="Kinds of Invoices", readonly=True, help="Journals of the invoices; empty: all.",
        ondelete="restrict", context={"active_test": False},
    )  # fmt: skip
    notice_days = fields.Integer("Notice (days)", readonly=True, help="Days between the notice and the charge.")
    ended_on = fields.Datetime("Ended on", readonly=True)
    ended_reason = fields.Char("Reason for Ending", readonly=True)
    is_revoked = fields.Boolean(
        "Withdrawn at the Bank", readonly=True, help="The bank refused a debit for that reason."
    )
    expires_on = fields.Date("Method Expires on", related="token_id.ar_expires_on")
    expiry_told = fields.Date("Expiry notified", readonly=True, help="Last day of the method, as it was notified.")

    _one_live_consent = models.UniqueIndex(
        "(plan_id) WHERE ended_on IS NULL", "A plan can have only one active consent."
    )
    _one_live_account_consent = models.UniqueIndex(
        "(customer_id) WHERE ended_on IS NULL AND plan_id IS NULL", "An account can have only one active consent."
    )

    def _get_day(self):
        """Return the company's day on which the consent was given."""
        self.ensure_one()
        return self.company_id._ar_day(self.agreed_on)

    @api.depends("plan_id.customer_id")
    def _compute_customer_id(self):
        """Compute the account: that of the plan, which may change; without a plan the one it was given for."""
        for consent in self:
            consent.customer_id = consent.plan_id.customer_id or consent.customer_id

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Refuse deletion: the consent proves why the customer was charged."""
        raise UserError(self.env._("The customer's consent cannot be deleted. Stop the automatic payments instead."))

    @api.model
    def _get_closing_text(self, autopay_rules):
        """Return the end of a consent text: retries, and how to stop; in the visitor's language.

        :param AutopayRules autopay_rules: of the customer's policy
        """
        text = self.env._("I can stop automatic payments at any time on this page or by a message; I then pay myself.")
        if not autopay_rules.retry_days:
            return text
        days = format_list(self.env, [str(day) for day in autopay_rules.retry_days])
        retries = self.env._(
            "A declined payment may be retried %(days)s days later, or a few days after that where the bank advises it "
            "or wages are usually paid then.",
            days=days,
        )
        return f"{retries} {text}"

    @api.model
    def _get_live_consents(self, company):
        """Return the valid consents about accounts of a company; those that cannot be used any more are ended first.

        A contact may have left the customer by any way: its payment method pays no invoices of the customer then.
        """
        live = [("company_id", "=", company.id), ("plan_id", "=", False), ("ended_on", "=", False)]
        consents = self.search(live, order="id")
        usable = consents.filtered(
            lambda consent: (
                consent.customer_id.active
                and consent.customer_id.partner_id.active
                and consent.token_id._ar_is_usable(consent.customer_id)
            )
        )
        for customer in (consents - usable).customer_id:
            customer._stop_autopay(
                customer._in_staff_language().env._("the account is closed, or its payment method cannot be used")
            )
        return usable

    def _find_refused(self):
        """Return those of the consents whose method was refused for good: nothing more is charged to it.

        It may have been charged by another consent, such as that of a plan. A new consent, also with the same method,
        begins anew.
        """
        # sudo: visitors, and staff who do not invoice, may read no transactions and tokens; only consents are told.
        refused = (
            self.env["ar.autopay.charge"]
            .sudo()
            .search(
                [
                    ("consent_id.token_id", "in", self.sudo().token_id.ids),  # as above
                    ("outcome", "=", FINAL),
                    ("transaction_id.ar_decline_code", "in", sorted(DEAD_CODES)),
                ]
            )
        )
        charges = refused.grouped(lambda charge: charge.consent_id.token_id)
        return self.filtered(
            lambda consent: any(
                charge.consent_id == consent or charge.transaction_id.last_state_change > consent.agreed_on
                for charge in charges.get(consent.sudo().token_id, ())  # as above
            )
        )

    def _get_options(self):
        """Return what the customer chose, as an `AutopayOptions`."""
        self.ensure_one()
        return AutopayOptions(
            self.charge_on,
            self.days_before,
            self.month_day,
            to_decimal(self.maximum_charge),
            to_decimal(self.maximum_month),
            frozenset(self.journal_ids.ids),
        )

    def _end(self, reason):
        """End these consents.

        :param str reason: stored with them; in the company's language
        """
        self.write({"ended_on": fields.Datetime.now(), "ended_reason": reason})
        # Flushed, because the unique indexes allow one valid consent and a next one may follow.
        self.flush_recordset(["ended_on"])
