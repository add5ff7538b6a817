import re

from odoo import models
from odoo.tools import html2plaintext


class ResCompany(models.Model):
    """How messages to customers end: with a person to turn to, else with the company."""

    _inherit = "res.company"

    def _ar_get_signature(self, user):
        """Return who signs a message, and with what; nothing is said twice.

        The user's own e-mail signature is taken where the user wrote one and the message goes out in the user's name;
        name, telephone and address stand beside it unless it holds them.

        :param user: `res.users`; none, or one that is no person at work here: the company signs
        :return: {name, own (safe HTML, or empty), lines (texts), email}; what is empty is left out
        """
        self.ensure_one()
        user = user.sudo()  # a signature is written to be read by customers
        person = user.partner_id if user._ar_is_person() else self.partner_id
        own = user._ar_get_own_signature() if person == user.partner_id else ""
        signature = html2plaintext(own) if own else ""
        lines = [self.name if person != self.partner_id else "", person.phone or self.phone]
        email = person.email or self.email
        return {
            "name": "" if self._ar_contains(signature, person.name) else person.name,
            "own": own,
            "lines": [line for line in lines if line and not self._ar_contains(signature, line)],
            "email": "" if self._ar_contains(signature, email) else email,
        }

    def _ar_contains(self, text, part):
        """Tell whether a text holds a part, however blanks and telephone numbers are written."""
        squeezed, part = (re.sub(r"[\s()/.-]+", "", words or "").casefold() for words in (text, part))
        return bool(part) and part in squeezed
