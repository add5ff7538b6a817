from odoo import api, models


class ArOutreach(models.AbstractModel):
    """Customers who want no e-mails have no wrong address: their task says so."""

    _inherit = "ar.outreach"

    @api.model
    def _add_address_task(self, customers):
        """Override to say it where a customer cannot be reached because it wants no e-mails."""
        if not customers:
            return super()._add_address_task(customers)
        self.env.flush_all()  # addresses are read with plain SQL
        unwanted = self.env["ar.facts"]._read_unwanted(customers)
        asked = customers.filtered(lambda customer: unwanted[customer.id])
        for customer in asked:
            addresses = ", ".join(sorted(unwanted[customer.id]))
            reader = customer._in_staff_language()
            reader._add_task(
                "ar_collections.mail_activity_type_address",
                reader.env._("%(addresses)s asked for no more emails: send a letter, or call.", addresses=addresses),
            )
        return super()._add_address_task(customers - asked)
