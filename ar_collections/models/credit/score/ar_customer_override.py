from odoo import api, fields, models

from ....const import RISK_CLASSES
from ....core.credit.score import ClassOverride, check_override, is_worse
from ....formats import format_date
from ..ar_customer_limit import GROUP_AUDITOR

OVERRIDE_FIELDS = ("risk_override", "risk_override_reason", "risk_override_until", "risk_override_by_id")

NO_OVERRIDE = dict.fromkeys(OVERRIDE_FIELDS, False)


class ArCustomerOverride(models.Model):
    """A risk class that a credit manager set, with a reason, until a day; it ends by itself."""

    _inherit = "ar.customer"

    risk_override = fields.Selection(
        RISK_CLASSES, "Class Set Manually", readonly=True, copy=False, tracking=True, groups=GROUP_AUDITOR
    )
    risk_override_reason = fields.Text(
        "Reason of the Class", readonly=True, copy=False, tracking=True, groups=GROUP_AUDITOR
    )
    risk_override_until = fields.Date(
        "Class until", readonly=True, copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="Last day on which the class set manually holds.",
    )  # fmt: skip
    risk_override_by_id = fields.Many2one(
        "res.users", "Class Set by", readonly=True, copy=False, groups=GROUP_AUDITOR, ondelete="restrict"
    )

    def _get_class_override(self):
        """Return the class that a person set, ``None`` where nobody did.

        :rtype: core.credit.score.ClassOverride
        """
        self.ensure_one()
        if not self.risk_override:
            return None
        return ClassOverride(self.risk_override, self.risk_override_reason or "", self.risk_override_until)

    # === BUTTONS === #

    def action_override_class(self):
        """Open the dialog to set another class."""
        self.ensure_one()
        return {
            "name": self.env._("Set Risk Class"),
            "type": "ir.actions.act_window",
            "res_model": "ar.class.override",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_customer_id": self._get_rated_account().id},
        }

    def action_end_override(self):
        """End the class that was set manually: that of the score holds again."""
        for customer in self:
            account = customer._get_rated_account()
            if account.risk_override:
                account._end_override(self.env._("%(user)s ended it.", user=self.env.user.name))

    def _get_rated_account(self):
        """Return the account that holds the class, in superuser mode; made where the root company has none yet.

        :raise UserError: without the role of a credit manager
        :raise AccessError: for who may not read the account of the root company
        """
        self.ensure_one()
        self._require("credit_manager")
        account = self._get_credit_account()
        if not account:
            account = self.sudo()._ensure_for_partners(self.partner_id, self.sudo().company_id.root_id)  # checked above
        account.sudo(False)._require("credit_manager")
        return account

    def _override_class(self, risk_class, reason, until):
        """Set another class until a day.

        Called in superuser mode by code that checked the role; the user is noted.

        :raise UserError: without class, reason or last day, or with one that has passed
        """
        self.ensure_one()
        today = self.company_id._ar_today()
        with self._explain_refusal():
            check_override(risk_class, reason or "", until or None, today)
        self._lock_account()
        self._with_trace().write(
            {
                "risk_override": risk_class,
                "risk_override_reason": reason,
                "risk_override_until": until,
                "risk_override_by_id": self.env.user.id,
            }
        )
        self._refresh_scores(today)

    def _end_override(self, text):
        """End the class that was set, with a note why.

        :param str text: a sentence
        """
        self.ensure_one()
        values = {"risk_class": self.risk_override, "until": format_date(self.env, self.risk_override_until)}
        self.with_context(tracking_disable=True).write(NO_OVERRIDE)
        self._refresh_scores(self.company_id._ar_today())
        self.message_post(
            body=self.env._(
                "Risk class %(risk_class)s, set until %(until)s, has ended. %(text)s The class is %(own)s now.",
                **values,
                text=text,
                own=self.risk_class or "",
            ),
            subtype_xmlid="mail.mt_note",
        )

    @api.model
    def _end_overrides(self, accounts, today):
        """End the classes whose last day has passed."""
        for account in accounts.filtered(lambda one: one.risk_override and one.risk_override_until < today):
            account._end_override(self.env._("Its last day has passed."))

    # === MERGE === #

    def _get_merged_vals(self, others):
        """Override to keep the worst of the classes that were set and still hold."""
        values = super()._get_merged_vals(others)
        today = self.company_id._ar_today()
        kept = None
        for account in (self | others).filtered(lambda one: one.risk_override and one.risk_override_until >= today):
            if kept is None or is_worse(account.risk_override, kept.risk_override):
                kept = account
        if kept not in (None, self):
            values |= {name: kept[name] for name in OVERRIDE_FIELDS}
        return values
