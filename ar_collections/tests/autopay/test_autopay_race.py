from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, time, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.tools import mute_logger

from odoo.addons.ar_collections.core.autopay.options import AutopayOptions

from ..common import PROBLEM_LOG
from ..common_committed import CommittedCase

#: What these tests leave in the database, in an order in which it can be deleted; %s are the customers' partners.
CHARGE_TRACES = (
    "UPDATE ar_payment_plan SET autopay_consent_id = NULL WHERE partner_id = ANY(%s)",
    "DELETE FROM ar_autopay_charge WHERE transaction_id IN"
    " (SELECT id FROM payment_transaction WHERE partner_id = ANY(%s))",
    "DELETE FROM ar_autopay_collection WHERE customer_id IN (SELECT id FROM ar_customer WHERE partner_id = ANY(%s))",
    "DELETE FROM ar_autopay_consent WHERE token_id IN (SELECT id FROM payment_token WHERE partner_id = ANY(%s))",
    "DELETE FROM mail_message WHERE model = 'ar.payment.plan' AND res_id IN"
    " (SELECT id FROM ar_payment_plan WHERE partner_id = ANY(%s))",
    "DELETE FROM ar_payment_plan WHERE partner_id = ANY(%s)",
    "DELETE FROM payment_transaction WHERE partner_id = ANY(%s)",
    "DELETE FROM payment_token WHERE partner_id = ANY(%s)",
)


class TestAutopayRace(CommittedCase):
    """One charge an installment, whatever process dies and whatever runs concurrently: real cursors, real commits."""

    CUSTOMERS = 2
    DAYS = 3

    def _prepare(self, env):
        """Override to add a plan with a saved method to each customer: 50 today, 50 in a month."""
        result = super()._prepare(env)
        company = env["res.company"].browse(self.company_id)
        provider = env.ref("payment.payment_provider_demo").copy({"company_id": company.id, "state": "test"})
        self.provider_id = provider.id
        method = env.ref("payment.payment_method_card")
        consents = env["ar.autopay.consent"]
        env["ar.customer"]._ensure_for_company(company)
        for partner in env["res.partner"].browse(self.partner_ids):
            customer = env["ar.customer"].search([("partner_id", "=", partner.id), ("company_id", "=", company.id)])
            token = env["payment.token"].create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.id,
                    "partner_id": partner.id,
                    "provider_ref": "saved",
                    "demo_simulated_state": "done",
                }
            )
            unit = self._enrol(env, customer, token)
            unit.autopay_notice_amount = unit.amount
            unit.autopay_notice_id = env["ar.communication"].create(
                {
                    "customer_id": customer.id,
                    "date": self.TODAY,
                    "date_sent": self.TODAY - timedelta(days=self.DAYS),
                    "channel": "email",
                    "tone": "friendly",
                    "state": "sent",
                    "notice": "autopay_announced",
                }
            )
            consents |= unit._get_autopay_consent()
        self.consent_ids = consents.ids
        return result

    def _enrol(self, env, customer, token):
        """Return what is charged today, by the customer's consent."""
        plan = env["ar.payment.plan"].create(self._plan_vals(env, customer))
        plan._set_state("active", activated_on=self.TODAY)
        plan._accept_autopay(token, "The payer", "I agree")
        return plan.installment_ids.sorted("date")[0]

    def _find_item(self, env, customer):
        return env["account.move.line"].search(
            [("partner_id", "=", customer.partner_id.id), ("display_type", "=", "payment_term")]
        )

    def _plan_vals(self, env, customer):
        item = self._find_item(env, customer)
        amounts = {"amount": 100, "residual_before": 100}
        return {
            "customer_id": customer.id,
            "currency_id": item.currency_id.id,
            "amount_total": 100,
            "line_ids": [Command.create({"move_line_id": item.id, "date_due": item.date_maturity, **amounts})],
            "installment_ids": [
                Command.create({"number": number, "date": self.TODAY + timedelta(days=30 * number - 30), "amount": 50})
                for number in (1, 2)
            ],
        }

    def _wipe(self):
        with self._transaction() as env:
            for statement in CHARGE_TRACES:
                env.cr.execute(statement, (self.partner_ids,))
            env["payment.provider"].browse(self.provider_id).unlink()
        return super()._wipe()

    # === ACTIONS === #

    def _charge(self, env, auto_commit=True):
        company = env["res.company"].browse(self.company_id)
        result = env["ar.payment.plan.installment"].with_company(company)._run_autopay(company, auto_commit)
        return {move: number for (move, _key), number in result.counts.items() if number}

    def _charge_committed(self):
        with self._transaction() as env:
            return self._charge(env)

    def _charges(self):
        """Return [(index of the customer, attempt, outcome)], as committed."""
        with self._transaction() as env:
            charges = env["ar.autopay.charge"].search([("consent_id", "in", self.consent_ids)], order="id")
            places = {consent_id: place for place, consent_id in enumerate(self.consent_ids)}
            return [(places[charge.consent_id.id], charge.number, charge.outcome) for charge in charges]

    def _all_charged(self):
        return [(place, 1, "done") for place in range(self.CUSTOMERS)]

    # === TESTS === #

    def test_each_installment_is_charged_once(self):
        self.assertEqual(self._charge_committed(), {"charge": self.CUSTOMERS})
        self.assertEqual((self._charge_committed(), self._charges()), ({}, self._all_charged()))

    def test_killed_between_commit_and_request_the_same_transaction_is_sent(self):
        def dies(*_args, **_kwargs):
            raise SystemExit

        with suppress(SystemExit), patch.object(self.registry["ar.autopay.charge"], "_request", dies):
            self._charge_committed()
        self.assertEqual(self._charges(), [(0, 1, "unknown")])
        self.assertEqual(self._charge_committed(), {"repeat": 1, "charge": 1})
        self.assertEqual(sorted(self._charges()), self._all_charged())

    def test_killed_after_the_request_the_same_transaction_is_sent_again(self):
        charge = self.registry["payment.transaction"]._charge_with_token
        references = []

        def dies_afterwards(transaction):
            references.append(transaction.reference)
            charge(transaction)
            raise SystemExit

        with (
            suppress(SystemExit),
            patch.object(self.registry["payment.transaction"], "_charge_with_token", dies_afterwards),
        ):
            self._charge_committed()
        self.assertEqual((self._charges(), len(references)), ([(0, 1, "unknown")], 1))
        self._charge_committed()
        self.assertEqual(sorted(self._charges()), self._all_charged())
        with self._transaction() as env:
            made = env["payment.transaction"].search([("partner_id", "in", self.partner_ids)])
            self.assertEqual(len(made), self.CUSTOMERS)
            self.assertIn(references[0], made.mapped("reference"))

    def test_killed_with_a_provider_that_knows_no_repetition_a_person_is_asked_on_the_next_day(self):
        with (
            suppress(SystemExit),
            patch.object(self.registry["ar.autopay.charge"], "_request", side_effect=SystemExit),
        ):
            self._charge_committed()
        with patch.object(self.registry["payment.transaction"], "_ar_is_idempotent", lambda _tx: False):
            self.assertEqual(self._charge_committed(), {"charge": 1})
            with freeze_time(datetime.combine(self.TODAY + timedelta(days=1), time(12)), tick=True):
                self.assertEqual(self._charge_committed(), {"ask": 1})
        self.assertEqual(sorted(self._charges()), [(0, 1, "unknown"), (1, 1, "done")])

    def test_two_workers_at_once(self):
        def run(_number):
            with suppress(SerializationFailure):
                self._charge_committed()

        with mute_logger("odoo.sql_db", PROBLEM_LOG), ThreadPoolExecutor(4) as pool:
            list(pool.map(run, range(8)))
        self._charge_committed()
        self.assertEqual(sorted(self._charges()), self._all_charged())

    def test_a_worker_with_an_old_view_of_the_database_makes_no_second_charge(self):
        with suppress(SerializationFailure), self._transaction() as late, mute_logger("odoo.sql_db", PROBLEM_LOG):
            late["ar.payment.plan"].search_count([])  # the snapshot of its transaction starts here
            self._charge_committed()
            self._charge(late, auto_commit=False)
        self.assertEqual(sorted(self._charges()), self._all_charged())

    def test_beside_a_request_under_way_nobody_asks(self):
        request = self.registry["payment.transaction"]._charge_with_token
        others = []

        def meanwhile(transaction):
            if not others:
                others.append(None)
                others.append(self._charge_committed())
            request(transaction)

        with patch.object(self.registry["payment.transaction"], "_charge_with_token", meanwhile):
            self._charge_committed()
        self.assertEqual(sorted(self._charges()), self._all_charged())

    def test_a_locked_customer_waits_for_the_next_hour(self):
        with self._transaction() as env:
            env["ar.autopay.consent"].browse(self.consent_ids[0]).customer_id.lock_for_update()
            self.assertEqual(self._charge_committed(), {"locked": 1, "charge": 1})
        self.assertEqual(self._charge_committed(), {"charge": 1})


class TestAccountAutopayRace(TestAutopayRace):
    """The same with invoices of accounts."""

    def _enrol(self, env, customer, token):
        item = self._find_item(env, customer)
        consent = customer._accept_autopay(token, "The payer", "I agree", AutopayOptions())
        return env["ar.autopay.collection"].create(
            {
                "consent_id": consent.id,
                "currency_id": item.currency_id.id,
                "date": self.TODAY,
                "line_ids": [Command.create({"move_line_id": item.id, "amount": 100})],
            }
        )
