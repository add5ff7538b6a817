from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ....const import INSOLVENCY_KINDS, INSOLVENCY_STATES
from ....core.recovery import insolvency as rules
from ....formats import format_date
from ....messages import INSOLVENCY_REFUSALS

#: What decides about which debts are held, and how long: stopping is safe, so the entry needs no second person, but
#: letting go does.
GUARDED = frozenset(("kind", "opened_on", "until"))


class ArInsolvency(models.Model):
    """Insolvency proceedings of a customer: what is owed from before the opening is claimed there, and nowhere else.

    It hangs on the account, and moves with it when accounts are merged. Which debts it is about is read from their
    dates each time, so that invoices that are posted again, or entered later, are found. What stops:
    `ar_insolvency_stop` and `ar_facts`; how it ends: `ar_insolvency_end`; the claim: `ar_insolvency_claim`.
    """

    _name = "ar.insolvency"
    _inherit = ["ar.thread.mixin", "mail.activity.mixin"]
    _description = "Insolvency"
    _order = "opened_on desc, id desc"
    _check_company_auto = True

    _writable = {
        "collector": (
            "customer_id", "kind", "opened_on", "until", "court", "reference", "administrator_id", "filing_deadline",
            "proof", "proof_name", "note", "filed_on", "amount_filed", "amount_admitted",
        ),
    }  # fmt: skip

    customer_id = fields.Many2one(
        "ar.customer", "Customer Account", required=True, index=True, ondelete="restrict", tracking=True
    )
    partner_id = fields.Many2one(related="customer_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="customer_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        INSOLVENCY_KINDS, "Type", required=True, default=rules.LIQUIDATION, tracking=True,
        help="A moratorium ends by itself after its last day, as the Breathing Space of the United Kingdom does.",
    )  # fmt: skip
    state = fields.Selection(
        INSOLVENCY_STATES, "Status", required=True, default=rules.OPEN, readonly=True, index=True, tracking=True,
        copy=False,
    )  # fmt: skip
    opened_on = fields.Date(
        "Opening", required=True, tracking=True, help="Debts up to this day are claimed in the proceedings."
    )
    until = fields.Date("Last Day", tracking=True, help="Last day of a moratorium; reminders resume after it.")
    court = fields.Char(tracking=True)
    reference = fields.Char("Case Number", tracking=True, help="Number of the proceedings at the court.")
    administrator_id = fields.Many2one(
        "res.partner", tracking=True, ondelete="restrict", index="btree_not_null",
        help="Contact of the insolvency administrator, trustee or supervisor.",
    )  # fmt: skip
    filing_deadline = fields.Date("File by", tracking=True, copy=False, help="Last day to file the claim.")
    proof = fields.Binary("Notice of the Court", attachment=True, copy=False, help="What proves the opening.")
    proof_name = fields.Char("Name of the Notice", copy=False)
    note = fields.Text()
    filed_on = fields.Date("Filed on", tracking=True, copy=False, help="Day on which the claim was filed.")
    amount_filed = fields.Monetary("Filed Amount", tracking=True, copy=False)
    amount_admitted = fields.Monetary(
        "Admitted Amount", tracking=True, copy=False, help="Part of the claim that was admitted."
    )
    ended_on = fields.Date("Ended on", readonly=True, copy=False, help="First day after the proceedings.")
    end_reason = fields.Text("Reason for the End", readonly=True, copy=False)
    amount_open = fields.Monetary(
        "From before the Opening", compute="_compute_amounts", compute_sudo=True, help="What is open of it now."
    )
    amount_later = fields.Monetary(
        "From Later", compute="_compute_amounts", compute_sudo=True,
        help="What came about after the opening: owed by the estate, and reminded as ever.",
    )  # fmt: skip
    member_ids = fields.Many2many(
        "ar.customer", string="Accounts of the Group", compute="_compute_member_ids",
        help="Accounts of parent and sister companies. The proceedings do not concern them; look at their credit.",
    )  # fmt: skip
    # As on the account: Odoo would search all messages and tasks, whoever may read them.
    message_ids = fields.One2many(bypass_search_access=False)
    website_message_ids = fields.One2many(bypass_search_access=False)
    activity_ids = fields.One2many(bypass_search_access=False)
    activity_summary = fields.Char(related_sudo=False)

    _amounts_not_negative = models.Constraint(
        "CHECK (amount_filed >= 0 AND amount_admitted >= 0)", "The amounts of a claim cannot be negative."
    )

    @api.depends("customer_id", "kind", "opened_on")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for insolvency in self:
            if not insolvency.customer_id:
                insolvency.display_name = self.env._("New")
                continue
            insolvency.display_name = self.env._(
                "%(kind)s of %(customer)s, %(day)s",
                kind=kinds.get(insolvency.kind, ""),
                customer=insolvency.customer_id.display_name,
                day=format_date(self.env, insolvency.opened_on),
            )

    def _compute_amounts(self):
        """Compute what is open, in company currency; one read for all proceedings of a company."""
        self.amount_open = self.amount_later = 0.0
        facts = self.env["ar.facts"]
        for company, own in self.filtered("partner_id").grouped("company_id").items():
            lines = [
                line
                for line in facts._read_open_lines(company, own.partner_id.ids)
                if line.residual_currency > 0 and not line.is_our_payment
            ]
            days = facts._read_days_of_debts([line.line_id for line in lines])
            for insolvency in own.filtered("opened_on"):
                proceedings = insolvency._get_proceedings()
                for line in lines:
                    if line.partner_id == insolvency.partner_id.id:
                        name = "amount_open" if proceedings.covers(days[line.line_id]) else "amount_later"
                        insolvency[name] += float(line.residual)

    @api.depends("customer_id")
    def _compute_member_ids(self):
        """Compute the accounts of the other companies below the same topmost contact."""
        accounts = self.env["ar.customer"]
        for insolvency in self:
            top, seen = insolvency.partner_id, insolvency.partner_id
            while top.parent_id and top.parent_id not in seen:
                top = top.parent_id
                seen |= top
            domain = [("partner_id", "child_of", top.ids), ("company_id", "=", insolvency.company_id.id)]
            insolvency.member_ids = accounts.search(domain) - insolvency.customer_id if top else accounts

    def _get_proceedings(self):
        """Return the proceedings as the core reads them.

        :rtype: core.recovery.insolvency.Proceedings
        """
        self.ensure_one()
        return rules.Proceedings(self.kind, self.state, self.opened_on, self.until or None, self.ended_on or None)

    @api.model
    @tools.ormcache()
    def _is_used(self):
        """Return whether there are any proceedings: most databases have none, and read nothing for them.

        Cleared by `create`; the nightly run corrects it before the reminders, see `_expire_company`.
        """
        return self._has_any()

    @api.model
    def _has_any(self):
        """Return the same, read from the database."""
        return bool(self.sudo().search_count([], limit=1))  # they count, whoever may read them

    # === ENTRY === #

    @api.constrains("kind", "opened_on", "until", "filing_deadline")
    def _check_dates(self):
        """Refuse dates that cannot be."""
        for insolvency in self:
            dates = (insolvency.opened_on, insolvency.until or None, insolvency.filing_deadline or None)
            try:
                rules.check_start(insolvency.kind, *dates, insolvency.company_id._ar_today())
            except rules.InsolvencyRefused as refused:
                raise ValidationError(self.env._(INSOLVENCY_REFUSALS[refused.code])) from refused

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind != rules.MORATORIUM:
            self.until = False

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `mail` to stop at once what is asked of these debts; stopping is safe, nobody approves it."""
        insolvencies = super().create(vals_list)
        if not self._is_used():
            self.env.registry.clear_cache()
        for insolvency in insolvencies:
            insolvency.customer_id._lock_account()
            insolvency._check_customer()
        insolvencies.sudo()._stop()  # the entry was the user's; what it stops is written by our own code
        return insolvencies

    def write(self, vals):
        """Override to let collections managers alone change which debts are held, while the proceedings are open."""
        if not self.env.su and self._would_change("customer_id", vals):
            raise UserError(self.env._("The customer cannot be changed: lift these proceedings and enter new ones."))
        changed = any(self._would_change(name, vals) for name in GUARDED)
        if changed and not self.env.su:
            self._require("manager")
            if any(insolvency.state != rules.OPEN for insolvency in self):
                raise UserError(self.env._(INSOLVENCY_REFUSALS[rules.WRONG_OUTCOME]))
        result = super().write(vals)
        if changed:
            self.sudo()._stop()  # as in `create`
        elif not {"filing_deadline", "filed_on"}.isdisjoint(vals):
            self.sudo()._update_claim_tasks()  # tasks are for colleagues
        return result

    def _would_change(self, name, vals):
        """Return whether writing these values changes a field of any of these proceedings."""
        if name not in vals:
            return False
        field = self._fields[name]
        value = field.convert_to_cache(vals[name], self)
        return any(field.convert_to_cache(each[name], each) != value for each in self)

    def _check_customer(self):
        """Check that the account is in use, and has no open proceedings besides."""
        others = self.customer_id.sudo().insolvency_ids - self  # counts, whoever may read it
        if others.filtered(lambda other: other.state == rules.OPEN):
            raise UserError(
                self.env._("%s is in insolvency proceedings already: correct those.", self.customer_id.display_name)
            )
        if self.customer_id.merged_into_id or not self.partner_id:
            raise UserError(self.env._("This account is not in use any more: choose the one that took it over."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Refuse to delete proceedings: they say why nothing was asked for."""
        raise UserError(self.env._("Insolvencies cannot be deleted: end the proceedings with a reason."))

    @property
    def _mail_post_access(self):
        """Override of `mail`: those with a role may comment."""
        return "read" if self.env.su or self._has_role("collector") else "write"
