from odoo import api, models
from odoo.tools import SQL

from .posted_from import PostedFrom


class ArCreditExposure(models.AbstractModel):
    """Which drafts count where invoices are posted: who comes first is served first.

    Drafts that were entered before the invoices at hand take their room, if the policy counts drafts; later ones do
    not, and neither do those that are held. Otherwise of two drafts that do not fit together neither could be posted,
    and one that waits for a release would hold all that come after it. Each is checked when it is posted itself.
    """

    _inherit = "ar.credit.exposure"

    @api.model
    def _get_counting_drafts(self):
        """Override for invoices that are checked, see `account.move._ar_get_check`."""
        posted = self.env.context.get("ar_posted_from")
        if not isinstance(posted, PostedFrom):
            return super()._get_counting_drafts()
        before = SQL("line.id < %s", posted.first_id) if posted.first_id else SQL("TRUE")
        return SQL("line.ar_held_on IS NULL AND %s", before)
