from odoo import fields, models

from ....const import DEBTOR_KINDS


class ArCustomer(models.Model):
    """What courts and the rules of final demands ask about a debtor."""

    _inherit = "ar.customer"

    _writable = {"collector": ("debtor_kind", "legal_form", "legal_representative", "legal_by_email")}

    debtor_kind = fields.Selection(
        DEBTOR_KINDS, "Kind of Debtor", help="Empty: as the contact says. Sole traders count as persons."
    )
    legal_form = fields.Char(help="For instance GmbH, Ltd or sole trader; courts ask for it.")
    legal_representative = fields.Char(
        "Represented by", help="Function and name of who represents the company in court, for instance a director."
    )
    legal_by_email = fields.Boolean(
        "Demands by Email", help="Whether the customer asked to receive final demands by email instead of by post."
    )

    def _get_debtor_kind(self):
        """Return the kind of debtor, one of ``const.DEBTOR_KINDS``."""
        self.ensure_one()
        return self.debtor_kind or ("company" if self.partner_id.is_company else "person")
