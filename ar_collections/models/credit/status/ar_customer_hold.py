from odoo import models
from odoo.exceptions import UserError

from ....core.credit.limit import CreditRefused, check_end, check_reason
from ....core.credit.release import release
from ....core.credit.rules import FORCED, HOLD, INSOLVENT
from ....core.credit.status import evaluate
from ....formats import format_date
from ....messages import RULE_REFUSALS


class ArCustomerHold(models.Model):
    """What a credit manager does about holds: hold a customer, end that, release in spite of the cause.

    All of it is about the account of the root company, checked in Python, and logged on the thread.
    """

    _inherit = "ar.customer"

    # === BUTTONS === #

    def action_credit_hold(self):
        """Open the dialog that puts the customer on hold."""
        return self._open_credit_dialog("hold", self.env._("Hold"))

    def action_credit_end_hold(self):
        """Open the dialog that ends the hold by a person."""
        return self._open_credit_dialog("end", self.env._("End Hold"))

    def action_credit_release(self):
        """Open the dialog that releases a hold in spite of its causes, or one whose causes are gone."""
        return self._open_credit_dialog("release", self.env._("Release"))

    def _open_credit_dialog(self, kind, name):
        """Return the action that opens a dialog about the account that holds the status.

        :param str kind: see `ar.credit.decide`
        """
        self.ensure_one()
        self._require("credit_manager")
        account = self._get_credit_account()
        if not account:
            account = self._ensure_for_partners(self.partner_id, self.sudo().company_id.root_id)  # checked just now
        account = account.sudo(False)
        account.check_access("read")
        if kind == "release" and account.credit_waiting:
            kind = "confirm"
        return {
            "name": name,
            "type": "ir.actions.act_window",
            "res_model": "ar.credit.decide",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_customer_id": account.id, "default_kind": kind},
        }

    # === DECISIONS === #

    def _begin_decision(self):
        """Check who decides, and lock the account; return it in superuser mode, because nobody writes its results."""
        self.ensure_one()
        self._require("credit_manager")
        if not self.holds_credit:
            raise UserError(self.env._("Decide about the account in %s, which holds the credit status.",
                                       self.company_id.sudo().root_id.name))  # fmt: skip
        account = self.sudo().with_context(tracking_disable=True)  # see above
        account._lock_rows()
        return account

    def _check_decision(self, reason, until=None, has_end=True):
        """Check that a decision has a reason, and ends in the future.

        :raise UserError: with what is missing
        """
        try:
            check_reason(reason or "")
            if has_end:
                check_end(until or None, self.company_id._ar_today())
        except CreditRefused as refused:
            raise UserError(self.env._(RULE_REFUSALS[refused.code])) from refused

    def _force_hold(self, until, reason):
        """Put the customer on hold until a day, whatever the rules say.

        :param date until: the last day
        """
        account = self._begin_decision()
        account._check_decision(reason, until)
        account.write({"forced_until": until, "forced_reason": reason, "forced_by_id": self.env.user.id})
        account._log_decision(
            self.env._("Put on hold until %(until)s: %(reason)s", until=format_date(self.env, until), reason=reason)
        )
        account._refresh_status()

    def _end_forced_hold(self, reason):
        """End the hold by a person; what the rules find holds on."""
        account = self._begin_decision()
        account._check_decision(reason, has_end=False)
        if not account.forced_until:
            raise UserError(self.env._("%s is not held by a person.", account.display_name))
        account.write({"forced_until": False, "forced_reason": False, "forced_by_id": False})
        account._log_decision(self.env._("The hold by a person was ended: %s", reason))
        account._refresh_status()
        account._note_released(self.env.user, reason)

    def _release_hold(self, until, reason):
        """Release a hold in spite of its causes: each is excluded until a day, another one holds again.

        :param date until: the last day of the exclusions
        """
        account = self._begin_decision()
        account._check_decision(reason, until)
        found = account._evaluate_now()
        excluded = release(found, reason, until)
        if not excluded:
            raise UserError(self._get_unreleased_text(found))
        for exclusion in excluded:
            account._check_lifted(exclusion.code, exclusion.amount, exclusion.percent)
        exclusions = self.env["ar.credit.exclusion"].sudo()  # the role was checked above
        known = {"company_id": account.company_id.id, "customer_id": account.id, "user_id": self.env.user.id}
        exclusions.create(
            [
                {
                    **known,
                    "code": exclusion.code,
                    "scope": exclusion.scope,
                    "reason": reason,
                    "until": until,
                    "use_amount": exclusion.amount is not None,
                    "amount": exclusion.amount or 0,
                }
                for exclusion in excluded
            ]
        )
        account._refresh_status(confirm=True)
        account._log_decision(
            self.env._("Released until %(until)s: %(reason)s", until=format_date(self.env, until), reason=reason)
        )
        account._note_released(self.env.user, reason)

    def _get_unreleased_text(self, found):
        """Return why nothing can be released, with the way out.

        :param found: what the rules find, see `_evaluate_now`
        """
        if INSOLVENT in found.codes:
            return self.env._("The customer is in insolvency proceedings: the hold ends with them.")
        if FORCED in found.codes:
            return self.env._("The customer is held by a person: end that hold instead.")
        return self.env._("There is no hold to release.")

    def _check_lifted(self, code, amount=None, percent=None):
        """Check that the user may lift a rule for the customer, up to these values. Extension point.

        :raise UserError: with the way out
        """

    def _confirm_release(self, reason):
        """Release a hold whose causes are gone, where the policy wants a person to do it."""
        account = self._begin_decision()
        account._check_decision(reason, has_end=False)
        if account._evaluate_now().status == HOLD or account.credit_status != HOLD:
            account._refresh_status()
            raise UserError(self.env._("The customer is not ready to release any more: see the reasons."))
        account._refresh_status(confirm=True)
        account._log_decision(self.env._("Released: %s", reason))
        account._note_released(self.env.user, reason)

    def _evaluate_now(self):
        """Return the status by the facts of this moment.

        :rtype: core.credit.status.CreditStatus
        """
        today = self.company_id._ar_today()
        standing = self.env["ar.credit.standing"]._read(self, today)[self]
        return evaluate(standing.facts, standing.rules, standing.exclusions, today)

    def _log_decision(self, text):
        """Log on the thread what a person decided."""
        self.message_post(body=text, subtype_xmlid="mail.mt_note")

    def _note_released(self, user, reason):
        """Store who released the hold that has just ended; one that goes on for another cause has not."""
        today = self.company_id._ar_today()
        holds = self.env["ar.credit.hold"].search(
            [("customer_id", "=", self.id), ("until", "=", today), ("released_by_id", "=", False)]
        )
        holds.write({"released_by_id": user.id, "release_reason": reason})
