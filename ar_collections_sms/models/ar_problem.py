from odoo import api, fields, models


class ArProblem(models.Model):
    """Problems with text messages: the gateway, and the month's costs."""

    _inherit = "ar.problem"

    code = fields.Selection(
        selection_add=[("sms_gateway", "SMS Gateway"), ("sms_cap", "SMS Costs")],
        ondelete={"sms_gateway": "cascade", "sms_cap": "cascade"},
    )

    @api.model
    def _get_advice(self, code):
        """Override to say what to do about problems with text messages."""
        if code == "sms_gateway":
            return self.env._(
                "An administrator checks account and credits of the gateway under Settings > General Settings > "
                "Send SMS. Messages that wait are sent by themselves then."
            )
        if code == "sms_cap":
            return self.env._(
                "Raise the monthly costs under Settings > Collections, or let the messages wait for the next month: "
                "each is checked again then."
            )
        return super()._get_advice(code)

    @api.model
    def _report_daily(self, company, code, text):
        """Report a problem of a company, or count it up once a day: the queue meets it every few minutes."""
        found = self.sudo()._search_open(company, code)  # sudo: as in `_report`
        day_ago = fields.Datetime.subtract(fields.Datetime.now(), hours=20)
        if not found or found.last_on < day_ago or found.message != text:
            self._report(company, code, text, company=company)
