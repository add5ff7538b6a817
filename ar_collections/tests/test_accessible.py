import re
from datetime import timedelta
from decimal import Decimal

from odoo.tests import HttpCase, tagged

from ..core.autopay.options import AutopayOptions
from ..core.credit.limit import AMOUNT, Limit
from ..core.credit.request import LimitRequest
from .autopay.common_autopay import AutopayFactory
from .common_accessible import AccessibleCommon
from .recovery.settlements.common_settlement_page import SettlementPageCommon


@tagged("post_install", "-at_install", "ar_tour")
class TestAccessible(AccessibleCommon, SettlementPageCommon, AutopayFactory, HttpCase):
    """Pages and mails of all domains: nothing serious for axe-core, nothing wider than a phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"receipt_enabled": True, "plan_workdays": False, "shows_limit": True})
        cls.policy.write({"workdays_only": False, "contacts_per_day": 9, "contacts_per_7_days": 9})
        cls.customer.sudo().write({"credit_limit_kind": "amount", "credit_limit": 1_000})
        cls.demo = cls._demo_provider()
        cls.policy.sudo().receipt_since = cls.TODAY - timedelta(days=1)

    def _late_in(self, lang, *days):
        """Return a customer who reads this language, with invoices that many days overdue, the last with a credit."""
        self.env["res.lang"].sudo()._activate_lang(lang)
        partner = self._partner(name="Society of Historic Penny-Farthings", lang=lang)
        invoices = [self._invoice(partner, overdue_days=number, amount=1_234.5) for number in days]
        self._invoice(partner, 1, 34.5, move_type="out_refund")
        return self._customer(partner), invoices

    def _reminders(self, lang):
        self._late_in(lang, 40, 12)
        self._run()
        return self._deliver()

    def _statement(self, lang):
        customer, _invoices = self._late_in(lang, -20, -30)
        customer.action_send_statements()
        return self._deliver()

    def _thanks(self, lang):
        _customer, (paid, _other) = self._late_in(lang, 6, -20)
        payment = self._pay(paid, 1_000.0)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_payment SET create_date = now() - INTERVAL '1 day' WHERE id = %s", payment.ids
        )
        self.env["ar.payment.receipt"].sudo()._prepare_company(self.company, self.TODAY)
        return self._deliver()

    def _disputed(self):
        """Return the mails about a dispute: received, and answered."""
        customer, (old, _new) = self._late_in("en_US", 30, 5)
        requested, reason = {self._item(old).id: None}, self.env["ar.dispute.reason"].search([], limit=1)
        dispute = self.env["ar.dispute"]._raise_dispute(customer, reason, requested, "The price is wrong")
        received = self._deliver()
        wizard = self.env["ar.dispute.resolve"].with_context(default_dispute_id=dispute.id)
        wizard.create({"answer": "We looked into it"}).action_resolve()
        return {"dispute received": received, "dispute resolved": self._deliver()}

    def _planned(self):
        """Return the mails about a payment plan: proposed, agreed, an installment is due, announced, declined."""
        customer, invoices = self._late_in("en_US", 30, 5)
        items = self.env["account.move.line"].union(*map(self._item, invoices))
        total = Decimal(str(sum(items.mapped("amount_residual"))))
        first = self.TODAY + timedelta(days=3)
        schedule = customer._get_schedule(total, items.currency_id, "month", first, 3)
        plan = self.env["ar.payment.plan"]._make(customer, dict.fromkeys(items.ids), schedule)
        plan.action_propose()
        sent = {"plan proposed": self._deliver()}
        plan._record_consent("phone", "The treasurer", "Called back, repeated dates and amounts")
        sent["plan agreed"] = self._deliver()
        self._run()
        sent["installment"] = self._deliver()
        token = self._saved_method(customer.partner_id)
        plan._accept_autopay(token, "The treasurer", plan._get_consent_text(), "192.0.2.7")
        return sent | self._autopay_notices(plan.installment_ids[0], "autopay_announced", "autopay_failed")

    def _autopay_notices(self, subject, *notices):
        """Return the mails with notices about an automatic payment; the last one is that it was declined."""
        sent = {notice: self._notice(subject, notice) for notice in notices[:-1]}
        subject.sudo().autopay_failed_on = self.TODAY
        return {**sent, notices[-1]: self._notice(subject, notices[-1])}

    def _charged(self):
        """Return the mails about the automatic payment of an account: agreed, announced, failed, skipped, ended."""
        customer, _invoices = self._late_in("en_US", 1, -3)
        options = AutopayOptions("due_date")
        text, token = customer._get_autopay_consent_text(options), self._saved_method(customer.partner_id)
        customer._accept_autopay(token, "The treasurer", text, options, "192.0.2.7")
        sent = {"account charged": self._deliver()}
        self._charge()
        sent["account_autopay_announced"] = self._deliver()
        collection = self.env["ar.autopay.collection"].sudo().search([("customer_id", "=", customer.id)])
        sent |= self._autopay_notices(
            collection, "account_autopay_skipped", "autopay_returned", "account_autopay_failed"
        )
        customer._stop_autopay("by the customer")
        return {**sent, "account not charged any more": self._deliver()}

    def _demanded(self, lang):
        template = self.env.ref("ar_collections.mail_template_final_demand")
        step = {"days": 30, "tone": "formal", "is_final_demand": True, "mail_template_id": template.id}
        self._on_schedule(step)
        return self._reminders(lang)

    def _limit_answered(self):
        """Return what a customer is told who asked for a higher limit."""
        wanted = LimitRequest(None, Limit(AMOUNT, Decimal(5_000)), "A larger project")
        requests = self.env["ar.credit.request"].sudo()
        request = requests._open_request(self.payer, self.company, wanted, origin="portal")
        request._notify_customer(approved=False)
        return self._deliver()

    def _notice(self, subject, notice):
        self.env["ar.outreach"]._notify(subject, notice, is_manual=True)
        return self._deliver()

    def _mails(self):
        """Return a mail of each kind, reminders and what is sent by schedule also from right to left."""
        customer, (old, new) = self._late_in("en_US", 30, 5)
        reported = customer._report_payment(self.TODAY, {self._item(old).id: None}, origin="portal")
        reported.sudo().state = "not_found"
        promise = customer._promise(self.TODAY, {self._item(new).id: None}, origin="portal")
        sent = {
            "settlement": self._notice(self.settlement, "settlement_offered"),
            "payment not found": self._notice(reported, "payment_not_found"),
            "promise": self._notice(promise, "promise_confirmed"),
        }
        sent |= self._disputed() | self._planned() | self._charged()
        for lang in ("en_US", "ar_001"):
            for name, make in (
                ("reminder", self._reminders),
                ("statement", self._statement),
                ("thanks", self._thanks),
                ("final demand", self._demanded),
            ):
                sent[f"{name} in {lang}"] = make(lang)
        return sent

    def test_pages_and_mails(self):
        token = re.search(r'name="csrf_token" value="([^"]+)"', self._page().text).group(1)
        asked = self.url_open("/my/receivables/new-link", data={"access_token": "old", "csrf_token": token})
        paths = [("settlement", f"/settlement/{self.settlement.id}"), ("ability", "/ability"), ("limit", "/limit")]
        pages = [(name, self._link(suffix=suffix)) for name, suffix in paths]
        sent = {name: self._as_mails(name, mails) for name, mails in self._mails().items()}
        self.assertFalse([name for name, mails in sent.items() if not mails])
        mails = [mail for mails in sent.values() for mail in mails]
        # Odoo's own layout names a language as Odoo does.
        bodies = [mail["body"].replace('lang="en_US"', 'lang="en-US"') for mail in self._limit_answered()]
        mails += [{"name": "limit", "html": body, "is_mail": True} for body in bodies]
        self._check([*pages, ("link requested", None, asked.text), *mails], widths=(320,))

    def test_dashboard(self):
        self._run()
        self.env["ar.metric.snapshot"].sudo()._take(self.company, self.TODAY - timedelta(days=1))
        user = self._user("manager", login="sees-it", password="sees-it-well")
        ready = "Boolean(document.querySelector('.o_ar_dashboard canvas'))"
        self._check_open("/odoo/receivables", ".o_ar_dashboard", ready, user.login)
