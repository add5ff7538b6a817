from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tools import mute_logger

from ..common import ArCommon


class TestAbsences(ArCommon):
    """Whoever is away is covered: the colleague signs, and gets the replies and the tasks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cover = cls._user("collector", login="cover", name="The cover")
        cls.customer, cls.invoice = cls._late()

    def _away(self, user=None, cover=None, first=0, last=5):
        """Record an absence, in days from today."""
        return self.env["ar.absence"].create(
            {
                "user_id": (user or self.collector).id,
                "cover_id": (cover or self.cover).id,
                "date_from": self.TODAY + timedelta(days=first),
                "date_to": self.TODAY + timedelta(days=last),
            }
        )

    def _responsible(self, day=None):
        with self._on(day):
            self.customer.invalidate_recordset()
            return self.customer.collector_id

    def test_the_cover_is_responsible_on_these_days_and_no_others(self):
        self._away(first=1, last=3)
        for day, user in [(0, self.collector), (1, self.cover), (3, self.cover), (4, self.collector)]:
            with self.subTest(day=day):
                self.assertEqual(self._responsible(self.TODAY + timedelta(days=day)), user)

    def test_the_collector_stays_who_it_is(self):
        self.customer.user_id = self.collector
        self._away()
        self.assertEqual(self._responsible(), self.cover)
        self.assertEqual(self.customer.user_id, self.collector)

    def test_the_cover_shows_at_once_and_goes_at_once(self):
        with self._on():
            self.assertEqual(self.customer.collector_id, self.collector)
            absence = self._away()
            self.assertEqual(self.customer.collector_id, self.cover)
            absence.date_to = self.TODAY
            self.assertEqual(self.customer.collector_id, self.cover)
            absence.unlink()
            self.assertEqual(self.customer.collector_id, self.collector)

    def test_the_cover_signs_and_gets_the_task(self):
        self._away()
        self._run()
        self.assertEqual(self._communications(self.customer).user_id, self.cover)
        with self._on():
            self.customer._add_task("ar_collections.mail_activity_type_request", "Please call")
        self.assertEqual(self._tasks(self.customer, "request").user_id, self.cover)

    def test_agreements_of_these_days_go_back_with_the_customer(self):
        self._away(last=0)
        item = self._debt(self._invoice(self.customer.partner_id, 5, 70))
        with self._on():
            promise = self.customer._promise(self.TODAY, {self._debt(self.invoice).id: None})
            report = self.customer._report_payment(self.TODAY, {item.id: None})
        for day, user in ((0, self.cover), (1, self.collector)):
            self.env.invalidate_all()
            with self._on(self.TODAY + timedelta(days=day)):
                for record in (promise, report):
                    self.assertEqual((record.collector_id, record.user_id), (user, self.collector))
                    mine = [("collector_id", "=", user.id)]
                    self.assertIn(record, record.search(mine))
                    self.assertNotIn(record, record.search([("collector_id", "not in", user.ids)]))

    def test_where_the_cover_is_away_too_the_covers_cover_steps_in(self):
        third = self._user("collector", login="third")
        self._away()
        self._away(self.cover, third)
        self.assertEqual(self._responsible(), third)

    def test_a_circle_covers_nobody(self):
        self._away()
        self._away(self.cover, self.collector)
        self.assertEqual(self._responsible(), self.collector)

    def test_who_left_the_company_covers_nobody(self):
        self._away()
        self.cover.active = False
        self.assertEqual(self._responsible(), self.collector)

    def test_the_covered_customers_are_mine(self):
        mine = [("collector_id", "=", self.cover.id), ("id", "=", self.customer.id)]
        with self._on():
            self.assertFalse(self.env["ar.customer"].search(mine))
            self._away()
            self.assertEqual(self.env["ar.customer"].search(mine), self.customer)
            self.assertFalse(
                self.env["ar.customer"].search(
                    [("collector_id", "=", self.collector.id), ("id", "=", self.customer.id)]
                )
            )

    def test_only_one_absence_a_day(self):
        self._away()
        with self.assertRaises(ValidationError):
            self._away(first=5, last=9)
        self._away(first=6, last=9)

    def test_dates_in_order_and_somebody_else(self):
        for values in ({"first": 3, "last": 1}, {"cover": self.collector}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._away(**values)

    def test_collectors_enter_their_own_absence_and_managers_anybodys(self):
        manager = self._user("manager", login="absence-manager")
        absence = self._away()
        absence.with_user(self.collector).date_to = self.TODAY
        absence.with_user(manager).date_to = self.TODAY
        absence.with_user(self.cover).read(["date_to"])
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            absence.with_user(self.cover).date_to = self.TODAY
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            self.env["ar.absence"].with_user(self.cover).create(
                {"user_id": manager.id, "cover_id": self.cover.id, "date_from": self.TODAY, "date_to": self.TODAY}
            )
