from odoo import api, fields, models
from odoo.fields import Domain


class ArCustomerCollector(models.Model):
    """Who is responsible for a customer today, and gets the tasks."""

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
        """The account's collector, else the policy's; while that one is away, who covers."""
        for customer in self:
            customer.collector_id = customer.user_id or customer.policy_id.user_id
        for company, customers in self.grouped("company_id").items():
            covers = self.env["ar.absence"]._get_covers(company._ar_today()) if company else {}
            for customer in customers.filtered(lambda c, away=covers: c.collector_id.id in away):
                customer.collector_id = covers[customer.collector_id.id]

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

    # === TASKS === #

    def _add_task(self, activity_type, summary, user=None):
        """Give the collector a task, unless the same kind of task is open already.

        :param str activity_type: external id of the kind of task
        :param user: who gets it instead of the collector
        """
        self.ensure_one()
        kind = self.env.ref(activity_type)
        customer = self.sudo()  # tasks are given to people, whatever the starter's rights
        if kind in customer.activity_ids.activity_type_id:
            return
        responsible = user or self.collector_id or self.company_id.ar_activated_by_id or self.env.user
        customer.with_context(mail_activity_quick_update=True).activity_schedule(
            activity_type, summary=summary, user_id=responsible.id
        )

    def _close_tasks(self, activity_type):
        """Remove the open tasks of a kind: what they asked for was done elsewhere."""
        self.sudo().activity_unlink([activity_type])  # as in `_add_task`
