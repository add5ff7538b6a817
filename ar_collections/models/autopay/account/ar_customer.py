from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError

from ....core.autopay import options as rules
from ....core.autopay.methods import notice_days
from ....core.fingerprint import fingerprint
from ....formats import format_amount
from ....messages import AUTOPAY_REFUSALS

GROUP_AUDITOR = "ar_collections.ar_collections_group_auditor"


class ArCustomer(models.Model):
    """Automatic payment of all invoices of an account: the customer's consent, and how it ends."""

    _inherit = "ar.customer"

    autopay_consent_id = fields.Many2one(
        "ar.autopay.consent",
        "Consent to Automatic Payments",
        compute="_compute_autopay_consent_id",
        groups=GROUP_AUDITOR,
    )
    autopay_text = fields.Char("Autopay", compute="_compute_autopay_text", groups=GROUP_AUDITOR)
    autopay_consent_ids = fields.One2many("ar.autopay.consent", "customer_id", readonly=True, groups=GROUP_AUDITOR)

    @api.depends("autopay_consent_ids.ended_on", "autopay_consent_ids.plan_id")
    def _compute_autopay_consent_id(self):
        live = [("customer_id", "in", self.ids), ("plan_id", "=", False), ("ended_on", "=", False)]
        found = {consent.customer_id: consent for consent in self.env["ar.autopay.consent"].search(live)}
        for customer in self:
            customer.autopay_consent_id = found.get(customer)

    @api.depends("autopay_consent_id")
    @api.depends_context("lang")
    def _compute_autopay_text(self):
        """Compute the method and when it is charged."""
        for customer in self:
            consent = customer.autopay_consent_id
            customer.autopay_text = consent and (
                f"{consent.method}: {customer._get_autopay_time(consent._get_options())}"
            )

    # === CONSENT === #

    def _get_autopay_journals(self):
        """Return the kinds of invoices that a customer may choose: the sales journals of the company."""
        self.ensure_one()
        journals = self.env["account.journal"].sudo()  # customers may not read journals; names alone are shown
        return journals.search([*journals._check_company_domain(self.company_id), ("type", "=", "sale")])

    def _get_autopay_consent_text(self, options):
        """Return the text to which the customer consents, in the visitor's language.

        :param options: core.autopay.options.AutopayOptions
        :rtype: str
        """
        self.ensure_one()
        autopay_rules = self.policy_id._get_autopay_rules()
        sentences = [
            self.env._(
                "I authorize %(company)s to collect what I owe on the invoices of my account with the payment method I "
                "chose: %(time)s.",
                company=self.company_id.name,
                time=self._get_autopay_time(options),
            ),
            *self._get_autopay_limits(options),
            self.env._(
                "I am notified by email before each payment: %(days)s days before, or at least one day before if the "
                "due date is nearer than that; %(bank_days)s days before a SEPA or Bacs direct debit. Never more than "
                "the announced amount is collected.",
                days=autopay_rules.notice_days,
                bank_days=autopay_rules.bank_notice_days,
            ),
            self.env["ar.autopay.consent"]._get_closing_text(autopay_rules),
        ]
        return " ".join(sentences)

    def _get_autopay_time(self, options):
        """Return when invoices are charged, as a part of a sentence."""
        if options.charge_on == rules.DAYS_BEFORE:
            return self.env._("each %(days)s days before its due date, or shortly after", days=options.days_before)
        if options.charge_on == rules.MONTH_DAY:
            return self.env._(
                "on day %(day)s of the month, on the first one on or after their due dates, or shortly after",
                day=options.month_day,
            )
        return self.env._("each on its due date, or shortly after")

    def _get_autopay_limits(self, options):
        """Return the sentences on kinds of invoices and maxima."""
        sentences = []
        if options.journal_ids:
            journals = self._get_autopay_journals().filtered(lambda journal: journal.id in options.journal_ids)
            names = ", ".join(journals.mapped("name"))
            sentences.append(self.env._("This is about these kinds of invoices: %(kinds)s.", kinds=names))
        if options.maximum_charge:
            amount = format_amount(self.env, options.maximum_charge, self.currency_id)
            sentences.append(self.env._("One payment is not higher than %(amount)s.", amount=amount))
        if options.maximum_month:
            amount = format_amount(self.env, options.maximum_month, self.currency_id)
            sentences.append(self.env._("Not more than %(amount)s is collected in a calendar month.", amount=amount))
        return sentences

    def _accept_autopay(self, token, name, text, options, ip_address=None):
        """Record the customer's consent: from now on its invoices are charged when they are due.

        :param token: `payment.token` of a contact of the customer
        :param str name: who consents
        :param str text: the text as it was shown
        :param options: core.autopay.options.AutopayOptions
        :return: the consent, an `ar.autopay.consent` record
        :raise ValidationError: with a text for the customer, where something about it is not valid
        :raise UserError: where the account is locked by another operation
        """
        self.ensure_one()
        try:
            self._lock_account()
        except LockError as error:
            raise UserError(self.env._("Your account is being updated. Please try again in a moment.")) from error
        self._check_autopay(token, name, options)
        self._end_autopay(self._in_staff_language().env._("replaced by another consent"))
        consents = self.env["ar.autopay.consent"].sudo()  # the customer gives it, without a right on the table
        consent = consents.create(self._prepare_autopay_consent(token, name, text, options, ip_address))
        self._log_autopay(
            self._in_staff_language().env._(
                "%(name)s agreed to automatic payment of all invoices with %(method)s.",
                name=consent.name,
                method=consent.method,
            )
        )
        return consent

    def _check_autopay(self, token, name, options):
        """Raise where account, method, name or choice is not valid."""
        code = rules.check_options(options, self._get_autopay_journals().ids)
        if self.merged_into_id or not (self.active and self.partner_id.active):
            code = rules.CLOSED_ACCOUNT
        elif not token or not token._ar_is_usable(self):
            code = rules.NO_METHOD
        elif not (name or "").strip():
            code = rules.NO_NAME
        if code:
            template = self.env._(AUTOPAY_REFUSALS[code])
            raise ValidationError(template % {"most": rules.DAYS_BEFORE_MAX})

    def _prepare_autopay_consent(self, token, name, text, options, ip_address):
        autopay_rules = self.policy_id._get_autopay_rules()
        method = token._ar_get_method_code()
        return {
            "customer_id": self.id,
            "token_id": token.id,
            "method": token._ar_get_name(),
            "mandate_reference": token._ar_get_mandate(),
            "name": name.strip()[:100],
            "user_id": self.env.uid,
            "agreed_on": fields.Datetime.now(),
            "ip_address": ip_address,
            "text": text,
            "text_version": fingerprint(text),
            "charge_on": options.charge_on,
            "days_before": options.days_before,
            "month_day": options.month_day,
            "maximum_charge": float(options.maximum_charge),
            "maximum_month": float(options.maximum_month),
            "journal_ids": [fields.Command.set(sorted(options.journal_ids))],
            "notice_days": notice_days(method, autopay_rules.notice_days, autopay_rules.bank_notice_days),
        }

    # === ENDING === #

    def _get_live_autopay(self):
        """Return the valid consents about these whole accounts."""
        # sudo: who ends them, such as a customer, needs no right on the table.
        return (
            self.env["ar.autopay.consent"]
            .sudo()
            .search([("customer_id", "in", self.ids), ("plan_id", "=", False), ("ended_on", "=", False)])
        )

    def _end_autopay(self, reason):
        """End the consents of these accounts. Charges that were requested go on.

        :param str reason: stored on the consent
        :return: the accounts that had a consent
        """
        consents = self._get_live_autopay()
        consents._end(reason)
        self.invalidate_recordset(["autopay_consent_id"])
        return consents.customer_id

    def _stop_autopay(self, reason):
        """End automatic payments of these accounts and log that on their threads.

        :param str reason: who stopped them, or why; in the company's language
        """
        for customer in self._end_autopay(reason):
            customer._log_stop(reason)

    def _log_stop(self, reason):
        self._log_autopay(self._in_staff_language().env._("Automatic payments stopped: %(reason)s.", reason=reason))

    def _log_autopay(self, text):
        self.sudo().message_post(body=text, subtype_xmlid="mail.mt_note")  # customers may not write on the thread

    def action_stop_autopay(self):
        """Stop automatic payments for customers who asked for it; charges that were requested go on."""
        self._require("collector")
        self._stop_autopay(self._in_staff_language().env._("by %(user)s", user=self.env.user.name))
        return True
