"""A small company with customers: invoices due around the simulated days, payments, promises, payment plans."""

import datetime
import random
from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time

from dev.faults.mail_modes import UNKNOWN_USER, UNWANTED
from dev.replay.books import Books
from dev.replay.company import prepare_company
from dev.replay.history_file import HistoryInvoice
from dev.replay.simulation import HOUR
from dev.setup.ports import free_port

INVOICES_EACH = (3, 7)
#: Due dates, in days from the first simulated day.
OLDEST_DUE, LATEST_DUE = -40, 12
TERMS = 30
PROMISES, PLANS = 6, 4
#: All customers have their addresses here, the company and its staff elsewhere.
DOMAIN = "example.com"
#: Of each kind of addresses one customer in so many; others have the one address of the company.
TWO_CONTACTS, ONE_GONE, UNWANTED_ADDRESS, TWO_IN_ONE = 4, 12, 20, 20


def draw_invoices(seed, customers, first):
    """Return the invoices of the company, by the date of invoice.

    :param int customers: how many customers it has
    :param date first: the first simulated day
    :rtype: list[HistoryInvoice]
    """
    rng = random.Random(seed)
    invoices = []
    for customer in range(customers):
        for number in range(rng.randint(*INVOICES_EACH)):
            due = first + datetime.timedelta(days=rng.randint(OLDEST_DUE, LATEST_DUE))
            paid = due + datetime.timedelta(days=rng.randint(-10, 45)) if rng.random() < 0.6 else None
            invoices.append(
                HistoryInvoice(
                    number=f"{customer:02}-{number}",
                    customer=f"Customer {customer:02}",
                    invoiced=due - datetime.timedelta(days=TERMS),
                    due=due,
                    settled=paid,
                    amount=Decimal(rng.randint(50, 900)),
                    currency=None,
                    disputed=False,
                )
            )
    return sorted(invoices, key=lambda invoice: (invoice.invoiced, invoice.number))


def fill(env, parameters, first, last):
    """Create the company at the first day; return its books.

    Contacts are not limited: a contact that comes a day later than in the control shall not put off the next one.

    :param date last: the last simulated day; what is paid later is not paid
    :rtype: Books
    """
    company = prepare_company(env, free_port())  # each copy of the database gets a mail server of its own
    policies = env["ar.credit.policy"].search([("company_id", "=", company.id)])
    policies.write({"contacts_per_7_days": 0, "contacts_per_30_days": 0, "minimum_gap_days": 0})
    books = Books(env, draw_invoices(parameters.seed, parameters.customers, first), last)
    rng = random.Random(parameters.seed)
    _add_addresses(env, rng)
    with freeze_time(f"{first} {HOUR}"):
        books.open_until(first)
        _agree(env, company, rng, first)
    env.cr.commit()
    return books


def is_customer(recipient):
    """Return whether an e-mail address is one of a customer."""
    return recipient.endswith(f"@{DOMAIN}")


def _add_addresses(env, rng):
    """Give some customers two receivables contacts, addresses that are refused, or two addresses in one field."""
    for customer in env["res.partner"].search([("name", "=like", "Customer __")], order="name"):
        number = customer.name[-2:]
        if not rng.randrange(TWO_CONTACTS):
            names = [f"ap{number}", f"cfo{number}"]
            if not rng.randrange(TWO_CONTACTS):
                names[rng.randrange(2)] = f"{UNKNOWN_USER}{number}"
            for name in names:
                values = {"name": name, "parent_id": customer.id, "type": "collections", "email": _address(name)}
                env["res.partner"].create(values)
        elif not rng.randrange(ONE_GONE):
            customer.email = _address(f"{UNKNOWN_USER}{number}")
        elif not rng.randrange(UNWANTED_ADDRESS):
            customer.email = _address(f"{UNWANTED}{number}")
        elif not rng.randrange(TWO_IN_ONE):
            second = rng.choice([f"both{number}", f"{UNKNOWN_USER}{number}"])
            customer.email = f"{_address(f'office{number}')}, {_address(second)}"


def _address(name):
    return f"{name}@{DOMAIN}"


def _agree(env, company, rng, first):
    """Record promises and payment plans for some of the customers who are late."""
    accounts = env["ar.customer"].search([("company_id", "=", company.id)], order="id")
    late = [account for account in accounts if _late_items(account, first)]
    chosen = rng.sample(late, PROMISES + PLANS)
    for customer in chosen[:PROMISES]:
        day = first + datetime.timedelta(days=rng.randint(1, 6))
        customer._promise(day, _late_items(customer, first), bound=False)
    with patch.object(type(env["ir.actions.report"]), "_render_qweb_pdf", lambda *_args, **_kwargs: (b"%PDF-", "pdf")):
        for customer in chosen[PROMISES:]:
            _plan(customer, first, first + datetime.timedelta(days=rng.randint(2, 5)))


def _plan(customer, today, start):
    items = _late_items(customer, today)
    planned = customer._get_planned_items(items)
    total = sum(item.amount for item in planned)
    schedule = customer._get_schedule(total, customer.currency_id, "week", start, count=3)
    customer._request_plan(items, schedule, "week", {"name": customer.partner_id.name, "ip": "192.0.2.1"})


def _late_items(customer, today):
    """Return {journal item id: None} for the overdue items."""
    return {item.item_id: None for item in customer._get_facts().items if item.due_date < today}
