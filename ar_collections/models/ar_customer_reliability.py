from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain

from ..core import promise as rules


class ArCustomerReliability(models.Model):
    """Whether the customer keeps its promises."""

    _inherit = "ar.customer"

    promise_ids = fields.One2many("ar.promise", "customer_id", "Promises")
    promise_count = fields.Integer(compute="_compute_promise_count")
    promise_open_count = fields.Integer("Open Promises", compute="_compute_promise_count")
    promise_due_count = fields.Integer(
        "Promises Due", compute="_compute_promise_rates", help="Promises whose date and tolerance have passed."
    )
    promise_kept_rate = fields.Float(
        "Kept (%)",
        digits=(5, 1),
        compute="_compute_promise_rates",
        help="Promises kept in percent of those that came due; open and withdrawn ones do not count, and partly kept is"
        " not kept.",
    )
    promise_kept_amount_rate = fields.Float(
        "Kept by Amount (%)",
        digits=(5, 1),
        compute="_compute_promise_rates",
        help="The same by amount, in company currency at the items' booked rates.",
    )

    @api.depends("promise_ids.state")
    def _compute_promise_count(self):
        found = self.env["ar.promise"]._read_group(
            [("customer_id", "in", self.ids)], ["customer_id", "state"], ["__count"]
        )
        counts = defaultdict(dict)
        for customer, state, number in found:
            counts[customer.id][state] = number
        for customer in self:
            customer.promise_open_count = counts[customer.id].get(rules.OPEN, 0)
            customer.promise_count = sum(counts[customer.id].values())

    @api.depends("promise_ids.state", "promise_ids.date_deadline")
    def _compute_promise_rates(self):
        groups = defaultdict(list)
        for company, customers in self.grouped("company_id").items():
            domain = Domain("customer_id", "in", customers.ids) & Domain("date_deadline", "<", company._ar_today())
            for customer, state, number, amount in self.env["ar.promise"]._read_group(
                domain, ["customer_id", "state"], ["__count", "amount_company:sum"]
            ):
                groups[customer.id].append((state, number, Decimal(str(amount))))
        for customer in self:
            found = rules.reliability(groups[customer.id])
            customer.promise_due_count = found.due
            customer.promise_kept_rate = float(found.rate)
            customer.promise_kept_amount_rate = float(found.amount_rate)
