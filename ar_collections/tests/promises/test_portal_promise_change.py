from datetime import timedelta
from html import unescape

from odoo.tests import tagged

from odoo.addons.ar_collections.core.promises.request import BEYOND_HORIZON, WITHDRAWN_BEFORE, PromiseRefused

from .test_portal_promise import PortalPromiseCommon


@tagged("post_install", "-at_install")
class TestPortalPromiseChange(PortalPromiseCommon):
    """Customers change the date of a promise, or withdraw it, on their page."""

    def setUp(self):
        super().setUp()
        self.promise = self.customer._promise(self.promised, {self._item(self.old).id: None}, origin="portal")
        self.env.cr.flush()

    def _change(self, change, promise=None, **values):
        """Send one of the forms of the promise's page; return the response after its redirects."""
        promise = promise or self.promise
        data = {
            "access_token": self._key(self.customer),
            "csrf_token": self._page().text.split('name="csrf_token" value="')[1].split('"')[0],
            **values,
        }
        path = f"/my/receivables/{self.customer.id}/promise/{promise.id}/{change}"
        response = self.url_open(path, data=data, method="POST")
        self.env.invalidate_all()
        return response

    def test_another_date_is_confirmed_with_the_amount(self):
        day = self.promised + timedelta(days=3)
        response = self._change("date", date=day.isoformat())
        self.assertEqual((self.promise.date, self.promise.state), (day, "open"))
        self.assertIn("You promised $\xa0200.00 by", unescape(response.text))
        self.assertIn(self.old.name, unescape(response.text).split("You promised")[1][:200])
        self.assertEqual(
            len(self._communications(self.customer).filtered(lambda c: c.notice == "promise_confirmed")), 2
        )

    def test_colleagues_read_of_it_in_their_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        day, visited = self.promised + timedelta(days=3), self.promise.with_context(lang="fr_FR")
        visited._change_date(day)
        self.customer.with_context(lang="fr_FR")._promise(day, {self._item(self.new).id: None}, origin="portal")
        self.assertNotEqual(visited._format_date(day), self.promise._format_date(day))
        for message in self.customer.message_ids.sorted("id")[-2:]:
            self.assertIn(self.promise._format_date(day), message.body)
            self.assertNotIn(visited._format_date(day), message.body)

    def test_changing_it_again_and_again_gains_no_time(self):
        last = self.TODAY + timedelta(days=self.policy.promise_horizon_days)
        self.promise.promised_on = self.TODAY - timedelta(days=20)
        response = self._change("date", date=last.isoformat())
        self.assertEqual(self.promise.date, self.promised)
        self.assertIn("too far ahead", response.text)

    def test_a_date_in_the_past_or_none_is_refused(self):
        for text in ("", "tomorrow", (self.TODAY - timedelta(days=1)).isoformat()):
            with self.subTest(text=text):
                self.assertEqual(self._change("date", date=text).status_code, 200)
                self.assertEqual(self.promise.date, self.promised)

    def test_a_withdrawn_promise_counts_as_neither_kept_nor_broken(self):
        for _twice in range(2):
            self.assertIn("this has been recorded", self._change("withdraw").text)
        self.assertEqual(self.promise.state, "withdrawn")
        self.assertEqual(self.customer.promise_due_count, 0)

    def test_withdrawing_and_promising_again_gains_no_time(self):
        self.promise.promised_on = self.TODAY - timedelta(days=20)
        self._change("withdraw")
        late = self.TODAY + timedelta(days=self.policy.promise_horizon_days - 5)
        self.assertIn("too far ahead", self._send(self.old, day=late).text)
        self._send(self.old, day=self.TODAY + timedelta(days=5))
        self.assertEqual(len(self._promises().filtered(lambda promise: promise.state == "open")), 1)

    def test_nor_does_withdrawing_on_the_last_day_what_was_agreed_with_a_person(self):
        days = timedelta(days=self.policy.promise_horizon_days)
        soon, item = self.TODAY + timedelta(days=1), {self._item(self.old).id: None}
        self.promise.write({"origin": "staff", "promised_on": self.TODAY - days, "date": self.TODAY})
        self._change("withdraw")
        self.assertTrue(self.promise.withdrawn_by_customer)
        with self.assertRaisesRegex(PromiseRefused, BEYOND_HORIZON):
            self.customer._promise(soon, item, origin="portal")
        self.promise.promised_on -= timedelta(days=1)
        self.old.button_draft()
        self.old.action_post()
        item = {self._item(self.old).id: None}
        with self.assertRaisesRegex(PromiseRefused, WITHDRAWN_BEFORE):
            self.customer._promise(soon, item, origin="portal")
        form = self._open_form(self.old).text
        self.assertIn("was withdrawn before", form)
        self.assertNotIn("ar_promise_date", form)
        agreed = self.customer._promise(soon, item)
        self.assertEqual(agreed._get_last_day(), self.TODAY + days)

    def test_a_promise_made_anew_is_not_moved_farther_than_the_withdrawn_one(self):
        self.promise.promised_on = self.TODAY - timedelta(days=20)
        self._change("withdraw")
        self._send(self.old, day=self.TODAY + timedelta(days=5))
        anew = self._promises().filtered(lambda promise: promise.state == "open")
        late = self.TODAY + timedelta(days=self.policy.promise_horizon_days - 5)
        self.assertIn("too far ahead", self._change("date", anew, date=late.isoformat()).text)
        self.assertEqual(anew.date, self.TODAY + timedelta(days=5))

    def test_the_form_offers_no_day_that_is_refused(self):
        self.promise.promised_on = self.TODAY - timedelta(days=20)
        self._change("withdraw")
        last = self.TODAY + timedelta(days=self.policy.promise_horizon_days - 20)
        self.assertIn(f'max="{last.isoformat()}"', self._open_form(self.old).text)

    def test_no_date_is_changed_where_promises_are_switched_off(self):
        self.policy.promise_portal = False
        page = self.url_open(self._link(suffix=f"/promise/{self.promise.id}"))
        self.assertNotIn("Change the date", page.text)
        self._change("date", date=(self.promised + timedelta(days=1)).isoformat())
        self.assertEqual(self.promise.date, self.promised)
        self._change("withdraw")
        self.assertEqual(self.promise.state, "withdrawn")

    def test_a_refused_date_stays_in_the_form(self):
        late = (self.TODAY + timedelta(days=400)).isoformat()
        self.assertIn(f'value="{late}"', self._change("date", date=late).text)

    def test_what_is_late_or_ended_is_not_changed(self):
        self.promise.date = self.TODAY - timedelta(days=1)
        for change in ("date", "withdraw"):
            page = self._change(change, date=self.promised.isoformat()).text
            self.assertEqual(page.count("can no longer be changed here"), 1)
            self.assertNotIn("this has been recorded", page)
        self.assertEqual((self.promise.date, self.promise.state), (self.TODAY - timedelta(days=1), "open"))
        page = self.url_open(self._link(suffix=f"/promise/{self.promise.id}"))
        self.assertIn("can no longer be changed here", page.text)

    def test_promises_of_others_look_like_none(self):
        stranger = self._customer(self._partner(name="Stranger"))
        item = self._item(self._invoice(stranger.partner_id, 4))
        foreign = stranger._promise(self.promised, {item.id: None}, origin="portal")
        self.assertEqual(self._change("withdraw", foreign).status_code, 404)
        self.assertEqual(self._change("anything").status_code, 404)
        self.assertEqual(foreign.state, "open")
