from datetime import timedelta
from unittest.mock import patch

from odoo.tools import SQL

from .common_status import ArStatusCommon


class TestCreditStatusSpeed(ArStatusCommon):
    """Statuses are evaluated with as many statements for fifty customers as for two, and only those concerned."""

    #: Statements of one batch of the nightly step, with all default rules.
    BATCH = 60

    #: Statements of a check of documents where nothing concerns anybody.
    CHECK = 1

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls._partners(50)
        cls._invoices(cls.partners, 90)
        cls.customers = cls.env["ar.customer"].union(*(cls._customer(partner) for partner in cls.partners)).sudo()

    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        with self._on():
            work()
            self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_batch_costs_as_much_for_fifty_customers_as_for_two(self):
        spent = {}
        for number in (1, 2, 50, 50):  # one warms the caches; the last finds nothing to write
            customers = self.customers[:number]
            spent.setdefault(number, []).append(self._count(customers._refresh_exposure))
        self.assertEqual(set(self.customers.mapped("credit_status")), {"hold"})
        self.assertLessEqual(spent[50][1], spent[2][0] + 3, spent)
        self.assertLessEqual(spent[50][1], self.BATCH, spent)

    def test_a_check_costs_as_much_for_fifty_customers_as_for_two(self):
        self.policy.effect_invoice = "block"
        check = self.env["ar.credit.check"]
        spent = []
        for number in (1, 2, 50):
            documents = {partner: [] for partner in self.partners[:number]}
            spent.append(self._count(lambda documents=documents: check._check(documents, self.company, lock=False)))
        self.assertLessEqual(spent[2], spent[1] + 3, spent)

    def test_nothing_is_read_where_credit_control_is_not_used(self):
        check = self.env["ar.credit.check"]
        documents = {partner: [] for partner in self.partners}
        self._count(lambda: check._check(documents, self.company))
        self.assertLessEqual(self._count(lambda: check._check(documents, self.company)), self.CHECK)

    def test_invoices_are_not_looked_at_where_policies_only_inform(self):
        """Also where customers are on hold, as in nearly each database with the usual rules."""
        self.customers[:1]._refresh_exposure()
        self.assertEqual(self.customers[0].credit_status, "hold")
        self.addCleanup(self.env.registry.clear_cache)
        self.env.registry.clear_cache()  # what other tests left
        with patch.object(type(self.env["account.move"]), "_ar_find_concerned", side_effect=AssertionError):
            self.assertEqual(self._invoice(self.partners[0], 1).state, "posted")
        self.policy.copy({"name": "Strict", "effect_invoice": "block"})
        with patch.object(type(self.env["account.move"]), "_ar_find_concerned", return_value={}) as looked:
            self._invoice(self.partners[0], 1)
        looked.assert_called()

    def test_the_night_evaluates_only_those_whom_a_rule_can_concern(self):
        partners = self._partners(3)
        self._invoices(partners, 4)
        early = self.env["ar.customer"].union(*(self._customer(partner) for partner in partners)).sudo()
        with self._on():
            found = self.env["ar.customer"].sudo()._find_rated(self.company, self.TODAY)
            ids = {number for (number,) in self.env.execute_query(found)}
        self.assertLessEqual(set(self.customers.ids), ids)
        self.assertFalse(set(early.ids) & ids)
        self._night()
        self.assertEqual(set(self.customers.mapped("credit_state")), {"hold"})
        self.assertEqual(set(early.mapped("credit_state")), {"good"})

    def _versions(self):
        """Return the place of each row in its table: an update moves it there."""
        self.env.flush_all()
        tables = ("ar_customer", "ar_credit_hold", "res_partner", "ar_problem", "mail_message")
        return {
            table: self.env.execute_query(SQL("SELECT id, ctid::text FROM %s ORDER BY id", SQL.identifier(table)))
            for table in tables
        }

    def test_a_night_that_only_adds_a_day_writes_nothing_about_customers(self):
        """Days overdue and since an insurance ended grow in the sentences, not in the database."""
        self._limit(self.customers[0], 10_000)
        self.customers[0].write({"insured_amount": 500, "insured_until": self.TODAY})
        later = self.TODAY + timedelta(days=40)
        self._night(later)
        before = self._versions()
        self._night(later + timedelta(days=1))
        self.assertEqual(self._versions(), before)
        with self._on(later + timedelta(days=1)):
            self.assertIn("the oldest item for 131 days", self.customers[2].credit_reasons_html)
            self.assertIn("ended 41 days ago", self.customers[0].credit_reasons_html)
            self.assertIn("the oldest item for 131 days", self._holds(self.customers[2]).reasons_text)

    def test_the_reasons_of_a_hold_that_is_over_stay_as_they_were(self):
        """Also while it waits for a person, and of documents that were held then."""
        self.policy.releases_itself = False
        customer, invoice = self._late(61, 500)
        self._refresh(customer)
        with self._on():
            self._pay(invoice)
        for days in (0, 9):
            self._refresh(customer, self.TODAY + timedelta(days=days))
            hold = self._holds(customer)
            with self._on(self.TODAY + timedelta(days=days)):
                self.assertTrue(hold.is_waiting)
                self.assertIn("the oldest item for 61 days", hold.reasons_text)

    def test_limits_reach_fifty_contacts_with_the_statements_of_two(self):
        """The night writes a limit once to all contacts that get the same, and all notes at once."""
        spent = {}
        self.addCleanup(self.env.registry.clear_cache)  # whether limits are used is remembered
        self.customers[:1]._refresh_credit()
        for number, limit in ((2, 700), (50, 900)):
            self.env.cr.execute("UPDATE ar_customer SET credit_limit_kind = 'amount', credit_limit = %s", [limit])
            spent[number] = self._count(self.customers[:number]._refresh_credit)
            self.env.invalidate_all()
            contacts = self.customers[:number].partner_id.with_company(self.company)
            self.assertEqual(set(contacts.mapped("credit_limit")), {limit})
            self.assertIn("900.00" if limit == 900 else "700.00", self.customers[0].message_ids[:1].body)
        self.assertLessEqual(spent[50], spent[2] + 3, spent)
