"""Overdue and DSO in Odoo's periodic mail."""

from datetime import UTC, date, datetime, timedelta

from lxml import html

from odoo.exceptions import AccessError

from .common_ledger import LedgerCommon


class TestDigest(LedgerCommon):
    """Snapshots of every day of June, and the digest of the 10th."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls._user("auditor", login="digest-reader")
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Test digest",
                "company_id": cls.company.id,
                "user_ids": [(6, 0, cls.auditor.ids)],
                "kpi_ar_overdue": True,
                "kpi_ar_dso": True,
            }
        )

    def _snapshot(self, day, overdue=0.0, dso=None, company=None):
        values = {"company_id": (company or self.company).id, "date": day, "taken_on": day}
        return self.env["ar.metric.snapshot"].sudo().create({**values, "overdue": overdue, "dso_simple": dso})

    def _kpis(self, user=None, digest=None):
        """Return {key figure: its three columns} as the mail has them on TODAY."""
        user = user or self.auditor
        self.env.flush_all()
        self.env.invalidate_all()
        with self._on():
            kpis = (digest or self.digest).sudo()._compute_kpis(user.company_id, user)
        return {
            kpi["kpi_name"]: [
                (kpi[f"kpi_col{number}"]["value"], kpi[f"kpi_col{number}"]["margin"]) for number in (1, 2, 3)
            ]
            for kpi in kpis
        }

    def test_the_last_day_that_is_over_against_the_day_before_the_week_and_the_month(self):
        self._snapshot(self.TODAY, 999)
        self._snapshot(self.TODAY - timedelta(days=1), 1200, 45.06)
        self._snapshot(self.TODAY - timedelta(days=2), 1000, 45.06)
        self._snapshot(self.TODAY - timedelta(days=8), 1600, 30.04)
        self._snapshot(date(2026, 5, 9), 2400, 60.08)
        kpis = self._kpis()
        self.assertEqual(kpis["kpi_ar_overdue"], [("$1.2k", 20), ("$1.2k", -25), ("$1.2k", -50)])
        self.assertEqual(kpis["kpi_ar_dso"], [("45.1", 0), ("45.1", 50), ("45.1", -25)])

    def test_a_day_that_is_missing_takes_the_one_before(self):
        self._snapshot(self.TODAY - timedelta(days=4), 500, 20)
        self.assertEqual(self._kpis()["kpi_ar_overdue"][0], ("$500", 0))

    def test_what_is_not_available_is_left_out(self):
        self.assertEqual(self._kpis(), {})
        self._snapshot(self.TODAY - timedelta(days=1), 0, None)
        self.assertEqual(self._kpis(), {"kpi_ar_overdue": [("$0", 0)] * 3})

    def test_it_is_in_the_mail_with_its_links(self):
        self._snapshot(self.TODAY - timedelta(days=1), 1234, 45)
        with self._on():
            self.digest.sudo()._action_send_to_user(self.auditor)
        body = self.env["mail.mail"].sudo().search([("email_to", "like", self.auditor.email)], limit=1).body_html
        for text in ("Overdue Receivables", "$1.2k", "Days Sales Outstanding", "45.0"):
            self.assertIn(text, body)
        for action in ("ar_aging_action", "ar_metric_snapshot_action"):
            self.assertIn(f"/odoo/action-ar_collections.{action}?menu_id=", body)

    def test_more_overdue_is_not_good_news(self):
        self._snapshot(self.TODAY - timedelta(days=1), 1200)
        self._snapshot(self.TODAY - timedelta(days=2), 1000)
        self._snapshot(self.TODAY - timedelta(days=8), 1600)
        with self._on():
            self.digest.sudo()._action_send_to_user(self.auditor)
        body = html.fromstring(self.env["mail.mail"].sudo().search([], order="id desc", limit=1).body_html)
        cells = {
            " ".join(cell.text_content().split()): cell.get("class").split()[-1]
            for cell in body.xpath("//table[@data-field='kpi_ar_overdue']//td[contains(@class, 'kpi_margin')]")
        }
        self.assertEqual(cells, {"⬆ 20.00 %": "negative_kpi_margin", "⬇ -25.00 %": "positive_kpi_margin"})

    def test_not_for_those_who_may_not_see_receivables(self):
        self._snapshot(self.TODAY - timedelta(days=1), 1234, 45)
        stranger = self.internal_user
        stranger.write({"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]})
        self.assertEqual(self._kpis(stranger), {})
        with self.assertRaises(AccessError):
            self.digest.with_user(stranger).mapped("kpi_ar_overdue_value")

    def test_each_digest_shows_its_company(self):
        second = self.setup_other_company(name="Second Company")["company"]
        second.currency_id = self.setup_other_currency("GBP")
        self._snapshot(self.TODAY - timedelta(days=1), 100, 10)
        self._snapshot(self.TODAY - timedelta(days=1), 700, 70, second)
        theirs = self.digest.sudo().copy({"company_id": second.id})
        self.assertEqual(self._kpis(digest=theirs), {}, "The reader is not of that company.")
        self.auditor.company_ids |= second
        self.assertEqual(self._kpis()["kpi_ar_overdue"][0][0], "$100")
        self.assertEqual(self._kpis(digest=theirs)["kpi_ar_overdue"][0][0], "£700")
        self.assertEqual(self._kpis(digest=theirs)["kpi_ar_dso"][0][0], "70.0")

    def test_without_a_company_it_is_the_readers(self):
        self._snapshot(self.TODAY - timedelta(days=1), 100, 10)
        self.digest.company_id = False
        self.assertEqual(self._kpis()["kpi_ar_overdue"][0][0], "$100")

    def test_the_default_digest_shows_them(self):
        default = self.env.ref("digest.digest_digest_default").sudo()
        self.assertTrue(default.kpi_ar_overdue and default.kpi_ar_dso)

    def test_the_period_may_come_as_text(self):
        self._snapshot(date(2026, 6, 3), 300)
        digest = self.digest.with_user(self.auditor).sudo(False).with_company(self.company)
        for end, overdue in ((datetime(2026, 6, 4, 9, tzinfo=UTC), 300), ("2026-06-03 09:00:00", 0)):
            self.env.invalidate_all()
            self.assertEqual(digest.with_context(end_datetime=end).kpi_ar_overdue_value, overdue)
