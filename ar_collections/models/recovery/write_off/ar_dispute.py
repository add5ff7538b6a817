from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ....core.credit.request import ALONE_DAYS
from ....core.money import ZERO, proportion, to_decimal
from ....formats import format_amount


class ArDispute(models.Model):
    """What is granted of a debt is given up as what is written off: above the company's amount by two persons."""

    _inherit = "ar.dispute"

    def _check_granted(self, granted):
        """Override: who recorded a dispute grants alone what the company lets one person write off alone.

        What the customer disputes on its page is its own request, which the owner decides. Rejecting needs nobody else.
        """
        super()._check_granted(granted)
        if not any(granted.values()) or self._get_recorder() != self.env.user:
            return
        company = self.company_id
        if self._to_company_amount(granted) + self._get_granted_alone() <= to_decimal(company.ar_write_off_alone):
            return
        raise UserError(
            self.env._(
                "You recorded %(dispute)s yourself, so another person grants it: %(person)s. One person grants a "
                "customer up to %(amount)s in 30 days; an administrator changes that under Invoicing > Configuration > "
                "Settings > Collections > Write-offs > One person up to.",
                dispute=self.name,
                person=self._get_other_decider().name or self.env._("a collections manager"),
                amount=format_amount(self.env, company.ar_write_off_alone, company.currency_id),
            )
        )

    @api.model
    def _get_barred(self, company, recorder):
        """Override: who recorded the dispute, where one person grants nothing alone."""
        barred = super()._get_barred(company, recorder)
        return barred if company.ar_write_off_alone else barred | recorder

    def _get_other_decider(self):
        """Return the owner, or a collections manager, who did not record the dispute; may be empty."""
        recorder = self._get_recorder()
        return (self.user_id - recorder) or (self.company_id._ar_get_users("manager") - recorder)[:1]

    def _get_granted_alone(self):
        """Return what the user granted the customer lately of disputes that it recorded itself, in company currency."""
        since = self.company_id._ar_today() - timedelta(days=ALONE_DAYS)
        granted = self.search(
            [
                ("customer_id", "=", self.customer_id.id),
                ("origin", "=", "staff"),
                ("create_uid", "=", self.env.uid),
                ("resolved_by_id", "=", self.env.uid),
                ("date_resolved", ">", since),
                ("id", "!=", self.id),
            ]
        )
        own = granted.filtered(lambda dispute: dispute._get_recorder() == self.env.user)
        return self._to_company_amount({line: to_decimal(line.amount_accepted) for line in own.line_ids})

    @api.model
    def _to_company_amount(self, granted):
        """Return granted amounts in company currency as Decimal, at the rates at which their items are booked.

        What was granted does not change with the rate of the day, and no rate is needed. Where an invoice is canceled
        or its items are others by now, it is the rate of the day on which the dispute was raised.

        :param granted: see `_check_granted`
        """
        total = ZERO
        for line, amount in granted.items():
            item, company, currency = line.move_line_id, line.company_id, line.currency_id
            if item.currency_id == currency and item.amount_currency:
                share = proportion(to_decimal(item.balance), amount, to_decimal(item.amount_currency))
                total += to_decimal(company.currency_id.round(float(share)))
            else:
                day = line.dispute_id.date_raised
                total += to_decimal(currency._convert(float(amount), company.currency_id, company, day))
        return total
