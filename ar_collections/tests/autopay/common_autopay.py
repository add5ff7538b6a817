from datetime import timedelta
from unittest.mock import patch

from odoo import Command

from odoo.addons.ar_collections.core.autopay.options import AutopayOptions

from ..common import ArCommon


class AutopayFactory:
    """A running payment plan whose customer saved a payment method with Odoo's demo provider. Mixed into test cases.

    300 of one invoice in three installments of 100: in 5, 35 and 65 days.
    """

    FIRST, SECOND, THIRD = 5, 35, 65

    @classmethod
    def _prepare_plan(cls):
        cls.demo = cls._demo_provider()
        cls.customer, cls.invoice = cls._late(overdue_days=20, amount=300)
        cls.token = cls._saved_method()
        cls.plan = cls._plan(cls.customer, cls.invoice)
        cls.first, cls.second, cls.third = cls.plan.installment_ids.sorted("date")

    @classmethod
    def _demo_provider(cls):
        provider = cls.env.ref("payment.payment_provider_demo").sudo().copy({"company_id": cls.company.id})
        cls.card = cls.env.ref("payment.payment_method_card").sudo()
        provider.write(
            {
                "state": "test",
                "is_published": True,
                "allow_tokenization": True,
                "payment_method_ids": [Command.set(cls.card.ids)],
                "journal_id": cls.company_data["default_journal_bank"].id,
            }
        )
        (cls.card + cls.card.brand_ids).active = True
        return provider

    @classmethod
    def _saved_method(cls, partner=None, simulated="done", provider=None, **values):
        provider = provider or cls.demo
        if provider.code == "demo":
            values["demo_simulated_state"] = simulated
        return (
            cls.env["payment.token"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": cls.card.id,
                    "payment_details": "4242",
                    "partner_id": (partner or cls.customer.partner_id).id,
                    "provider_ref": "saved",
                    **values,
                }
            )
        )

    @classmethod
    def _plan(cls, customer, *invoices, offsets=None, today=None):
        """Return an active plan over the invoices, in equal installments."""
        offsets = offsets or (cls.FIRST, cls.SECOND, cls.THIRD)
        today = today or cls.TODAY
        items = [invoice.line_ids.filtered(lambda line: line.display_type == "payment_term") for invoice in invoices]
        total = sum(item.amount_residual_currency for item in items)
        plan = (
            cls.env["ar.payment.plan"]
            .sudo()
            .create(
                {
                    "customer_id": customer.id,
                    "currency_id": items[0].currency_id.id,
                    "amount_total": total,
                    "line_ids": [
                        Command.create(
                            {
                                "move_line_id": item.id,
                                "date_due": item.date_maturity,
                                "amount": item.amount_residual_currency,
                                "residual_before": item.amount_residual_currency,
                            }
                        )
                        for item in items
                    ],
                    "installment_ids": [
                        Command.create(
                            {
                                "number": number,
                                "date": today + timedelta(days=offset),
                                "amount": total / len(offsets),
                            }
                        )
                        for number, offset in enumerate(offsets, start=1)
                    ],
                }
            )
        )
        plan._set_state("active", activated_on=today)
        return plan

    def _agree(self, token=None, plan=None, day=None):
        """Let the customer agree to automatic payments on that day."""
        plan = plan or self.plan
        with self._on(day):
            return plan._accept_autopay(token or self.token, "The payer", plan._get_consent_text(), "192.0.2.7")

    # === ACTIONS === #

    def _in(self, days):
        """Return ``TODAY`` plus that number of days."""
        return self.TODAY + timedelta(days=days)

    def _charge(self, days=0):
        """Run the job that number of days after ``TODAY``; return {move: installments}."""
        with self._on(self._in(days)):
            result = self.env["ar.payment.plan.installment"]._run_autopay(self.company)
            total = {move: number for (move, _key), number in result.counts.items() if number}
        self.env.invalidate_all()
        return total

    def _charge_unanswered(self, days):
        """Run the job on that day, with the process killed before the request: the charge has no answer."""
        with patch.object(self.registry["ar.autopay.charge"], "_request", lambda *_args, **_kwargs: None):
            return self._charge(days)

    def _send_notice(self, days=0):
        """Run the job on that day, and the mail queue; return the subjects that went out."""
        self._charge(days)
        return [mail["subject"] for mail in self._deliver(self._in(days))]

    def _book(self):
        """Book the successful payments, as Odoo's own scheduled action does."""
        self.plan.autopay_charge_ids.transaction_id.filtered(lambda tx: not tx.is_post_processed)._post_process()
        self.env.invalidate_all()

    def _announce(self, installment=None):
        """Have an installment announced on the policy's day, or the working day after."""
        installment = installment or self.first
        day = (installment.date - self.TODAY).days - self.policy.autopay_notice_days
        while self._in(day).weekday() > 4:
            day += 1
        self._send_notice(day)
        self.assertEqual(installment.autopay_notice_id.state, "sent")

    def _outcomes(self, plan=None):
        """Return [(attempt, outcome)] of the plan's charges, oldest first."""
        self.env.invalidate_all()
        charges = (plan or self.plan).autopay_charge_ids.sorted("id")
        return [(charge.number, charge.outcome) for charge in charges]


class AutopayCase(AutopayFactory, ArCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._prepare_plan()


class AccountAutopayCase(AutopayFactory, ArCommon):
    """A customer with an invoice of 300 that is due on day 10, and a saved payment method of the demo provider.

    Day 0 is a Wednesday, so that notices go out on days 0, 1, 2, 5 to 9 and 12 to 14, which are in one month.
    """

    DUE = 10

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        days = (cls.TODAY + timedelta(days=number) for number in range(100))
        cls.first_day = next(
            day for day in days if day.weekday() == 2 and (day + timedelta(days=14)).month == day.month
        )
        cls.demo = cls._demo_provider()
        cls.customer, cls.invoice = cls._due(cls.DUE, 300)
        cls.token = cls._saved_method()

    @classmethod
    def _due(cls, day, amount, customer=None, **values):
        """Return the customer and an invoice of it that is due on that day, where day 0 is the first one."""
        due = (cls.first_day - cls.TODAY).days + day
        if not customer:
            return cls._late(overdue_days=-due, amount=amount, **values)
        return customer, cls._invoice(customer.partner_id, -due, amount, **values)

    def _in(self, days):
        """Override to count from the first day."""
        return self.first_day + timedelta(days=days)

    def _enrol(self, token=None, customer=None, day=None, **options):
        """Let the customer agree to the automatic payment of its account on that day."""
        customer, options = customer or self.customer, AutopayOptions(**options)
        with self._on(day or self.first_day):
            text = customer._get_autopay_consent_text(options)
            consent = customer._accept_autopay(token or self.token, "The payer", text, options, "192.0.2.7")
        # Without the confirmation, which is tested elsewhere.
        confirmations = self.env["ar.communication"].sudo().search([("notice", "=", "autopay_started")])
        confirmations.filtered(lambda message: message.state == "planned")._cancel("outdated")
        return consent

    def _collections(self, customer=None):
        """Return the automatic payments of the account, oldest first."""
        self.env.invalidate_all()
        domain = [("customer_id", "=", (customer or self.customer).id)]
        return self.env["ar.autopay.collection"].sudo().search(domain, order="id")

    def _account_outcomes(self):
        """Return [(amount, outcome)] of the charges of the account, oldest first."""
        charges = self._collections().autopay_charge_ids.sorted("id")
        return [(charge.amount, charge.outcome) for charge in charges]

    def _book_account(self):
        """Book the successful payments, as Odoo's own scheduled action does."""
        charges = self._collections().autopay_charge_ids
        charges.transaction_id.filtered(lambda tx: not tx.is_post_processed)._post_process()
        self.env.invalidate_all()


class StripeAutopayFactory(AutopayFactory):
    """The same with a card saved at the simulated Stripe server of the test case; agreed and announced."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(overdue_days=20, amount=300, name="Plan Payer")
        cls.token = cls._saved_method(provider=cls.provider, stripe_payment_method="pm_card_visa")
        cls.plan = cls._plan(cls.customer, cls.invoice)
        cls.first, cls.second, cls.third = cls.plan.installment_ids.sorted("date")

    def setUp(self):
        super().setUp()
        self.token.provider_ref = self.stripe._create_customer({})["id"]
        self._agree()
        self._announce()
