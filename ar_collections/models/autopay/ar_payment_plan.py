import datetime

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...core.autopay import charge as rules
from ...core.autopay.options import NO_METHOD
from ...core.fingerprint import fingerprint
from ...messages import AUTOPAY_REFUSALS

#: Days a bank debit may take; an installment whose charge is pending for longer is judged as unpaid.
BANK_DAYS = 14


class ArPaymentPlan(models.Model):
    """Automatic payments of a plan: the customer's consent, how it ends, and its effect on judging the plan.

    When installments are announced and charged is decided in `core.autopay.charge`.
    """

    _inherit = "ar.payment.plan"

    autopay_consent_id = fields.Many2one(
        "ar.autopay.consent", "Consent to Automatic Payments", readonly=True, index="btree_not_null", copy=False
    )
    autopay_consent_ids = fields.One2many("ar.autopay.consent", "plan_id", "Consents", readonly=True)
    token_id = fields.Many2one(related="autopay_consent_id.token_id", string="Saved Payment Method")
    autopay_method = fields.Char("Paid with", related="autopay_consent_id.method")
    autopay_charge_ids = fields.One2many("ar.autopay.charge", "plan_id", "Automatic Payments", readonly=True)
    autopay_error = fields.Char(
        "Automatic Payment Error", compute="_compute_autopay_error", help="Error of the last attempt."
    )

    def _compute_autopay_error(self):
        # sudo: as for `ar.customer.run_error`.
        problems = self.env["ar.problem"].sudo()._search_open(self.installment_ids, "autopay")
        messages = {problem.res_id: problem.message for problem in problems}
        for plan in self:
            plan.autopay_error = next((messages[row.id] for row in plan.installment_ids if row.id in messages), False)

    # === CONSENT === #

    def _get_consent_text(self):
        """Return the text to which the customer consents, in the visitor's language."""
        self.ensure_one()
        autopay_rules = self.customer_id.policy_id._get_autopay_rules()
        values = {"company": self.company_id.name, "plan": self.name, "days": autopay_rules.notice_days}
        text = self.env._(
            "I authorize %(company)s to collect the installments of payment plan %(plan)s with the payment method "
            "I chose: each on its date or shortly after, and never more than its remaining amount. I am notified "
            "by email %(days)s days before each payment, or at least one day before if the date is nearer than "
            "that.",
            **values,
        )
        return f"{text} {self.autopay_consent_id._get_closing_text(autopay_rules)}"

    def _accept_autopay(self, token, name, text, ip_address=None):
        """Record the customer's consent: from now on unpaid installments are charged on their dates.

        :param token: `payment.token` of a contact of the customer
        :param str name: who consents
        :param str text: the text as it was shown
        :return: the consent, an `ar.autopay.consent` record
        :raise ValidationError: where the plan is not active, or the method cannot be used for it
        """
        self.ensure_one()
        self._check_autopay_token(token)
        self._end_autopay(self._in_staff_language().env._("replaced by another consent"))
        consent = self.autopay_consent_id.create(
            {
                "plan_id": self.id,
                "token_id": token.id,
                "method": token._ar_get_name(),
                "name": name,
                "user_id": self.env.uid,
                "agreed_on": fields.Datetime.now(),
                "ip_address": ip_address,
                "text": text,
                "text_version": fingerprint(text),
            }
        )
        self.write({"autopay_consent_id": consent.id})
        message = self._in_staff_language().env._(
            "%(name)s agreed to automatic payments with %(method)s.", name=name, method=consent.method
        )
        self._log_on_thread(message)
        return consent

    def _check_autopay_token(self, token):
        """Raise unless the plan is active and the method is the customer's own, usable, and of this company."""
        if self.state != "active":
            raise ValidationError(self.env._("Only installments of an active plan can be paid automatically."))
        if not token._ar_is_usable(self.customer_id):
            raise ValidationError(self.env._(AUTOPAY_REFUSALS[NO_METHOD]))

    def _end_autopay(self, reason):
        """End the consent of plans that have one.

        Announcements that wait are canceled; charges that were requested go on.

        :param str reason: stored on the consent
        :return: the plans that had a consent
        """
        automatic = self.filtered("autopay_consent_id")
        automatic.autopay_consent_id._end(reason)
        automatic.write({"autopay_consent_id": False})
        automatic.installment_ids._reset_autopay()
        automatic.installment_ids._clear_autopay_problems()
        return automatic

    def _stop_autopay(self, reason):
        """End automatic payments and log that on the customer's thread.

        :param str reason: who stopped them, or why; in the company's language
        """
        for plan in self._end_autopay(reason):
            plan._log_stop(reason)

    def _log_stop(self, reason):
        self._log_on_thread(self._in_staff_language().env._("Automatic payments stopped: %(reason)s.", reason=reason))

    def action_stop_autopay(self):
        """Stop automatic payments for a customer who asked for it; charges that were requested go on."""
        self._allowed("collector")._stop_autopay(self.env._("by %(user)s", user=self.env.user.name))
        return True

    def _set_state(self, state, **values):
        """Override to end the consent with the plan; a reinstated plan needs a new one."""
        moved = super()._set_state(state, **values)
        if state != "active":
            moved._stop_autopay(self.env._("the plan ended"))
        return moved

    # === PORTAL PAGE === #

    def _get_next_autopay(self):
        """Return {date, amount, in_flight} of the next automatic payment, as of today; ``None`` if there is none."""
        self.ensure_one()
        if not self.autopay_consent_id:
            return None
        for installment, case in self.installment_ids._get_autopay_cases().items():
            day = installment._get_autopay_day(case)
            if case.left > 0 and not case.is_over and (case.in_flight or day):
                return {
                    "date": day,
                    "amount": float(case.left),
                    "in_flight": bool(case.in_flight),
                }
        return None

    def _get_failed_installments(self):
        """Return the unpaid installments whose automatic payment failed."""
        self.ensure_one()
        return [row for row, case in self.installment_ids._get_autopay_cases().items() if case.failed and case.left > 0]

    # === NIGHTLY RUN === #

    @api.model
    def _get_judging_domain(self, company, today):
        """Override to leave out plans with a pending charge for at most ``BANK_DAYS``: the bank's answer decides."""
        since = today - datetime.timedelta(days=BANK_DAYS)
        in_flight = Domain("outcome", "in", rules.IN_FLIGHT) & Domain("date", ">=", since)
        return super()._get_judging_domain(company, today) & ~Domain("autopay_charge_ids", "any", in_flight)
