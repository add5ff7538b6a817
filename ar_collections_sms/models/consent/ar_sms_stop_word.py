from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.stop import is_stop, normalize

#: More words than this are not looked at.
WORDS_MAX = 1000


class ArSmsStopWord(models.Model):
    """A word by which people end messages."""

    _name = "ar.sms.stop.word"
    _inherit = ["ar.access.mixin"]
    _description = "Stop Word"
    _order = "word"
    _rec_name = "word"
    _logs_changes = True

    _writable = {"manager": ("word", "by_email", "active")}

    word = fields.Char(required=True, help="A reply that is nothing but this word ends messages to who wrote it.")
    by_email = fields.Boolean(
        "Also in Emails",
        default=True,
        help="Whether an email whose first line is this word alone is a request to stop; “Cancel” may mean an order.",
    )
    active = fields.Boolean(default=True)

    _word_once = models.UniqueIndex("(word)", "This stop word is in the list, maybe archived.")

    @api.constrains("word")
    def _check_word(self):
        for row in self:
            if not normalize(row.word):
                raise ValidationError(self.env._("Enter a word of letters or digits."))

    @api.model
    def _is_stop(self, text, by_email=False):
        """Return whether a message is nothing but a request to stop, see `core.stop.is_stop`.

        :param bool by_email: the message is an email
        """
        domain = [("by_email", "=", True)] if by_email else []
        words = self.sudo().search(domain, limit=WORDS_MAX)  # sudo: incoming messages are read without any role
        return is_stop(text, {normalize(row.word) for row in words})
