from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ArReminderStep(models.Model):
    """A step may be the final demand: its time to answer depends on the kind of debtor, see `ar.response.rule`."""

    _inherit = "ar.reminder.step"

    _writable = {"manager": ("is_final_demand",)}

    is_final_demand = fields.Boolean(
        "Final Demand",
        help=(
            "Whether it is the last demand before an agency or a court. The time to answer and the enclosures "
            "follow from the rules of final demands, by country and kind of debtor. Example: the last step at "
            "30 days, before the debt is placed."
        ),
    )

    @api.constrains("is_final_demand", "tone", "channel", "days")
    def _check_final_demand(self):
        """Check that a final demand is a formal written message about overdue items."""
        for step in self.filtered("is_final_demand"):
            if step.tone != "formal" or step.days <= 0 or self.env["ar.channel"]._get(step.channel)._is_spoken:
                raise ValidationError(
                    self.env._(
                        "“%s” is the final demand: choose the formal tone, a written channel and a day after the due "
                        "date.",
                        step.name,
                    )
                )
