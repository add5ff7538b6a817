from odoo import api, fields, models, tools

from ....const import DEBTOR_KINDS


class ArResponseRule(models.Model):
    """How long a debtor may answer the final demand, and what has to be enclosed: law as data, by country and kind.

    The rule of the country and kind of the debtor counts; then that of the country, then that of the kind. Without any
    the credit policy says how long.
    """

    _name = "ar.response.rule"
    _inherit = ["ar.access.mixin", "ar.country.rule.mixin"]
    _description = "Rule of Final Demands"
    _order = "country_id, kind, id"
    _logs_changes = True

    _writable = {
        "credit_manager": (
            "active", "country_id", "kind", "days", "reply_days", "claim_notice_days", "is_by_post", "enclosure_ids",
            "source", "note",
        ),
    }  # fmt: skip

    active = fields.Boolean(default=True)
    country_id = fields.Many2one("res.country", index=True, ondelete="cascade", help="Empty: all other countries.")
    kind = fields.Selection(DEBTOR_KINDS, "Debtor", help="Empty: companies and persons.")
    days = fields.Integer(
        "Days to Answer", required=True, default=14, help="Number of days to pay or answer, from the day of the letter."
    )
    reply_days = fields.Integer(
        "Days after an Answer", help="Number of days from an answer in time during which no legal step is taken."
    )
    claim_notice_days = fields.Integer(
        "Notice of a Claim (days)", help="Number of days before a claim on which the debtor is told of it once more."
    )
    is_by_post = fields.Boolean(
        "By Post",
        help="Whether the demand is a letter also where the step is an email, unless the debtor asked for it.",
    )
    enclosure_ids = fields.One2many("ar.response.enclosure", "rule_id", "Enclosures", copy=True)
    source = fields.Text(help="Where the rule is from; have it checked by a lawyer.")
    note = fields.Text(help="What else to observe.")

    _rule_once = models.UniqueIndex(
        "(COALESCE(country_id, 0), COALESCE(kind, '')) WHERE active",
        "There is a rule for this country and kind of debtor already.",
    )
    _days_sensible = models.Constraint(
        "CHECK (days > 0 AND reply_days >= 0 AND claim_notice_days >= 0)",
        "The days to answer must be positive, the others cannot be negative.",
    )

    @api.depends("country_id", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for rule in self:
            country = rule.country_id.name or self.env._("Other countries")
            rule.display_name = ", ".join(filter(None, (country, kinds.get(rule.kind))))

    # === WHICH RULE === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to forget which rules count."""
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """Override of `base` to forget which rules count."""
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        """Override of `base` to forget which rules count."""
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _choose(self, customer):
        """Return the rule that counts for a customer, in superuser mode; empty without one.

        :param customer: `ar.customer`
        """
        # sudo, here and below: both count whoever sends a message; of the company the country alone is used.
        country = customer.partner_id.country_id or customer.company_id.sudo().country_id
        return self.sudo().browse(self._get_rule_id(country.id or 0, customer._get_debtor_kind()))

    @api.model
    @tools.ormcache("country_id", "kind")
    def _get_rule_id(self, country_id, kind):
        """Return the id of the rule that counts, or None: the most specific one."""
        domain = [("country_id", "in", [country_id, False]), ("kind", "in", [kind, False])]
        found = self.sudo().search(domain)  # as in `_choose`
        best = found.sorted(lambda rule: (bool(rule.country_id), bool(rule.kind)), reverse=True)[:1]
        return best.id or None

    def _is_by_post_for(self, customer):
        """Return whether the demand has to be a letter, whatever channel the step has."""
        return bool(self.is_by_post and not customer.legal_by_email)
