import datetime

from odoo import api, models

from ...core import decision as codes
from ...core.facts import ITEMS_ONLY


class ArFactsReported(models.AbstractModel):
    """What customers say to have paid of payment plans counts like a payment that is not booked yet."""

    _inherit = "ar.facts"

    @api.model
    def _read_expected_of_plans(self, line_ids, today):
        """Return {line id: amount}: what `_read_expected` does, and what is reported as paid besides.

        A report counts until its last day: the night after it ends the report before it judges plans.

        :param line_ids: set of ids of journal items
        :rtype: defaultdict[int, Decimal]
        """
        expected = self._read_expected(line_ids, today)
        # As of the day before, a report that is over by today excludes until today, and not for another day.
        before = today - datetime.timedelta(days=1)
        for customers, lines in self._read_accounts_of(line_ids):
            own = [line for line in lines if line.line_id in line_ids]
            for line_id, exclusions in self._read_exclusions(customers, own, before, ITEMS_ONLY).items():
                for exclusion in exclusions:
                    if exclusion.code == codes.PAYMENT_REPORTED and today < exclusion.until:
                        expected[line_id] += exclusion.amount
        return expected
