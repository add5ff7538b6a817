from datetime import timedelta

from odoo.tests.common import JsonRpcException

from ...portal.common_portal import ArPortalCommon


class SettlementPageCommon(ArPortalCommon):
    """A customer who owes 300, of which 180 settles the debt, agreed on by two persons; on the real day of today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._user("collector", login="settles")
        cls.credit_manager = cls._user("credit_manager", login="agrees")
        cls.settlement = cls._agree(180.0)

    @classmethod
    def _request(cls, agreed, customer=None, days=10):
        """Request a settlement of all that is overdue by the dialog."""
        customer = (customer or cls.customer).with_user(cls.collector)
        wizard = cls.env["ar.settlement.new"].with_user(cls.collector).browse(customer.action_settle()["res_id"])
        day = cls.TODAY + timedelta(days=days)
        wizard.write({"amount_agreed": agreed, "date_until": day, "reason": "No assets"})
        return cls.env["ar.settlement"].browse(wizard.action_request()["res_id"])

    @classmethod
    def _agree(cls, agreed, customer=None, days=10):
        settlement = cls._request(agreed, customer, days)
        settlement.with_user(cls.credit_manager).action_approve()
        cls.env.flush_all()
        return settlement

    def _open(self, settlement=None, customer=None):
        """Open the page of a settlement by the customer's link."""
        settlement = settlement or self.settlement
        return self.url_open(self._link(customer, f"/settlement/{settlement.id}"))

    def _press_pay(self, settlement=None, customer=None, **values):
        """Press the button that pays the settlement; return the response after its redirects."""
        settlement, customer = settlement or self.settlement, customer or self.customer
        data = {"access_token": self._key(customer), **values}
        url = f"/my/receivables/{customer.id}/settlement/{settlement.id}/pay"
        return self.url_open(url, data=data, method="POST")

    def _submit_refused(self, response, text, **values):
        """Press "pay" on the payment form, which is refused with a text."""
        with self.assertLogs("odoo.http", "WARNING") as log, self.assertRaises(JsonRpcException):
            self._submit(response, **values)
        self.assertIn(text, "".join(log.output))

    def _judge(self, day=None):
        self.env["ar.settlement"].sudo()._judge_company(self.company, day or self.TODAY)
        self.env.invalidate_all()
