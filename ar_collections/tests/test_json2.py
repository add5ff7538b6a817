import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import ArCommon


@tagged("post_install", "-at_install")
class TestJson2(ArCommon, HttpCase):
    """The requests of the guide for integrators, by Odoo's JSON-2 API: a key has the rights of its user."""

    FIELDS = ("balance", "overdue", "oldest_due_date", "decision_code", "next_date", "credit_state")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner(ref="C1042")
        cls._invoice(cls.partner, 5)
        cls.auditor = cls._user("auditor")

    def setUp(self):
        super().setUp()
        self._run()

    def test_what_a_customer_owes(self):
        (account,) = self._call("ar.customer", domain=[["partner_id.ref", "=", "C1042"]], fields=self.FIELDS)
        self.assertEqual(account.keys(), {"id", *self.FIELDS})
        self.assertEqual((account["balance"], account["overdue"]), (100, 100))

    def test_what_was_said(self):
        (message,) = self._call(
            "ar.communication",
            domain=[["partner_id", "=", self.partner.id]],
            fields=["date", "channel", "subject", "state"],
            order="id desc",
            limit=20,
        )
        self.assertEqual((message["channel"], message["state"]), ("email", "planned"))

    def _call(self, model, **params):
        """Call `search_read` of a model with a key of the auditor."""
        keys = self.env["res.users.apikeys"].with_user(self.auditor)
        key = keys._generate(scope="rpc", name="test", expiration_date=fields.Datetime.now() + timedelta(days=1))
        response = self.url_open(
            f"/json/2/{model}/search_read",
            data=json.dumps(params),
            headers={"Authorization": f"bearer {key}", "Content-Type": "application/json"},
        )
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()
