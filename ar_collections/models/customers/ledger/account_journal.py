from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AccountJournal(models.Model):
    """Which journals hold losses: what settles a debt from one of them is no payment, in no figure."""

    _inherit = "account.journal"

    ar_is_write_off = fields.Boolean(
        "Write-Offs",
        copy=False,
        help="Whether the entries of this journal are losses: what they settle was not paid by the customer.",
    )

    @api.constrains("ar_is_write_off", "type")
    def _check_ar_is_write_off(self):
        """Check that no journal that receives money is one of write-offs: its payments would be none."""
        for journal in self:
            if journal.ar_is_write_off and journal.type != "general":
                raise ValidationError(
                    self.env._(
                        "%(journal)s cannot hold write-offs: choose a journal of the type “Miscellaneous”.",
                        journal=journal.display_name,
                    )
                )

    @api.model
    def _ar_get_loss_ids(self):
        """Return the ids of all journals of write-offs, archived ones included. This is the only place that decides it.

        Queries use ids, because the planner of the database knows how many entries each journal has.
        """
        # Users of reports need no access to journals; only the ids are used.
        journals = self.sudo().with_context(active_test=False)
        return journals.search([("ar_is_write_off", "=", True)], order="id").ids
