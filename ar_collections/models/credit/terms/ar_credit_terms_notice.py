from odoo import api, fields, models

from ....formats import format_date


class ArCreditTermsNotice(models.Model):
    """That a customer is told about new terms: once for each version."""

    _name = "ar.credit.terms.notice"
    _inherit = ["ar.access.mixin", "ar.notice.mixin"]
    _description = "Notice about Terms"
    _order = "id"

    terms_id = fields.Many2one("ar.credit.terms", required=True, readonly=True, ondelete="cascade")
    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="terms_id.company_id", store=True, index=True)
    name = fields.Char(compute="_compute_name")
    is_told = fields.Boolean("Notified", readonly=True, help="Whether the customer has an address that works.")

    _once = models.UniqueIndex("(terms_id, customer_id)", "This customer was notified of these terms already.")

    @api.depends("terms_id.applies_from")
    @api.depends_context("lang")
    def _compute_name(self):
        """Compute the name, which customers read: without that of the policy."""
        for notice in self:
            day = format_date(self.env, notice.terms_id.applies_from)
            notice.name = self.env._("New terms from %(day)s", day=day)

    def _search_display_name(self, operator, value):
        """Override of `base` to find notices by the customer: their name is not stored."""
        return [("customer_id.display_name", operator, value)]

    def _is_notice_valid(self, notice):
        """Override to drop notices about terms that were withdrawn."""
        return self.terms_id.state in ("announced", "applied")

    def _get_notice_html(self, communication):
        """Override to render what is new, from when, and the terms, in the language of the communication."""
        lang = communication.lang
        terms = self.terms_id.with_context(lang=lang)
        values = {
            "terms": terms,
            "day": format_date(self.env, terms.applies_from, lang_code=lang, date_format="long"),
        }
        qweb = self.env["ir.qweb"].with_context(lang=lang)
        return qweb._render("ar_collections.credit_terms_notice", values, minimal_qcontext=True, lang=lang)
