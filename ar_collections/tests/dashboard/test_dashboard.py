"""The dashboard's numbers, who sees them, and the records they open."""

from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ..metrics.common_ledger import LedgerCommon


class DashboardCommon(LedgerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls._user("auditor", login="reads-dashboard")
        cls.dashboard = cls.env["ar.dashboard"].with_user(cls.auditor)

    def setUp(self):
        super().setUp()
        self.enterContext(self._on())

    def _data(self, **arguments):
        self.env.invalidate_all()
        return self.dashboard.get_data(**arguments)

    def _take(self, day, company=None):
        with self._on(day + timedelta(days=1)):
            return self.env["ar.metric.snapshot"].sudo()._take(company or self.company, day)

    def _records(self, action):
        """Return what an action shows."""
        context = action["context"]
        context = safe_eval(context, {"uid": self.auditor.id}) if isinstance(context, str) else context
        model = self.env[action["res_model"]].with_user(self.auditor).with_context(**context)
        return model.search(action["domain"])


class TestDashboardNumbers(DashboardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner(name="Patient Payer")
        cls.late = cls._bill(cls.partner, date(2026, 4, 1), 100, date(2026, 5, 1))
        cls.due = cls._bill(cls.partner, date(2026, 6, 1), 50, date(2026, 7, 1))
        cls.credit = cls._bill(cls._partner(name="Another Payer"), date(2026, 6, 2), 30, move_type="out_refund")

    def _figures(self, **arguments):
        return {figure["name"]: figure for figure in self._data(**arguments)["figures"]}

    def test_what_is_owed_now_by_age(self):
        self.assertEqual(
            self._data()["aging"],
            {
                "labels": ["Not due", "1-30", "31-60", "61-90", "91-120", "120+"],
                "amounts": [50, 0, 100, 0, 0, 0],
                "credits": -30,
                "total": 120,
            },
        )

    def test_a_payment_shows_at_once(self):
        self._settle(self.late, self.TODAY, 60)
        data = self._data()
        self.assertEqual(data["aging"]["amounts"], [50, 0, 40, 0, 0, 0])
        figures = {figure["name"]: figure["value"] for figure in data["figures"]}
        self.assertEqual((figures["receivable"], figures["overdue"]), (60, 40))

    def test_figures_are_those_of_the_last_snapshot(self):
        self._settle(self.late, date(2026, 6, 9), 60)
        snapshot = self._take(date(2026, 6, 9))
        self.assertEqual(self._data()["snapshot_date"], "2026-06-09")
        figures = self._figures()
        for name in ("dso_simple", "cei", "weighted_days_late"):
            with self.subTest(name=name):
                self.assertEqual(figures[name]["value"], snapshot[name])
        self.assertEqual(figures["dso_simple"]["detail"], snapshot.best_dso)
        self.assertEqual(figures["cei"]["detail"], snapshot.bad_debt_ratio)
        self.assertEqual(self._data()["aging"]["amounts"], [50, 0, 40, 0, 0, 0])
        self.assertAlmostEqual(figures["overdue"]["detail"], 50 / 90 * 100)

    def test_changes_since_the_beginning_of_the_period(self):
        self._bill(self.partner, date(2026, 3, 1), 200, date(2026, 4, 1))
        old, middle, last = map(self._take, (date(2025, 6, 9), date(2026, 5, 11), date(2026, 6, 9)))
        self.assertEqual(self._data()["compared_date"], str(old.date))
        month = self._figures(period="month")
        self.assertEqual(self._data(period="month")["compared_date"], str(middle.date))
        self.assertEqual((month["overdue"]["value"], middle.overdue), (300, 300))
        self.assertEqual((month["overdue"]["change"], month["overdue"]["good"]), (0, None))
        self.assertAlmostEqual(month["receivable"]["change"], (320 - 300) / 300 * 100)
        self.assertEqual(last.receivable, 320)

    def test_more_that_is_late_is_bad(self):
        self._take(date(2026, 5, 2))
        self._bill(self.partner, date(2026, 3, 1), 200, date(2026, 4, 1))
        self._take(date(2026, 6, 9))
        overdue = self._figures()["overdue"]
        self.assertEqual((overdue["change"], overdue["good"]), (200, False))

    def test_a_younger_ledger_is_compared_with_its_first_snapshot(self):
        first = self._take(date(2026, 5, 20))
        self._take(date(2026, 6, 9))
        self.assertEqual(self._data()["compared_date"], str(first.date))

    def test_without_snapshots_nothing_is_made_up(self):
        data = self._data()
        self.assertEqual((data["snapshot_date"], data["compared_date"]), (None, None))
        values = {figure["name"]: (figure["value"], figure["change"]) for figure in data["figures"]}
        self.assertEqual(values["dso_simple"], (None, None))
        self.assertEqual(values["receivable"], (120, None))
        self.assertEqual(data["trend"]["dates"], [])

    def test_the_trend_has_the_ends_of_months_and_the_last_day(self):
        for day in ("2026-04-30", "2026-05-15", "2026-05-31", "2026-06-08", "2026-06-09"):
            self._take(date.fromisoformat(day))
        trend = self._data()["trend"]
        self.assertEqual(trend["dates"], ["2026-04-30", "2026-05-31", "2026-06-09"])
        self.assertEqual([len(trend[name]) for name in ("dso_simple", "best_dso")], [3, 3])
        days = self._data(period="month")["trend"]["dates"]
        self.assertEqual(days, ["2026-05-15", "2026-05-31", "2026-06-08", "2026-06-09"])

    def test_expected_cash_of_thirteen_weeks(self):
        data = self._data()
        cash = data["cash"]
        self.assertEqual(len(cash["weeks"]), 13)
        weeks = sum(week["expected"] for week in cash["weeks"])
        self.assertAlmostEqual(cash["expected"], weeks)
        # The credit note is another customer's: it is not used up, and reduces nothing of what is expected.
        self.assertAlmostEqual(weeks + cash["later"] + cash["not_expected"], 150)
        total = weeks + cash["later"] + cash["not_expected"] + cash["credits"]
        self.assertAlmostEqual(total, data["aging"]["total"])

    def test_who_owes_most(self):
        other = self._partner(name="Larger Payer")
        self._bill(other, date(2026, 4, 1), 300, date(2026, 5, 15))
        worst = self._data()["worst"]
        rows = [(row["name"], row["overdue"], row["balance"], row["oldest_due_date"]) for row in worst]
        self.assertEqual(rows, [("Larger Payer", 300, 300, "2026-05-15"), ("Patient Payer", 100, 150, "2026-05-01")])

    def test_an_empty_company_has_numbers_too(self):
        company = self.setup_other_company(name="Empty Company")["company"]
        user = self._user("auditor", login="reads-empty", company_id=company.id, company_ids=[Command.set(company.ids)])
        data = self.env["ar.dashboard"].with_user(user).with_company(company).get_data()
        self.assertEqual(data["company"]["id"], company.id)
        self.assertEqual((data["aging"]["total"], data["worst"], data["attention"]), (0, [], []))


class TestDashboardWork(DashboardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late()

    def _next_run(self):
        return self._data()["next_run"]

    def test_the_next_run_as_the_last_one_foresaw_it(self):
        self._day()
        foreseen = self.customer.next_date
        self.assertTrue(foreseen > self.TODAY)
        self.assertEqual(self._next_run()["steps"], [])
        with self._on(foreseen):
            (step,) = self._next_run()["steps"]
        self.assertEqual((step["id"], step["customers"]), (self.customer.next_step_id.id, 1))
        self.assertEqual(step["overdue"], self.customer.overdue)

    def test_the_next_run_is_tomorrow_once_its_hour_has_passed(self):
        self.company.ar_run_hour = 0
        self.assertEqual(self._next_run()["date"], str(self.TODAY + timedelta(days=1)))
        self.company.ar_run_hour = 23
        self.assertEqual(self._next_run()["date"], str(self.TODAY))

    def test_the_next_run_is_on_a_working_day(self):
        friday, self.company.ar_run_hour = self.TODAY + timedelta(days=2), 0
        monday = friday + timedelta(days=3)
        with self._on(friday):
            self.assertEqual(self._next_run()["date"], str(monday))
            shop = self._policy(name="Open on Saturdays", workdays_only=False)
            self.assertEqual(self._next_run()["date"], str(friday + timedelta(days=1)))
        shop.active = False
        with self._on(monday):
            self.assertEqual(self._next_run()["date"], str(monday + timedelta(days=1)))

    def test_it_states_when_nothing_is_sent(self):
        self.assertTrue(self._next_run()["active"])
        self.company.ar_active = False
        self.assertFalse(self._next_run()["active"])

    def _attention(self):
        return {row["code"]: row["count"] for row in self._data()["attention"]}

    def test_nothing_waits_nothing_is_listed(self):
        self.customer.user_id = self.env.user
        self.assertEqual(self._attention(), {})

    def test_what_waits_for_a_person_leads_to_it(self):
        self.customer.user_id = self.env.user
        self.customer.partner_id.email = False
        self._day()
        self.assertEqual(self._attention(), {"address": 1})
        action = self.dashboard.action_open("attention", self.company.id, "address")
        self.assertEqual(self._records(action), self.customer)

    def test_nobody_cares_for_them(self):
        self._day()
        self.customer.user_id = self.customer.policy_id.user_id = False
        self.assertEqual(self._attention(), {"unassigned": 1})
        self.customer.sudo().policy_id = False
        self.assertEqual(self._attention(), {"unassigned": 1})
        self.customer.user_id = self.env.user
        self.assertEqual(self._attention(), {})

    def test_a_step_leads_to_its_customers(self):
        self._day()
        with self._on(self.customer.next_date):
            step = self.customer.next_step_id.id
            self.assertEqual(self._records(self.dashboard.action_open("step", self.company.id, step)), self.customer)
            self.assertFalse(self._records(self.dashboard.action_open("step", self.company.id, step + 1000)))

    def test_the_preview_decides_anew_for_a_collector(self):
        self.company.ar_run_hour = 23
        collector = self._user("collector", login="previews")
        action = self.env["ar.dashboard"].with_user(collector).action_open("preview", self.company.id)
        lines = self.env["ar.preview.line"].with_user(collector).search(action["domain"])
        self.assertEqual(lines.customer_id, self.customer)
        self.assertTrue(lines.has_message)


class TestDashboardLinks(DashboardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partner = cls._partner(name="Patient Payer")
        cls.late = cls._bill(partner, date(2026, 4, 1), 100, date(2026, 5, 1))
        cls.due = cls._bill(partner, date(2026, 6, 1), 50, date(2026, 7, 1))

    def _open(self, what, value=False, **options):
        return self.dashboard.action_open(what, self.company.id, value, **options)

    def test_a_bar_leads_to_its_items(self):
        self.assertEqual(self._records(self._open("bucket", 2)).move_id, self.late)
        self.assertEqual(self._records(self._open("bucket", 0)).move_id, self.due)

    def test_the_bars_add_up_to_what_they_lead_to(self):
        amounts = self._data()["aging"]["amounts"]
        found = [sum(self._records(self._open("bucket", number)).mapped("residual")) for number in range(6)]
        self.assertEqual(found, amounts)

    def test_figures_lead_to_items_or_to_their_trend(self):
        self.assertEqual(sum(self._records(self._open("figure", "receivable")).mapped("residual")), 150)
        self.assertEqual(self._open("figure", "overdue")["context"]["search_default_overdue"], 1)
        trend = self._open("figure", "cei")
        self.assertEqual((trend["res_model"], trend["context"]["graph_measure"]), ("ar.metric.snapshot", "cei"))

    def test_the_trend_of_a_figure_ends_with_the_value_of_its_card(self):
        with self._on():
            self.env["ar.metric.snapshot"].sudo()._take_missing(self.company, self.TODAY)
        for period, interval in (("month", "day"), ("year", "month"), ("two_years", "month")):
            with self.subTest(period=period):
                figures = {figure["name"]: figure["value"] for figure in self._data(period=period)["figures"]}
                action = self._open("figure", "dso_simple", period=period)
                self.assertEqual(action["context"]["graph_groupbys"], [f"date:{interval}"])
                points = self.env[action["res_model"]].search(action["domain"], order="date")
                self.assertAlmostEqual(points[-1].dso_simple, figures["dso_simple"])

    def test_the_rate_of_promises_leads_to_those_of_its_month(self):
        with self._on():
            self.env["ar.metric.snapshot"].sudo()._take_missing(self.company, self.TODAY)
        action = self._open("figure", "promise_kept_rate")
        self.assertEqual(action["res_model"], "ar.promise")
        days = [(field, str(value)) for field, _operator, value in action["domain"][1:]]
        self.assertEqual(days, [("date_deadline", "2026-05-10"), ("date_deadline", "2026-06-09")])

    def test_every_figure_leads_to_what_it_is_made_of(self):
        with self._on():
            self.env["ar.metric.snapshot"].sudo()._take_missing(self.company, self.TODAY)
        for figure in self._data()["figures"]:
            with self.subTest(figure=figure["name"]):
                self.assertTrue(self._records(self._open("figure", figure["name"])) or not figure["value"])

    def test_a_customer_opens(self):
        row = self._data()["worst"][0]
        action = self._open("customer", row["customer_id"])
        self.assertEqual(self.env[action["res_model"]].browse(action["res_id"]).display_name, "Patient Payer")

    def test_a_week_leads_to_what_is_expected_in_it(self):
        weeks = self._data()["cash"]["weeks"]
        for number, week in enumerate(weeks, 1):
            with self.subTest(week=number):
                found = self._records(self._open("week", week["first"]))
                self.assertAlmostEqual(sum(found.mapped("amount")), week["expected"])
        self.assertAlmostEqual(sum(week["expected"] for week in weeks), 150)

    def test_a_week_that_is_over_leads_to_all_of_them(self):
        self.assertEqual(sum(self._records(self._open("week", "2026-06-01")).mapped("amount")), 150)

    def test_a_link_that_leads_nowhere_states_it(self):
        for target in (("somewhere",), ("attention", "nothing")):
            with self.assertRaisesRegex(UserError, "reload the page"):
                self._open(*target)

    def test_every_alert_opens_its_records(self):
        for code, alert in self.dashboard._get_attention(self.company, self.TODAY).items():
            with self.subTest(code=code):
                action = self._open("attention", code)
                self.assertEqual((action["res_model"], action["domain"]), (alert.model, alert.domain))
                self._records(action)

    def test_all_who_owe(self):
        self.assertEqual(self._records(self._open("worst")).mapped("overdue"), [100])


class TestDashboardAccess(DashboardCommon):
    def test_only_who_has_a_role_in_collections(self):
        stranger = self._user(
            "auditor", login="accountant", group_ids=[Command.link(self.env.ref("base.group_user").id)]
        )
        dashboard = self.env["ar.dashboard"].with_user(stranger)
        for call in (dashboard.get_data, lambda: dashboard.action_open("figure", self.company.id, "overdue")):
            with self.assertRaises(AccessError), mute_logger("odoo.http"):
                call()
        for group in ("auditor", "collector", "manager", "credit_manager"):
            user = self._user(group, login=f"sees-as-{group}")
            self.assertTrue(self.env["ar.dashboard"].with_user(user).get_data()["figures"])

    def test_another_company_is_not_shown(self):
        other = self.setup_other_company(name="Second Company")["company"]
        self._bill(self._partner(), date(2026, 6, 1), 700, company=other)
        data = self._data(company_id=other.id)
        self.assertEqual((data["company"]["id"], data["aging"]["total"]), (self.company.id, 0))
        self.assertNotIn(other.id, [company["id"] for company in data["companies"]])

    def test_one_of_the_selected_companies_at_a_time(self):
        other = self.setup_other_company(name="Second Company")["company"]
        self._bill(self._partner(), date(2026, 6, 1), 700, company=other)
        self.auditor.company_ids |= other
        both = self.dashboard.with_context(allowed_company_ids=[self.company.id, other.id])
        self.assertEqual(len(both.get_data()["companies"]), 2)
        self.assertEqual(both.get_data()["aging"]["total"], 0)
        shown = both.get_data(company_id=other.id)
        self.assertEqual((shown["company"]["id"], shown["aging"]["total"]), (other.id, 700))
        action = both.action_open("bucket", other.id, 0)
        items = both.env[action["res_model"]].with_context(**action["context"]).search(action["domain"])
        self.assertEqual(sum(items.mapped("residual")), 700)

    def test_bars_and_lists_of_companies_with_other_ranges_agree(self):
        other = self.setup_other_company(name="Second Company")["company"]
        other.ar_aging_edges = "15, 30, 45, 60"
        self._bill(self._partner(), date(2026, 5, 1), 70, date(2026, 5, 25), company=other)
        self._bill(self._partner(), date(2026, 5, 1), 7, date(2026, 6, 5), company=other)
        self.auditor.company_ids |= other
        both = self.dashboard.with_context(allowed_company_ids=[self.company.id, other.id])
        self.assertEqual(both.get_data(company_id=other.id)["aging"]["amounts"][:3], [0, 7, 70])
        action = both.action_open("bucket", other.id, 1)
        items = both.env[action["res_model"]].with_context(**action["context"]).search(action["domain"])
        self.assertEqual((action["name"], sum(items.mapped("residual"))), ("1-15", 7))

    def test_auditors_may_preview_too(self):
        self.assertTrue(self._data()["next_run"]["can_preview"])

    def test_a_few_queries_whatever_the_number_of_customers(self):
        counts = []
        for number in (1, 12):
            for partner in self._partners(number):
                self._bill(partner, date(2026, 4, 1), 100, date(2026, 5, 1))
            self._data()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.dashboard.get_data()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 1)
