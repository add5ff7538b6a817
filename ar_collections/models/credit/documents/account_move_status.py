from odoo import models

from ....core.credit.effect import BLOCK, NOTHING, RELEASED
from ....core.credit.rules import GOOD, OVER_GROUP_LIMIT, OVER_LIMIT


class AccountMoveStatus(models.Model):
    """Draft invoices say in one line whether they can be posted, why not, and whom to ask."""

    _inherit = "account.move"

    def _get_credit_state(self):
        """Override to say what posting the invoice at this moment would lead to."""
        text, is_warning, _is_blocked = super()._get_credit_state()
        found = self._ar_check_documents(lock=False).get(self.id)
        if found is None or found.status.status == GOOD:
            return text, is_warning, False
        parts = [self._ar_get_effect_text(found), *self._ar_get_further_reasons(found, text), text or ""]
        parts.append(self._ar_get_way_out(found))
        return " ".join(filter(None, parts)), found.exemption != RELEASED, found.effect == BLOCK

    def _get_exposure_with(self, account):
        """Override to count the drafts that count where the invoice is posted."""
        # sudo: the account comes in superuser mode, see `_get_credit_text`; what changes is the context of the check.
        before = account.with_env(self._ar_get_check().sudo().env)
        total = before._calculate_exposure(account.company_id._ar_today())[before].total
        return total + (self._get_draft_total() if self.currency_id._ar_has_rate(account.company_id) else 0)

    def _ar_get_further_reasons(self, found, text):
        """Return the reasons that the sentence about the limit does not say already."""
        if found.effect == NOTHING:
            return []
        said = (OVER_LIMIT, OVER_GROUP_LIMIT) if text else ()
        reasons = [reason for reason in self._ar_get_told_reasons(found) if reason.code not in said]
        return self._ar_describe_reasons(reasons)
