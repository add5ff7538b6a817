import requests

from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from odoo.addons.ar_collections.tests.common import PROBLEM_LOG

from .common_post import ArPostCommon


def _as_odoo(error):
    """Return the error for people by which Odoo replaces that of a request."""
    told = AccessError("An error occurred while reaching the service.")
    told.__context__ = error
    return told


class TestPostAnswers(ArPostCommon):
    """What the service answers, or does not."""

    def setUp(self):
        super().setUp()
        self._run()
        self.letter = self._communications(self.customer)

    @mute_logger(PROBLEM_LOG)
    def test_without_credits_letters_wait_and_are_sent_later(self):
        other, _invoice = self._late(name="Another", zip="12345", country_id=self.env.ref("base.us").id)
        self._run()
        self.assertEqual(len(self._queue(error="CREDIT_ERROR")), 1)  # one was enough to know
        problem = self.env["ar.problem"]._search_open(self.company, "post_account")
        self.assertEqual((problem.times, bool(problem.advice)), (1, True))
        self.assertEqual(self.letter.state, "planned")
        # Odoo's own queue would send what lacked credits without any check.
        with self._service() as got:
            self.env["snailmail.letter"].sudo()._snailmail_cron(autocommit=False)
        self.assertFalse(got)
        self.assertEqual(len(self._queue(hour=12)), 1)  # the other one has not been tried yet
        self.assertEqual(len(self._queue(hour=14)), 1)
        self.assertEqual(set(self._communications(self.customer | other).mapped("state")), {"sent"})
        self.assertTrue(problem.solved_on)

    @mute_logger(PROBLEM_LOG)
    def test_what_the_service_cannot_send_is_printed(self):
        for code in ("NO_PRICE_AVAILABLE", "FORMAT_ERROR", "MISSING_REQUIRED_FIELDS"):
            with self.subTest(code=code), self.cr.savepoint() as savepoint:
                self._queue(error=code)
                self.assertEqual(self.letter.state, "planned")
                self.assertTrue(self.letter.post_obstacle)
                self.assertEqual(self.letter.snailmail_ids.state, "canceled")
                self.assertEqual(len(self.env["ar.problem"]._search_open(self.customer, "post_letter")), 1)
                self.assertFalse(self._queue(hour=15))
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_a_lost_answer_is_unknown_and_never_repeated(self):
        self._queue(raised=_as_odoo(requests.exceptions.ReadTimeout()))
        self.assertEqual(self.letter.state, "unknown")
        self.assertEqual(len(self._tasks(self.customer, "unknown")), 1)
        self.assertFalse(self._queue(hour=15))
        self.letter.with_user(self.collector).action_mark_delivered()
        self.assertEqual(self.letter.state, "sent")

    @mute_logger(PROBLEM_LOG)
    def test_a_service_that_is_not_reached_is_tried_again(self):
        self._queue(raised=_as_odoo(requests.exceptions.ConnectTimeout()))
        self.assertEqual(self.letter.state, "planned")
        self.assertFalse(self._queue())
        self.assertEqual(len(self._queue(hour=14)), 1)
        self.assertEqual(self.letter.state, "sent")

    def test_a_crash_after_the_claim_is_settled_as_unknown_by_the_night(self):
        self.letter.sudo()._set_state("sending", date_sent=self.TODAY)
        self.assertFalse(self._queue())
        with self._on():
            self.env["ar.communication"]._settle_crashed(self.company)
        self.assertEqual(self.letter.state, "unknown")

    def test_an_error_nobody_knows_is_unknown(self):
        self._queue(error="SOMETHING_NEW")
        self.assertEqual(self.letter.state, "unknown")

    def test_what_was_posted_can_be_read_by_nobody(self):
        self._queue()
        employee = self.env["res.users"].create({"name": "Employee", "login": "post-employee"})
        posted = self.letter.snailmail_ids.with_user(employee)
        self.assertFalse(posted.attachment_id)
        with self.assertRaises(AccessError):
            posted.read(["ar_communication_id"])
