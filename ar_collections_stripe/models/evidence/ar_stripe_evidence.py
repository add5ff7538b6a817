from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list, formatLang

from ...core.evidence import FILES_MAX, PAGES_MAX, TEXT_MAX, excess, wanted


class ArStripeEvidence(models.Model):
    """The answer to a chargeback: texts and files that fit its reason, staged at Stripe, submitted once by a person."""

    _name = "ar.stripe.evidence"
    _inherit = ["ar.access.mixin"]
    _description = "Evidence in a Chargeback"
    _rec_name = "stripe_dispute_id"
    _writable = {"collector": ("line_ids",)}

    stripe_dispute_id = fields.Many2one(
        "ar.stripe.dispute", "Chargeback", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="stripe_dispute_id.company_id", store=True, index=True)
    reason = fields.Selection(related="stripe_dispute_id.reason")
    status = fields.Selection(related="stripe_dispute_id.status")
    due_by = fields.Datetime(related="stripe_dispute_id.due_by")
    can_answer = fields.Boolean(related="stripe_dispute_id.can_answer")
    outcome = fields.Selection(related="stripe_dispute_id.outcome")
    currency_id = fields.Many2one(related="stripe_dispute_id.currency_id")
    amount = fields.Monetary(related="stripe_dispute_id.amount")
    state = fields.Selection(
        [("draft", "Draft"), ("staged", "Staged at Stripe"), ("submitted", "Submitted")],
        required=True,
        readonly=True,
        default="draft",
    )
    line_ids = fields.One2many("ar.stripe.evidence.line", "evidence_id")
    staged_on = fields.Datetime(readonly=True)
    submitted_on = fields.Datetime(readonly=True)
    submitted_by_id = fields.Many2one("res.users", "Submitted by", readonly=True)
    missing = fields.Text(compute="_compute_missing", help="What fits the reason and is empty.")
    usage = fields.Char("Size", compute="_compute_usage")
    gathering_notes = fields.Text("Could not be Gathered", readonly=True)

    _once = models.UniqueIndex("(stripe_dispute_id)", "This chargeback has its evidence already.")

    @api.depends("reason", "line_ids.field", "line_ids.text", "line_ids.size")
    @api.depends_context("lang")
    def _compute_missing(self):
        labels = dict(self.env["ar.stripe.evidence.line"]._fields["field"]._description_selection(self.env))
        for evidence in self:
            given = set(evidence.line_ids.filtered("is_given").mapped("field"))
            missing = [labels[name] for name in wanted(evidence.reason) if name not in given]
            evidence.missing = format_list(self.env, missing) if missing else False

    @api.depends("line_ids.text", "line_ids.size", "line_ids.pages")
    @api.depends_context("lang")
    def _compute_usage(self):
        for evidence in self:
            lines = evidence.line_ids
            evidence.usage = self.env._(
                "%(texts)s of %(texts_max)s characters, %(files)s of %(files_max)s MB, "
                "%(pages)s of %(pages_max)s pages",
                texts=formatLang(self.env, sum(len(text or "") for text in lines.mapped("text")), digits=0),
                texts_max=formatLang(self.env, TEXT_MAX, digits=0),
                files=formatLang(self.env, sum(lines.mapped("size")) / 1_000_000, digits=1),
                files_max=formatLang(self.env, FILES_MAX / 1_000_000, digits=1),
                pages=sum(lines.mapped("pages")),
                pages_max=PAGES_MAX,
            )

    # === CHECKS === #

    def _check_size(self):
        """Check Stripe's limits before anything is sent.

        :raise UserError: with what is too much, and what to do
        """
        lines = self.line_ids
        found = excess([text or "" for text in lines.mapped("text")], lines.mapped("size"), lines.mapped("pages"))
        if not found:
            return
        texts = {
            "texts": self.env._("%(number)s characters, %(most)s at most: shorten the texts."),
            "files": self.env._("%(number)s bytes of files, %(most)s at most: attach smaller files."),
            "pages": self.env._("%(number)s pages, %(most)s at most: leave out pages that prove nothing."),
        }
        reasons = []
        for limit, (number, most) in found.items():
            template = texts[limit]
            reasons.append(template % {"number": number, "most": most})
        text = "\n".join(reasons)
        raise UserError(
            self.env._(
                "Stripe does not take so much. Nothing was sent, and all is kept here:\n%(reasons)s", reasons=text
            )  # fmt: skip
        )

    def _require_editable(self):
        """Check that the evidence can still be changed.

        :raise UserError: after it was submitted
        """
        if self.filtered(lambda evidence: evidence.state == "submitted"):
            raise UserError(self.env._("The evidence was submitted, and cannot be changed any more."))

    # === BUTTONS === #

    def action_gather(self):
        """Gather anew what Odoo knows; what a person has written or attached stays."""
        self.ensure_one()
        self.stripe_dispute_id._require_responsible()
        self._require_editable()
        self.sudo()._gather()  # as checked
        return True

    def action_stage(self):
        """Store the evidence at Stripe without submitting it: Stripe shows it, and it can be changed."""
        self.ensure_one()
        self.stripe_dispute_id._require_responsible()
        return self.sudo()._send(False)  # as checked

    def action_submit(self):
        """Submit the evidence to the bank: once, by a person."""
        self.ensure_one()
        self.stripe_dispute_id._require_responsible()
        return self.sudo().with_context(lang=self.env.user.lang)._send(True)  # as checked

    def action_open_chargeback(self):
        """Open the chargeback."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ar.stripe.dispute",
            "res_id": self.stripe_dispute_id.id,
            "views": [(False, "form")],
        }
