import re
from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .common_accessible import AccessibleCommon
from .recovery.settlements.common_settlement_page import SettlementPageCommon


@tagged("post_install", "-at_install", "ar_tour")
class TestAccessible(AccessibleCommon, SettlementPageCommon, HttpCase):
    """Pages and mails of all domains: nothing serious for axe-core, nothing wider than a phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"receipt_enabled": True, "workdays_only": False})
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
        for lang in ("en_US", "ar_001"):
            for name, make in (("reminder", self._reminders), ("statement", self._statement), ("thanks", self._thanks)):
                sent[f"{name} in {lang}"] = make(lang)
        return sent

    def test_pages_and_mails(self):
        token = re.search(r'name="csrf_token" value="([^"]+)"', self._page().text).group(1)
        asked = self.url_open("/my/receivables/new-link", data={"access_token": "old", "csrf_token": token})
        paths = [("settlement", f"/settlement/{self.settlement.id}"), ("ability", "/ability")]
        pages = [(name, self._link(suffix=suffix)) for name, suffix in paths]
        sent = {name: self._as_mails(name, mails) for name, mails in self._mails().items()}
        self.assertFalse([name for name, mails in sent.items() if not mails])
        mails = [mail for mails in sent.values() for mail in mails]
        self._check([*pages, ("link requested", None, asked.text), *mails], widths=(320,))

    def test_dashboard(self):
        self._run()
        self.env["ar.metric.snapshot"].sudo()._take(self.company, self.TODAY - timedelta(days=1))
        user = self._user("manager", login="sees-it", password="sees-it-well")
        ready = "Boolean(document.querySelector('.o_ar_dashboard canvas'))"
        self._check_open("/odoo/receivables", ".o_ar_dashboard", ready, user.login)
