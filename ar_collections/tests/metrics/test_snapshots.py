"""Snapshots: one row a company and day, the same whenever it is taken."""

from datetime import date, timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.models.metrics import ar_metric_snapshot as run

from ..common import PROBLEM_LOG
from .common_ledger import LedgerCommon, RandomLedger

FIGURES = (
    "dso_simple", "dso_countback", "best_dso", "average_days_delinquent", "cei", "percent_current",
    "weighted_days_to_pay", "weighted_days_late", "turnover_days",
)  # fmt: skip


class SnapshotCommon(LedgerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner()
        cls.snapshots = cls.env["ar.metric.snapshot"].sudo()

    def _take(self, day, company=None):
        with self._on(day + timedelta(days=1)):
            return self.snapshots._take(company or self.company, day)

    def _row(self, snapshot):
        """Return the row as the database has it."""
        self.env.flush_all()
        columns = [name for name, field in snapshot._fields.items() if field.store and field.column_type]
        columns = [name for name in columns if name not in ("taken_on", "write_date", "write_uid")]
        self.env.cr.execute(f"SELECT {', '.join(columns)} FROM ar_metric_snapshot WHERE id = %s", [snapshot.id])
        return dict(zip(columns, self.env.cr.fetchone(), strict=True))


class TestSnapshot(SnapshotCommon):
    def test_a_day_shows_what_was_open_and_the_month_that_ended(self):
        self._bill(self.partner, date(2026, 4, 10), 300, date(2026, 5, 10))
        self._settle(self._bill(self.partner, date(2026, 4, 11), 100, date(2026, 4, 20)), date(2026, 4, 30))
        self._bill(self.partner, date(2026, 3, 10), 400, date(2026, 3, 20))
        self._entry(self._receivable(self._bill(self.partner, date(2026, 4, 12), 50)), date(2026, 4, 15), 80)
        snapshot = self._take(date(2026, 4, 30))
        self.assertRecordValues(
            snapshot,
            [
                {
                    "receivable": 670, "credits": -80, "overdue": 400, "not_due": 350,
                    "late_1": 0, "late_2": 400, "late_3": 0, "late_4": 0, "late_5": 0,
                    "credit_sales": 450, "is_month_end": True, "taken_on": date(2026, 5, 1),
                    "dso_countback_more": False, "communications_sent": 0,
                }
            ],
        )  # fmt: skip
        self.assertAlmostEqual(snapshot.dso_simple, 670 / 450 * 30)
        self.assertAlmostEqual(snapshot.best_dso, 350 * 670 / 750 / 450 * 30)
        self.assertAlmostEqual(snapshot.average_days_delinquent, (670 - 350 * 670 / 750) / 450 * 30)
        self.assertAlmostEqual(snapshot.dso_countback, 30 + 220 / 400 * 31)
        self.assertAlmostEqual(snapshot.cei, (400 + 450 - 670) / (400 + 450 - 350 * 670 / 750) * 100)
        self.assertAlmostEqual(snapshot.percent_current, 350 / 750 * 100)
        self.assertAlmostEqual(snapshot.weighted_days_to_pay, 19)
        self.assertAlmostEqual(snapshot.weighted_days_late, 10)
        self.assertAlmostEqual(snapshot.turnover_days, 30 / (450 / 535))

    @tagged("at_install", "ar_random")
    def test_the_parts_add_up_to_the_ledger(self):
        for day in RandomLedger(self, 5).book_days(8):
            snapshot = self._take(day)
            parts = snapshot.not_due + sum(snapshot[f"late_{number}"] for number in range(1, 6)) + snapshot.credits
            self.assertAlmostEqual(parts, snapshot.receivable)
            self.assertAlmostEqual(float(self.as_of._read_ledger_balance(self.company, day)), snapshot.receivable)

    @tagged("at_install", "ar_random")
    def test_its_button_leads_to_the_items_of_that_day(self):
        for day in RandomLedger(self, 6).book_days(5):
            snapshot = self._take(day).with_user(self._user("auditor", login=f"auditor-{day}"))
            action = snapshot.action_show_aging()
            self.env.invalidate_all()
            items = self.env["ar.aging.item"].with_user(snapshot.env.user).with_context(**action["context"])
            found = items.search(action["domain"])
            self.assertAlmostEqual(sum(found.mapped("residual")), snapshot.receivable)
            self.assertAlmostEqual(sum(found.mapped("late_1")), snapshot.late_1)

    @tagged("at_install", "ar_random")
    def test_yesterday_taken_again_is_the_same_row(self):
        ledger = RandomLedger(self, 11)
        first = {day: (snapshot := self._take(day), self._row(snapshot)) for day in ledger.book_days(8)}
        for day, (snapshot, row) in first.items():
            with self._on(ledger.day + timedelta(days=40)):
                again = self.snapshots._take(self.company, day)
            self.assertEqual(again, snapshot)
            self.assertEqual(self._row(again), row)

    def test_what_is_not_available_is_not_zero(self):
        snapshot = self._take(date(2026, 4, 30))
        self.env.invalidate_all()
        self.assertEqual([snapshot[name] for name in FIGURES if name != "dso_countback"], [None] * 8)
        self.assertEqual(snapshot.read(["cei"])[0]["cei"], False)
        self._bill(self.partner, date(2026, 5, 1), 100, date(2026, 5, 2))
        self._take(date(2026, 5, 31))
        ((average,),) = self.snapshots._read_group([("company_id", "=", self.company.id)], [], ["dso_simple:avg"])
        self.assertAlmostEqual(average, 31)

    def test_zero_becomes_not_available_and_back(self):
        snapshot = self._take(date(2026, 4, 30))
        for value in (0.0, None, 0.0, 12.5, None):
            snapshot.cei = value
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertIs(snapshot.cei is None, value is None)
            self.assertEqual(snapshot.cei, value)

    def test_longer_than_the_history(self):
        line = self._receivable(self._bill(self.partner, date(2026, 4, 5), 100))
        self._entry(line, date(2026, 4, 6), -500)
        snapshot = self._take(date(2026, 4, 30))
        self.assertEqual((snapshot.dso_countback, snapshot.dso_countback_more), (30, True))

    def test_contacts_of_that_day(self):
        self._late()
        self._day()
        self.assertEqual(self._take(self.TODAY).communications_sent, 1)
        self.assertEqual(self._take(self.TODAY - timedelta(days=1)).communications_sent, 0)

    def test_one_row_a_company_and_day(self):
        self._take(date(2026, 4, 30))
        vals = {"company_id": self.company.id, "date": "2026-04-30", "taken_on": "2026-05-01"}
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.snapshots.create(vals)

    def test_ranges_are_called_by_the_companys_edges(self):
        self.company.ar_aging_edges = "10, 20, 30, 40"
        fields = self.env["ar.metric.snapshot"].with_company(self.company).fields_get(["late_1", "late_5", "cei"])
        self.assertEqual((fields["late_1"]["string"], fields["late_5"]["string"]), ("1-10", "40+"))


class TestNight(SnapshotCommon):
    """What the nightly job stores, and when."""

    TODAY = date(2026, 6, 10)

    def _night(self, today=None, company=None):
        """Run the night's step; return the number of days taken."""
        today, taken, take = today or self.TODAY, [], type(self.snapshots)._take

        def counted(records, *args):
            snapshot = take(records, *args)
            taken.append(snapshot)
            return snapshot

        with self._on(today), patch.object(type(self.snapshots), "_take", counted):
            self.snapshots._take_missing(company or self.company, today)
        return len(taken)

    def _days(self, company=None):
        return set(self.snapshots.search([("company_id", "=", (company or self.company).id)]).mapped("date"))

    def test_two_months_of_days_and_two_years_of_months_are_filled(self):
        self._bill(self.partner, date(2020, 1, 1), 100)
        with self._on():
            days = self.snapshots._get_missing_days(self.company, self.TODAY, date(2020, 1, 1))
        self.assertEqual(days[:60], [self.TODAY - timedelta(days=number) for number in range(1, 61)])
        self.assertEqual(days[60], date(2026, 3, 31))
        self.assertEqual((days[-1], len(days)), (date(2024, 6, 30), 60 + 24 - 2))

    def test_nothing_before_the_ledger_began_nor_today(self):
        self._bill(self.partner, date(2026, 6, 1), 100)
        self.assertEqual(self._night(), 9)
        self.assertEqual(self._days(), {date(2026, 6, day) for day in range(1, 10)})

    def test_the_night_is_run_once_and_the_days_that_settle_again_the_next(self):
        self._bill(self.partner, date(2026, 4, 1), 100)
        self.assertEqual((self._night(), self._night()), (60 + 0, 0))
        self.assertEqual(self._night(self.TODAY + timedelta(days=1)), run.SETTLING_DAYS)
        self.assertEqual(len(self._days()), 61)

    def test_a_late_booking_is_seen_the_next_night(self):
        self._bill(self.partner, date(2026, 6, 1), 100)
        self._night()
        self._bill(self.partner, date(2026, 6, 7), 50)
        self._night(self.TODAY + timedelta(days=1))
        amounts = self.snapshots.search([("company_id", "=", self.company.id)], order="date").mapped("receivable")
        self.assertEqual(amounts, [100] * 6 + [150] * 4)

    def test_a_closed_month_is_measured_again_where_its_books_or_the_settings_change(self):
        def read(day, *names):
            row = self.snapshots.search([("company_id", "=", self.company.id), ("date", "=", day)])
            return tuple(row[name] for name in names)

        self.enterContext(patch.object(run, "DAYS", 3))
        end, tomorrow = date(2026, 5, 31), self.TODAY + timedelta(days=1)
        first = self._bill(self.partner, date(2026, 5, 20), 100, date(2026, 5, 25))
        self.assertEqual(self._night(), 4)
        late, paid = self._bill(self.partner, end, 50), self._entry(self._receivable(first), date(2026, 5, 28), 30)
        self.assertEqual(self._night(tomorrow), 4)
        self.assertEqual(read(end, "receivable", "credit_sales", "overdue", "credits"), (120, 150, 100, -30))
        (paid | self._receivable(first)).reconcile()
        late.button_draft()
        self._night(tomorrow + timedelta(days=1))
        self.assertEqual(read(end, "receivable", "credits", "late_1", "late_2"), (70, 0, 70, 0))
        self.company.ar_aging_edges = "5, 15, 30, 45"
        self._night(tomorrow + timedelta(days=2))
        self.assertEqual(read(end, "late_1", "late_2"), (0, 70))
        self.assertEqual(self._night(tomorrow + timedelta(days=2)), 0)
        self.assertEqual(self._night(tomorrow + timedelta(days=3)), 3, "Nothing has changed.")
        day = date(2026, 5, 27)  # stored, and older than the days that are wanted
        self._take(day)
        self.assertEqual(self._night(tomorrow + timedelta(days=4)), 4, "Nobody knows by which settings.")
        self.assertEqual(self._night(tomorrow + timedelta(days=5)), 3)
        self.company.ar_aging_edges = "1, 15, 30, 45"
        self.assertEqual(self._night(tomorrow + timedelta(days=6)), len(self._days()), "All that is stored.")
        self.assertEqual(read(day, "late_1", "late_2"), (0, 100))
        first.button_draft()  # the books begin with the payment now
        self._night(tomorrow + timedelta(days=7))
        self.assertEqual(min(self._days()), end)
        paid.move_id.button_draft()
        self.assertEqual((self._night(tomorrow + timedelta(days=8)), self._days()), (0, set()))

    def test_a_company_without_receivables_has_no_rows(self):
        self.assertEqual(self._night(), 0)

    def test_what_was_cut_off_goes_on_where_it_was(self):
        self._bill(self.partner, date(2026, 6, 1), 100)
        self.snapshots._take(self.company, date(2026, 6, 5)).taken_on = self.TODAY
        self.assertEqual(self._night(), 8)

    def test_a_failing_day_stops_no_other(self):
        self._bill(self.partner, date(2026, 6, 5), 100)
        take = type(self.snapshots)._take

        def failing(records, company, day):
            if day == date(2026, 6, 7):
                raise ValueError("not this day")
            return take(records, company, day)

        with (
            patch.object(type(self.snapshots), "_take", failing),
            mute_logger(PROBLEM_LOG),
        ):
            self.assertEqual(self._night(), 4)
        self.assertNotIn(date(2026, 6, 7), self._days())
        self.assertEqual(self._night(), 1)

    def test_the_scheduled_action_waits_for_the_companys_hour(self):
        second = self.setup_other_company(name="Second Company")["company"]
        for company in (self.company, second):
            self._bill(self.partner, date(2026, 6, 8), 100, company=company)
        self.company.ar_run_hour, second.ar_run_hour = 11, 13
        cron = self.env.ref("ar_collections.ir_cron_nightly").sudo()
        with self._on(), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual((len(self._days()), len(self._days(second))), (2, 0))

    def test_companies_have_their_own_rows(self):
        second = self.setup_other_company(name="Second Company")["company"]
        self._bill(self.partner, date(2026, 6, 9), 100)
        self._bill(self.partner, date(2026, 6, 9), 900, company=second)
        self._night()
        self._night(company=second)
        seen = self.env["ar.metric.snapshot"].with_user(self._user("auditor", login="looks-on"))
        self.assertEqual(seen.search([]).mapped("receivable"), [100])
        self.assertEqual(self.snapshots.search([("company_id", "=", second.id)]).receivable, 900)
