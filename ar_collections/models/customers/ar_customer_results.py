from collections import defaultdict
from decimal import Decimal

from odoo import models


class ArCustomerResults(models.Model):
    """The results of decisions and of the ledger, stored on many accounts at once."""

    _inherit = "ar.customer"

    def _write_results(self, results):
        """Write what differs from what is stored; in most nights that is little. Called in superuser mode.

        Customers whose values change alike are written together, by `write`, which other modules may extend. JSON
        values differ from customer to customer and are only shown: they go past `write` into the cache, and reach the
        database in one statement for all, like every other field.

        :param results: {customer id: values}; of fields that are not tracked
        """
        accounts = self.with_context(tracking_disable=True)
        names = {name for values in results.values() for name in values}
        accounts.browse(results).fetch(names)
        stored = {name: self._fields[name]._get_cache(accounts.env) for name in names}
        json_names = {name for name in names if self._fields[name].type == "json"}
        alike, shown = defaultdict(list), defaultdict(list)
        for customer_id, values in results.items():
            changed = {
                name: value
                for name, value in values.items()
                if stored[name].get(customer_id, ...) != _comparable(value)
            }
            for name in json_names & changed.keys():
                shown[name].append((customer_id, changed.pop(name)))
            if changed:
                alike[repr(sorted(changed.items()))].append((customer_id, changed))
        for group in alike.values():
            accounts.browse(customer_id for customer_id, _changed in group).write(group[0][1])
        for name, rows in shown.items():
            for customer_id, value in rows:
                self._fields[name].write(accounts.browse(customer_id), value)
            accounts.browse(customer_id for customer_id, _value in rows).modified([name])


def _comparable(value):
    """Return a value as the cache holds it, where it can be: others count as changed, and are written."""
    if isinstance(value, Decimal):
        return float(value)
    return None if value is False else value
