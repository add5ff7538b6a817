"""Invoices for the benchmark, open and paid: one of each made by Odoo itself, cloned with SQL as often as wanted."""

from odoo.tools import split_every

from dev.bench.agreements import agree

#: How late the invoices of each customer are, in days, and by how many days customers differ: every customer is due for
#: one reminder that lists them all, of the last step.
DAYS_LATE, DAYS_APART = (4, 8, 15, 25, 60), 3
#: Amount of the samples, in the company's currency, and the SQL expression of the n-th clone's.
AMOUNT, AMOUNTS = 100, "(100 + mod(n * 37, 900))"
#: Paid invoices are of the year before, each paid some days after its due date.
YEAR, DAYS_TO_PAY = 365, 5
#: Collectors, who take turns with the customers.
COLLECTORS = 4


def prepare_company(env):
    """Activate collections on the main company, without safe start, with collectors; messages go out on any day."""
    env["ar.credit.policy"].search([]).workdays_only = False  # else the benchmark would not run on a weekend
    users = env["res.users"].with_context(no_reset_password=True)  # no invitations by e-mail
    group = env.ref("ar_collections.ar_collections_group_collector")
    for number in range(COLLECTORS):
        login = f"collector{number}"
        values = {"name": f"Collector {number}", "login": login, "email": f"{login}@company.example.com"}
        users.create({**values, "group_ids": [(4, group.id)]})
    env.company.write({"email": "books@company.example.com", "ar_active": True, "ar_daily_ramp": 0})


def fill(env, invoices, today):
    """Create that many open invoices, five to a customer, and as many that were paid; return how many customers.

    The customers' accounts exist before the day's run, as in production, where posting an invoice creates them.

    :param date today: the day to run
    """
    customers = -(-invoices // len(DAYS_LATE))
    sample = _create_sample(env, today)
    paid = _create_paid_sample(env, sample, today)
    env.cr.commit()  # Odoo's post-commit work runs while the samples exist
    partners = _clone_partners(env.cr, sample.partner_id.id, customers)
    items = _clone_invoices(env.cr, sample, invoices, partners, today)
    _clone_paid(env.cr, paid, invoices, partners, today)
    _remove(paid.debit_move_id.move_id, paid.credit_move_id.move_id)
    customer = sample.partner_id
    _remove(sample)
    _remove_customer(customer)
    for ids in split_every(1000, range(partners + 1, partners + customers + 1)):
        env["ar.customer"]._ensure_for_partners(env["res.partner"].browse(ids), env.company)
        env.cr.commit()  # also empties the cache, so that the memory measured later is the run's own
    _assign(env)
    agree(env, partners, items, customers, today)
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return customers


def _assign(env):
    """Give each customer a collector."""
    collectors = env["res.users"].search([("login", "=like", "collector%")], order="id")
    env.cr.execute("UPDATE ar_customer SET user_id = (%s)[mod(id, %s) + 1]", [collectors.ids, len(collectors)])
    env.cr.commit()


def _create_sample(env, today):
    """Create and post an invoice through Odoo, so that its rows have every value the ORM expects."""
    address = {"street": "Main Street 1", "city": "Springfield", "phone": "+1 555 0100"}
    partner = env["res.partner"].create(
        {"name": "Customer", "is_company": True, "email": "customer@example.com", **address}
    )
    line = {"name": "Work", "price_unit": AMOUNT, "tax_ids": []}
    sample = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": today,
            "invoice_date_due": today,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [(0, 0, line)],
        }
    )
    sample.action_post()
    return sample


def _create_paid_sample(env, sample, today):
    """Create an invoice and the bank's entry that paid it; return the reconciliation of the two."""
    invoice = sample.copy({"invoice_date": today, "invoice_date_due": today})
    invoice.action_post()
    item = _receivable(invoice)
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    line = {"name": "Payment", "partner_id": invoice.partner_id.id}
    entry = env["account.move"].create(
        {
            "move_type": "entry",
            "journal_id": bank.id,
            "date": today,
            "line_ids": [
                (0, 0, {**line, "account_id": bank.default_account_id.id, "debit": item.balance}),
                (0, 0, {**line, "account_id": item.account_id.id, "credit": item.balance}),
            ],
        }
    )
    entry.action_post()
    (item | _receivable(entry)).reconcile()
    return item.matched_credit_ids


def _receivable(move):
    """Return the journal item on the receivable account."""
    return move.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")


def _remove(*moves):
    """Remove samples."""
    for move in moves:
        move.line_ids.remove_move_reconcile()
        move.button_draft()
        move.with_context(force_delete=True).unlink()


def _remove_customer(partner):
    """Remove the samples' customer."""
    partner.with_context(active_test=False).ar_customer_ids.unlink()
    partner.unlink()


def _clone_partners(cr, source, count):
    """Clone the customer; return the id before the first clone's."""
    email = "'customer' || n || '@example.com'"
    name = "'Customer ' || n"
    values = {"name": name, "complete_name": name, "email": email, "email_normalized": email}
    return clone(cr, "res_partner", source, count, values, own_id=("commercial_partner_id",))


def _clone_invoices(cr, sample, count, partners, today):
    """Clone the open invoice with its journal items; return the id before the first receivable item's.

    :param int partners: the id before the first customer's
    """
    apart = f"mod((n - 1) / {len(DAYS_LATE)}, {DAYS_APART})"
    due = f"DATE '{today}' - (ARRAY{list(DAYS_LATE)})[mod(n, {len(DAYS_LATE)}) + 1] - {apart}"
    return _clone_move(cr, sample, count, _partner(partners), f"{due} - 30", due, "INV/BENCH/")[_receivable(sample).id]


def _clone_paid(cr, partial, count, partners, today):
    """Clone the paid invoice, the entry that paid it, and their reconciliation."""
    invoice, entry = partial.debit_move_id, partial.credit_move_id
    due = f"DATE '{today}' - {DAYS_TO_PAY + 1} - mod(n, {YEAR - DAYS_TO_PAY - 1})"
    day = f"{due} + {DAYS_TO_PAY}"
    items = _clone_move(cr, invoice.move_id, count, _partner(partners), f"{due} - 30", due, "INV/PAID/")
    payments = _clone_move(cr, entry.move_id, count, _partner(partners), day, day, "BNK/PAID/")
    sides = {"debit_move_id": f"{items[invoice.id]} + n", "credit_move_id": f"{payments[entry.id]} + n"}
    clone(cr, "account_partial_reconcile", partial.id, count, {**sides, "max_date": day, "full_reconcile_id": "NULL"})


def _partner(partners):
    """Return the SQL expression of the n-th invoice's customer."""
    return f"{partners} + (n - 1) / {len(DAYS_LATE)} + 1"


def _clone_move(cr, move, count, partner, day, due, prefix):
    """Clone an entry with its journal items; return {id of the sample's item: the id before its first clone's}.

    :param partner, day, due: SQL expressions of `n`
    """
    dates = {"date": day, "invoice_date": day}
    name = f"'{prefix}' || n"
    values = {
        **dates,
        **dict.fromkeys(("partner_id", "commercial_partner_id", "partner_shipping_id"), partner),
        **dict.fromkeys(("name", "payment_reference"), name),
        "sequence_prefix": f"'{prefix}'",
        "sequence_number": "n",
        "invoice_date_due": due,
        "ar_known_on": day,
        "invoice_partner_display_name": f"'Customer ' || ((n - 1) / {len(DAYS_LATE)} + 1)",
    }
    moves = clone(cr, "account_move", move.id, count, values)
    own = {"move_id": f"{moves} + n", "partner_id": partner, "move_name": name, "full_reconcile_id": "NULL"}
    line_values = {**dates, **own}
    cloned = {}
    for line in move.line_ids:
        maturity = {"date_maturity": due, "name": name} if line.display_type == "payment_term" else {}
        cloned[line.id] = clone(cr, "account_move_line", line.id, count, {**line_values, **maturity})
    return cloned


def clone(cr, table, source, count, values, own_id=()):
    """Clone a row; its amounts of `AMOUNT` become `AMOUNTS`.

    :param int source: the row's id
    :param int count: how many clones, numbered `n` from 1
    :param dict values: {column: SQL expression of `n`} for columns that differ from the source
    :param own_id: columns that repeat the clone's id
    :return: the id before the first clone's
    """
    cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    columns = [column for (column,) in cr.fetchall() if column != "id"]
    cr.execute(f"SELECT MAX(id) FROM {table}")
    (base,) = cr.fetchone()
    values = {**_get_amounts(cr, table, source), **values, **dict.fromkeys(own_id, f"{base} + n")}
    expressions = [values.get(column, f'source."{column}"') for column in columns]
    quoted = ", ".join(f'"{column}"' for column in columns)
    cr.execute(
        f"INSERT INTO {table} (id, {quoted}) SELECT {base} + n, {', '.join(expressions)}"
        f"  FROM {table} source, generate_series(1, %s) n WHERE source.id = %s",
        [count, source],
    )
    cr.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {base} + %s)", [count])
    # Foreign keys to these rows are checked one by one: without statistics the database would plan for a small table.
    cr.execute(f"ANALYZE {table}")
    return base


def _get_amounts(cr, table, source):
    """Return {column: SQL expression of `n`} for the amounts of a row, with their signs."""
    cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND data_type IN ('numeric', 'double precision')",
        [table],
    )
    columns = [column for (column,) in cr.fetchall()]
    if not columns:
        return {}
    quoted = ", ".join(f'"{column}"' for column in columns)
    cr.execute(f"SELECT {quoted} FROM {table} WHERE id = %s", [source])
    signs = {float(AMOUNT): AMOUNTS, -float(AMOUNT): f"-{AMOUNTS}"}
    values = zip(columns, cr.fetchone(), strict=True)
    return {column: signs[float(value)] for column, value in values if value is not None and float(value) in signs}
