"""A card that expires is announced 30 days ahead, once, and only where something is charged after it."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from odoo.addons.ar_collections.models.customers.nightly.batch_run import BatchRun

from ...common import PROBLEM_LOG
from ..common_autopay import AccountAutopayCase, AutopayCase

ASKED_MAX = "odoo.addons.ar_collections.models.autopay.portal.ar_autopay_consent_expiry.ASKED_MAX"


class ExpiryMixin:
    """The provider of the tests tells when its cards expire, as providers with an extension do."""

    def _tell(self, *expiry):
        """Let the provider tell (year, month), or nothing; return how often it was asked so far."""
        self.asked = []

        def read(token):
            self.asked.append(token)
            return expiry or None

        self.enterContext(patch.object(self.registry["payment.token"], "_ar_get_expiry_demo", read, create=True))

    def _stay_silent(self, error, *tokens):
        """Let the provider raise this when it is asked about these methods, default: about all."""
        self.asked = []

        def read(token):
            self.asked.append(token)
            if not tokens or token in tokens:
                raise error

        self.enterContext(patch.object(self.registry["payment.token"], "_ar_get_expiry_demo", read, create=True))
        self.enterContext(mute_logger(PROBLEM_LOG))

    def _notices(self):
        self.env.invalidate_all()
        return self.env["ar.communication"].sudo().search([("notice", "=", "autopay_expiring")])


class TestExpiry(ExpiryMixin, AccountAutopayCase):
    def setUp(self):
        super().setUp()
        self.last = self._in(40).replace(day=1)
        self.last = self.last.fromordinal(self.last.toordinal() - 1)  # the end of the month before
        self.days = (self.last - self.first_day).days

    def test_thirty_days_ahead_and_once(self):
        self._tell(self.last.year, self.last.month)
        consent = self._enrol()
        self._charge(self.days - 31)
        self.assertEqual((len(self._notices()), self.token.ar_expires_on), (0, self.last))
        for day in (self.days - 30, self.days - 29, self.days, self.days + 5):
            self._charge(day)
        self.assertEqual((len(self._notices()), consent.expiry_told), (1, self.last))

    def test_it_names_day_and_method_and_leads_to_the_change(self):
        self._tell(self.last.year, self.last.month)
        self._enrol()
        self._charge(self.days - 20)
        (mail,) = [mail for mail in self._deliver(self._in(self.days - 20)) if "expires soon" in mail["subject"]]
        for text in ("4242", "/autopay/change?access_token=", self._notices()._format_date(self.last)):
            self.assertIn(text, mail["body"])

    def test_a_renewed_card_is_not_announced(self):
        self._tell(self.last.year, self.last.month)
        self._enrol()
        self._charge(self.days - 31)
        self._tell(self.last.year + 3, self.last.month)
        self._charge(self.days - 30)
        self.assertFalse(self._notices())
        self.assertEqual(self.token.ar_expires_on.year, self.last.year + 3)

    def test_one_that_is_renewed_while_the_notice_waits_is_not_told(self):
        self._tell(self.last.year, self.last.month)
        self._enrol()
        self._charge(self.days - 30)
        self.token.ar_expires_on = self.last.replace(year=self.last.year + 3, day=28)
        self._deliver(self._in(self.days - 29))
        self.assertEqual(self._notices().state, "cancelled")

    def test_nothing_after_the_consent_has_ended(self):
        self._tell(self.last.year, self.last.month)
        self._enrol()
        self.customer._stop_autopay("by the customer")
        self._charge(self.days - 20)
        self.assertFalse(self._notices())

    def test_a_provider_that_does_not_know_is_not_asked_every_hour(self):
        self._tell()
        self._enrol()
        for day in (0, 0, 1, 5):
            self._charge(day)
        self.assertEqual(len(self.asked), 1)

    def test_providers_without_the_extension_are_never_asked(self):
        self._enrol()
        self._charge(self.days - 20)
        self.assertFalse(self._notices() or self.token.ar_expiry_asked_on)


class TestNoAnswer(ExpiryMixin, AccountAutopayCase):
    """Providers are asked when all charges are made; what they do not answer is asked again in the next run."""

    def _second(self):
        """Let another customer agree, too; return its payment method."""
        customer, _invoice = self._due(self.DUE, 90, name="Other Payer", email="other@customer.example.com")
        token = self._saved_method(customer.partner_id)
        self._enrol(token, customer)
        return token

    def test_charges_do_not_wait_for_it(self):
        self._enrol()
        self._send_notice(7)
        self._stay_silent(RuntimeError("boom"))
        self.assertEqual(self._charge(10), {"charge": 1, "failed": 1})
        self.assertEqual((self._account_outcomes(), len(self.asked)), ([(300.0, "done")], 1))

    def test_nothing_is_noted_and_nobody_told_without_an_answer(self):
        consent = self._enrol()
        self.token.ar_expires_on = self._in(20)
        self._stay_silent(ValidationError("Could not establish the connection"))
        self._charge(0)
        self.assertFalse(self.token.ar_expiry_asked_on or self._notices())
        problem = self.env["ar.problem"].sudo()._search_open(consent, "autopay")
        self.assertIn("connection", problem.message)
        self._tell(self._in(20).year, self._in(20).month)
        self._charge(1)
        self.assertEqual((self.token.ar_expiry_asked_on, len(self._notices())), (self._in(1), 1))
        self.assertTrue(problem.solved_on)

    def test_an_outage_costs_one_request_in_a_run(self):
        self._enrol()
        self._second()
        self._stay_silent(ValidationError("Could not establish the connection"))
        self._charge(0)
        self.assertEqual(len(self.asked), 1)

    def test_one_that_always_fails_keeps_the_others_from_nothing(self):
        self._enrol()
        other = self._second()
        self._stay_silent(ValidationError("Refused"), self.token)
        self._charge(0)
        self._charge(0)
        self.assertEqual(self.asked, [self.token, other, self.token])
        self.assertEqual(other.ar_expiry_asked_on, self._in(0))

    def test_a_few_in_a_run(self):
        self._enrol()
        other = self._second()
        self._tell()
        with patch(ASKED_MAX, 1):
            self._charge(0)
            self.assertEqual(self.asked, [self.token])
            self._charge(0)
        self.assertEqual(self.asked, [self.token, other])

    def test_nobody_is_asked_when_the_time_is_over(self):
        self._enrol()
        self._send_notice(7)
        self._tell()
        with patch.object(BatchRun, "go_on", lambda *_args: False):
            self._charge(10)
        self.assertEqual((self._account_outcomes(), self.asked), ([(300.0, "done")], []))


class TestPlanExpiry(ExpiryMixin, AutopayCase):
    """The installments are due in 5, 35 and 65 days."""

    def _run_with_card_until(self, day):
        last = self._in(day)
        self._tell(last.year, last.month)
        self._agree()
        self._charge(3)
        return self.token.ar_expires_on

    def test_before_the_last_installment(self):
        last = self._run_with_card_until(20)
        self.assertLess(last, self.third.date)
        (notice,) = self._notices()
        (mail,) = [mail for mail in self._deliver(self._in(3)) if "expires soon" in mail["subject"]]
        self.assertIn(f"/plan/{self.plan.id}/method", mail["body"])
        self.assertIn(self.plan.name, mail["body"])
        self.assertEqual(notice.state, "sent")

    def test_a_plan_that_is_paid_by_then_is_not_told(self):
        (self.second + self.third).write({"date": self._in(6)})
        self._run_with_card_until(20)
        self.assertFalse(self._notices())
