from odoo import api, fields, models
from odoo.tools import SQL

from ....const import CREDIT_LIMIT_KINDS
from ....core.credit.exposure import group_exposure
from ....core.credit.limit import NO_LIMIT
from ....core.money import to_decimal
from ...customers.optional_float import OptionalFloat


class ArCreditUsage(models.Model):
    """Exposure against limit: one row for each account that has a limit, is insured or secured, as of today.

    It is a query over the stored exposures: nothing is stored. Accounts of root companies hold the figures of their
    branches.

    The limit of a group is compared with the exposure of the whole group. What the row itself adds to sums is the
    customer's own exposure, and that of the members that have no row: each account is in one row, of several groups in
    that of the smallest.
    """

    _name = "ar.credit.usage"
    _inherit = "ar.report.mixin"
    _description = "Exposure against Limit"
    _auto = False
    _order = "over desc, usage_percent desc, exposure desc, id"
    _rec_name = "partner_id"
    _depends = {
        "ar.credit.policy": ["user_id"],
        "ar.customer": [
            "company_id", "credit_limit", "credit_limit_kind", "credit_review_on", "exposure", "exposure_at_risk",
            "guarantee_amount", "guarantee_until", "insured_amount", "insured_until", "insurer_id", "is_group_limit",
            "is_security_waiting", "merged_into_id", "partner_id", "policy_id", "temporary_limit",
            "temporary_limit_kind", "temporary_until", "user_id",
        ],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    customer_id = fields.Many2one("ar.customer", "Customer Account", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    policy_id = fields.Many2one("ar.credit.policy", "Credit Policy", readonly=True)
    insurer_id = fields.Many2one("res.partner", "Credit Insurer", readonly=True)
    limit_kind = fields.Selection(CREDIT_LIMIT_KINDS, "Limit", readonly=True)
    limit_amount = fields.Monetary(
        readonly=True, currency_field="company_currency_id", help="The limit that applies today."
    )
    is_temporary = fields.Boolean("Temporary Limit", readonly=True, help="Whether a temporary limit applies today.")
    is_group_limit = fields.Boolean("Limit of the Group", readonly=True)
    exposure = fields.Monetary(
        readonly=True, currency_field="company_currency_id",
        help="Of the customer. Where the limit is that of a group, with its members that have no row of their own.",
    )  # fmt: skip
    group_exposure = fields.Monetary(
        "Exposure of the Group", readonly=True, currency_field="company_currency_id", aggregator=None,
        help="Exposure of all members of the group, which its limit is compared with.",
    )  # fmt: skip
    exposure_at_risk = fields.Monetary("At Risk", readonly=True, currency_field="company_currency_id")
    secured = fields.Monetary(
        readonly=True, currency_field="company_currency_id",
        help=(
            "Guarantee and insured amount that are valid today and do not wait for their confirmation, whether or "
            "not the policy deducts them."
        ),
    )  # fmt: skip
    room = fields.Monetary(
        readonly=True, currency_field="company_currency_id", help="By how much the exposure may still rise."
    )
    over = fields.Monetary(
        "Over Limit", readonly=True, currency_field="company_currency_id",
        help="By how much the exposure is above the limit.",
    )  # fmt: skip
    usage_percent = OptionalFloat(
        "Usage (%)", readonly=True, aggregator="max",
        help="Exposure in percent of the limit; empty where the limit is no amount.",
    )  # fmt: skip
    review_on = fields.Date(readonly=True)

    @property
    def _table_query(self):
        """Return the query of the root companies that the user works for, each as of its own today."""
        roots = self.env.companies.sudo().root_id  # the user may work for a branch alone
        return SQL(" UNION ALL ").join(self._select_usage(root) for root in roots)

    @api.model
    def _select_usage(self, root):
        """Return the query of a root company."""
        return SQL(
            """
            (WITH account AS NOT MATERIALIZED (%(accounts)s)
            SELECT account.id, account.id AS customer_id, account.company_id, %(currency)s AS company_currency_id,
                   account.partner_id, %(collector)s AS collector_id, account.policy_id,
                   account.insurer_id, account.limit_kind, account.limit_amount, account.is_temporary,
                   account.is_group_limit, account.exposure + COALESCE(added.exposure, 0) AS exposure,
                   account.group_exposure, account.exposure_at_risk + COALESCE(added.exposure_at_risk, 0)
                       AS exposure_at_risk, account.secured, account.ceiling - account.compared AS room,
                   GREATEST(account.compared - account.ceiling, 0) AS over,
                   CASE WHEN account.limit_kind = 'amount'
                        THEN GREATEST(account.compared, 0) * 100 / NULLIF(account.ceiling, 0) END AS usage_percent,
                   account.credit_review_on AS review_on
              FROM (SELECT account.*, COALESCE(account.group_exposure, account.exposure) AS compared,
                           CASE account.limit_kind WHEN 'amount' THEN account.limit_amount WHEN 'zero' THEN 0
                            END AS ceiling
                      FROM account) account
         LEFT JOIN (SELECT head_id, SUM(GREATEST(exposure, 0)) AS exposure, SUM(exposure_at_risk) AS exposure_at_risk
                      FROM account WHERE head_id IS NOT NULL AND NOT is_listed GROUP BY head_id) added
                ON added.head_id = account.id
         LEFT JOIN ar_credit_policy policy ON policy.id = account.policy_id
             WHERE account.is_listed)
            """,
            currency=root.currency_id.id,
            collector=self.env["ar.customer"]._get_collector_sql(root),
            accounts=self._select_accounts(root),
        )

    @api.model
    def _select_accounts(self, root):
        """Return the query of the accounts of a root company, with the limit that applies and what is secured.

        Those with a limit or something secured are listed; ``head_id`` is the head of the smallest group with a limit.
        """
        return SQL(
            """
            SELECT account.*, account.limit_kind <> 'none' OR account.secured > 0 AS is_listed FROM (
            SELECT own.id, own.company_id, own.partner_id, own.policy_id, own.user_id, own.insurer_id,
                   own.is_group_limit, own.credit_review_on, own.is_temporary,
                   CASE WHEN own.is_temporary THEN own.temporary_limit_kind ELSE own.credit_limit_kind
                    END AS limit_kind,
                   CASE WHEN own.is_temporary THEN own.temporary_limit ELSE own.credit_limit END AS limit_amount,
                   COALESCE(own.exposure, 0) AS exposure, of_group.exposure AS group_exposure, member.head_id,
                   COALESCE(own.exposure_at_risk, 0) AS exposure_at_risk,
                   CASE WHEN own.is_security_waiting THEN 0
                        ELSE CASE WHEN own.guarantee_until IS NULL OR own.guarantee_until >= %(today)s
                                  THEN COALESCE(own.guarantee_amount, 0) ELSE 0 END
                             + CASE WHEN own.insured_until >= %(today)s THEN COALESCE(own.insured_amount, 0)
                                    ELSE 0 END
                    END AS secured
              FROM (SELECT account.*, COALESCE(account.temporary_limit_kind IS NOT NULL
                                               AND account.temporary_until >= %(today)s, FALSE) AS is_temporary
                      FROM ar_customer account
                     WHERE account.company_id = %(company)s AND account.partner_id IS NOT NULL
                       AND account.merged_into_id IS NULL) own
         LEFT JOIN (%(groups)s) of_group ON of_group.account_id = own.id
         LEFT JOIN (%(members)s) member ON member.account_id = own.id) account
            """,
            company=root.id,
            today=root._ar_today(),
            **self._select_groups(root),
        )

    @api.model
    def _select_groups(self, root):
        """Return the queries of the groups that have a limit, of which there are few, and of their members.

        :return: {groups: (account_id, exposure), members: (account_id, head_id), each account once}
        """
        heads = self.env["ar.credit.standing"]._search_heads(root)
        members = {head: head._get_group_members() for head in heads}
        totals = [group_exposure(to_decimal(member.exposure) for member in members[head]) for head in heads]
        head_of, today = {}, root._ar_today()
        limited = heads.filtered(lambda head: head._get_credit_limit(today).kind != NO_LIMIT)  # others may have no row
        for head in limited.sorted(lambda head: len(members[head]), reverse=True):
            head_of |= dict.fromkeys(members[head].ids, head.id)
        return {
            "groups": SQL("SELECT * FROM unnest(%s::int[], %s::numeric[]) AS found (account_id, exposure)",
                          heads.ids, totals),
            "members": SQL("SELECT * FROM unnest(%s::int[], %s::int[]) AS found (account_id, head_id)",
                           list(head_of), list(head_of.values())),
        }  # fmt: skip

    def action_open(self):
        """Open the customer account."""
        self.ensure_one()
        return self.customer_id._get_form_action()
