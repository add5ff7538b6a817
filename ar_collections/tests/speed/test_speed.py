from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tools import SQL

from ...models.communications.mail.mail_mail import MailMail
from ..common import ArCommon


class TestSpeed(ArCommon):
    """Reads are set-based: fifty customers cost hardly more statements than one."""

    #: Statements that fifty customers may cost more than one, in all.
    MORE = 5

    #: Statements of the run for one batch of customers, in all; one of them reads who pays for others.
    RUN = 91

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls._partners(51)
        cls._invoices(cls.partners, 4)
        cls._invoices(cls.partners, 5)

    def _count(self, number, work):
        """Return the number of statements of the work on the first customers; the others owe nothing now."""
        customers = self.env["ar.customer"].union(*(self._customer(partner) for partner in self.partners[:number]))
        work(customers)  # warm: templates, rules, addresses of the company
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work(customers)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _decide(self, customers):
        with self._on():
            customers.sudo()._decide(self.TODAY)

    def test_deciding_for_fifty_customers_costs_as_many_statements_as_for_one(self):
        one, fifty = self._count(1, self._decide), self._count(50, self._decide)
        self.assertLessEqual(fifty, one + 1, f"{one} statements for one customer, {fifty} for fifty")
        self.assertGreater(one, 5)  # something was counted

    def _run_some(self, customers):
        """Run the day for these customers; messages prepared before are cancelled, so that they are prepared again."""
        with self._on():
            self.env["ar.communication"].sudo()._waiting(customers)._cancel("rejected")
            self.env.flush_all()
            self.env.invalidate_all()
            self.start = self.env.cr.sql_log_count
            customers.sudo()._run_locked(self.TODAY)
            self.env.flush_all()
            self.spent = self.env.cr.sql_log_count - self.start

    def test_the_real_run_costs_as_many_statements_for_fifty_customers_as_for_one(self):
        spent = {}
        for number in (1, 50):
            self._count(number, self._run_some)
            spent[number] = self.spent
        self.assertEqual(len(self.env["ar.communication"].search([("state", "=", "planned")])), 50)
        self.assertLessEqual(spent[50], spent[1] + self.MORE, spent)
        self.assertLessEqual(spent[50], self.RUN, spent)

    def test_the_dry_run_of_a_company_does_not_grow_with_its_customers(self):
        def dry_run(_customers):
            self._run(dry_run=True)

        few = self._count(1, dry_run)
        self._invoices(self._partners(50), 4)
        many = self._count(1, dry_run)
        self.assertLessEqual(many, few + 1, f"{few} statements for 51 customers, {many} for 101")

    def test_the_preview_of_an_invoice_list_is_read_together(self):
        invoices = self.env["account.move"].search([("company_id", "=", self.company.id), ("state", "=", "posted")])

        def read(number):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self._on():
                invoices[:number].mapped("ar_next_step_date")
            return self.env.cr.sql_log_count - before

        read(100)
        self.assertLessEqual(read(100), read(2) + 2)

    def test_the_list_of_a_report_computes_its_query_once(self):
        statements, execute = [], Cursor.execute

        def noting(cursor, query, *args, **kwargs):
            statements.append(query.code if isinstance(query, SQL) else str(query))
            return execute(cursor, query, *args, **kwargs)

        reports = [name for name, model in self.registry.items() if "ar.report.mixin" in model._inherit]
        self.assertIn("ar.top.debtor", reports)
        user = self._user("credit_manager")
        for name in reports:
            report = self.env[name].with_user(user)
            with self.subTest(name), self._on(), patch.object(Cursor, "execute", noting):
                statements.clear()
                report.web_search_read([], {"display_name": {}}, limit=1000)
                self.assertEqual(sum(f'AS "{report._table}"' in statement for statement in statements), 1)

    def test_screens_read_open_items_from_their_index_alone(self):
        """Many items are read by the screens, and items are wide: a column outside of the index would cost more."""
        company = self.company
        board, debtors = self.env["ar.team.board"], self.env["ar.top.debtor"]
        queries = {
            "debtors": debtors._select_sums(company),
            "dashboard": debtors._select_overview(company, company._ar_aging_edges(), 10),
            "board": board._select_company_ledger(company),
            "forecast": self.env["ar.cash.forecast"]._select_parts(company, self.TODAY, self.TODAY),
        }
        self.env.cr.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        self.env.cr.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'account_move_line'")
        for (index,) in self.env.cr.fetchall():
            if not index.endswith(("_pkey", "_ar_open_idx")):  # few items: any index would do, the test takes it back
                self.env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(index)))
        self.env["account.move.line"].flush_model()
        for name, query in queries.items():
            with self.subTest(name):
                plan = "\n".join(row[0] for row in self.env.execute_query(SQL("EXPLAIN %s", query)))
                self.assertIn("Index Only Scan using account_move_line_ar_open_idx", plan)


class TestSending(ArCommon):
    """A delivery costs as many statements as Odoo's own and some more, however many wait in the queue."""

    #: Statements that one more mail may cost.
    LIMIT = 30

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._invoices(cls._partners(45), 4)

    def _send(self, number):
        """Send so many mails; return the statements that it took, with an empty cache after each commit."""

        def settle(mails, _commit):
            mails.env.flush_all()
            mails.env.invalidate_all()

        waiting = self.env["mail.mail"].sudo().search([("state", "=", "outgoing")], limit=number, order="id")
        self.assertEqual(len(waiting), number)
        with self._smtp(timeout=5) as server, patch.object(MailMail, "_settle", settle), self._on():
            settle(waiting, None)
            before = self.env.cr.sql_log_count
            waiting.process_email_queue(waiting.ids)
            spent = self.env.cr.sql_log_count - before
        self.assertEqual(len(server.messages), number)
        return spent

    def test_a_mail_costs_as_many_statements_however_many_there_are(self):
        self._run()
        self._send(2)  # warm: templates, rules
        few, more, many = self._send(3), self._send(13), self._send(27)
        each = (more - few) / 10
        self.assertLessEqual(each, self.LIMIT, (few, more, many))
        self.assertLessEqual((many - more) / 14, each + 1, (few, more, many))
        self.assertGreater(each, 10)  # something was counted
