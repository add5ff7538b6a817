import base64

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....const import ENCLOSURE_KINDS


class ArResponseEnclosure(models.Model):
    """A document that goes with a final demand: our statement, a file that is kept here, or paper added by hand."""

    _name = "ar.response.enclosure"
    _inherit = ["ar.access.mixin", "ar.country.rule.mixin"]
    _needed = "rule_id"  # without the country there is no rule
    _description = "Enclosure of Final Demands"
    _order = "rule_id, sequence, id"
    _logs_changes = True
    _logged_parent = "rule_id"

    _writable = {"credit_manager": ("rule_id", "sequence", "name", "kind", "file", "file_name")}

    rule_id = fields.Many2one("ar.response.rule", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        ENCLOSURE_KINDS, "Comes from", required=True, default="file",
        help="The statement of account is printed. A file is sent with emails and printed with letters. What is added "
             "by hand goes with letters only.",
    )  # fmt: skip
    file = fields.Binary(attachment=True, help="PDF, for instance an official form.")
    file_name = fields.Char()

    @api.constrains("file")
    def _check_file(self):
        """Check that a file is a PDF: it is printed with letters."""
        for enclosure in self:
            if enclosure.file and not base64.b64decode(enclosure.file).startswith(b"%PDF"):
                raise ValidationError(
                    self.env._("“%s” is no PDF file: it could not be printed with letters.", enclosure.name)
                )

    def _is_missing(self, is_letter):
        """Return whether the document is not there.

        :param bool is_letter: the demand is a letter, to which paper can be added
        """
        self.ensure_one()
        return (self.kind == "file" and not self.file) or (self.kind == "hand" and not is_letter)

    def _get_content(self):
        """Return the bytes of the file."""
        self.ensure_one()
        return base64.b64decode(self.with_context(bin_size=False).file)
