from odoo import api, models

from ...core import decision as codes
from ...core.facts import ITEMS_ONLY


class ArCustomerStatementGroup(models.Model):
    """The members of customer groups in the nightly step of statements."""

    _inherit = "ar.customer.statement"

    @api.model
    def _gather_group(self, customers, today):
        """Return {id: AccountFacts} of customers of one company and of those that they pay for."""
        every = customers.union(*customers._read_statement_members().values())
        return self.env["ar.facts"]._gather(every, today, ITEMS_ONLY)

    @api.model
    def _lock_left_alone(self, reasons, day):
        """Return the accounts that no statement lists because their payer gets none, and payers that have to wait.

        Members of a payer that is archived or excluded follow the schedule of their own policy, see `_find_customers`.
        The members that are returned are locked. A payer waits while another transaction holds one of its members.

        :param dict reasons: {customer: why it gets no statement}, see `_decide`
        :param date day: the scheduled day
        :return: (members, payers)
        :raise SerializationFailure: where another transaction has changed a member meanwhile
        """
        others = (None, codes.NOTHING_DUE, codes.ARCHIVED, codes.EXCLUDED)
        payers = self.env["ar.customer"].union(*(payer for payer, reason in reasons.items() if reason not in others))
        groups = payers._read_statement_members() if payers else {}
        members = self._find_left_alone(payers.browse().union(*groups.values()), day)
        free = members.try_lock_for_update()
        held = payers.filtered(lambda payer: groups[payer] & (members - free))
        return free - payers.browse().union(*(groups[payer] for payer in held)), held

    @api.model
    def _find_left_alone(self, members, day):
        """Return those of the members of a payer without a statement that get none of that day themselves."""
        # sudo, until the last line: what is decided does not depend on who looks.
        members = members.sudo().filtered(lambda each: not each.own_statements and each.statement_checked_for != day)
        told = (
            self.sudo().search([("customer_id", "in", members.ids), ("scheduled_for", "=", day)]) if members else self
        )
        members = (members - told.customer_id).filtered("partner_id.active")
        return members.sudo(self.env.su)
