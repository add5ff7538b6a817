import random
from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger

from ..common import PROBLEM_LOG
from ..customers.owed.common_owed import ArBranchCommon
from .common_credit import ArCreditCommon


class TestExposure(ArCreditCommon):
    """The stored exposure follows what is booked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(4, 400)
        cls.partner = cls.customer.partner_id

    def setUp(self):
        super().setUp()
        self._limit(self.customer, 1000)

    def _unmatched(self, amount):
        """Post a payment of the customer that is not matched."""
        payment = self.env["account.payment"].create(
            {"payment_type": "inbound", "partner_type": "customer", "partner_id": self.partner.id, "amount": amount}
        )
        payment.action_post()
        return payment

    def test_posting_paying_and_resetting(self):
        invoice = self._invoice(self.partner, 1, 100)
        self.assertEqual(self._book(), 1)
        self.assertEqual(self._lines(self.customer), {"receivables": 500})
        self._pay(self.invoice, 150)
        self._book()
        self.assertEqual(self._lines(self.customer), {"receivables": 350})
        invoice.button_draft()
        self._book()
        self.assertEqual(self._lines(self.customer), {"receivables": 250, "drafts": 100})
        invoice.button_cancel()
        self._book()
        self.assertEqual(self._lines(self.customer), {"receivables": 250})

    def test_drafts_count_by_the_policy(self):
        draft = self._draft(70)
        self._book()
        self.assertEqual(
            (self._lines(self.customer), self.customer.exposure), ({"receivables": 400, "drafts": 70}, 470)
        )
        self.policy.exposure_drafts = False
        self._night()
        self.assertEqual(self._lines(self.customer), {"receivables": 400})
        self.policy.exposure_drafts = True
        draft.unlink()
        self._book()
        self.assertEqual(self._lines(self.customer), {"receivables": 400})

    def test_a_draft_that_is_given_to_another_customer_counts_there(self):
        other = self._customer(self._partner(name="Other"))
        self._limit(other, 100)
        draft = self._draft(70)
        draft.partner_id = other.partner_id
        self.assertEqual(self._book(), 2)
        self.assertEqual((self._lines(self.customer), self._lines(other)), ({"receivables": 400}, {"drafts": 70}))

    def test_credit_notes_count_once_they_are_booked(self):
        refund = self._draft(90, move_type="out_refund")
        self._book()
        self.assertEqual(self._lines(self.customer), {"receivables": 400})
        refund.action_post()
        self._unmatched(60)
        self._book()
        self.assertEqual(
            (self._lines(self.customer), self.customer.exposure), ({"receivables": 400, "credits": -150}, 250)
        )

    def test_what_is_secured_is_deducted_until_its_last_day(self):
        until = date(2026, 6, 30)
        self._limit(
            self.customer, 1000, guarantee_amount=50, guarantee_until=until, insured_amount=100, insured_until=until
        )
        self.assertEqual(self._lines(self.customer), {"receivables": 400, "guarantee": -50, "insured": -90})
        self.assertEqual((self.customer.exposure, self.customer.exposure_at_risk), (260, 260))
        self._night(until)
        self.assertEqual(self.customer.exposure, 260)
        self._night(date(2026, 7, 1))
        self.assertEqual(self.customer.exposure, 400)

    @mute_logger(PROBLEM_LOG)
    def test_an_amount_in_a_currency_without_a_rate_is_left_out_and_named(self):
        currency = self.env["res.currency"].create({"name": "XNR", "symbol": "X", "rounding": 0.01})
        self._draft(70, currency_id=currency.id)
        self._book()
        self.assertEqual(self._lines(self.customer), {"receivables": 400})
        with self._on():
            self.assertIn("XNR", self.customer.credit_html)

    def test_a_foreign_draft_counts_at_its_rate(self):
        currency = self._foreign()
        self._draft(70, currency_id=currency.id)
        self._book()
        self.assertEqual(self._lines(self.customer), {"receivables": 400, "drafts": 35})

    def _foreign(self):
        """Return a currency of which two are one of the company's."""
        rate = Command.create({"name": "2020-01-01", "rate": 2, "company_id": self.company.id})
        return self.env["res.currency"].create({"name": "XFC", "symbol": "F", "rounding": 0.01, "rate_ids": [rate]})

    def test_the_night_finds_what_left_no_mark(self):
        draft = self._draft(70)
        self._book()
        draft.invoice_line_ids.price_unit = 80
        self._night()
        self.assertEqual(self._lines(self.customer), {"receivables": 400, "drafts": 80})

    def test_later_turns_of_a_day_leave_it_out(self):
        self._night()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self._night(again=False)
        self.assertLess(self.env.cr.sql_log_count - before, 10)
        self.assertEqual(self.company.ar_exposures_on, self.TODAY)

    def test_a_night_that_runs_out_of_time_goes_on_where_it_stopped(self):
        customers, seen, turns = self.env["ar.customer"].sudo(), [], 0
        for name in ("Two", "Three"):
            self._late(4, 100, name=name)
        self.company.sudo().ar_exposures_on = False
        with (
            self._on(),
            patch.object(type(customers), "_refresh_credit", lambda batch: seen.extend(batch.ids)),
            patch("odoo.addons.ar_collections.models.customers.nightly.batch_run.BATCH", 1),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 0),
        ):
            while not customers._refresh_credit_company(self.company, self.TODAY, auto_commit=True) and turns < 20:
                turns += 1
        self.assertGreater(turns, 1)
        self.assertEqual(seen, sorted(set(seen)))
        self.assertLessEqual(set(customers.search([("company_id", "=", self.company.id)]).ids), set(seen))
        self.assertEqual((self.company.ar_exposures_on, self.company.ar_credit_progress), (self.TODAY, False))

    def test_what_another_transaction_held_is_taken_by_the_next_turn_of_the_day(self):
        customers, seen, turns = self.env["ar.customer"].sudo(), [], []
        others = customers.union(*(self._late(4, 100, name=name)[0].sudo() for name in ("Two", "Three")))
        self.company.sudo().ar_exposures_on = False
        lock = type(customers).try_lock_for_update
        with self._on(), patch.object(type(customers), "_refresh_credit", lambda batch: seen.extend(batch.ids)):
            for held in (others, others[0], customers):
                with patch.object(type(customers), "try_lock_for_update", lambda batch, held=held: lock(batch - held)):
                    self.assertTrue(customers._refresh_credit_company(self.company, self.TODAY))
                turns.append(set(seen))
                seen.clear()
                self.assertEqual(bool(self.company.ar_exposures_on), not held)
        self.assertIn(self.customer.id, turns[0])
        self.assertEqual(turns[0] & set(others.ids), set())
        self.assertEqual(turns[1:], [set(others[1].ids), set(others[0].ids)])
        self.assertFalse(self.company.ar_credit_progress)

    @mute_logger(PROBLEM_LOG)
    def test_who_failed_before_is_not_left_out_where_the_time_runs_out(self):
        """Those that failed come last, whatever their ids; the next turn of the day takes them."""
        customers, seen = self.env["ar.customer"].sudo(), []
        for name in ("Two", "Three", "Four"):
            self._late(4, 100, name=name)
        everybody = customers.search([("company_id", "=", self.company.id)], order="id")
        self.env["ar.problem"]._report(everybody[0], "credit", "The rate is missing", company=self.company)
        turns = 0
        with (
            self._on(),
            patch("odoo.addons.ar_collections.models.customers.nightly.batch_run.BATCH", 1),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 0),
        ):

            def work(batch):
                seen.extend(batch.ids)

            while not everybody._go_on_with("credit", self.company, self.TODAY, work, True) and turns < 20:
                turns += 1
        self.assertEqual(sorted(seen), everybody.ids)
        self.assertEqual(seen[-1], everybody[0].id)

    def test_an_archived_policy_with_rules_about_documents_counts(self):
        stale = self.env["ar.credit.stale"]
        self.env["ar.customer"].sudo().search([]).write({"credit_limit_kind": "none", "credit_limit": 0})
        self.env["ar.credit.policy"].search([]).effect_order = "inform"
        self.policy.effect_order = "block"
        with patch.object(type(stale), "_get_condition", lambda _model: SQL("FALSE")):
            self.assertTrue(stale._has_limits())
            self.policy.active = False
            self.assertEqual(stale._has_limits(), stale._has_strict_policy())

    def test_a_worker_that_missed_the_first_limit_finds_it_by_the_night(self):
        stale = self.env["ar.credit.stale"]
        self.registry.clear_cache()
        with patch.object(type(stale), "_has_limits", lambda _model: False):
            self.assertFalse(stale._is_used())
        self._night()
        self.assertTrue(stale._is_used())

    def test_a_contact_of_the_company_is_the_company(self):
        person = self.env["res.partner"].create({"name": "Ann", "parent_id": self.partner.id})
        self._invoice(person, 1, 30)
        self.assertEqual(self._book(), 1)
        self.assertEqual(self.customer.exposure, 430)

    def test_random_histories_end_with_what_the_ledger_says(self):
        for seed in range(2):
            history, drafts, posted = random.Random(seed), [], [self.invoice]
            currency = self._foreign() if not seed else self.company.currency_id
            for _number in range(12):
                self._do_something(history, drafts, posted, currency)
                if history.random() < 0.4:
                    self._book()
                    self.assertAlmostEqual(self.customer.exposure, self._ledger(self.partner), 2, f"seed {seed}")
            self._book()
            self.assertAlmostEqual(self.customer.exposure, self._ledger(self.partner), 2, f"seed {seed}")

    def _do_something(self, history, drafts, posted, currency):
        """Book something at random."""
        amount = history.randint(100, 50000) / 100
        owed = [move for move in posted if move.state == "posted" and move.amount_residual]
        kind = history.choice(("draft", "refund", "post", "pay", "unmatched", "reset", "delete"))
        if kind == "draft":
            drafts.append(self._draft(amount, currency_id=currency.id))
        elif kind == "refund":
            self._draft(amount, move_type="out_refund").action_post()
        elif kind == "post" and drafts:
            posted.append(drafts.pop())
            posted[-1].action_post()
        elif kind == "pay" and owed:
            self._pay(history.choice(owed))
        elif kind == "unmatched":
            self._unmatched(amount)
        elif kind == "reset" and owed:
            history.choice(owed).button_draft()
        elif kind == "delete" and drafts:
            drafts.pop().unlink()


class TestExposureCost(ArCreditCommon):
    """Posting costs nothing where nobody has a limit, and where somebody has, the mark and the look for holds."""

    def _post(self):
        partner = self._partner(name="Posted")
        self._customer(partner)
        self._invoice(partner, 4)  # warm
        drafts = self._invoices([partner] * 3, 4)
        drafts.button_draft()
        self.env.cr.flush()
        before = self.env.cr.sql_log_count
        drafts.action_post()
        self.env.cr.flush()
        return self.env.cr.sql_log_count - before

    def test_posting(self):
        without = self._post()
        self._limit(self._customer(self._partner(name="Limited")), 500)
        self.assertLessEqual(self._post(), without + 2)


class TestExposureBranches(ArBranchCommon, ArCreditCommon):
    """Limit and exposure are kept for the root company with its branches; branches read them."""

    def test_items_of_branches_count_and_branches_read_the_limit(self):
        self._limit(self.head, 500)
        self._owed(self.branch, 10, 100.0)
        self._owed(self.company, 10, 50.0)
        self.assertEqual(self._book(), 1)
        self.assertEqual((self.head.exposure, self.customer.exposure), (150, 0))
        reader = self.env["res.users"].search([("login", "=", "branch")])
        with self._on():
            page = self.customer.with_user(reader).with_company(self.branch)
            self.assertIn("150.00", page.credit_html)
            self.assertIn(self.company.name, page.credit_html)
            self.assertFalse(page.is_over_limit)
        self._limit(self.head, 149)
        self.env.invalidate_all()
        with self._on():
            self.assertEqual(page.search([("is_over_limit", "=", True)]), page)

    def test_a_limit_is_not_entered_on_the_account_of_a_branch(self):
        self.credit_manager.company_ids += self.branch
        with self.assertRaisesRegex(UserError, self.company.name):
            self._limit(self.customer, 500)

    def test_another_company_does_not_count(self):
        self._limit(self.head, 500)
        other = self._create_company(name="Other Root")
        self.assertFalse(
            self.env["ar.credit.exposure"]._read(self.head.partner_id, other)[self.head.partner_id.id].receivables
        )
