from odoo import api, fields, models

from ...core.evidence import ANSWERABLE


class ArStripeDispute(models.Model):
    """The evidence of a chargeback: one collection, submitted once; again where Stripe asks for an answer again."""

    _inherit = "ar.stripe.dispute"

    evidence_ids = fields.One2many("ar.stripe.evidence", "stripe_dispute_id", readonly=True)
    submissions = fields.Integer(readonly=True, help="How often evidence was submitted, here or at Stripe.")
    can_answer = fields.Boolean(compute="_compute_can_answer")

    @api.depends("status", "due_by")
    def _compute_can_answer(self):
        """Compute whether Stripe takes evidence, for the button; Stripe is asked again before anything is sent."""
        for dispute in self:
            dispute.can_answer = (
                dispute.status in ANSWERABLE and bool(dispute.due_by) and dispute.due_by > fields.Datetime.now()
            )

    @api.model
    def _prepare_vals(self, transaction, data):
        """Override to add how often evidence was submitted."""
        details = data.get("evidence_details") or {}
        return {**super()._prepare_vals(transaction, data), "submissions": details.get("submission_count") or 0}

    @api.model
    def _update_from_stripe(self, transaction, data):
        """Override to note that evidence was submitted at Stripe itself, or is asked for again."""
        mine = [("provider_id", "=", transaction.provider_id.id), ("reference", "=", data["id"])]
        former = self.search(mine).status
        dispute = super()._update_from_stripe(transaction, data)
        submitted = dispute.evidence_ids.filtered(lambda evidence: evidence.state == "submitted")
        if dispute.status in ANSWERABLE:
            submitted.state = "draft"  # an inquiry became a dispute, or an appeal is possible
            if former and former not in ANSWERABLE:
                dispute.dispute_ids._ask_for_evidence()
        elif dispute.submissions:
            (dispute.evidence_ids - submitted).state = "submitted"
        return dispute

    def action_open_evidence(self):
        """Open the evidence; the first time it is gathered from what Odoo knows."""
        self.ensure_one()
        self._require_responsible()
        # sudo: as checked; a role may only write the lines.
        chargeback = self.sudo()
        evidence = chargeback.evidence_ids
        if not evidence:
            evidence = evidence.create({"stripe_dispute_id": self.id})
            evidence._gather()
        return {
            "name": self.env._("Evidence"),
            "type": "ir.actions.act_window",
            "res_model": "ar.stripe.evidence",
            "res_id": evidence.id,
            "views": [(False, "form")],
        }

    def _require_responsible(self):
        """Check that the user is a collections manager, or owns a dispute of the chargeback.

        :raise UserError: for others, with whom to ask
        """
        self.check_access("read")
        if self.env.user not in self.dispute_ids.user_id:
            self._require("manager")
