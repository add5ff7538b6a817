from odoo import models

from ...core.autopay.declines import is_revoked


class ArAutopayChargeRevoked(models.Model):
    """A charge that the bank refused for lack of permission ends the consents to charge that method, at once."""

    _inherit = "ar.autopay.charge"

    def _end_revoked(self):
        """End all consents to charge the methods of charges whose permission is gone; tell customers and collectors.

        Called when a charge is declined, whatever told us: the request, an event of the provider, or a person.
        """
        revoked = self.filtered(lambda charge: is_revoked(charge.code))
        for charge in revoked:
            consents = charge.consent_id.token_id._ar_autopay_consents()
            if not consents:
                continue
            consents.is_revoked = True
            customers = consents.customer_id
            consents.token_id._ar_stop_autopay(
                lambda owner: owner.env._("the bank says that the permission to debit was withdrawn")
            )
            # Of plans, too; whatever was confirmed today, because nobody did this on the page.
            consents._notify("autopay_ended")
            for customer in customers:
                reader = customer._in_staff_language()
                customer._add_task(
                    "ar_collections.mail_activity_type_autopay_failed",
                    reader.env._(
                        "Automatic payments stopped: according to the bank, the customer withdrew the permission for "
                        "%(method)s",
                        method=charge.consent_id.method,
                    ),
                )
