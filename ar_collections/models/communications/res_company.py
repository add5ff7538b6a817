import re

from odoo import models
from odoo.tools import html2plaintext

from ...formats import get_formats, keep_order


class ResCompany(models.Model):
    """The signature of messages to customers: a contact person's, else the company's."""

    _inherit = "res.company"

    def _ar_get_signature(self, user):
        """Return the parts of a message's signature, without repetitions.

        The e-mail signature that the user wrote is used where the message is sent in the user's name. Name, telephone
        and address are added unless it contains them.

        :param user: the `res.users` who signs; the company does where empty or not a person, see `_ar_is_person`
        :return: {name, own (the user's signature as safe HTML), lines (texts), email}; parts not to be shown are empty
        """
        self.ensure_one()
        key = "signature", self.id, user.id, self.env.lang
        return get_formats(self.env).once(key, lambda: self._ar_make_signature(user))

    def _ar_make_signature(self, user):
        """Return what `_ar_get_signature` does, which asks once for all messages of a batch."""
        user = user.sudo()  # the signature is shown to customers, whatever the user may read
        person = user.partner_id if user._ar_is_person() else self.partner_id
        own = user._ar_get_own_signature() if person == user.partner_id else ""
        signature = html2plaintext(own) if own else ""
        lines = [self.name if person != self.partner_id else "", person.phone or self.phone]
        email = person.email or self.email
        return {
            "name": "" if self._ar_contains(signature, person.name) else person.name,
            "own": own,
            "lines": [keep_order(self.env, line) for line in lines if line and not self._ar_contains(signature, line)],
            "email": "" if self._ar_contains(signature, email) else email,
        }

    def _ar_contains(self, text, part):
        """Return whether a text contains a part, ignoring case, blanks and the punctuation of telephone numbers."""
        text, part = (re.sub(r"[\s()/.-]+", "", value or "").casefold() for value in (text, part))
        return bool(part) and part in text
