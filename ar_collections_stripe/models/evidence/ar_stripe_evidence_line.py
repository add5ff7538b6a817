import base64
import io

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.pdf import PdfFileReader

from ...core.evidence import FILE_FIELDS, FIXED, kind_of

FIELDS = [
    ("customer_name", "Name of the customer"),
    ("customer_email_address", "Email of the customer"),
    ("billing_address", "Billing address"),
    ("customer_purchase_ip", "IP address of the customer"),
    ("product_description", "What was sold"),
    ("receipt", "Invoices and receipt"),
    ("customer_communication", "Communication with the customer"),
    ("customer_signature", "Signature or consent of the customer"),
    ("service_date", "Date of the service"),
    ("service_documentation", "Proof of the service"),
    ("shipping_documentation", "Proof of delivery"),
    ("shipping_date", "Date of shipping"),
    ("shipping_address", "Shipping address"),
    ("shipping_carrier", "Carrier"),
    ("shipping_tracking_number", "Tracking number"),
    ("access_activity_log", "What the customer opened, and when"),
    ("refund_policy", "Refund policy (file)"),
    ("refund_policy_disclosure", "Refund policy, and how it was shown"),
    ("refund_refusal_explanation", "Why no refund is due"),
    ("cancellation_policy", "Cancellation policy (file)"),
    ("cancellation_policy_disclosure", "Cancellation policy, and how it was shown"),
    ("cancellation_rebuttal", "Why it was not canceled"),
    ("duplicate_charge_id", "The other payment"),
    ("duplicate_charge_explanation", "Why they are two payments"),
    ("duplicate_charge_documentation", "Invoices of both payments"),
    ("uncategorized_text", "Further explanation"),
    ("uncategorized_file", "Further file"),
]


class ArStripeEvidenceLine(models.Model):
    """One of Stripe's fields of evidence: a text or a file."""

    _name = "ar.stripe.evidence.line"
    _inherit = ["ar.access.mixin"]
    _description = "Part of the Evidence"
    _order = "sequence, id"
    _rec_name = "field"
    _writable = {"collector": ("evidence_id", "field", "text", "file", "file_name")}

    evidence_id = fields.Many2one("ar.stripe.evidence", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="evidence_id.company_id", store=True, index=True)
    sequence = fields.Integer(compute="_compute_sequence", store=True)
    field = fields.Selection(FIELDS, "Kind of Evidence", required=True)
    is_file = fields.Boolean(compute="_compute_is_file")
    text = fields.Text()
    file = fields.Binary(attachment=True)
    file_name = fields.Char()
    size = fields.Integer("Bytes", compute="_compute_file_facts", store=True)
    pages = fields.Integer(compute="_compute_file_facts", store=True)
    is_given = fields.Boolean(compute="_compute_is_given")
    is_fixed = fields.Boolean(readonly=True, help="From our records: a name, an address, an amount.")
    is_edited = fields.Boolean(readonly=True, help="Written or attached by a person: gathering leaves it as it is.")
    stripe_file = fields.Char("File at Stripe", readonly=True, copy=False)
    summary = fields.Char("Content", compute="_compute_summary")

    _field_once = models.Constraint(
        "UNIQUE (evidence_id, field)", "Stripe takes one value for each kind of evidence: put both in one text or file."
    )

    @api.depends("field")
    def _compute_sequence(self):
        order = [name for name, _label in FIELDS]
        for line in self:
            line.sequence = order.index(line.field) if line.field else len(order)

    @api.depends("field")
    def _compute_is_file(self):
        for line in self:
            line.is_file = line.field in FILE_FIELDS

    @api.depends("file")
    def _compute_file_facts(self):
        """Compute size and pages; an image is one page, and what cannot be read counts as one."""
        for line in self.with_context(bin_size=False):
            content = line._get_content()
            line.size = len(content)
            line.pages = (self._count_pages(content) if kind_of(content) == "pdf" else 1) if content else 0

    @api.depends("text", "size", "is_file")
    def _compute_is_given(self):
        for line in self:
            line.is_given = bool(line.size) if line.is_file else bool((line.text or "").strip())

    @api.depends("text", "file_name", "size", "is_file")
    def _compute_summary(self):
        for line in self:
            if line.is_file:
                line.summary = line.size and f"{line.file_name or line.field} ({line.size / 1000:.0f} kB)"
            else:
                line.summary = " ".join((line.text or "").split())[:200]

    def _get_content(self):
        """Return the bytes of the file."""
        return base64.b64decode(self.with_context(bin_size=False).file or b"")

    @api.model
    def _count_pages(self, content):
        """Return the number of pages of a PDF; 1 where it cannot be read, and Stripe says why."""
        try:
            return len(PdfFileReader(io.BytesIO(content), strict=False).pages)
        except Exception:  # a damaged or encrypted file
            return 1

    # === WHAT PEOPLE WRITE === #

    @api.constrains("file", "field")
    def _check_file(self):
        """Check that Stripe takes the file, by its content: a name says nothing.

        :raise ValidationError: with the kinds that it takes
        """
        for line in self:
            content = line._get_content()
            if content and not line.is_file:
                raise ValidationError(self.env._("This kind of evidence is a text. Attach the file as another kind."))
            if content and not kind_of(content):
                raise ValidationError(
                    self.env._(
                        "Stripe takes PDF, JPG and PNG files, and “%(name)s” is none.",
                        name=line.file_name or line.field,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Override: what a person adds is theirs."""
        lines = super().create(vals_list)
        if not self.env.su:
            lines.evidence_id._require_editable()
            lines._require_free()
            lines.sudo().is_edited = True  # it says who wrote, and is not writable
        return lines

    def write(self, vals):
        """Override: what comes from our records cannot be changed by hand, and nothing after it was submitted.

        A line stays in its evidence: another one may be submitted already.
        """
        if self.env.su:
            return super().write(vals)
        self.check_access("write")
        self.evidence_id._require_editable()
        if "evidence_id" in vals and self.filtered(lambda line: line.evidence_id.id != vals["evidence_id"]):
            raise UserError(self.env._("Evidence cannot be moved to another chargeback: add it there."))
        self._require_free()
        result = super().write(vals)
        self._require_free()
        self.sudo().write({"is_edited": True, "stripe_file": False})  # as in `create`
        return result

    def _require_free(self):
        """Check that the lines are of a kind that people write.

        :raise UserError: for what comes from our records
        """
        if self.filtered(lambda line: line.is_fixed or line.field in FIXED):
            raise UserError(
                self.env._(
                    "Names, addresses and payments come from the records of Odoo: correct them there, and press "
                    "Gather Again."
                )  # fmt: skip
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_before_submission(self):
        """Refuse to remove what was submitted."""
        self.evidence_id._require_editable()
