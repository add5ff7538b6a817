"""Odoo's own pages of overdue invoices ask for nothing that is claimed in insolvency proceedings."""

from datetime import timedelta

from odoo.tests import tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from ...portal.common_portal import ArPortalCommon


@tagged("post_install", "-at_install")
class TestInsolvencyPortal(ArPortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._user("collector", login="records-insolvency")
        cls.user = cls._portal_user(cls.payer, "insolvent-payer")
        cls.provider.write({"company_id": cls.company.id, "is_published": True})

    def _open(self):
        """Record proceedings after which the newer invoice came about."""
        day = self.new.invoice_date - timedelta(days=1)
        insolvency = self.env["ar.insolvency"].with_user(self.collector)
        insolvency = insolvency.create({"customer_id": self.customer.id, "opened_on": day})
        self.env.flush_all()
        return insolvency

    def _overdue(self):
        self.authenticate(self.user.login, self.user.login)
        return self.url_open("/my/invoices/overdue")

    def _pay_overdue(self):
        url = self._build_url("/invoice/transaction/overdue")
        return self.make_jsonrpc_request(
            url,
            {
                "payment_reference": "Overdue",
                "provider_id": self.provider.id,
                "payment_method_id": self.payment_method_id,
                "token_id": None,
                "amount": self.new.amount_residual,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "/my/invoices",
            },
        )

    def test_all_overdue_without_proceedings(self):
        self.assertIn("300.00", self._overdue().text)

    def test_the_page_of_all_overdue_asks_for_later_debts(self):
        self._open()
        page = self._overdue()
        self.assertIn("100.00", page.text)
        for amount in ("300.00", "200.00"):
            self.assertNotIn(amount, page.text)
        listed = self.url_open("/my/invoices?filterby=overdue_invoices").text
        self.assertIn(self.new.name, listed)
        self.assertNotIn(self.old.name, listed)
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["overdue_invoice_count"]})
        self.assertEqual(counters["overdue_invoice_count"], 1)

    def test_the_payment_of_all_overdue_is_for_later_debts(self):
        self._open()
        self._overdue()
        values = self._pay_overdue()
        transaction = self.env["payment.transaction"].sudo().search([("reference", "=", values["reference"])])
        self.assertEqual(transaction.invoice_ids, self.new)

    def test_a_page_that_was_opened_before_pays_nothing(self):
        self._pay(self.new)
        self.assertIn("200.00", self._overdue().text)
        self._open()
        with mute_logger("odoo.http"), self.assertRaisesRegex(JsonRpcException, "ValidationError"):
            self._pay_overdue()
        self.assertFalse(self.env["payment.transaction"].search([("invoice_ids", "in", self.old.ids)]))
        self.assertTrue(self._overdue().url.endswith("/my/invoices"), "nothing to pay at once")
