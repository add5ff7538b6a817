from odoo import Command

from odoo.addons.ar_collections.core.credit.limit import AMOUNT, Limit
from odoo.addons.ar_collections.core.money import to_decimal

from ..common_credit import ArCreditCommon


class ArRequestCommon(ArCreditCommon):
    """A customer with a limit of 5,000, its salesperson, and two credit managers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._user("credit_manager", login="second-credit-manager", name="Second Manager")
        cls.salesperson = cls._user("salesperson", login="request-salesperson", name="Sally Sales")
        cls.payer = cls._partner(name="Growing Payer", user_id=cls.salesperson.id)
        cls.customer = cls._customer(cls.payer)

    def setUp(self):
        super().setUp()
        self._limit(self.customer, 5000)

    def _request(self, amount=20000.0, user=None, partner=None, **values):
        """Request a limit by the dialog, as the salesperson."""
        with self._on():
            wizards = self.env["ar.credit.request.new"].with_user(user or self.salesperson)
            action = wizards.create(
                {
                    "partner_id": (partner or self.payer).id,
                    "company_id": self.company.id,
                    "wanted_limit": amount,
                    "reason": "New contract",
                    **values,
                }
            ).action_confirm()
        return self.env["ar.credit.request"].browse(action["res_id"])

    def _approve(self, request, amount=None, user=None, note=""):
        """Approve a request by the dialog."""
        with self._on():
            action = request.with_user(user or self.credit_manager).action_approve()
            wizard = (
                self.env["ar.credit.request.decide"].with_user(user or self.credit_manager).browse(action["res_id"])
            )
            wizard = wizard.with_context(tracking_disable=False, mail_notrack=False)
            wizard.write({"note": note, **({"kind": "amount", "limit": amount} if amount is not None else {})})
            wizard.action_confirm()
        self.env.invalidate_all()

    def _reject(self, request, reason="Too high", user=None):
        """Reject a request by the dialog."""
        with self._on():
            action = request.with_user(user or self.credit_manager).action_reject()
            wizard = (
                self.env["ar.credit.request.decide"].with_user(user or self.credit_manager).browse(action["res_id"])
            )
            wizard.note = reason
            wizard.action_confirm()
        self.env.invalidate_all()

    def _limit_of(self, customer=None):
        """Return the kind and amount of a customer's limit."""
        customer = customer or self.customer
        self.env.invalidate_all()
        return customer.credit_limit_kind, customer.credit_limit

    def _authority(self, user, amount):
        user.sudo().write({"ar_limits_authority": True, "ar_approves_up_to": amount})

    def _away(self, user, cover):
        """Enter an absence of today."""
        self.env["ar.absence"].sudo().create(
            {"user_id": user.id, "cover_id": cover.id, "date_from": self.TODAY, "date_to": self.TODAY}
        )

    def _amount(self, amount):
        return Limit(AMOUNT, to_decimal(amount))

    def _link(self, user, group):
        user.sudo().group_ids = [Command.link(self.env.ref(f"ar_collections.ar_collections_group_{group}").id)]
