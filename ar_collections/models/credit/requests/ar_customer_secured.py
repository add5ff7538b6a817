from odoo import fields, models
from odoo.exceptions import UserError

from ....core.credit.limit import AMOUNT, Limit
from ....core.money import ZERO
from ..ar_customer_insurance import GUARANTEE_FIELDS, INSURANCE_FIELDS
from ..ar_customer_limit import GROUP_AUDITOR


class ArCustomerSecured(models.Model):
    """What secures a customer lets it owe more: above what one person may approve, another person confirms it.

    Until then nothing of it is deducted from the exposure.
    """

    _inherit = "ar.customer"

    secured_by_id = fields.Many2one(
        "res.users", "Security Entered by", readonly=True, copy=False, groups=GROUP_AUDITOR, tracking=True,
        help="Who entered guarantee or insurance last; empty once another person confirmed it.",
    )  # fmt: skip
    is_security_waiting = fields.Boolean(
        "Security to Confirm", readonly=True, copy=False, groups=GROUP_AUDITOR, tracking=True,
        help="Whether guarantee and insurance count only once another credit manager confirms them.",
    )  # fmt: skip

    def _get_securities(self, gaps=()):
        """Override: what waits for its confirmation secures nothing."""
        return () if self.is_security_waiting else super()._get_securities(gaps)

    def _get_entered_by_kind(self):
        """Return what was entered, confirmed or not: {kind: core.credit.exposure.Security}."""
        return {security.kind: security for security in self._get_entered_securities()}

    def _get_secured_amount(self):
        """Return how much more than its limit the customer may owe by what was entered."""
        return sum(
            (one.cover(one.amount, self.company_id._ar_today()) for one in self._get_entered_by_kind().values()),
            ZERO,
        )

    def _get_secured_alone(self):
        """Return how much of that the user entered, and nobody else confirmed."""
        return self._get_secured_amount() if self.secured_by_id == self.env.user else ZERO

    # === ENTRY === #

    def write(self, vals):
        """Override to note who enters more security, and whether it has to be confirmed."""
        if self.env.su or vals.keys().isdisjoint((*GUARANTEE_FIELDS, *INSURANCE_FIELDS)):
            return super().write(vals)
        accounts = self.filtered(lambda _customer: self._has_role("auditor"))  # others may write nothing of it
        before = {account: account._get_entered_by_kind() for account in accounts}
        result = super().write(vals)
        for account, entered in before.items():
            account._note_secured(entered)
        return result

    def _note_secured(self, before):
        """Note who entered more security, and whether it counts at once.

        :param dict before: see `_get_entered_by_kind`
        """
        now = self._get_entered_by_kind()
        if any(_is_more(security, before.get(kind)) for kind, security in now.items()):
            limit = self._get_credit_limit()
            is_alone = limit.ceiling is None or self._may_alone(
                Limit(AMOUNT, limit.ceiling + self._get_secured_amount())
            )
            self._set_secured(self.env.user, self.is_security_waiting or not is_alone)
        elif not now:
            self._set_secured(self.env["res.users"], False)

    def _set_secured(self, user, is_waiting):
        """Store who entered the security alone, and whether it waits; the exposure follows."""
        account = self.sudo()._with_trace()  # nobody writes what follows from their entries
        if (account.secured_by_id, account.is_security_waiting) != (user, is_waiting):
            account.write({"secured_by_id": user.id, "is_security_waiting": is_waiting})
            account.filtered("holds_credit").with_context(tracking_disable=True)._refresh_exposure()

    def action_confirm_security(self):
        """Confirm guarantee and insurance that another person entered: from now on they count.

        :raise UserError: for who entered them, or may not approve as much
        """
        self.ensure_one()
        self._require("credit_manager")
        self.sudo()._lock_account()  # of two who decide at the same time, the second reads what the first did
        if not self.is_security_waiting:
            raise UserError(self.env._("Guarantee and insurance of %s are confirmed already.", self.display_name))
        if self.secured_by_id == self.env.user:
            raise UserError(
                self.env._("You entered guarantee or insurance yourself: another credit manager has to confirm them.")
            )
        limit = self._get_credit_limit()
        if limit.ceiling is not None:
            allowed = Limit(AMOUNT, limit.ceiling + self._get_secured_amount())
            if not self._has_authority(allowed):
                self._check_alone(allowed, self.env._("ask a credit manager who may approve as much"))
        self._set_secured(self.env["res.users"], False)
        return True

    # === MERGE === #

    def _get_merged_vals(self, others):
        """Override: what waits for its confirmation on one account waits on the one that is kept."""
        values = super()._get_merged_vals(others)
        if waiting := (self | others).filtered("is_security_waiting")[:1]:
            values |= {"is_security_waiting": True, "secured_by_id": waiting.secured_by_id.id}
        return values

    def _get_copied_vals(self, source):
        """Override: what secures another account is not copied, see `ar_customer_insurance.py`."""
        alone = ("is_security_waiting", "secured_by_id")
        return {name: value for name, value in super()._get_copied_vals(source).items() if name not in alone}


def _is_more(now, before):
    """Return whether a security pays more than before, or for longer."""
    if before is None or now.amount * now.percent > before.amount * before.percent:
        return True
    return before.until is not None and (now.until is None or now.until > before.until)
