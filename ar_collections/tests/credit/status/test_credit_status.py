from datetime import datetime, time, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tools import mute_logger

from ...common import PROBLEM_LOG
from .common_status import ArStatusCommon


class TestCreditStatus(ArStatusCommon):
    """The status by the rules: what counts, boundaries, and that a broken rule holds nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(61, 500)

    def test_what_equals_the_days_passes_and_a_day_more_does_not(self):
        self._rules({"use_days": True, "days": 61})
        self.assertEqual(self._refresh(self.customer), ("good", []))
        tomorrow = self.TODAY + timedelta(days=1)
        self.assertEqual(self._refresh(self.customer, tomorrow), ("hold", ["overdue"]))
        self.assertEqual(self.customer.credit_since, tomorrow)

    def test_days_and_amount_both_or_either(self):
        """Age and amount, not a count of invoices alone, decide; both must be exceeded unless any is enough."""
        rule = {"use_days": True, "days": 30, "use_amount": True, "amount": 500}
        self._rules(rule)
        self.assertEqual(self._refresh(self.customer)[0], "good")
        self._rules({**rule, "needs_all": False})
        self.assertEqual(self._refresh(self.customer)[0], "hold")
        self._rules({**rule, "amount": 499.99})
        self.assertEqual(self._refresh(self.customer)[0], "hold")

    def test_the_most_severe_of_all_reasons_counts_and_all_are_listed(self):
        self._rules(
            {"use_days": True, "days": 30, "status": "warning"}, {"code": "over_limit"},
            {"code": "limit_used", "use_percent": True, "percent": 90, "status": "warning"},
        )  # fmt: skip
        self._limit(self.customer, 400)
        state, codes = self._refresh(self.customer)
        self.assertEqual((state, codes[0], set(codes)), ("hold", "over_limit", {"over_limit", "overdue", "limit_used"}))
        with self._on():
            shown = self.customer.with_user(self._user("auditor")).credit_reasons_html
        self.assertIn("100.00", shown)
        self.assertIn("the oldest item for 61 days", shown)

    def test_what_is_disputed_promised_or_paid_is_not_overdue(self):
        """Unless the policy says that disputed or promised amounts count."""
        self._rules({"use_days": True, "days": 30})
        self.assertEqual(self._refresh(self.customer)[0], "hold")
        line = self._debt(self.invoice)
        item = {"move_line_id": line.id, "name": self.invoice.name, "date_due": line.date_maturity, "amount": 500}
        agreement = {"customer_id": self.customer.id, "currency_id": self.invoice.currency_id.id}
        with self._on():
            promise = self.env["ar.promise"].sudo().create(
                {
                    **agreement, "date": self.until, "amount_total": 500,
                    "line_ids": [(0, 0, {**item, "residual_before": 500})],
                }
            )  # fmt: skip
        self.assertEqual(self._refresh(self.customer)[0], "good")
        self.policy.overdue_promised = True
        self.assertEqual(self._refresh(self.customer)[0], "hold")
        self.policy.overdue_promised = False
        with self._on():
            promise._set_state("withdrawn", ended_on=self.TODAY)
        self.assertEqual(self._refresh(self.customer)[0], "hold")

    def test_a_payment_that_is_not_matched_covers_the_oldest_items(self):
        """Who has paid is not held only because nobody has matched the payment yet."""
        self._rules({"use_days": True, "days": 30})
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound", "partner_type": "customer", "partner_id": self.invoice.partner_id.id,
                "amount": 500, "date": self.TODAY,
            }
        )  # fmt: skip
        self.assertEqual(self._refresh(self.customer)[0], "hold")
        payment.action_post()
        self.assertEqual(self._refresh(self.customer)[0], "good")

    def test_money_that_we_paid_back_is_neither_overdue_nor_a_credit(self):
        self._rules({"use_days": True, "days": 30})
        customer = self._customer(self._partner(name="Refunded"))
        refund = self.env["account.payment"].create(
            {
                "payment_type": "outbound", "partner_type": "customer", "partner_id": customer.partner_id.id,
                "amount": 300, "date": self.TODAY - timedelta(days=90),
            }
        )  # fmt: skip
        refund.action_post()
        self.assertEqual(self._refresh(customer)[0], "good")

    def test_a_payment_releases_and_the_history_stays(self):
        self._rules({"use_days": True, "days": 30})
        self._refresh(self.customer)
        self.assertEqual(self._holds(self.customer).mapped("until"), [False])
        with self._on():
            self._pay(self.invoice)
        self._book()
        self.env.invalidate_all()
        self.assertEqual(self._status(self.customer), ("good", []))
        hold = self._holds(self.customer)
        self.assertEqual((hold.until, hold.cause, hold.released_by_id.id), (self.TODAY, "overdue", False))
        self.assertIn("ended", self.customer.message_ids[:1].body)

    def test_a_policy_may_want_a_person_to_release(self):
        self._rules({"use_days": True, "days": 30}, releases_itself=False)
        self._refresh(self.customer)
        with self._on():
            self._pay(self.invoice)
        self._book()
        self.env.invalidate_all()
        self.assertEqual(self._status(self.customer), ("ready", ["ready_to_release"]))
        self.assertTrue(self._holds(self.customer).is_waiting)
        self.assertIn(self.customer, self.customer.search([("credit_state", "=", "ready")]))
        self.assertNotIn(self.customer, self.customer.search([("credit_state", "=", "hold")]))
        self._decide(self.customer, "confirm")
        self.assertEqual(self._status(self.customer), ("good", []))
        self.assertEqual(self._holds(self.customer).released_by_id, self.credit_manager)

    def test_broken_promises_and_returned_payments_count_for_a_time(self):
        self._rules(
            {"code": "broken_promise", "use_days": True, "days": 90, "use_count": True, "count": 2},
            {"code": "returned_payment", "use_days": True, "days": 10, "status": "warning"},
        )
        values = {"customer_id": self.customer.id, "currency_id": self.company.currency_id.id, "state": "broken"}
        promises = self.env["ar.promise"].sudo()
        first = promises.create({**values, "date": self.TODAY, "ended_on": self.TODAY - timedelta(days=90)})
        self.assertEqual(self._refresh(self.customer)[0], "good")
        promises.create({**values, "date": self.TODAY, "ended_on": self.TODAY})
        self.assertEqual(self._refresh(self.customer), ("hold", ["broken_promise"]))
        first.ended_on = self.TODAY - timedelta(days=91)
        self.assertEqual(self._refresh(self.customer)[0], "good")
        returned = {
            "customer_id": self.customer.id, "currency_id": self.company.currency_id.id, "amount": 5,
            "date": self.TODAY, "payment": "PAY/1", "state": "returned",
        }  # fmt: skip
        self.env["ar.returned.payment"].sudo().create([returned, returned])
        self.assertEqual(self._refresh(self.customer), ("warning", ["returned_payment"]))
        self.assertEqual(self.customer.sudo().credit_reasons[0]["count"], 1)  # one payment of two invoices

    def test_an_insurance_that_ended_or_does_not_cover(self):
        self._rules({"code": "insurance_expired", "use_days": True, "days": 0}, {"code": "not_insured"})
        with self._on():
            self.customer.with_user(self.credit_manager).write(
                {"insured_amount": 1000, "insured_until": self.TODAY, "insurer_id": self._partner(name="Insurer").id}
            )
        self.assertEqual(self._refresh(self.customer), ("hold", ["not_insured"]))  # 61 days: beyond the extension
        self._rules({"code": "insurance_expired", "use_days": True, "days": 0})
        self.assertEqual(self._refresh(self.customer)[0], "good")
        self.assertEqual(self._refresh(self.customer, self.TODAY + timedelta(days=1)), ("hold", ["insurance_expired"]))

    @mute_logger(PROBLEM_LOG)
    def test_a_rule_that_cannot_be_read_holds_nobody_and_is_a_problem_of_its_policy(self):
        self._rules({"use_days": True, "days": 30}, {"code": "over_limit"})
        self._limit(self.customer, 400)
        facts = type(self.env["ar.credit.facts"])
        with patch.object(facts, "_read_items", side_effect=ValueError("the column is gone")):
            self.assertEqual(self._refresh(self.customer), ("hold", ["over_limit"]))
        problem = self.env["ar.problem"].search([("code", "=", "credit_rules"), ("solved_on", "=", False)])
        self.assertEqual((problem.res_model, problem.res_id), ("ar.credit.policy", self.policy.id))
        self.assertIn("the column is gone", problem.message)
        self._night(self.TODAY + timedelta(days=1))
        self.assertTrue(problem.solved_on)

    @mute_logger(PROBLEM_LOG)
    def test_what_an_earlier_turn_of_the_night_reported_is_not_solved_by_the_last(self):
        """The last turn looks at other customers; what the night before reported is solved."""
        facts, problems = type(self.env["ar.credit.facts"]), self.env["ar.problem"]
        self._rules({"use_days": True, "days": 30})
        with patch.object(facts, "_read_items", side_effect=ValueError("the column is gone")):
            self._refresh(self.customer)
        problem = problems.search([("code", "=", "credit_rules"), ("solved_on", "=", False)])
        self.company.sudo().ar_credit_progress = {"credit": [str(self.TODAY), self.customer.id + 1000]}
        with freeze_time(datetime.combine(self.TODAY, time(13))):
            self.company.sudo().ar_exposures_on = False
            customers = self.env["ar.customer"].sudo().with_company(self.company)
            customers._refresh_credit_company(self.company, self.TODAY)
        self.assertFalse(problem.solved_on)
        self._night(self.TODAY + timedelta(days=1))
        self.assertTrue(problem.solved_on)

    def test_one_customer_that_cannot_be_read_breaks_no_rule_of_others(self):
        other, _invoice = self._late(61, 500, name="Other")
        self._rules({"use_days": True, "days": 30})
        facts = type(self.env["ar.credit.facts"])
        read = facts._read_items

        def fail(records, accounts, *arguments):
            if self.customer in accounts:
                raise ValueError("bad data")
            return read(records, accounts, *arguments)

        with patch.object(facts, "_read_items", fail), mute_logger(PROBLEM_LOG), self._on():
            (self.customer | other).sudo()._refresh_exposure()
        self.assertEqual((self._status(self.customer)[0], self._status(other)[0]), ("good", "hold"))

    def test_reasons_are_shown_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self._rules({"use_days": True, "days": 30})
        self._refresh(self.customer)
        self.assertNotEqual(
            self.customer.with_context(lang="fr_FR").credit_reasons_html,
            self.customer.with_context(lang="en_US").credit_reasons_html,
        )
