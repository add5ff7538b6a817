from odoo import api, fields, models
from odoo.exceptions import UserError

from ....formats import format_date


class ArCommunication(models.Model):
    """Final demands: until when they may be answered, what is enclosed, and what happens next."""

    _inherit = "ar.communication"

    is_final_demand = fields.Boolean("Final Demand", readonly=True, index="btree_not_null")
    response_rule_id = fields.Many2one("ar.response.rule", "Rule of Final Demands", readonly=True, ondelete="set null")
    demand_hint = fields.Char(
        "Missing Enclosures", compute="_compute_demand_hint", help="What has to be added before the demand is sent."
    )

    @api.depends("state", "channel", "response_rule_id")
    @api.depends_context("lang")
    def _compute_demand_hint(self):
        for message in self:
            waits = message.is_final_demand and message.state in ("planned", "review")
            missing = message._find_missing_enclosures() if waits else []
            message.demand_hint = self.env._("Enclosures are missing: %s", ", ".join(missing)) if missing else False

    def _compute_letter_hint(self):
        """Override to name the missing enclosures of final demands."""
        result = super()._compute_letter_hint()
        for letter in self.filtered("demand_hint"):
            letter.letter_hint = letter.letter_hint or letter.demand_hint
        return result

    def _is_without_text(self):
        """Override: a final demand has a text of its own."""
        return not self.is_final_demand and super()._is_without_text()

    # === ENCLOSURES === #

    def _find_missing_enclosures(self):
        """Return the names of the enclosures that are not there, in the user's language."""
        self.ensure_one()
        is_letter = self._get_channel()._is_printable
        enclosures = self.response_rule_id.sudo().enclosure_ids  # they count whoever sends it
        missing = enclosures.filtered(lambda enclosure: enclosure._is_missing(is_letter))
        return missing.with_context(lang=self.env.lang).mapped("name")

    def _check_enclosures(self):
        """Check that nothing is left out of final demands.

        :raise UserError: with what is missing, and where to add it
        """
        for message in self.filtered("is_final_demand"):
            missing = message._find_missing_enclosures()
            if missing:
                raise UserError(
                    self.env._(
                        "The final demand to %(customer)s lacks enclosures: %(names)s. Add the files under "
                        "Configuration > Collections > Final Demands, “%(rule)s”.",
                        customer=message.customer_id.display_name,
                        names=", ".join(missing),
                        # sudo: the name alone, so that who sends the demand can ask for the files.
                        rule=message.response_rule_id.sudo().display_name,
                    )
                )

    def action_approve(self):
        """Override to refuse final demands without their enclosures."""
        self._require("manager")
        self.filtered(lambda message: message.state == "review")._check_enclosures()
        return super().action_approve()

    def _check_letter_texts(self):
        """Override to refuse final demands without their enclosures."""
        result = super()._check_letter_texts()
        self._check_enclosures()
        return result

    def _is_day_kept(self):
        """Override: the time to answer a final demand counts from the day on which it leaves."""
        return not self.is_final_demand and super()._is_day_kept()

    def _get_renewed_deadline(self, today):
        """Override: a final demand keeps the number of days, by whatever rule it got them."""
        if not self.is_final_demand or not self.deadline:
            return super()._get_renewed_deadline(today)
        return self._get_workday(today + (self.deadline - self.date))

    # === TEXT === #

    def _get_message_values(self):
        """Override to add ``demand``, empty for other messages: see `_get_demand_values`."""
        return {**super()._get_message_values(), "demand": self._get_demand_values() if self.is_final_demand else {}}

    def _may_link_promise(self, items):
        """Override: a final demand sets the last day itself, and says how to answer it."""
        return not self.is_final_demand and super()._may_link_promise(items)

    def _may_link_dispute(self, items):
        """Override, see `_may_link_promise`."""
        return not self.is_final_demand and super()._may_link_dispute(items)

    def _get_demand_values(self):
        """Return {deadline, enclosures: names, reply_days, claim_notice_days} in the customer's language."""
        rule = self.response_rule_id.sudo().with_context(lang=self.lang)  # for the message, whatever the user may read
        return {
            "deadline": format_date(self.env, self.deadline, lang_code=self.lang, date_format="long"),
            "enclosures": rule.enclosure_ids.mapped("name"),
            "reply_days": rule.reply_days,
            "claim_notice_days": rule.claim_notice_days,
        }
