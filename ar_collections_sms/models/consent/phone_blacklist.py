from odoo import models


class PhoneBlacklist(models.Model):
    """Blocked numbers are found among many, however they are written."""

    _inherit = "phone.blacklist"

    # As `ar.facts._read_blocked_numbers` compares them: Odoo stores what was typed where it cannot check numbers.
    _ar_digits_idx = models.Index("(regexp_replace(number, '[^+0-9]', '', 'g')) WHERE active")
