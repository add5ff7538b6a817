from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ....const import RISK_CLASSES
from ....core.credit.score import CLASSES, is_worse


class ArCreditPolicy(models.Model):
    """Segments by risk class and size, and whether customers enter a policy by themselves."""

    _inherit = "ar.credit.policy"

    _writable = {"manager": ("best_class", "worst_class", "turnover_from", "turnover_to", "assigns_itself")}

    best_class = fields.Selection(
        RISK_CLASSES,
        "Risk Class from",
        tracking=True,
        help=(
            "Best class of the customers of this policy; empty: any. Example: C, so that customers of class A "
            "and B have another policy."
        ),
    )
    worst_class = fields.Selection(
        RISK_CLASSES,
        "Risk Class to",
        tracking=True,
        help=(
            "Worst class of the customers of this policy; empty: any. Example: B, so that customers from "
            "class C on have another policy."
        ),
    )
    turnover_from = fields.Monetary(
        "Turnover from",
        tracking=True,
        help=(
            "Lowest turnover of the last twelve months, without taxes. Example: with 100,000, smaller "
            "customers belong to another policy."
        ),
    )
    turnover_to = fields.Monetary(
        "Turnover below", tracking=True,
        help=(
            "Turnover of the last twelve months, without taxes, from which customers do not belong here any "
            "more. 0: no limit. Example: with 100,000, a customer with 100,000 belongs to the next policy."
        ),
    )  # fmt: skip
    assigns_itself = fields.Boolean(
        "Customers Enter by Themselves", default=True, tracking=True,
        help=(
            "Whether the nightly run moves customers to this policy once they belong to it. Otherwise it "
            "proposes it, and a person decides: Customers > Credit > Policy Proposals. Example: a customer "
            "whose class falls to D enters the policy of class D in the same night."
        ),
    )  # fmt: skip

    _turnover_not_negative = models.Constraint(
        "CHECK (turnover_from >= 0 AND turnover_to >= 0)", "The turnover of a policy's customers cannot be negative."
    )

    @api.constrains("best_class", "worst_class", "turnover_from", "turnover_to")
    def _check_segment(self):
        """Check that any customer can belong to the policy."""
        for policy in self:
            if policy.best_class and policy.worst_class and is_worse(policy.best_class, policy.worst_class):
                raise ValidationError(
                    self.env._("Policy “%s” applies to no risk class: enter the better class first.", policy.name)
                )
            if policy.turnover_to and policy.currency_id.compare_amounts(policy.turnover_from, policy.turnover_to) >= 0:
                raise ValidationError(
                    self.env._("Policy “%s” applies to no turnover: enter the lower amount first.", policy.name)
                )

    def _filter_partners(self, partners):
        """Override to leave out customers of another risk class or size."""
        found = super()._filter_partners(partners)
        if not found or not self._has_segment():
            return found
        return found.browse(self._find_in_segment(found.ids))

    def _has_segment(self):
        """Return whether class or size of the customers matters."""
        self.ensure_one()
        return bool(self.best_class or self.worst_class or self.turnover_from or self.turnover_to)

    def _find_in_segment(self, partner_ids):
        """Return the ids of the commercial partners in the segment, in their order; one query for all.

        Who has no account yet, or no class, is a newcomer without turnover.
        """
        self.env["ar.customer"].flush_model(["annual_turnover", "company_id", "partner_id", "risk_class"])
        root = self.company_id.sudo().root_id  # the user may work for a branch alone
        classes = CLASSES[CLASSES.index(self.best_class or "A") : CLASSES.index(self.worst_class or "E") + 1]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.id
                  FROM unnest(%(partners)s::int[]) WITH ORDINALITY partner (id, number)
             LEFT JOIN ar_customer account ON account.partner_id = partner.id AND account.company_id = %(root)s
                 WHERE COALESCE(account.risk_class, %(newcomer)s) = ANY(%(classes)s)
                   AND COALESCE(account.annual_turnover, 0) >= %(lowest)s
                   AND (%(below)s = 0 OR COALESCE(account.annual_turnover, 0) < %(below)s)
              ORDER BY partner.number
                """,
                partners=list(partner_ids),
                root=root.id,
                newcomer=self.env["ar.credit.scoring"]._get_rules_of(root).newcomer_class,
                classes=list(classes),
                lowest=self.turnover_from,
                below=self.turnover_to,
            )
        )
        return [partner_id for (partner_id,) in rows]
