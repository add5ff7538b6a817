from odoo import api, fields, models


class ArAutopayConsentEnd(models.Model):
    """Many consents that end at once, as where a provider is switched off: who pays and who collects hear of it later.

    A message for each of thousands would take longer than a request may, and the provider would stay on.
    """

    _inherit = "ar.autopay.consent"

    end_to_notify = fields.Boolean(
        "End to Notify", readonly=True, help="The next run logs the end, and tells customers."
    )

    _end_to_notify_idx = models.Index("(company_id) WHERE end_to_notify")

    def _end_together(self, get_reason):
        """End these consents, in a number of statements that does not grow with them.

        :param get_reason: function that returns why, in the language of the record that it gets
        """
        self.end_to_notify = True
        for lang, group in self.grouped(lambda each: each.customer_id._in_staff_language().env.lang).items():
            reason = get_reason(group.with_context(lang=lang))
            group.plan_id._end_autopay(reason)
            group.filtered(lambda consent: not consent.plan_id).customer_id._end_autopay(reason)

    @api.model
    def _tell_ended(self, company, run):
        """Log the ends of consents that were ended together, and tell the customers.

        :param BatchRun run: the run that this belongs to
        :return: whether there is time left
        """
        # sudo: the run covers all customers of the company.
        for consent in self.sudo().search([("company_id", "=", company.id), ("end_to_notify", "=", True)], order="id"):
            run.attempt(consent.customer_id, consent._tell_end, clear=False)
            if not run.go_on(0):
                return False
        return True

    def _tell_end(self):
        """Log the end on the thread, and tell the customer where it is about the account.

        Of a revoked permission the customer was told when the bank said it.
        """
        self.ensure_one()
        self.end_to_notify = False
        owner = self.plan_id or self.customer_id
        owner._log_stop(self.ended_reason)
        if not self.plan_id and not self.is_revoked:
            self._confirm("autopay_ended")
