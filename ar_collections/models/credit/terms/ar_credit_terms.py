from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from ....const import TERMS_STATES
from ....formats import format_date


class ArCreditTerms(models.Model):
    """New published terms of a policy: prepared as a draft, announced to the customers concerned, applied on a day.

    Until that day customers read the terms before. What was announced does not change any more.
    """

    _name = "ar.credit.terms"
    _inherit = ["ar.access.mixin"]
    _description = "Announced Terms"
    _order = "policy_id, applies_from desc, id desc"

    _writable = {"manager": ("policy_id", "text", "news", "applies_from")}

    policy_id = fields.Many2one("ar.credit.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    text = fields.Html("Terms", translate=True)
    news = fields.Text(
        "What is New", translate=True, help="In a few words, for customers; it is the main part of the notice."
    )
    applies_from = fields.Date(help="First day on which the new terms are shown and hold.")
    state = fields.Selection(TERMS_STATES, required=True, readonly=True, default="draft")
    notified_on = fields.Datetime("Announced on", readonly=True, copy=False)
    announced_by_id = fields.Many2one("res.users", "Announced by", readonly=True, copy=False)
    applied_on = fields.Date("Applied on", readonly=True, copy=False)
    notice_ids = fields.One2many("ar.credit.terms.notice", "terms_id", "Notices", readonly=True)
    told_count = fields.Integer("Customers Notified", compute="_compute_counts")
    missed_count = fields.Integer("Without Address", compute="_compute_counts")

    @api.depends("policy_id.name", "applies_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for terms in self:
            day = format_date(self.env, terms.applies_from) if terms.applies_from else self.env._("draft")
            terms.display_name = f"{terms.policy_id.name or ''} ({day})"

    @api.depends("notice_ids.is_told")
    def _compute_counts(self):
        rows = self.env["ar.credit.terms.notice"]._read_group(
            [("terms_id", "in", self.ids)], ["terms_id", "is_told"], ["__count"]
        )
        counts = {(terms.id, is_told): number for terms, is_told, number in rows}
        for terms in self:
            terms.told_count = counts.get((terms.id, True), 0)
            terms.missed_count = counts.get((terms.id, False), 0)

    # === WHAT WAS ANNOUNCED STAYS === #

    def write(self, vals):
        """Override of `base` to keep what was announced: customers were told so."""
        if not self.env.su:
            self.check_access("write")
            self._check_draft()
        return super().write(vals)

    def update_field_translations(self, field_name, translations, source_lang=""):
        """Override of `base`, see `write`; parameters as there."""
        self._require("manager")
        self._check_draft()
        return super().update_field_translations(field_name, translations, source_lang)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts(self):
        self._check_draft()

    def _check_draft(self):
        if any(terms.state != "draft" for terms in self):
            raise UserError(
                self.env._("These terms were announced to customers. Prepare new ones, or withdraw them first.")
            )

    # === BUTTONS === #

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_announce(self):
        """Open the dialog that says how many customers are concerned.

        :raise UserError: where something is missing
        """
        self.ensure_one()
        self._require("manager")
        self._check_ready()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Announce Terms"),
            "res_model": "ar.terms.announce",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_terms_id": self.id},
        }

    def _check_ready(self):
        """Check that draft terms can be announced."""
        self._check_draft()
        if is_html_empty(self.text) or not (self.news or "").strip():
            raise UserError(self.env._("Enter the new terms, and in a few words what is new."))
        if not self.applies_from or self.applies_from <= self.company_id._ar_today():
            raise UserError(self.env._("Choose a day after today: customers are told before the terms apply."))
        if not self.company_id.ar_active:
            raise UserError(self.env._("Nothing is sent before collections of the company are activated."))

    def _announce(self):
        """Announce the terms, after the rights were checked; the next run prepares the notices."""
        self.ensure_one()
        self._check_ready()
        values = {"state": "announced", "notified_on": self.env.cr.now(), "announced_by_id": self.env.uid}
        self.sudo().write(values)  # no role writes the state

    def action_withdraw(self):
        """Withdraw announced terms that do not apply yet; notices that wait are not sent."""
        self.ensure_one()
        self._require("manager")
        if self.state != "announced" or self.applied_on or self.applies_from <= self.company_id._ar_today():
            raise UserError(self.env._("Only announced terms that do not apply yet can be withdrawn."))
        self.sudo().state = "withdrawn"  # no role writes the state; the role was checked
