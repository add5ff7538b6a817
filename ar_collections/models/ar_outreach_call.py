from odoo import api, models


class ArOutreachCall(models.AbstractModel):
    _inherit = "ar.outreach"

    @api.model
    def _log_call(self, customer, contact):
        """Log a call outside the ladder: it uses up no step, but counts as a contact.

        :return: the communication, in state `planned` until its result is known
        """
        today = customer.company_id._ar_today()
        log = self.env["ar.communication"].sudo()  # the log takes rows from the engine only, whoever started it
        return log.create(
            {
                "customer_id": customer.id,
                "state": "planned",
                "human": True,
                "date": today,
                "date_spoken": today,
                "channel": "call",
                "tone": "friendly",
                "subject": self.env._("Call"),
                "user_id": self.env.uid,
                "recipient_ids": contact.ids,
                "lang": contact.lang or customer.partner_id.lang or customer.company_id.partner_id.lang,
            }
        )
