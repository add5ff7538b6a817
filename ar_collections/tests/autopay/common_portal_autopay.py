import re
from decimal import Decimal

from ...core.autopay.options import AutopayOptions
from ..portal.common_portal import ArPortalCommon
from .common_autopay import AutopayFactory


class PortalAutopayCase(AutopayFactory, ArPortalCommon):
    """A customer with a saved card, a user who may log in, and the page of automatic payments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo = cls._demo_provider()
        cls.token = cls._saved_method(cls.payer)
        cls.visitor = cls._portal_user(cls.payer, "card-holder")
        cls.url = f"/my/receivables/{cls.customer.id}/autopay"

    # === FACTORIES === #

    @classmethod
    def _options(cls, **values):
        return AutopayOptions(**{k: Decimal(str(v)) if k.startswith("maximum") else v for k, v in values.items()})

    def _accept(self, token=None, **values):
        """Let the customer agree to automatic payment of the account."""
        options = self._options(**values)
        text = self.customer._get_autopay_consent_text(options)
        return self.customer._accept_autopay(token or self.token, "The payer", text, options, "192.0.2.7")

    @property
    def consent(self):
        """The consent that holds now."""
        self.env.invalidate_all()
        return self.customer._get_live_autopay()

    # === ACTIONS OF A VISITOR === #

    def _login(self):
        self.authenticate("card-holder", "card-holder")

    def _open(self, suffix="", token=None, customer=None, **query):
        customer = customer or self.customer
        query["access_token"] = token or self._key(customer)
        address = f"/my/receivables/{customer.id}/autopay{suffix}"
        return self.url_open(f"{address}?" + "&".join(f"{name}={value}" for name, value in query.items()))

    def _review(self, **entries):
        """Enter options and go on to the terms."""
        values = {"method": self.token.id, "charge_on": "due_date", **entries}
        return self._open("/review", **{name: value for name, value in values.items() if value is not None})

    def _hidden(self, page):
        """Return the hidden values of the form that a page ends with."""
        return dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page.text))

    def _agree_on(self, page, url=None, **values):
        """Press "agree" below the terms; values that are None are left out."""
        data = {**self._hidden(page), "name": "The treasurer", "accept": "1", "do": "agree", **values}
        data = {name: value for name, value in data.items() if value is not None}
        response = self.url_open(url or self.url, data=data)
        self.env.invalidate_all()
        return response

    def _stop(self, page=None, **values):
        hidden = self._hidden(page or self._open())
        return self.url_open(self.url, data={**hidden, "do": "stop", **values})
