from dataclasses import replace

from odoo import models

from ....core import decision as codes
from ....core.money import ZERO
from ....formats import format_date


class ArCustomerPage(models.Model):
    """The customer's page during insolvency proceedings: it asks for nothing from before, and says why."""

    _inherit = "ar.customer"

    def _read_payables(self, facts=None):
        """Override to offer no payment of what is claimed in proceedings: a creditor must not get more than others."""
        facts = facts or self._read_facts()
        payables = super()._read_payables(facts)
        held = {
            item.item_id
            for customer in self
            for item in facts[customer.id].items
            if any(exclusion.code == codes.INSOLVENT for exclusion in item.exclusions)
        }
        return {
            customer: [replace(each, left=ZERO, discounted=None) if each.item_id in held else each for each in rows]
            for customer, rows in payables.items()
        }

    def _get_late_charge_page_values(self):
        """Override to name no late charges during proceedings: they are a part of the claim."""
        values = super()._get_late_charge_page_values()
        return {} if values and self._find_open_insolvencies() else values

    def _get_agreement_rows(self):
        """Override to explain why nothing can be paid here."""
        rows = super()._get_agreement_rows()
        for insolvency in self._find_open_insolvencies():
            texts = [
                self.env._(
                    "Invoices up to %s are claimed in the proceedings: nothing is asked for here. Later invoices are "
                    "paid as usual.",
                    format_date(self.env, insolvency.opened_on),
                )
            ]
            administrator = insolvency.administrator_id
            if administrator:
                contact = (administrator.name, administrator.phone, administrator.email)
                texts.append(self.env._("Administrator: %s", ", ".join(filter(None, contact))))
            rows.append(
                {
                    "name": insolvency.reference or "",
                    "title": self.env._("Insolvency proceedings"),
                    "status": self.env._("No payment is asked for"),
                    "date": False,  # nothing of it is announced for a day
                    "text": " ".join(texts),
                    "url": False,
                }
            )
        return rows
