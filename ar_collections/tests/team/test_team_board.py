from datetime import timedelta

from odoo import Command

from ..common import ArCommon


class TestTeamBoard(ArCommon):
    """One row a collector, with numbers worked out by hand; today is a Wednesday, the week began on Monday the 8th."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"].search([]).week_start = "7"  # weeks of the board begin on Monday for everybody
        cls.north, cls.south = (cls._user("collector", login=login, name=login) for login in ("north", "south"))
        cls.manager = cls._user("manager", login="board-manager")
        # North: 300 late and 50 not due, less a credit of 20; and 200 late. South by his policy: 70 not due.
        cls.first, cls.invoice = cls._late(40, 300, name="First")
        cls.first.user_id = cls.north
        cls._invoice(cls.first.partner_id, -10, 50)
        cls._invoice(cls.first.partner_id, 0, 20, move_type="out_refund")
        cls.second, cls.paid = cls._late(20, 200, name="Second")
        cls.second.user_id = cls.north
        cls.policy.user_id = cls.south
        cls.third = cls._customer(cls._invoice(cls._partner(name="Third"), -5, 70).partner_id)

    def _rows(self, user=None, **context):
        """Return {collector's name: row} of the board."""
        self.env.flush_all()
        self.env.invalidate_all()
        with self._on():
            board = self.env["ar.team.board"].with_user(user or self.manager).with_context(**context)
            rows = board.search([("company_id", "=", self.company.id)])
            rows.fetch([name for name, field in rows._fields.items() if field.store])
        return {row.collector_id.name: row for row in rows}

    def test_open_overdue_and_customers(self):
        rows = self._rows()
        self.assertEqual(
            {name: (row.customer_count, row.open_amount, row.overdue, row.credits) for name, row in rows.items()},
            {"north": (2, 530, 500, 20), "south": (1, 70, 0, 0)},
        )

    def test_who_has_as_many_credits_as_debts_has_open_items(self):
        self._invoice(self.second.partner_id, 0, 200, move_type="out_refund")
        self._pay(self._invoice(self._partner(name="Settled"), 5, 10))
        found = {name: (row.customer_count, row.overdue) for name, row in self._rows().items()}
        self.assertEqual(found, {"north": (2, 500), "south": (1, 0)})

    def test_the_board_agrees_with_the_run(self):
        self._run()
        for row in self._rows().values():
            with self.subTest(collector=row.collector_id.name), self._on():
                customers = self.env["ar.customer"].search(row.action_open_worklist()["domain"])
                self.assertEqual(sum(customers.mapped("balance")), row.open_amount)
                self.assertEqual(sum(customers.mapped("overdue")), row.overdue)
                self.assertEqual(sum(customers.mapped("credits")), row.credits)

    def test_customers_without_a_collector_have_a_row(self):
        self.policy.user_id = False
        row = self._rows()[False]
        self.assertEqual((row.display_name, row.open_amount), ("Without Collector", 70))
        with self._on():
            self.assertEqual(self.env["ar.customer"].search(row.action_open_worklist()["domain"]), self.third)

    def test_who_covers_has_the_customers(self):
        self.env["ar.absence"].create(
            {"user_id": self.north.id, "cover_id": self.south.id, "date_from": self.TODAY, "date_to": self.TODAY}
        )
        rows = self._rows()
        self.assertEqual({name: row.open_amount for name, row in rows.items()}, {"south": 600})
        with self._on():
            found = self.env["ar.customer"].search(rows["south"].action_open_worklist()["domain"])
        self.assertEqual(found, self.first | self.second | self.third)

    def test_who_left_has_no_customers(self):
        self.third.user_id = self.manager
        self.north.sudo().active = False
        rows = self._rows()
        self.assertEqual({name: row.open_amount for name, row in rows.items()}, {"south": 530, self.manager.name: 70})
        self._assert_reports(self.first, self.south)
        self.south.sudo().active = False
        rows = self._rows()
        self.assertEqual({name: row.open_amount for name, row in rows.items()}, {False: 530, self.manager.name: 70})
        self._assert_reports(self.first, self.env["res.users"])
        for row in rows.values():
            with self._on():
                customers = self.env["ar.customer"].search(row.action_open_worklist()["domain"])
            self.assertEqual(sum(self._rows_of("ar.top.debtor", customers).mapped("balance")), row.open_amount)

    def _rows_of(self, model, customers):
        with self._on():
            return self.env[model].search([("customer_id", "in", customers.ids)])

    def _assert_reports(self, customer, collector):
        """Check that all reports name who is responsible today, as the account does."""
        customer.sudo().write({"credit_limit_kind": "amount", "credit_limit": 1})
        self.env.invalidate_all()
        for model in ("ar.aging.item", "ar.top.debtor", "ar.cash.forecast.item", "ar.credit.usage"):
            with self.subTest(model=model):
                rows = self._rows_of(model, customer)
                self.assertTrue(rows)
                self.assertEqual(rows.collector_id, collector)
        with self._on():
            self.assertEqual(customer.collector_id, collector)
            aging = self.env["ar.as.of"]._read_aging(self.company, self.TODAY, by="collector")
            self.assertEqual(aging[collector.id or None].total, 530)

    def test_collected_this_week_and_this_month_by_payments_only(self):
        self._pay(self.paid, 60, day=self.TODAY)
        self._pay(self.paid, 40, day=self.TODAY - timedelta(days=3))  # the Sunday before
        self._pay(self.invoice, 30, day=self.TODAY - timedelta(days=12))  # in May
        note = self._invoice(self.second.partner_id, 0, 25, move_type="out_refund")
        (self._debt(note) | self._debt(self.paid)).reconcile()
        row = self._rows()["north"]
        self.assertEqual((row.collected_week, row.collected_month), (60, 100))
        self.assertEqual((row.open_amount, row.overdue), (530 - 60 - 40 - 30 - 25, 500 - 60 - 40 - 30 - 25))

    def test_worked_this_week_by_people_once_a_customer(self):
        with self._on():
            for _call in range(2):
                self.first.with_user(self.north)._log_call("reached", self.first.partner_id)
        with self._on(self.TODAY - timedelta(days=3)):
            self.third.with_user(self.south)._log_call("reached", self.third.partner_id)
        self._run()
        self._deliver()  # automatic messages to both of North's customers
        rows = self._rows()
        self.assertEqual((rows["north"].worked_count, rows["south"].worked_count), (1, 0))

    def test_promised_and_broken_this_month(self):
        with self._on():
            self.first._promise(self.TODAY + timedelta(days=5), {self._debt(self.invoice).id: None})
            broken = self.second._promise(self.TODAY, {self._debt(self.paid).id: None})
            broken._set_state("broken", ended_on=self.TODAY)
        row = self._rows()["north"]
        self.assertEqual((row.promised, row.broken_count), (300, 1))
        broken.ended_on = self.TODAY - timedelta(days=12)
        self.assertEqual(self._rows()["north"].broken_count, 0)

    def test_late_tasks(self):
        for days in (-1, 0):
            with self._on():
                self.first.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=self.TODAY + timedelta(days=days),
                    user_id=self.south.id,
                )
        self.assertEqual(self._rows()["north"].late_task_count, 1)

    def test_what_waits_for_a_decision(self):
        self.policy.review_above = 100
        self._run()
        rows = self._rows()
        self.assertEqual((rows["north"].waiting_count, rows["south"].waiting_count), (2, 0))

    def test_the_company_switcher_is_obeyed(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user(
            "manager", login="board-stranger", company_id=elsewhere.id, company_ids=[Command.set(elsewhere.ids)]
        )
        self.assertFalse(self._rows(stranger))
        both = self._user("manager", login="board-both", company_ids=[Command.set((elsewhere | self.company).ids)])
        self.assertEqual(len(self._rows(both, allowed_company_ids=[elsewhere.id])), 0)
        self.assertEqual(len(self._rows(both, allowed_company_ids=[self.company.id, elsewhere.id])), 2)

    def test_reading_the_board_takes_the_same_statements_for_many_customers(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._rows()
            return self.env.cr.sql_log_count - before

        few = count()
        self._invoices(self._partners(10), 5)
        self.assertLessEqual(count(), few + 1)
