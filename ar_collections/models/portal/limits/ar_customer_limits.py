from odoo import models
from odoo.exceptions import UserError
from odoo.tools import hmac

from ....core.portal import limits
from ....messages import LIMIT_TEXTS


class LimitReached(UserError):
    """More was started on the customer page than the policy allows for a day; the message says whom to contact."""


class ArCustomerLimits(models.Model):
    """Limits on what visitors of the customer page can start, for each account and for each visitor.

    Staff are not limited: only the controllers of the page count.
    """

    _inherit = "ar.customer"

    def _count_start(self, kind, address=None, number=1):
        """Count something that a visitor starts; call it in the transaction, or the savepoint, of what it counts.

        Payments are only counted for the account: those of an office that shares an address are not refused, and its
        payers do not wait for each other. What is refused counts nothing.

        :param str kind: see `core.portal.limits.LIMIT_NAMES`
        :param str address: the visitor's network address
        :param int number: how much is counted; of files: kilobytes
        :raise LimitReached: where the policy's limit for the day is reached
        """
        self.ensure_one()
        is_payment = limits.LIMIT_NAMES[kind] == "payments"
        with self.env.cr.savepoint(flush=False):
            # The visitor's count is always the first, so that two requests of one visitor cannot deadlock.
            if not is_payment and not self._may_visit(address):
                raise LimitReached(self._get_limit_text("visitor"))
            if not self._may_start(kind, number):
                raise LimitReached(self._get_limit_text(kind))

    def _may_start(self, kind, number=1):
        """Count something of this account; return whether the limit of its kind leaves room for it.

        :param str kind: see `core.portal.limits.LIMIT_NAMES`
        """
        limit = limits.limit_in_units(kind, self._get_limit(kind))
        counts = self.env["ar.portal.count"].sudo()  # visitors have no rights on it
        today = self.company_id._ar_today()
        return counts._add(self.company_id, today, kind, f"account {self.id}", number, limit)

    def _may_visit(self, address):
        """Count one start of a visitor in all accounts of the company; return whether the limit leaves room for it.

        The address itself is not stored.

        :param str address: the visitor's network address; may be empty
        """
        network = limits.network_of(address)
        if not network:
            return True
        key = hmac(self.env(su=True), "ar_collections visitor", network)  # signed with the secret of the database
        counts = self.env["ar.portal.count"].sudo()  # as in `_may_start`
        limit = self._get_limit("visitor")
        return counts._add(self.company_id, self.company_id._ar_today(), "visitor", key, 1, limit)

    def _get_limit(self, kind):
        """Return the limit of a kind as set in the policy; the default without a policy. 0: no limit."""
        name = limits.LIMIT_NAMES[kind]
        policy = self.sudo().policy_id  # visitors may not read policies
        return policy[f"portal_{name}_per_day"] if policy else limits.DEFAULTS[name]

    def _get_limit_text(self, kind):
        """Return why nothing more can be started today, and whom to contact, in the visitor's language."""
        template = self.env._(LIMIT_TEXTS[kind])
        text = template % {"number": self._get_limit(kind)}
        way_out = self.env._("Please write or call us: %(contact)s.", contact=self._get_contact_text())
        return f"{text} {way_out}"

    def _get_contact_text(self):
        """Return name, e-mail address and phone number of the person in charge, else those of the company."""
        company = self.company_id.sudo().partner_id  # shown on the page anyway
        person = self.sudo().collector_id.partner_id or company
        parts = (person.name, person.email or company.email, person.phone or company.phone)
        return ", ".join(part for part in parts if part)
