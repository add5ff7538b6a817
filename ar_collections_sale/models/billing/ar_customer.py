from odoo import fields, models

from odoo.addons.ar_collections.const import WEEKDAYS

from ...const import BILLING_MODES


class ArCustomer(models.Model):
    """A customer's own way of having its orders invoiced."""

    _inherit = "ar.customer"

    _writable = {"collector": ("order_billing", "order_billing_weekday", "order_billing_day")}

    order_billing = fields.Selection(
        BILLING_MODES, "Own Billing of Orders", tracking=True, help="Empty: as the credit policy says."
    )
    order_billing_weekday = fields.Selection(WEEKDAYS, "Billing Weekday", default="0", tracking=True)
    order_billing_day = fields.Integer(
        "Billing Day", default=31, tracking=True, help="Day of the month, 1 to 31; in a shorter month its last day."
    )

    _order_billing_day_in_month = models.Constraint(
        "CHECK (order_billing_day BETWEEN 1 AND 31)", "The billing day is a day of the month, from 1 to 31."
    )

    def _get_merged_vals(self, others):
        """Override to keep a billing day that one of the merged accounts has."""
        values = super()._get_merged_vals(others)
        source = (self | others).filtered("order_billing")[:1]
        return {**values, **(source._get_billing_vals() if source else {})}

    def _get_copied_vals(self, source):
        """Override to copy the billing day to the account of a contact that left the customer."""
        return {**super()._get_copied_vals(source), **source._get_billing_vals()}

    def _get_billing_vals(self):
        names = ("order_billing", "order_billing_weekday", "order_billing_day")
        return {name: self[name] for name in names}
