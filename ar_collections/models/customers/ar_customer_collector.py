from odoo import api, fields, models
from odoo.fields import Domain


class ArCustomerCollector(models.Model):
    """The collector who is responsible for a customer today and gets the tasks."""

    _inherit = "ar.customer"

    collector_id = fields.Many2one(
        "res.users",
        "Responsible Collector",
        compute="_compute_collector_id",
        search="_search_collector_id",
        help="Collector, or the substitute while the collector is absent.",
    )

    @api.depends("user_id", "policy_id.user_id")
    def _compute_collector_id(self):
        """Compute the collector: the account's, else the policy's; during an absence, the user who covers."""
        for customer in self:
            customer.collector_id = customer.user_id or customer.policy_id.user_id
        for company, customers in self.grouped("company_id").items():
            covers = self.env["ar.absence"]._get_covers(company._ar_today()) if company else {}
            for customer in customers.filtered(lambda c, away=covers: c.collector_id.id in away):
                customer.collector_id = covers[customer.collector_id.id]

    @api.model
    def _search_collector_id(self, operator, value):
        """Search customers by the user who is responsible today, absences considered."""
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
        # Salespeople may see who is responsible, but have no access to the policies.
        policies = self.env["ar.credit.policy"].sudo().with_context(active_test=False)
        policy_ids = set(policies.search([("user_id", "in", owners)]).ids)
        if False in wanted:
            policy_ids.add(False)  # accounts without a policy have no collector either
        own = Domain("user_id", "in", owners - {False})
        return own | (Domain("user_id", "=", False) & Domain("policy_id", "in", policy_ids))

    # === TASKS === #

    def _add_task(self, activity_type, summary, user=None, note=False):
        """Create a task for the collector, unless one of the same type is open on the account already.

        :param str activity_type: external id of the activity type
        :param user: assigned instead of the collector
        :param note: details, as safe HTML
        """
        self.ensure_one()
        kind = self.env.ref(activity_type)
        customer = self.sudo()  # tasks are created for colleagues, whatever the user's rights
        if kind in customer.activity_ids.activity_type_id:
            return
        responsible = user or self.collector_id or self.company_id.ar_activated_by_id or self.env.user
        customer.with_context(mail_activity_quick_update=True).activity_schedule(
            activity_type, summary=summary, note=note, user_id=responsible.id
        )

    def _close_tasks(self, activity_type):
        """Delete the open tasks of a type: they were done elsewhere or are no longer needed."""
        self.sudo().activity_unlink([activity_type])  # as in `_add_task`
