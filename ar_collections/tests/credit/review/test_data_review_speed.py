from unittest.mock import patch

from .common_review import ReviewCommon


class TestDataReviewSpeed(ReviewCommon):
    """A night costs as many statements for fifty customers as for few, and writes only what changed."""

    #: Statements of a night of one batch in which nothing changed.
    NIGHT = 40

    def _count(self):
        self.env.flush_all()
        self.env.invalidate_all()
        self.company.sudo().ar_reviewed_on = False
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        with self._on():
            self.env["ar.customer"].sudo().with_company(self.company)._review_data_company(self.company, self.TODAY)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_statements_do_not_grow_with_the_customers(self):
        self._invoices(self._partners(2), 4)
        self._count()
        few = self._count()
        self._invoices(self._partners(48), 4)
        self._count()
        many = self._count()
        self.assertLessEqual(many, few + 2)
        self.assertLessEqual(many, self.NIGHT)

    def test_what_did_not_change_is_not_written(self):
        self._invoices(self._partners(3), 4)
        self._review()
        findings = type(self.env["ar.data.finding"])
        with (
            patch.object(findings, "write", side_effect=AssertionError),
            patch.object(findings, "create", side_effect=lambda rows: self.assertFalse(rows)),
        ):
            self._review()

    def test_the_second_turn_of_a_day_does_nothing(self):
        self._review()
        with self._on(), patch.object(type(self.env["ar.review"]), "_read_rules", side_effect=AssertionError):
            self.env["ar.customer"].sudo()._review_data_company(self.company, self.TODAY)
