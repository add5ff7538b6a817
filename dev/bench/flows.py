"""Odoo's own work, with our add-on and without it: posting invoices, paying, reconciling, the list of invoices."""

import statistics

from odoo import Command

from dev.bench.cpu import cost_of

#: Each flow is measured so often, with so many invoices of as many customers.
ROUNDS, INVOICES = 3, 50
AMOUNT = 100

#: Invoices that are posted in batches, and the size of a batch; some batches before them warm up.
MANY, BATCH = 1_000, 50

#: The flow with credit limits that block, which there is with our add-on alone, and the one that it is compared with.
LIMITED, UNLIMITED = "post_many_limited", "post_many"


def measure_flows(env):
    """Return {flow: (CPU seconds, queries)} of one invoice, the median of the rounds.

    The customers are known: each has had an invoice before.
    """
    company = env.company
    company.email = "books@company.example.com"
    partners = env["res.partner"].create([{"name": f"Customer {number}"} for number in range(INVOICES)])
    _post_each(env, _create_invoices(env, partners))
    costs = {}
    for _number in range(ROUNDS):
        for flow, cost in _measure_round(env, partners):
            costs.setdefault(flow, []).append(cost)
    result = {
        flow: (
            statistics.median(cost.cpu for cost in found) / INVOICES,
            statistics.median(cost.queries for cost in found) / INVOICES,
        )
        for flow, found in costs.items()
    }
    return result | _measure_many(env, partners)


def _measure_many(env, partners):
    """Return {flow: (CPU seconds, queries)} of one of many invoices that are posted in batches.

    With our add-on a second time, with a limit for each customer and a policy that blocks what is above it.
    """
    result = {UNLIMITED: _post_many(env, partners)}
    if "ar.customer" in env:
        accounts = env["ar.customer"].search([("partner_id", "in", partners.ids)])
        accounts.write({"credit_limit_kind": "amount", "credit_limit": 100 * MANY * AMOUNT})
        accounts.policy_id.effect_invoice = "block"
        result[LIMITED] = _post_many(env, partners)
    return result


def _post_many(env, partners):
    """Return (CPU seconds, queries) of one of many invoices that are posted in batches."""
    costs = []
    for _number in range(MANY // BATCH + 1):
        batch = _create_invoices(env, partners[:BATCH])
        costs.append(cost_of(env, lambda _env, batch=batch: batch.action_post()))
    measured = costs[1:]
    return sum(cost.cpu for cost in measured) / MANY, sum(cost.queries for cost in measured) / MANY


def _measure_round(env, partners):
    """Yield (flow, cost of all its invoices)."""
    invoices = _create_invoices(env, partners)
    yield "post", cost_of(env, _post_each, invoices)
    batch = _create_invoices(env, partners)
    yield "post_batch", cost_of(env, lambda _env: batch.action_post())
    yield "pay", cost_of(env, _pay_each, invoices)
    entries = _create_bank_entries(env, batch)
    yield "reconcile", cost_of(env, _reconcile_each, batch, entries)
    yield "unreconcile", cost_of(env, _unreconcile_each, batch)
    yield "list", cost_of(env, _show_list)


def _create_invoices(env, partners):
    line = {"name": "Work", "price_unit": AMOUNT, "tax_ids": []}
    invoices = env["account.move"].create(
        [
            {"move_type": "out_invoice", "partner_id": partner.id, "invoice_line_ids": [Command.create(line)]}
            for partner in partners
        ]
    )
    env.cr.commit()
    return invoices


def _post_each(env, invoices):
    """Post one by one, each in a transaction of its own, as people do."""
    for invoice in invoices:
        invoice.action_post()
        env.cr.commit()


def _pay_each(env, invoices):
    """Register a payment for each."""
    for invoice in invoices:
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        env["account.payment.register"].with_context(**context).create({})._create_payments()
        env.cr.commit()


def _create_bank_entries(env, invoices):
    """Create and post an entry of the bank for each invoice."""
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    entries = env["account.move"].create(
        [
            {
                "move_type": "entry",
                "journal_id": bank.id,
                "line_ids": [
                    Command.create({"account_id": bank.default_account_id.id, "debit": AMOUNT}),
                    Command.create(
                        {
                            "account_id": _receivable(invoice).account_id.id,
                            "partner_id": invoice.partner_id.id,
                            "credit": AMOUNT,
                        }
                    ),
                ],
            }
            for invoice in invoices
        ]
    )
    entries.action_post()
    env.cr.commit()
    return entries


def _reconcile_each(env, invoices, entries):
    for invoice, entry in zip(invoices, entries, strict=True):
        (_receivable(invoice) | _receivable(entry)).reconcile()
        env.cr.commit()


def _unreconcile_each(env, invoices):
    for invoice in invoices:
        _receivable(invoice).remove_move_reconcile()
        env.cr.commit()


def _receivable(move):
    return move.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")


def _show_list(env):
    """Read the first page of the invoices, as often as there are invoices in the other flows."""
    view = env.ref("account.view_out_invoice_tree").id
    arch = env["account.move"].get_view(view, "list")
    names = [name for name in arch["models"]["account.move"] if name in env["account.move"]._fields]
    specification = {
        name: {"fields": {"display_name": {}}} if env["account.move"]._fields[name].type == "many2one" else {}
        for name in names
        if env["account.move"]._fields[name].type not in ("one2many", "many2many")
    }
    for _number in range(INVOICES):
        env.invalidate_all()
        env["account.move"].web_search_read([("move_type", "=", "out_invoice")], specification, limit=80)
