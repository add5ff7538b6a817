import re
from datetime import timedelta

from odoo import Command, fields

from odoo.addons.payment.tests.http_common import PaymentHttpCommon

from ...core.portal.links import Key, hash_key
from ..common import ArCommon


class ArPortalCommon(ArCommon, PaymentHttpCommon):
    """A customer with a page of its own, and the actions of a visitor. Runs today: the server's clock is real."""

    TODAY = fields.Date.today()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].sudo().set_param("account_payment.enable_portal_payment", "True")
        cls.payer = cls._partner(name="Portal Payer")
        cls.old = cls._invoice(cls.payer, overdue_days=40, amount=200.0)
        cls.new = cls._invoice(cls.payer, overdue_days=5, amount=100.0)
        cls.customer = cls._customer(cls.payer)

    # === FACTORIES === #

    @classmethod
    def _item(cls, invoice):
        """Return the invoice's (first) open item."""
        return invoice.line_ids.filtered(lambda line: line.display_type == "payment_term").sorted("date_maturity")[:1]

    @classmethod
    def _invoice_in_parts(cls, number):
        """Return an invoice due in that many equal parts, all late, and its items."""
        parts = [{"value": "percent", "value_amount": 100 / number, "nb_days": day} for day in range(number)]
        term = cls.env["account.payment.term"].create(
            {"name": "In parts", "line_ids": [Command.create(part) for part in parts]}
        )
        invoice = cls._invoice(cls.payer, amount=60.0, overdue_days=5, invoice_payment_term_id=term.id)
        items = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term").sorted("date_maturity")
        return invoice, items

    @classmethod
    def _post_as_one(cls, invoice):
        """Post the invoice again, due at once: one item is left of its parts."""
        invoice.button_draft()
        invoice.write({"invoice_payment_term_id": False, "invoice_date_due": cls.TODAY - timedelta(days=9)})
        invoice.action_post()

    @classmethod
    def _portal_user(cls, partner, login):
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": login,
                    "login": login,
                    "password": login,
                    "partner_id": partner.id,
                    "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
                    "company_id": cls.company.id,
                    "company_ids": [(6, 0, cls.company.ids)],
                }
            )
        )

    @classmethod
    def _reminder(cls, customer, *invoices, **values):
        """Return a communication that lists the invoices, those of others as of customers that it pays for."""
        lines = cls.env["ar.communication.line"].sudo()
        debtors = [cls._customer(invoice.partner_id) for invoice in invoices]
        rows = [
            {
                **lines._prepare_line_vals(cls._item(invoice), "item", None, 1.0, cls.TODAY),
                "member_id": debtor != customer and debtor.id,
            }
            for invoice, debtor in zip(invoices, debtors, strict=True)
        ]
        return (
            cls.env["ar.communication"]
            .sudo()
            .create(
                {
                    "customer_id": customer.id,
                    "date": cls.TODAY,
                    "channel": "email",
                    "tone": "friendly",
                    "lang": "en_US",
                    "line_ids": [Command.create(row) for row in rows],
                    **values,
                }
            )
        )

    @classmethod
    def _key(cls, customer):
        """Return the key of a link to the page of this customer, the same at each call."""
        key = Key(f"key-of-{customer.id}")
        links = cls.env["ar.portal.link"].sudo()
        if not links.search([("key_hash", "=", hash_key(key))]):
            links._issue(customer.sudo(), "message", key=key)
        return str(key)

    def _link(self, customer=None, suffix="", **query):
        """Return the address of a page of the customer, with a valid key."""
        customer = customer or self.customer
        return customer._get_page_address(suffix, access_token=self._key(customer), **query)

    # === ACTIONS OF A VISITOR === #

    def _page(self, customer=None, token=None, **params):
        """Open the page by its link; return the response."""
        customer = customer or self.customer
        params["access_token"] = self._key(customer) if token is None else token
        return self.url_open(f"/my/receivables/{customer.id}?" + "&".join(f"{k}={v}" for k, v in params.items()))

    def _select(self, *invoices, customer=None, amounts=None, credits=(), scope="selected", **values):
        """Tick invoices (and credits) and press "pay"; return the response after its redirects."""
        customer = customer or self.customer
        data = {
            "access_token": self._key(customer),
            "scope": scope,
            "currency": customer.currency_id.name,
            "item": [self._item(invoice).id for invoice in invoices],
            "credit": [self._item(credit).id for credit in credits],
            **{f"amount_{self._item(invoice).id}": amount for invoice, amount in (amounts or {}).items()},
            **values,
        }
        return self.url_open(f"/my/receivables/{customer.id}/choose", data=data, method="POST")

    def _form_of(self, response):
        """Return the payment form's (transaction route, amount), as the browser reads them."""
        route = re.search(r'data-transaction-route="([^"]+)"', response.text)
        amount = re.search(r'data-amount="([^"]+)"', response.text)
        self.assertTrue(route, "There is no payment form on the page.")
        return route.group(1), float(amount.group(1))

    def _submit(self, response, **values):
        """Press "pay" on the payment form: create the transaction; return it."""
        route, amount = self._form_of(response)
        params = {
            "provider_id": self.provider.id,
            "payment_method_id": self.payment_method_id,
            "token_id": None,
            "amount": amount,
            "flow": "redirect",
            "tokenization_requested": False,
            "landing_route": "https://elsewhere.example.com",
            "is_validation": False,
            "access_token": self._key(self.customer),
            "payment_reference": False,
            **values,
        }
        processing = self.make_jsonrpc_request(route, params=params)
        return self._get_tx(processing["reference"])

    def _complete(self, transaction):
        """Let the provider report "done", and Odoo book the payment."""
        transaction._set_done()
        transaction._post_process()
        self.env.invalidate_all()
