from odoo import Command

from ....core.credit.effect import BLOCK
from ....models.credit.documents.credit_hold import CreditHold
from ..common_credit import ArCreditCommon


class ArDocumentsCommon(ArCreditCommon):
    """A customer with a limit of 1,000 whose policy blocks invoices, and a user who invoices without a role of ours."""

    LIMIT = 1000

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.effect_invoice = BLOCK
        cls.customer = cls._customer()
        cls.partner = cls.customer.partner_id
        cls.biller = cls.internal_user
        cls.biller.write(
            {
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.link(cls.env.ref("account.group_account_invoice").id)],
            }
        )
        cls.customer.sudo().write({"credit_limit_kind": "amount", "credit_limit": cls.LIMIT})

    def _foreign(self, *rates):
        """Return a currency with these rates [(day, rate), …], and no others."""
        currency = self.setup_other_currency("EUR", rounding=0.01)
        currency.rate_ids.unlink()
        for day, rate in rates:
            values = {"name": day, "rate": rate, "currency_id": currency.id, "company_id": self.company.id}
            self.env["res.currency.rate"].create(values)
        return currency

    def _post(self, moves):
        """Post invoices together as the user who invoices; return their states."""
        with self._on():
            moves.with_user(self.biller).action_post()
        return moves.mapped("state")

    def _assert_held(self, moves, text=""):
        """Assert that nothing of these invoices can be posted; return the message."""
        with self._on(), self.assertRaisesRegex(CreditHold, text) as caught:
            moves.with_user(self.biller).action_post()
        self.assertEqual(set(moves.mapped("state")), {"draft"})
        return str(caught.exception)

    def _release(self, document, reason="Paid by phone", user=None):
        """Release a document in the dialog, as a credit manager."""
        user = user or self.credit_manager
        with self._on():
            action = document.with_user(user).action_ar_release()
            dialog = self.env["ar.credit.release.new"].with_user(user).with_context(**action["context"])
            dialog.create({"reason": reason}).action_release()
        return self.env["ar.credit.release"].search([("res_id", "=", document.id)], limit=1)
