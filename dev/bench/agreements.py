"""Disputes, promises, payment plans and credits of a tenth of the benchmark's customers: samples, cloned with SQL."""

import contextlib
import datetime
from decimal import Decimal
from unittest.mock import patch

#: One customer in so many has one of the kinds; they take turns.
EVERY = 10
#: Items of a customer; the last one, which is the least late, is disputed, promised or planned in part.
ITEMS = 5
PART = Decimal(50)


def agree(env, partners, items, customers, today):
    """Give a tenth of the customers a dispute, a promise, a payment plan or a credit.

    The rest of their items is due as before, so that each of them gets a reminder.

    :param int partners: the id before the first customer's
    :param int items: the id before the first receivable item's, five to a customer
    :param int customers: how many there are
    :param date today: the day to run
    """
    kinds = (_dispute, _promise, _plan, _credit)
    accounts = _read_accounts(env, partners, customers)
    first_move = env["account.move.line"].browse(items + 1).move_id.id
    for position, make in enumerate(kinds):
        index = EVERY * position  # of the sample's customer, from 0; the n-th clone's is `step * n` behind it
        if index >= customers:
            break
        step = EVERY * len(kinds)
        item = items + ITEMS * (index + 1)
        account = env["ar.customer"].browse(accounts + index + 1)
        rows = make(env, account, env["account.move.line"].browse(item), today)
        env.flush_all()
        values = {
            "customer_id": f"{account.id} + {step} * n",
            **dict.fromkeys(("partner_id", "commercial_partner_id"), f"{partners + index + 1} + {step} * n"),
            "move_line_id": f"{item} + {step * ITEMS} * n",
            "move_id": f"{first_move - 1 + ITEMS * (index + 1)} + {step * ITEMS} * n",
        }
        _clone_rows(env.cr, rows, (customers - 1 - index) // step, values)
    env.cr.commit()


def _read_accounts(env, partners, customers):
    """Return the id before the first customer's account."""
    env.cr.execute(
        "SELECT MIN(id), MAX(id) - MIN(id) + 1 FROM ar_customer WHERE partner_id BETWEEN %s AND %s",
        [partners + 1, partners + customers],
    )
    first, number = env.cr.fetchone()
    if number != customers:
        raise ValueError(f"The accounts of {customers} customers are not numbered in a row.")
    return first - 1


def _clone_rows(cr, rows, count, values):
    """Clone a record with those that belong to it.

    :param rows: (records, name of their field for the first one of all rows; None for the first itself)
    """
    from dev.bench.data import clone  # which imports this module

    if not count:
        return
    parent = None
    for records, link in rows:
        for record in records:
            own = {"name": f"'BENCH/{record._table}/' || n", "access_token": "gen_random_uuid()::text", **values}
            if link == "move_id":
                own = {"move_id": f"{parent} + n", "partner_id": values["partner_id"]}
            elif link:
                own = {**values, link: f"{parent} + n"}
            base = clone(cr, record._table, record.id, count, own)
            if not link:
                parent = base


# === SAMPLES === #


def _dispute(env, account, item, today):
    reason = env.ref("ar_collections.dispute_reason_price")
    with _silent(env):
        dispute = env["ar.dispute"]._raise_dispute(account, reason, {item.id: PART}, "The price is wrong.")
    return [(dispute, None), (dispute.line_ids, "dispute_id")]


def _promise(env, account, item, today):
    with _silent(env):
        promise = account._promise(today + datetime.timedelta(days=10), {item.id: PART}, bound=False)
    return [(promise, None), (promise.line_ids, "promise_id")]


def _plan(env, account, item, today):
    account.policy_id.plan_minimum_total = 0
    amounts = {item.id: PART}
    total = sum(planned.amount for planned in account._get_planned_items(amounts))
    start = today + datetime.timedelta(days=14)
    with _silent(env):
        schedule = account._get_schedule(total, account.currency_id, "month", start, count=2)
        acceptance = {"name": account.partner_id.name, "ip": "192.0.2.1"}
        plan = account._request_plan(amounts, schedule, "month", acceptance)
    return [(plan, None), (plan.line_ids, "plan_id"), (plan.installment_ids, "plan_id")]


def _credit(env, account, item, today):
    line = {"name": "Returned goods", "price_unit": 10, "tax_ids": []}
    credit = env["account.move"].create(
        {
            "move_type": "out_refund",
            "partner_id": account.partner_id.id,
            "invoice_date": today,
            "invoice_line_ids": [(0, 0, line)],
        }
    )
    credit.action_post()
    return [(credit, None), (credit.line_ids, "move_id")]


@contextlib.contextmanager
def _silent(env):
    """Let agreements send and print nothing: a confirmation would put off the customer's reminder."""
    nothing = env["ar.communication"]
    pdf = patch.object(type(env["ir.actions.report"]), "_render_qweb_pdf", lambda *_args, **_kwargs: (b"%PDF-", "pdf"))
    with pdf, patch.object(type(env["ar.outreach"]), "_notify", lambda *_args, **_kwargs: nothing):
        yield
