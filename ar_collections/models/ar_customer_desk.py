from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ArCustomerDesk(models.Model):
    """The worklist: whose customer it is today, what is put off, and what is done to many at once."""

    _inherit = "ar.customer"

    collector_id = fields.Many2one(
        search="_search_collector_id", help="The collector, or who covers while the collector is away."
    )
    snooze_until = fields.Date(
        "Snoozed until", tracking=True, copy=False, help="Not shown in the worklist before this day; reminders go on."
    )
    snooze_reason = fields.Char("Why Snoozed", tracking=True, copy=False)

    # === WHOSE CUSTOMER === #

    @api.depends("user_id", "policy_id.user_id")
    def _compute_collector_id(self):
        """Override to turn to who covers for an absent collector."""
        result = super()._compute_collector_id()
        for company, customers in self.grouped("company_id").items():
            covers = self.env["ar.absence"]._get_covers(company._ar_today()) if company else {}
            for customer in customers.filtered(lambda c, away=covers: c.collector_id.id in away):
                customer.collector_id = covers[customer.collector_id.id]
        return result

    @api.model
    def _search_collector_id(self, operator, value):
        """Find customers by who is responsible today: their own collector, or the one who covers."""
        if operator == "any":
            users = self.env["res.users"].search(value)
            return self._search_collector_id("in", users.ids)
        if operator != "in":
            return NotImplemented
        covers = self.env["ar.absence"]._get_covers(self.env.company._ar_today())
        wanted = set(value)
        owners = {user_id for user_id in wanted if user_id and user_id not in covers}
        owners |= {user_id for user_id, cover_id in covers.items() if cover_id in wanted}
        if False in wanted:
            owners.add(False)
        # Whose customers they are is no secret; the policies themselves are not for salespeople to read.
        policies = self.env["ar.credit.policy"].sudo().with_context(active_test=False)
        policy_ids = set(policies.search([("user_id", "in", owners)]).ids)
        if False in wanted:
            policy_ids.add(False)  # nor does a policy name somebody where there is none
        own = Domain("user_id", "in", owners - {False})
        return own | (Domain("user_id", "=", False) & Domain("policy_id", "in", policy_ids))

    # === BUTTONS === #

    def action_wake(self):
        """Show the customer in the worklist again."""
        self.write({"snooze_until": False, "snooze_reason": False})

    def action_preview_reminders(self):
        """Show what would be said to these customers now, to be sent from there."""
        self._check_collector()
        self.check_access("read")
        if len(self.company_id) != 1:
            raise UserError(self.env._("Choose customers of one company: each company speaks for itself."))
        return self.env["ar.preview"].create({"company_id": self.company_id.id})._show(self)

    @api.model
    def _check_collector(self, group="collector"):
        """Raise unless the user belongs to one of our groups; the view hides the button, this refuses the call."""
        if not (self.env.su or self.env.user.has_group(f"ar_collections.ar_collections_group_{group}")):
            raise UserError(self.env._("You are not allowed to do this; ask a collections manager."))
