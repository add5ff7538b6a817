from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.autopay.charge import AutopayRules
from ...core.autopay.retries import RETRIES_MAX, RETRY_DAYS_MAX, parse_retry_days


class ArCreditPolicy(models.Model):
    """The rules of the policy for announcing and retrying automatic payments."""

    _inherit = "ar.credit.policy"

    _writable = {
        "manager": (
            "autopay_notice_days", "autopay_bank_notice_days", "autopay_retry_days", "autopay_return_fee",
        ),
    }  # fmt: skip

    autopay_notice_days = fields.Integer(
        "Notice of Automatic Payments (days)",
        default=3,
        tracking=True,
        help=(
            "Number of days before an automatic payment on which the customer is notified. Example: with 3, a "
            "payment on the 15th is announced on the 12th."
        ),
    )
    autopay_bank_notice_days = fields.Integer(
        "Notice of Direct Debits (days)",
        default=14,
        tracking=True,
        help=(
            "Number of days before a direct debit on which the customer is notified, where the rules of the "
            "debit ask for a notice (SEPA: 14 days unless the customer agreed to a shorter one; the consent "
            "states this number). Example: with 14, a debit on the 15th is announced on the 1st."
        ),
    )
    autopay_retry_days = fields.Char(
        "Retry Automatic Payments after (days)",
        default="3, 7",
        tracking=True,
        help=(
            "Numbers of days after a decline on which the automatic payment is retried, for temporary "
            "declines only. Empty: no retry. Example: 3, 7 tries again three and seven days after the "
            "decline."
        ),
    )

    autopay_return_fee = fields.Monetary(
        "Fee of Returned Debits",
        tracking=True,
        help=(
            "Charged to the customer when its bank takes back an automatic direct debit. 0: none. Example: "
            "5.00, what your bank charges for a returned debit."
        ),
    )

    _autopay_return_fee_not_negative = models.Constraint(
        "CHECK (autopay_return_fee >= 0)", "The fee of returned debits cannot be negative."
    )

    _autopay_notice_not_negative = models.Constraint(
        "CHECK (autopay_notice_days >= 0)", "The days of notice of automatic payments cannot be negative."
    )

    _autopay_bank_notice_not_negative = models.Constraint(
        "CHECK (autopay_bank_notice_days >= 1)", "The days of notice of direct debits are at least 1."
    )

    @api.constrains("autopay_retry_days")
    def _check_autopay_retry_days(self):
        for policy in self:
            try:
                parse_retry_days(policy.autopay_retry_days)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%(text)s” is not a valid retry schedule. Enter ascending days after the decline, "
                        "separated by commas, as in “3, 7”: at most %(number)s, up to %(days)s days. Leave it "
                        "empty to try only once.",
                        text=policy.autopay_retry_days,
                        number=RETRIES_MAX,
                        days=RETRY_DAYS_MAX,
                    )
                ) from error

    def _get_autopay_rules(self):
        """Return the rules for `core.autopay.charge`; without a policy its defaults, which retry nothing.

        :rtype: AutopayRules
        """
        if not self:
            return AutopayRules()
        self.ensure_one()
        return AutopayRules(
            self.autopay_notice_days,
            parse_retry_days(self.autopay_retry_days),
            bank_notice_days=self.autopay_bank_notice_days,
        )
