"""A customer who cannot pay says why on its page: a note, a task, and a pause of some days."""

from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...portal.common_portal import ArPortalCommon


@tagged("post_install", "-at_install")
class TestAbilityPage(ArPortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.policy_id.reply_pause_days = 5

    def _tell(self, customer=None, token=None, **texts):
        customer = customer or self.customer
        data = {
            "access_token": self._key(customer) if token is None else token,
            "csrf_token": self._csrf(),
            "reason": "The main customer is insolvent",
            **texts,
        }
        response = self.url_open(f"/my/receivables/{customer.id}/ability", data=data, method="POST")
        self.env.invalidate_all()
        return response

    def _csrf(self):
        return self._page().text.split('name="csrf_token" value="')[1].split('"')[0]

    def _notes(self, customer=None):
        return self.env["ar.payment.ability"].search([("customer_id", "=", (customer or self.customer).id)])

    def test_the_page_offers_it_to_who_is_late(self):
        self.authenticate(None, None)
        self.assertIn("o_ar_ability_link", self._page().text)
        self.assertIn("Why can you not pay?", self.url_open(self._link(suffix="/ability")).text)
        customer = self._customer(self._partner(name="In Time"))
        self._invoice(customer.partner_id, overdue_days=-10, amount=50.0)
        self.assertNotIn("o_ar_ability_link", self._page(customer).text)
        self._tell(customer)
        self.assertFalse(self._notes(customer))

    def test_it_becomes_a_note_a_task_and_a_pause(self):
        self.authenticate(None, None)
        response = self._tell(means="A van <b>", proposal="50 each month", amount="1", date="2020-01-01", user_id="1")
        self.assertIn("Thank you for telling us", response.text)
        self.assertIn("you get no reminders", response.text)
        note = self._notes()
        self.assertEqual(
            (note.reason, note.means, note.proposal, note.origin, note.date),
            ("The main customer is insolvent", "A van <b>", "50 each month", "portal", self.TODAY),
        )
        self.assertGreater(self.customer.pause_until, self.TODAY)
        self.assertIn("cannot pay", self.customer.pause_reason)
        (task,) = self._tasks(self.customer, "ability")
        self.assertEqual(task.summary, "Cannot pay: The main customer is insolvent")
        self._run()
        self.assertEqual(self.customer.decision_code, "paused")
        self.assertEqual(self.customer.ability_count, 1)

    def test_who_tells_it_again_is_not_paused_again(self):
        self.authenticate(None, None)
        self._tell()
        self.customer.write({"pause_until": self.TODAY, "pause_reason": False})
        self.env.flush_all()
        self.assertNotIn("you get no reminders", self._tell(reason="Still").text)
        self.assertEqual((len(self._notes()), self.customer.pause_until), (2, self.TODAY))
        self.assertEqual(len(self._tasks(self.customer, "ability")), 1)

    def test_a_longer_pause_stays(self):
        self.authenticate(None, None)
        until = self.TODAY + timedelta(days=60)
        self.customer.write({"pause_until": until, "pause_reason": "Holiday"})
        self.env.flush_all()
        self._tell()
        self.assertEqual((self.customer.pause_until, self.customer.pause_reason), (until, "Holiday"))

    def test_bad_entries_are_shown_again_and_long_ones_cut(self):
        self.authenticate(None, None)
        response = self._tell(reason="  ", means="My van")
        self.assertIn("Please tell us in a sentence", response.text)
        self.assertIn("My van", response.text)
        self.assertFalse(self._notes())
        self._tell(reason="x" * 5000)
        self.assertEqual(len(self._notes().reason), 2000)

    def test_it_is_limited_as_other_requests(self):
        self.authenticate(None, None)
        self.customer.policy_id.portal_agreements_per_day = 1
        self._tell()
        self.assertIn("Please write or call us", self._tell(reason="Again").text)
        self.assertEqual(len(self._notes()), 1)

    def test_nobody_else_does_it(self):
        other = self._customer(self._partner(name="Another Debtor"))
        self._portal_user(other.partner_id, "another-debtor")
        for login in (None, "another-debtor"):
            self.authenticate(login, login)
            for token in ("", "wrong", self._key(other)):
                with self.subTest(login=login, token=token):
                    self.assertEqual(self._tell(token=token).status_code, 404)
        self.assertFalse(self._notes())

    def test_the_policy_says_whether(self):
        self.authenticate(None, None)
        self.customer.policy_id.ability_portal = False
        self.assertNotIn("o_ar_ability_link", self._page().text)
        self._tell()
        self.assertFalse(self._notes())

    def test_a_request_without_the_forms_key_is_refused(self):
        self.authenticate(None, None)
        with mute_logger("odoo.http"):
            self.assertEqual(self._tell(csrf_token="wrong").status_code, 400)
        self.assertFalse(self._notes())

    def test_it_follows_merged_contacts(self):
        self.authenticate(None, None)
        self._tell()
        kept = self._customer(self._partner(name="Kept"))
        with mute_logger("odoo.addons.base.partner.merge"):
            self.env["base.partner.merge.automatic.wizard"]._merge((kept.partner_id | self.payer).ids, kept.partner_id)
        self.env.invalidate_all()
        self.assertTrue(self._notes(self.customer._get_survivor()))
        self.assertEqual(self.customer._get_survivor().partner_id, kept.partner_id)
