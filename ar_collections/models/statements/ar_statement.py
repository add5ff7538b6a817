from odoo import api, fields, models

from ...formats import Formats


class ArStatement(models.AbstractModel):
    """The movements of a period in the printed statement."""

    _inherit = "ar.statement"

    @api.model
    def _get_activity(self, customer, first, day):
        """Return the movements of a period as texts, see `ar.customer.statement._get_activity_texts`.

        :param first: first day of the period, as date or text
        :param day: the day of the statement; the period ends the day before
        """
        first, last = fields.Date.to_date(first), fields.Date.subtract(fields.Date.to_date(day), days=1)
        periods = {customer.id: (first, last)}
        activity = self.env["ar.statement.contents"]._read_activity(customer, periods)[customer.id]
        formats = Formats()

        def amount(value, currency_id):
            return formats.amount(self.env, value, self.env["res.currency"].browse(currency_id), self.env.lang)

        def date(value):
            return formats.date(self.env, fields.Date.to_date(value), self.env.lang, "medium")

        return self.env["ar.customer.statement"]._get_activity_texts(activity, amount, date)
