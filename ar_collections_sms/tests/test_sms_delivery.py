from datetime import datetime, time

import requests
from freezegun import freeze_time
from urllib3.exceptions import MaxRetryError, NewConnectionError

from odoo.exceptions import AccessError, UserError
from odoo.tests.common import RecordCapturer
from odoo.tools import mute_logger

from odoo.addons.ar_collections.models.communications.channels.request_errors import was_not_sent
from odoo.addons.ar_collections.tests.common import PROBLEM_LOG

from .common_sms import MOBILE, ArSmsCommon


def _as_odoo(error):
    """Return the error for people by which Odoo replaces that of a request."""
    told = AccessError("An error occurred while reaching the service.")
    told.__context__ = error
    return told


UNREACHABLE = requests.exceptions.ConnectionError(MaxRetryError(None, "/", NewConnectionError(None, "refused")))


REASON = "The account is not active, please see the provider's console."


class TestSmsDelivery(ArSmsCommon):
    """What the gateway answers, reports later, or does not answer."""

    def setUp(self):
        super().setUp()
        self._run()
        self.message = self._communications(self.customer)
        self.recipient = self.message.address_ids

    def _add_payers(self, count):
        """Add late payers with messages that wait; return all messages."""
        others = [self._late(name=f"Payer {number}", phone=f"+3361234560{number}")[0] for number in range(count)]
        for customer in others:
            self._agree(customer.partner_id)
        self._run()
        return self._communications(self.customer.union(*others))

    def _fail(self, error, hour=12):
        """Work the queue, where the gateway raises an error."""
        moment = datetime.combine(self.TODAY, time(hour))
        with mute_logger(PROBLEM_LOG), freeze_time(moment), self.mockSMSGateway(), self._lose_answer(error):
            self.env["ar.sms.queue"]._cron_deliver()
        self.env.invalidate_all()

    def test_a_lost_answer_is_unknown_and_never_repeated(self):
        others = self._add_payers(1) - self.message
        self._fail(_as_odoo(requests.exceptions.ReadTimeout()))
        self.assertEqual((self.message.state, self.recipient.state), ("unknown", "unknown"))
        self.assertEqual(others.state, "planned")  # it would have met the same
        self.assertTrue(self.env["ar.problem"]._search_open(self.company, "sms_gateway"))
        self.assertEqual(len(self._queue()), 1)
        self.assertEqual(len(self._tasks(self.customer, "unknown")), 1)
        self.assertFalse(self._queue())
        self.assertFalse(self._queue(self.TODAY.replace(day=12)))
        with self._on(), self.mockSMSGateway():
            self.env["sms.sms"].sudo()._process_queue()  # nothing is left to Odoo's own queue
            self.assertFalse(self._sms)
        # The gateway reports it after all.
        self._report(self.recipient, "delivered")
        self.assertEqual((self.message.state, self.recipient.state), ("sent", "sent"))
        self.assertTrue(self.recipient.sms_delivered_on)
        self.assertFalse(self._tasks(self.customer, "unknown"))

    def test_a_crash_after_the_claim_is_settled_as_unknown_by_the_night(self):
        with self._on():
            self.message.sudo()._begin_delivery(self.recipient.sudo())
        self.assertEqual(self.recipient.state, "sending")
        self.assertFalse(self._queue())
        with self._on():
            self.env["ar.communication"]._settle_crashed(self.company)
        self.assertEqual((self.message.state, self.recipient.state), ("unknown", "unknown"))

    def test_the_night_leaves_other_readers_to_the_queue(self):
        values = {"name": "A", "parent_id": self.partner.id, "type": "collections"}
        contacts = self.env["res.partner"].create([{**values, "phone": f"+3369876543{number}"} for number in range(2)])
        for contact in contacts:
            self._agree(contact)
        self._queue(nbr_t_error={"+33698765431": REASON})
        first, second = self.message.address_ids.filtered(lambda row: row.state != "cancelled")
        self.assertEqual((self.message.state, first.state, second.state), ("sending", "sent", "planned"))
        with self._on():
            self.env["ar.communication"]._settle_crashed(self.company)
        self.assertEqual((first.state, second.state), ("sent", "planned"))

    def test_a_message_that_is_cancelled_says_so_in_the_chatter(self):
        self._fail(_as_odoo(UNREACHABLE))
        shown = self.message.message_id.sudo().notification_ids
        self.assertEqual(shown.notification_status, "ready")
        self.message.sudo()._cancel("outdated")
        self.assertEqual(shown.notification_status, "canceled")

    def test_wrong_settings_of_the_gateway_burn_no_message(self):
        self._fail(UserError("Invalid account"))
        self.assertEqual((self.message.state, self.recipient.failure_reason), ("planned", "Invalid account"))

    def test_a_refusal_without_a_name_is_of_the_account_until_others_are_taken(self):
        logs = self._add_payers(2)
        with mute_logger(PROBLEM_LOG):
            self.assertFalse(self._queue(sim_error=REASON))
        self.assertEqual(logs.mapped("state"), ["planned"] * 3)
        self.assertEqual(logs.address_ids.mapped("attempts"), [1, 1, 0])  # two were enough to know
        problem = self.env["ar.problem"]._search_open(self.company, "sms_gateway")
        self.assertIn(REASON, problem.message)
        # Where the others are taken it is about this one.
        with mute_logger(PROBLEM_LOG):
            self.assertEqual(len(self._queue(hour=13, nbr_t_error={MOBILE: REASON})), 2)
        self.assertEqual((self.recipient.state, self.recipient.attempts), ("planned", 2))
        self.assertTrue(problem.solved_on)
        self._queue(hour=14, nbr_t_error={MOBILE: REASON})
        self.assertEqual((self.recipient.state, self.recipient.failure), ("failed", "technical"))
        self.assertEqual(self.recipient.failure_reason, REASON)

    def test_a_gateway_that_is_not_reached_is_tried_again(self):
        self._fail(_as_odoo(UNREACHABLE))
        self.assertEqual((self.message.state, self.recipient.state), ("planned", "planned"))
        problem = self.env["ar.problem"]._search_open(self.company, "sms_gateway")
        self.assertEqual(problem.times, 1)
        self.assertTrue(problem.advice)
        self.assertFalse(self._queue())  # five minutes have not passed
        self.assertEqual(len(self._queue(hour=13)), 1)
        self.assertEqual((self.message.state, self.recipient.attempts), ("sent", 1))
        self.assertTrue(problem.solved_on)

    def test_without_credits_all_messages_of_the_company_wait(self):
        logs = self._add_payers(2)
        with mute_logger(PROBLEM_LOG), RecordCapturer(self.env["sms.sms"].sudo(), []) as created:
            self.assertFalse(self._queue(sim_error="credit"))
        self.assertFalse(created.records.exists())
        self.assertEqual(set(logs.mapped("state")), {"planned"})
        self.assertEqual(sum(logs.address_ids.mapped("attempts")), 1)  # one was enough to know
        self.assertEqual(len(self._queue(hour=14)), 3)

    @mute_logger(PROBLEM_LOG)
    def test_answers(self):
        for answer, state, failure in (
            ("wrong_number_format", "failed", "address"),
            ("country_not_supported", "failed", "address"),
            ("server_error", "unknown", False),
            ("incompatible_content", "failed", "technical"),
        ):
            with self.subTest(answer=answer), self.cr.savepoint() as savepoint:
                self.assertFalse(self._queue(sim_error=answer))
                self.assertEqual((self.recipient.state, self.recipient.failure), (state, failure))
                self.assertFalse(self.recipient.sms_cost if state == "failed" else False)
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_reports_of_the_network(self):
        self._queue()
        self._report(self.recipient, "delivered")
        self._report(self.recipient, "not_delivered")  # reports may come in any order
        self.assertEqual(self.recipient.state, "sent")

    def test_a_number_that_does_not_exist_is_not_used_again(self):
        self._queue()
        self._report(self.recipient, "invalid_destination")
        self.assertEqual((self.message.state, self.recipient.failure), ("failed", "address"))
        self.assertEqual(len(self._tasks(self.customer, "address")), 1)
        self._run(self.TODAY.replace(day=11))
        self.assertEqual(self._communications(self.customer)[-1].channel, "email")

    def test_which_errors_are_certain(self):
        refused = requests.exceptions.HTTPError(response=requests.Response())
        for status, expected in ((403, True), (408, False), (409, False), (429, True), (502, False)):
            refused.response.status_code = status
            self.assertEqual(was_not_sent(_as_odoo(refused)), expected)
        self.assertTrue(was_not_sent(_as_odoo(requests.exceptions.ConnectTimeout())))
        self.assertFalse(was_not_sent(_as_odoo(requests.exceptions.ConnectionError("Connection reset by peer"))))
        self.assertFalse(was_not_sent(None))
