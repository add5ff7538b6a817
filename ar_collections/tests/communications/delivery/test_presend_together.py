from datetime import timedelta
from unittest.mock import patch

from odoo.tools import mute_logger

from ....core.portal.links import strip_keys
from ....models.communications.ar_communication_recipient import ArCommunicationRecipient
from ....models.communications.delivery.prepared import VALID_FOR
from ....models.communications.mail.mail_mail import MailMail
from ...common import MAIL_LOGS, ArCommon
from . import test_presend_check as presend
from . import test_recipients_decided as decided
from .common_recipients import RecipientsCommon


class PreparedBefore:
    """The facts of a group are read here, before the test changes anything, and each delivery comes afterwards."""

    def setUp(self):
        super().setUp()
        self.env.flush_all()
        self.prepared = self._prepare(self.env["mail.mail"].sudo().search([("state", "=", "outgoing")]))

    def _prepare(self, mails):
        """Return {recipient: Prepared} of the present facts."""
        with self._on():
            recipients = mails._get_communication_recipients()
            found = mails._prepare_group([(recipient, recipient.mail_mail_id) for recipient in recipients] * 2)
        self.env.invalidate_all()
        return found

    def _before(self):
        return patch.object(MailMail, "_prepare_group", lambda _model, _group: self.prepared)

    def _deliver(self, *args):
        with self._before():
            return super()._deliver(*args)

    def _work_queue(self, *args):
        with self._before():
            return super()._work_queue(*args)


class TestPresendCheckTogether(PreparedBefore, presend.TestPresendCheck):
    """Whatever changes between the facts of the group and the delivery counts as before."""


class TestRest(PreparedBefore, RecipientsCommon):
    """The rest of the recipients gets the message without another check, as long as nothing changed since the first."""

    def _checks(self):
        checks, log = [], type(self.env["ar.communication"])
        check = log._is_rest_valid

        def note(communication):
            checks.append(communication)
            return check(communication)

        with patch.object(log, "_is_rest_valid", note):
            self.reached = self._work()
        return checks

    def test_unchanged(self):
        self.assertEqual(self._checks(), [])
        self.assertEqual((self.reached, self.communication.state), (["first", "second"], "sent"))

    def test_a_payment_after_the_first(self):
        self._after_the_first(lambda: self._pay(self.invoice))
        self.assertEqual(self._checks(), [self.communication])
        self.assertEqual((self.reached, self._outcomes()), (["first"], {"first": "sent"}))

    def test_a_contact_archived_after_the_first(self):
        self._after_the_first(lambda: self.second.write({"active": False}))
        self.assertEqual(self._checks(), [self.communication])
        self.assertEqual((self.reached, self.communication.state), (["first"], "sent"))

    def _after_the_first(self, change):
        """Let something change after the delivery to the first recipient."""
        end = ArCommunicationRecipient._end_delivery

        def ending(recipient, *args):
            end(recipient, *args)
            if recipient.partner_id == self.first:
                change()
                recipient.env.flush_all()

        patcher = patch.object(ArCommunicationRecipient, "_end_delivery", ending)
        patcher.start()
        self.addCleanup(patcher.stop)


class TestRecipientsTogether(PreparedBefore, decided.TestDecidedAtSending):
    """So do the recipients and the sender."""


class TestArchivedTogether(PreparedBefore, decided.TestArchivedCustomer):
    """So does an archived customer."""


class TwoCustomers(ArCommon):
    """Two customers, each with a reminder that waits in the queue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(amount=500)
        cls.other, _invoice = cls._late(name="Other one", email="other@customer.example.com")

    def setUp(self):
        super().setUp()
        self._run()
        self.communication = self._communications(self.customer)


class TestNoticed(PreparedBefore, TwoCustomers):
    """What is found out together is used as long as nothing changed, and no longer."""

    def _checks(self, day=None):
        """Deliver; return for whom the check was made alone."""
        checked, log = [], type(self.env["ar.communication"])
        check = log._check_before_sending

        def note(communications):
            checked.extend(communications.customer_id)
            return check(communications)

        with patch.object(log, "_check_before_sending", note):
            self.mails = self._deliver(day)
        return checked

    def assertNoticed(self):
        """Assert that the change is noticed for this customer, and for no other."""
        self.env.flush_all()
        self.assertEqual(set(self._checks()), {self.customer})

    def test_unchanged_nobody_is_checked_again(self):
        self.assertEqual(len(self.prepared), 2)
        self.assertEqual(self._checks(), [])
        self.assertEqual([len(self.mails), *self._states(self.customer + self.other)], [2, (3, "sent"), (3, "sent")])
        self.assertEqual(self.communication.date_sent, self.TODAY)
        self.assertEqual(self.customer.last_contact_date, self.TODAY)
        self.assertEqual(self.communication.message_id.notification_ids.notification_status, "sent")

    def test_the_text_is_the_same_as_alone(self):
        self._checks()
        bodies = [mail["body_alternative"] for mail in self.mails if "Other" not in mail["email_to"][0]]
        self.assertNotEqual(strip_keys(bodies[0]), bodies[0])  # its reader's link
        self.assertEqual(strip_keys(bodies[0]), self.communication._get_plain_text())

    def test_what_was_sent_is_removed_from_the_queue(self):
        mails = self.communication.sudo().address_ids.mail_mail_id
        with self._smtp() as server, mute_logger(*MAIL_LOGS):
            self._work_queue()
        self.assertEqual(len(server.messages), 2)
        self.assertFalse(mails.exists())
        self.assertEqual(self.communication.address_ids.state, "sent")

    def test_what_a_crash_left_in_the_queue_is_removed_at_night(self):
        recipient = self.communication.sudo().address_ids
        mail = recipient.mail_mail_id
        recipient.state, mail.state = "sent", "sent"
        self.env["ar.communication"]._settle_crashed(self.company)
        self.assertFalse(mail.exists())

    def test_a_dispute(self):
        reason = self.env["ar.dispute.reason"].create({"name": "Price", "user_id": self.collector.id})
        with self._on():
            requested = {self._debt(self.invoice).id: None}
            self.env["ar.dispute"].sudo()._raise_dispute(self.customer, reason, requested, "Too dear")
        self.assertNoticed()
        self.assertEqual(self._states(self.customer)[0], (3, "cancelled"))

    def test_a_promise(self):
        with self._on():
            self.customer._promise(self.TODAY + timedelta(days=7), {self._debt(self.invoice).id: None})
        self.assertNoticed()
        self.assertEqual(self._states(self.customer)[0], (3, "cancelled"))

    def test_a_pending_online_payment(self):
        provider = self.env["payment.provider"].sudo().search([("company_id", "=", self.company.id)], limit=1)
        self.env["payment.transaction"].sudo().create(
            {
                "provider_id": provider.id, "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "amount": 500, "currency_id": self.company.currency_id.id, "partner_id": self.customer.partner_id.id,
                "invoice_ids": [(6, 0, self.invoice.ids)], "reference": "together", "state": "pending",
                "operation": "online_direct", "last_state_change": self.TODAY,
            }
        )  # fmt: skip
        self.assertNoticed()
        self.assertEqual(self._states(self.customer)[0], (3, "cancelled"))

    def test_an_invoice_that_is_not_to_be_chased(self):
        self.invoice.no_followup = True
        self.assertNoticed()
        self.assertEqual(self._states(self.customer)[0], (3, "cancelled"))

    def test_a_message_to_the_customer(self):
        self.communication.sudo().copy({"state": "sent", "channel": "call", "date_sent": self.TODAY})
        self.assertNoticed()
        self.assertEqual((len(self.mails), self.communication.state), (1, "planned"))

    def test_the_company(self):
        self.company.ar_cutoff_date = self.TODAY
        self.assertEqual(self._checks(), [self.customer, self.other])
        self.assertEqual(self.mails, [])

    def test_the_next_day(self):
        self.assertEqual(self._checks(self.TODAY + timedelta(days=1))[:2], [self.customer, self.other])

    def test_after_a_while(self):
        for prepared in self.prepared.values():
            prepared.until -= VALID_FOR + timedelta(seconds=1)
        self.assertEqual(self._checks(), [self.customer, self.other])
        self.assertEqual(len(self.mails), 2)

    def test_a_customer_with_an_address_that_failed_is_checked_alone(self):
        mails = self.env["mail.mail"].sudo().search([("state", "=", "outgoing")])
        call = self.communication.sudo().copy({"state": "failed", "date_sent": self.TODAY - timedelta(days=9)})
        self.communication.sudo().address_ids.copy(
            {"communication_id": call.id, "state": "failed", "failure": "technical", "mail_mail_id": False}
        )
        found = {recipient.communication_id.customer_id for recipient in self._prepare(mails)}
        self.assertEqual(found, {self.other})

    def test_a_failed_preparation_stops_nothing(self):
        log = type(self.env["ar.communication"])
        with patch.object(log, "_find_unchanged", side_effect=ZeroDivisionError), mute_logger("odoo.addons"):
            self.assertEqual(self._prepare(self.env["mail.mail"].sudo().search([("state", "=", "outgoing")])), {})
        self.prepared = {}
        self.assertEqual(self._checks(), [self.customer, self.other])
        self.assertEqual(len(self.mails), 2)

    def test_where_the_session_of_the_database_is_lost_each_is_checked_alone(self):
        for prepared in self.prepared.values():
            prepared.statement = "ar_versions_of_another_session"
        with mute_logger("odoo.sql_db", "odoo.addons"):
            self.assertEqual(self._checks(), [self.customer, self.other])
        self.assertEqual((len(self.mails), self.customer.run_error), (2, False))
