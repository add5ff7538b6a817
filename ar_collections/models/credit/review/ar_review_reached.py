from odoo import api, models
from odoo.tools import SQL, email_normalize_all


class ArReviewReached(models.AbstractModel):
    """Reads what keeps messages from customers: addresses that are missing, do not work, or want no emails."""

    _inherit = "ar.review"

    @api.model
    def _read_reached(self, customers):
        """Return {customer id: (channels of the schedule that do not reach it, addresses in use that failed, and
        those on Odoo's list of addresses that want no emails)}."""
        facts = self.env["ar.facts"]
        channels, bounced = facts._read_channels(customers), facts._read_bounced(customers)
        addresses = SQL(
            "SELECT customer_id, STRING_AGG(email, ',') FROM (%s) AS row (customer_id, partner_id, email, postal, rank)"
            " GROUP BY customer_id",
            facts._select_recipients(customers),
        )
        used = dict(self.env.execute_query(addresses))
        addresses_of = {customer.id: email_normalize_all(used.get(customer.id)) for customer in customers}
        unwanted = self._read_blocked({address for found in addresses_of.values() for address in found})
        needed = {policy: set(policy.schedule_id.step_ids.mapped("channel")) for policy in customers.policy_id}
        reached = {}
        for customer in customers:
            wanted = needed.get(customer.policy_id, set())
            unreached = wanted - channels[customer.id]
            failed = sorted(bounced[customer.id].intersection(addresses_of[customer.id]))
            blocked = sorted(unwanted.intersection(addresses_of[customer.id]))
            reached[customer.id] = (frozenset(unreached), tuple(failed), tuple(blocked))
        return reached

    @api.model
    def _read_blocked(self, addresses):
        """Return those of the addresses that are on Odoo's list of addresses that want no emails.

        Odoo leaves them out of mass mailings; reminders reach them, but for those that asked us or as the policy says.
        """
        query = SQL("SELECT email FROM mail_blacklist WHERE active AND email = ANY(%s)", sorted(addresses))
        return {email for (email,) in self.env.execute_query(query)} if addresses else set()
