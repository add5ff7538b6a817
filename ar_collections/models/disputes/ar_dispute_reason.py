from odoo import api, fields, models


class ArDisputeReason(models.Model):
    """Reason of a dispute, with its owner, the time for an answer and the manager to escalate to."""

    _name = "ar.dispute.reason"
    _inherit = ["ar.company.mixin", "ar.access.mixin"]
    _description = "Dispute Reason"
    _order = "sequence, id"
    _logs_changes = True

    _writable = {
        "manager": (
            "name", "sequence", "active", "portal", "company_id", "user_id", "manager_id", "sla_days",
        ),
    }  # fmt: skip

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    portal = fields.Boolean("On the portal", default=True, help="Whether customers can choose it on the portal.")
    company_id = fields.Many2one("res.company", index=True, help="If empty, valid for all companies.")
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        domain=lambda self: self._get_reader_domain(),
        help=(
            "User who handles the disputes with this reason. If empty, or without access to the customer's "
            "company, the customer's collector handles them."
        ),
    )
    manager_id = fields.Many2one(
        "res.users",
        "Escalate to",
        domain=lambda self: self._get_reader_domain(),
        help=(
            "User who receives a task when a dispute with this reason is not answered in time. Empty: the "
            "manager of the credit policy."
        ),
    )
    sla_days = fields.Integer("Answer within (working days)", default=5, required=True)

    _sla_not_negative = models.Constraint(
        "CHECK (sla_days >= 0)", "The number of days for an answer cannot be negative."
    )

    @api.model
    def get_import_templates(self):
        """Return the example that the import offers, in the form of `base_import`."""
        template = "/ar_collections/static/csv/dispute_reasons.csv"
        return [{"label": self.env._("Example: dispute reasons"), "template": template}]

    def _get_reader_domain(self):
        """Return the domain of users who may read disputes, for owner and manager."""
        readers = self.env.ref("ar_collections.ar_collections_group_auditor")
        return [("share", "=", False), ("all_group_ids", "in", readers.ids)]

    def _get_for(self, company):
        """Return the reasons of the company and those shared by all companies."""
        return self.search([("company_id", "in", [company.id, False])])
