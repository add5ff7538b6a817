"""An invoice is not reminded before the customer has known of it for some days, whatever its date."""

from datetime import date, timedelta

from odoo.tools import mute_logger

from odoo.addons.ar_collections.core.facts import Scope

from ..common import ArCommon


class TestRecentlyEntered(ArCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.minimum_known_days = 3
        cls.partner = cls._partner()

    def _enter(self, day=None, overdue_days=30, **values):
        """Enter an invoice on that day that is dated back; return the customer and it."""
        with self._on(day):
            invoice = self._invoice(self.partner, overdue_days, **values)
        return self._customer(self.partner), invoice

    def _code(self, day):
        self._run(day)
        return self._customer(self.partner).decision_code

    def test_dated_back_it_is_reminded_after_three_days(self):
        self._enter()
        self.assertEqual(self._code(self.TODAY), "recently_entered")
        self.assertEqual(self._code(date(2026, 6, 12)), "recently_entered")
        self.assertEqual(self._code(date(2026, 6, 15)), "step_reached")

    def test_the_day_is_announced(self):
        customer, invoice = self._enter(day=date(2026, 6, 8))
        self._run()
        self.assertEqual((customer.next_date, customer.next_step_id), (date(2026, 6, 11), self.friendly))
        self.assertEqual(invoice.ar_known_on, date(2026, 6, 8))

    def test_without_a_minimum_it_is_reminded_at_once(self):
        self.policy.minimum_known_days = 0
        self._enter()
        self.assertEqual(self._code(self.TODAY), "step_reached")

    def test_others_of_the_customer_are_reminded(self):
        old = self._invoice(self.partner, 10)
        _customer, new = self._enter()
        self._run()
        lines = self._communications(self._customer(self.partner)).line_ids
        self.assertIn(old, lines.move_id)
        self.assertNotIn(new, lines.move_id)

    def test_sent_later_it_counts_from_then_the_first_time(self):
        _customer, invoice = self._enter(day=date(2026, 6, 1))
        for day in (date(2026, 6, 9), date(2026, 6, 10)):
            with self._on(day):
                invoice.is_move_sent = True
        self.assertEqual(invoice.ar_known_on, date(2026, 6, 9))
        self.assertEqual(self._code(date(2026, 6, 11)), "recently_entered")
        self.assertEqual(self._code(date(2026, 6, 12)), "step_reached")

    def test_who_was_reminded_knows_of_it(self):
        _customer, invoice = self._enter(day=date(2026, 6, 1))
        self._day(date(2026, 6, 9))
        with self._on():
            invoice.is_move_sent = True
        self.assertEqual(invoice.ar_known_on, date(2026, 6, 1))

    def test_posted_again_unchanged_it_keeps_its_day(self):
        _customer, invoice = self._enter(day=date(2026, 6, 1))
        with self._on():
            invoice.button_draft()
            invoice.action_post()
        self.assertEqual(invoice.ar_known_on, date(2026, 6, 1))

    def test_posted_again_after_its_customer_got_a_company_or_was_merged_it_keeps_its_day(self):
        for change in ("company", "merge", "merge into a person"):
            group = self._partner(name="Group", email="group@customer.example.com")
            self.partner = self._partner(name="Ann", is_company=False)
            _customer, invoice = self._enter(day=date(2026, 6, 1))
            if change == "company":
                self.partner.parent_id = group
                invoice.button_draft()
                invoice.partner_id = group
                invoice.action_post()
            else:
                person = self.env["res.partner"].create({"name": "Ben", "parent_id": group.id})
                self._merge(self.partner, group if change == "merge" else person)
            for _twice in range(2):
                with self.subTest(change=change), self._on():
                    invoice.button_draft()
                    invoice.action_post()
                    self.assertEqual(invoice.ar_known_on, date(2026, 6, 1))

    def test_made_out_to_another_customer_after_a_merge_it_is_new(self):
        group, other = self._partner(name="Group"), self._partner(name="Other Payer")
        _customer, invoice = self._enter(day=date(2026, 6, 1))
        self._merge(self.partner, group)
        with self._on():
            invoice.button_draft()
            invoice.partner_id = other
            invoice.action_post()
        self.assertEqual(invoice.ar_known_on, self.TODAY)

    def _merge(self, source, target):
        with mute_logger("odoo.addons.base.partner.merge"):
            self.env["base.partner.merge.automatic.wizard"]._merge((source | target).ids, dst_partner=target)
        self.env.invalidate_all()

    def test_with_another_amount_or_debtor_it_is_new(self):
        other = self._partner(name="Other Payer")
        for change in ({"price": 80.0}, {"partner": other}):
            _customer, invoice = self._enter(day=date(2026, 6, 1))
            with self.subTest(change=change), self._on():
                invoice.button_draft()
                if "price" in change:
                    invoice.invoice_line_ids.price_unit = change["price"]
                else:
                    invoice.partner_id = change["partner"]
                invoice.action_post()
                self.assertEqual(invoice.ar_known_on, self.TODAY)

    def test_history_of_before_is_not_held_back(self):
        _customer, invoice = self._enter()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET ar_known_on = NULL, ar_known_as = NULL WHERE id = %s", [invoice.id]
        )
        self.env.invalidate_all()
        with self._on():
            invoice.button_draft()
            invoice.action_post()
        self.assertFalse(invoice.ar_known_on)
        self.assertEqual(self._code(self.TODAY), "step_reached")

    def test_an_imported_history_is_held_back_for_three_days_only(self):
        with self._on():
            self._invoices([self.partner] * 5, 200)
        self.assertEqual(self._code(self.TODAY), "recently_entered")
        self.assertEqual(self._code(self.TODAY + timedelta(days=5)), "step_reached")

    def test_a_person_may_remind_of_it_all_the_same(self):
        customer, _invoice = self._enter()
        with self._on():
            verdict = customer._decide(self.TODAY, Scope(is_manual=True))[customer]
        self.assertEqual(verdict.decision.code, "step_reached")

    def test_the_preview_says_why(self):
        customer, _invoice = self._enter()
        with self._on():
            preview = self.env["ar.preview"].create({"company_id": self.company.id, "date": self.TODAY})
            preview._show(customer)
        self.assertEqual(preview.line_ids.code, "recently_entered")

    def test_whoever_posts_needs_no_role_of_ours(self):
        group = self.env.ref("account.group_account_invoice")
        user = self._user("auditor", login="billing", group_ids=[(6, 0, group.ids)])
        invoice = self._invoice(self.partner, 30).with_user(user)
        with self._on():
            invoice.button_draft()
            invoice.invoice_line_ids.price_unit = 50.0
            invoice.action_post()
        self.assertEqual(invoice.sudo().ar_known_on, self.TODAY)

    def test_many_invoices_are_stored_together(self):
        moves = self._invoices([self.partner] * 5, 3)

        def count(rows):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            moves._write_known(rows)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        rows = [(move.id, None if move == moves[0] else self.TODAY, f"{move.id}:1.0") for move in moves]
        known_on = moves[0].ar_known_on
        self.assertLessEqual(count(rows), 2)  # one with, one without the day
        self.assertEqual(moves.mapped("ar_known_as"), [f"{move.id}:1.0" for move in moves])
        self.assertEqual(moves.mapped("ar_known_on"), [known_on, *[self.TODAY] * 4])
