from odoo.tests import HttpCase, tagged

from ...core.autopay.options import AutopayOptions
from ..common_accessible import AccessibleCommon
from .common_portal import ArPortalCommon


@tagged("post_install", "-at_install", "ar_tour")
class TestAccessible(AccessibleCommon, ArPortalCommon, HttpCase):
    """The screens of the customer's page: nothing serious for axe-core, nothing wider than a phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        demo = cls._prepare_provider("demo", company=cls.company, update_values={"is_published": True})
        demo.journal_id = cls.company_data["default_journal_bank"]
        demo.allow_tokenization = True
        cls.env["res.partner.bank"].create(
            {"acc_number": "IE29 AIBK 9311 5212 3456 78", "partner_id": cls.company.partner_id.id}
        )

    def _links(self, *suffixes, customer=None):
        customer = customer or self.customer
        return [(suffix or "page", self._address(suffix, customer=customer)) for suffix in suffixes]

    def _address(self, suffix="", query="", customer=None):
        """Return the address of a page, with a valid key."""
        customer = customer or self.customer
        return f"/my/receivables/{customer.id}{suffix}?access_token={self._key(customer)}{query}"

    def test_page_of_a_customer_and_the_ways_to_pay(self):
        self._invoice(self.payer, 2, 50, move_type="out_refund")
        choice = self.env["ar.payment.choice"].sudo()._make(self.customer, {self._item(self.old).id: None}, [])
        self._check(
            [
                *self._links("", f"/pay/{choice.token}", "/paid"),
                ("search", self._address(query="&search=nothing")),
                ("no access", f"/my/receivables/{self.customer.id}?access_token=wrong"),
            ]
        )

    def test_forms_and_agreements(self):
        items = f"&item={self._item(self.old).id}&item={self._item(self.new).id}"
        names = ("promise", "dispute", "plan", "reported", "copy")
        forms = [(name, self._address(f"/{name}", items)) for name in names]
        today = self.company._ar_today()
        promise = self.customer._promise(today, {self._item(self.new).id: None}, origin="portal")
        self._check([*forms, *self._links("", f"/promise/{promise.id}")])

    def test_a_long_list_with_long_names_in_two_currencies(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        partner = self._partner(
            name="Society for the Preservation of Historic Bicycles and Penny-Farthings GmbH & Co. KG"
        )
        self._invoices([partner] * 105, 20, 1_234_567.89)
        self._invoices([partner] * 2, 20, 1_234_567.89, currency_id=euro.id)
        customer = self._customer(partner)
        self._check(
            [
                ("full", self._address(customer=customer)),
                ("second page", self._address(query="&page=2", customer=customer)),
            ],
            widths=(320, 1280),
        )

    def test_nothing_to_pay(self):
        customer = self._customer(self._partner(name="Paid Up"))
        self._check(self._links("", customer=customer))

    def test_automatic_payments(self):
        options, holder = AutopayOptions("month_day", 0, 31), self._portal_user(self.payer, "card-holder")
        values = {"provider_id": self.provider.id, "payment_method_id": self.payment_method_id, "provider_ref": "saved"}
        token = self.env["payment.token"].sudo().create({**values, "partner_id": self.payer.id})
        terms = f"&method={token.id}&charge_on=month_day&month_day=31&maximum_charge=150"
        self._check(self._links("/autopay", "/autopay/method"))
        self.authenticate(holder.login, holder.login)
        self._check([("form", self._address("/autopay")), ("terms", self._address("/autopay/review", terms))])
        text = self.customer._get_autopay_consent_text(options)
        self.customer._accept_autopay(token, "The payer", text, options)
        self._check(self._links("/autopay", "/autopay/change"))
