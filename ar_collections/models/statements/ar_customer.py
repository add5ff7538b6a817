from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...notification import notification


class ArCustomer(models.Model):
    """Statements that a person sends to several customers, and what becomes of statements when accounts are merged."""

    _inherit = "ar.customer"

    _writable = {"manager": ("own_statements",)}

    own_statements = fields.Boolean(
        "Statements of Its Own",
        tracking=True,
        help="Whether this customer gets statements on a schedule although another one pays for it. Otherwise its open "
        "items are in the payer's statement alone, where the payer gets statements.",
    )
    statement_checked_for = fields.Date(
        "Statement Decided for",
        readonly=True,
        copy=False,
        help="Scheduled day for which it was last decided whether this customer gets a statement.",
    )

    def _read_statement_members(self):
        """Return {account: accounts whose open items are in its statement, too}: those that it pays for."""
        # sudo: what a statement says does not depend on who sends it.
        return {customer: group - customer for customer, group in self.sudo()._read_groups().items()}

    def action_send_statements(self):
        """Send statements to these customers now, each as its policy says; tell how many got none, and why.

        :raise UserError: where collections are not active
        """
        self._require("collector")
        self.check_access("write")
        if inactive := self.company_id.filtered(lambda company: not company.ar_active):
            raise UserError(
                self.env._("Nothing is sent before collections of %(company)s are activated.", company=inactive[0].name)
            )
        statements = self.env["ar.customer.statement"]
        self._lock_account()
        for (company, policy), customers in self.grouped(lambda each: (each.company_id, each.policy_id)).items():
            statements |= statements._prepare(customers, policy.sudo(), company._ar_today())  # of the customer
        unsent = bool(statements.filtered("reason"))
        kind = "success" if len(statements) == len(self) and not unsent else "warning"
        return notification(self._get_sent_text(statements), kind, sticky=unsent)

    def _get_sent_text(self, statements):
        """Return how many of these customers get a statement, and for the others how many for which reason."""
        sent = len(statements.filtered(lambda statement: statement.state == "prepared"))
        labels = dict(statements._fields["reason"]._description_selection(self.env))
        reasons = Counter(labels[each.reason] for each in statements if each.reason)
        text = self.env._("Statements sent: %(number)s.", number=sent)
        for reason, number in sorted(reasons.items()):
            text += " " + self.env._("Not sent: %(number)s (%(reason)s).", number=number, reason=reason)
        return text

    def _drop_duplicates(self, others):
        """Override to keep one statement of each scheduled day: both accounts may have got theirs.

        One that is sent goes before one that was left out, then the account's own before the others'.
        """
        result = super()._drop_duplicates(others)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM ar_customer_statement WHERE id IN (
                    SELECT id FROM (
                        SELECT id, ROW_NUMBER() OVER (PARTITION BY scheduled_for
                                                      ORDER BY state = 'left_out', customer_id <> %(own)s, id) AS place
                          FROM ar_customer_statement
                         WHERE customer_id = ANY(%(accounts)s) AND scheduled_for IS NOT NULL) ranked
                     WHERE place > 1)
                """,
                own=self.id,
                accounts=(self | others).ids,
            )
        )
        self.env["ar.customer.statement"].invalidate_model()
        return result
