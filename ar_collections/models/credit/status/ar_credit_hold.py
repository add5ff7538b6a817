from odoo import api, fields, models
from odoo.tools import SQL

from ....const import CREDIT_CAUSES, HOLD_AGES
from ....core.credit.rules import FORCED, HOLD

#: The causes of a hold that has more than one.
SEVERAL = "several"


class ArCreditHold(models.Model):
    """The history of credit holds: since when, until when, why, and who released it.

    The open ones are the list of customers on hold. Rows are written by the evaluation of the status alone.
    """

    _name = "ar.credit.hold"
    _description = "Credit Hold"
    _order = "since desc, id desc"

    customer_id = fields.Many2one("ar.customer", "Customer Account", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(related="customer_id.partner_id")
    company_id = fields.Many2one(related="customer_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    collector_id = fields.Many2one(related="customer_id.collector_id")
    policy_id = fields.Many2one(related="customer_id.policy_id", store=True)
    since = fields.Date(required=True, readonly=True)
    until = fields.Date("Ended on", readonly=True, help="First day without the hold.")
    cause = fields.Selection(
        [*CREDIT_CAUSES, (SEVERAL, "Several causes")], required=True, readonly=True, help="What caused the hold last."
    )
    causes = fields.Char(readonly=True, help="Codes of the rules, separated by commas.")
    reasons = fields.Json("Stored Reasons", readonly=True)
    reasons_text = fields.Text("Reasons", compute="_compute_reasons_text")
    forced = fields.Boolean("By a Person", readonly=True, help="Whether a credit manager held the customer.")
    is_waiting = fields.Boolean("Ready to Release", readonly=True)
    released_by_id = fields.Many2one("res.users", "Released by", readonly=True)
    release_reason = fields.Char(readonly=True)
    days = fields.Integer(compute="_compute_days", help="Number of days of the hold.")
    age = fields.Selection(HOLD_AGES, readonly=True, required=True, default="7", help="Days of the hold, in ranges.")
    exposure = fields.Monetary(related="customer_id.exposure")
    overdue = fields.Monetary(related="customer_id.overdue")

    _open_once = models.UniqueIndex("(customer_id) WHERE until IS NULL")

    @api.depends("customer_id", "since")
    def _compute_display_name(self):
        for hold in self:
            hold.display_name = hold.customer_id.display_name or ""

    @api.depends("reasons", "until")
    @api.depends_context("lang")
    def _compute_reasons_text(self):
        """Compute the reasons in words; those of a hold that has ended as they read then."""
        reasons = self.env["ar.credit.reasons"]
        for hold in self:
            stored = reasons._load(hold.reasons, hold.until or hold.company_id._ar_today())
            hold.reasons_text = "\n".join(reasons._describe(stored, hold.currency_id))

    @api.depends("since", "until")
    def _compute_days(self):
        for hold in self:
            hold.days = ((hold.until or hold.company_id._ar_today()) - hold.since).days if hold.since else 0

    # === FOLLOW THE STATUS === #

    @api.model
    def _follow(self, held, ended, stored, today):
        """Open, update and end the rows of accounts that were evaluated.

        :param held: {account: core.credit.status.CreditStatus} of those on hold
        :param ended: accounts whose hold has ended
        :param stored: {account: core.credit.release.StoredStatus}
        """
        if ended:
            self._end_open(self.env["ar.customer"].union(*ended), today)
        if not held:
            return
        opened = self.search([("customer_id", "in", [account.id for account in held]), ("until", "=", False)])
        rows = {hold.customer_id: hold for hold in opened}
        new = []
        for account, status in held.items():
            row = rows.get(account)
            vals = self._prepare_vals(status, stored[account], row, today)
            if row is None:
                new.append({"customer_id": account.id, "since": stored[account].since or today, **vals})
            elif changed := {name: value for name, value in vals.items() if row[name] != value}:
                row.write(changed)
        self.create(new)

    @api.model
    def _prepare_vals(self, status, stored, row, today):
        """Return the values of a row for a status; that of a hold whose causes are gone keeps them as they are now.

        :param row: the row that there is, ``None`` for a new one
        """
        reasons = self.env["ar.credit.reasons"]
        if stored.is_waiting:
            kept = row.reasons if row is not None else False
            return {"is_waiting": True, "reasons": reasons._dump_fixed(reasons._load(kept, today)) or False}
        causes = [reason for reason in status.reasons if reason.status == HOLD]
        codes = [reason.code for reason in causes]
        return {
            "is_waiting": False,
            "causes": ",".join(codes),
            "cause": codes[0] if len(codes) == 1 else SEVERAL,
            "forced": FORCED in codes,
            "reasons": reasons._dump(causes),
        }

    @api.model
    def _end_open(self, customers, today):
        """End the open rows of these accounts."""
        self.search([("customer_id", "in", customers.ids), ("until", "=", False)]).write(
            {"until": today, "is_waiting": False}
        )

    @api.model
    def _refresh_ages(self, company, today):
        """Store the ranges of days that reports group by, of open rows and of those ended since the last night.

        Part of the nightly step of credit control.
        """
        self.env.flush_all()
        bounds = [int(code) for code, _label in HOLD_AGES if code.isdigit()]
        self.env.cr.execute(
            SQL(
                """
                UPDATE ar_credit_hold hold
                   SET age = found.age
                  FROM (SELECT id, COALESCE((SELECT MIN(bound) FROM unnest(%(bounds)s::int[]) bound
                                              WHERE bound >= COALESCE(until, %(today)s) - since)::text, 'more') AS age
                          FROM ar_credit_hold
                         WHERE company_id = %(company)s AND (until IS NULL OR until >= %(today)s - 7)) found
                 WHERE hold.id = found.id AND hold.age <> found.age
                """,
                bounds=bounds,
                today=today,
                company=company.id,
            )
        )
        self.invalidate_model(["age"], flush=False)

    def action_release(self):
        """Open the dialog that releases the customer."""
        self.ensure_one()
        return self.customer_id.action_credit_release()

    def action_open_customer(self):
        """Open the customer's account."""
        self.ensure_one()
        return self.customer_id._get_form_action()
