"""A company whose customers agreed to automatic payments with Stripe: half of their accounts, half of payment plans."""

import datetime
import random
from dataclasses import dataclass

from freezegun import freeze_time

from dev.charges.stripe_server import PUBLISHABLE_KEY, SECRET, SECRET_KEY, WEBHOOK_SECRET
from dev.replay.company import prepare_company
from dev.replay.simulation import HOUR

INVOICES_EACH = 3
#: Due dates, in days from the first simulated day.
EARLIEST_DUE, LATEST_DUE = 1, 6
#: Stripe's test methods by the customers' numbers: most pay, others are declined, or pay by bank debit days later.
METHODS = ("pm_card_visa",) * 6 + (
    "pm_card_visa_chargeDeclinedInsufficientFunds",
    "pm_usBankAccount_processing",
    "pm_card_chargeDeclinedDuplicate",
)

#: Notices are not limited, charges are announced a day before, and tried again once.
POLICY = {
    "contacts_per_7_days": 0,
    "contacts_per_30_days": 0,
    "minimum_gap_days": 0,
    "autopay_notice_days": 1,
    "autopay_retry_days": "2",
}


@dataclass(frozen=True)
class Company:
    """The ids of what was made.

    :param provider_id: `payment.provider`
    :param partner_ids: of the customers
    """

    provider_id: int
    partner_ids: list


def fill(env, parameters, first, stripe, mail_port):
    """Create the company on the first day; return its ids.

    :param StripeServer stripe: where the customers' methods are saved
    :param int mail_port: of the mail sink
    """
    with freeze_time(f"{first} {HOUR}"):
        company = prepare_company(env, mail_port)
        env["ar.credit.policy"].search([("company_id", "=", company.id)]).write(POLICY)
        provider = _create_provider(env, company)
        partners = env["res.partner"].create(
            [
                {"name": f"Customer {number:02}", "is_company": True, "email": f"customer{number}@example.com"}
                for number in range(parameters.customers)
            ]
        )
        _invoice(env, random.Random(parameters.seed), partners, first)
        env["ar.customer"]._ensure_for_company(company)
        for number, partner in enumerate(partners):
            token = _save_method(env, provider, partner, METHODS[number % len(METHODS)], stripe)
            _enroll(env, company, partner, token, by_plan=number % 2)
    env.cr.commit()
    return Company(provider.id, partners.ids)


def _create_provider(env, company):
    provider = env.ref("payment.payment_provider_stripe")
    methods = env.ref("payment.payment_method_card") | env.ref("payment.payment_method_ach_direct_debit")
    provider.write(
        {
            "state": "test",
            "is_published": True,
            "allow_tokenization": True,
            "stripe_secret_key": SECRET_KEY,
            "stripe_publishable_key": PUBLISHABLE_KEY,
            "stripe_webhook_secret": WEBHOOK_SECRET,
            "ar_stripe_webhook_secret": SECRET,
            "payment_method_ids": [(6, 0, methods.ids)],
            "journal_id": env["account.journal"]
            .search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
            .id,
        }
    )
    (methods | methods.brand_ids).active = True
    return provider


def _invoice(env, rng, partners, first):
    """Give each customer some invoices that are due in the next days."""
    line = {"name": "Goods", "tax_ids": []}
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": first - datetime.timedelta(days=10),
                "invoice_payment_term_id": False,
                "invoice_date_due": first + datetime.timedelta(days=rng.randint(EARLIEST_DUE, LATEST_DUE)),
                "invoice_line_ids": [(0, 0, {**line, "price_unit": rng.randint(2000, 90000) / 100})],
            }
            for partner in partners
            for _number in range(INVOICES_EACH)
        ]
    )
    moves.action_post()


def _save_method(env, provider, partner, method, stripe):
    code = "payment.payment_method_ach_direct_debit" if "Bank" in method else "payment.payment_method_card"
    return env["payment.token"].create(
        {
            "provider_id": provider.id,
            "payment_method_id": env.ref(code).id,
            "payment_details": "4242",
            "partner_id": partner.id,
            "provider_ref": stripe.create_customer(),
            "stripe_payment_method": method,
        }
    )


def _enroll(env, company, partner, token, by_plan):
    """Record the consent of a customer: to a plan over its invoices, or about its account."""
    from odoo.addons.ar_collections.core.autopay.options import AutopayOptions

    customer = env["ar.customer"].search([("partner_id", "=", partner.id), ("company_id", "=", company.id)])
    if not by_plan:
        customer._accept_autopay(token, "The payer", "I agree", AutopayOptions())
        return
    items = env["account.move.line"].search(
        [("partner_id", "=", partner.id), ("display_type", "=", "payment_term"), ("parent_state", "=", "posted")],
        order="date_maturity, id",
    )
    plan = env["ar.payment.plan"].create(_prepare_plan(customer, items))
    plan._set_state("active", activated_on=company._ar_today())
    plan._accept_autopay(token, "The payer", "I agree")


def _prepare_plan(customer, items):
    """Return the values of a plan with an installment for each item, on its due date, a day apart at least."""
    days = []
    for item in items:
        day = item.date_maturity
        days.append(max(day, days[-1] + datetime.timedelta(days=1)) if days else day)
    return {
        "customer_id": customer.id,
        "currency_id": items[0].currency_id.id,
        "amount_total": sum(items.mapped("amount_residual_currency")),
        "line_ids": [(0, 0, _prepare_line(item)) for item in items],
        "installment_ids": [
            (0, 0, {"number": number, "date": day, "amount": item.amount_residual_currency})
            for number, (day, item) in enumerate(zip(days, items, strict=True), start=1)
        ],
    }


def _prepare_line(item):
    amount = item.amount_residual_currency
    return {"move_line_id": item.id, "date_due": item.date_maturity, "amount": amount, "residual_before": amount}
