"""Open invoices for the benchmark: one made by Odoo itself, cloned with SQL as often as wanted."""

from odoo.tools import split_every

from odoo.addons.ar_collections.core.workdays import WorkCalendar

#: How late the invoices of each customer are, in days: every customer is due for one reminder that lists them all.
DAYS_LATE = (4, 8, 15, 25, 60)


def prepare_company(env):
    """Activate collections on the main company, without safe start."""
    env.company.write({"email": "books@company.example.com", "ar_active": True, "ar_daily_ramp": 0})


def working_day(env):
    """Return the day to run: today, or the next day on which customers may be contacted."""
    return WorkCalendar().next_workday(env.company._ar_today())


def fill(env, invoices, today):
    """Create that many open invoices, five to a customer, and the customers' accounts; return how many customers.

    The accounts are there before the day's run, as they are where invoices are posted one by one.

    :param date today: the day to run
    """
    customers = -(-invoices // len(DAYS_LATE))
    sample = _create_sample(env, today)
    env.flush_all()
    partners = _clone_partners(env.cr, sample.partner_id.id, customers)
    _clone_invoices(env.cr, sample, invoices, partners, today)
    _remove(sample)
    for ids in split_every(1000, range(partners + 1, partners + customers + 1)):
        env["ar.customer"]._ensure_for_partners(env["res.partner"].browse(ids), env.company)
        env.cr.commit()  # also empties the cache, so that the memory measured later is the run's own
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return customers


def _create_sample(env, today):
    """Create and post an invoice through Odoo: its rows have all that the ORM expects."""
    address = {"street": "Main Street 1", "city": "Springfield", "phone": "+1 555 0100"}
    partner = env["res.partner"].create(
        {"name": "Customer", "is_company": True, "email": "customer@example.com", **address}
    )
    line = {"name": "Work", "price_unit": 100.0, "tax_ids": []}
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


def _remove(sample):
    """Remove the sample with its customer."""
    partner = sample.partner_id
    sample.button_draft()
    sample.with_context(force_delete=True).unlink()
    partner.with_context(active_test=False).ar_customer_ids.unlink()
    partner.unlink()


def _clone_partners(cr, source, count):
    """Clone the customer; return the id before the first clone's."""
    email = "'customer' || n || '@example.com'"
    name = "'Customer ' || n"
    values = {"name": name, "complete_name": name, "email": email, "email_normalized": email}
    return _clone(cr, "res_partner", source, count, values, own_id=("commercial_partner_id",))


def _clone_invoices(cr, sample, count, partners, today):
    """Clone the invoice with its journal items.

    :param int partners: the id before the first customer's
    """
    partner = f"{partners} + (n - 1) / {len(DAYS_LATE)} + 1"
    due = f"DATE '{today}' - (ARRAY{list(DAYS_LATE)})[mod(n, {len(DAYS_LATE)}) + 1]"
    dates = {"date": f"{due} - 30", "invoice_date": f"{due} - 30"}
    name = "'INV/BENCH/' || n"
    move_values = {
        **dates,
        **dict.fromkeys(("partner_id", "commercial_partner_id", "partner_shipping_id"), partner),
        **dict.fromkeys(("name", "payment_reference"), name),
        "sequence_prefix": "'INV/BENCH/'",
        "sequence_number": "n",
        "invoice_date_due": due,
        "invoice_partner_display_name": f"'Customer ' || ((n - 1) / {len(DAYS_LATE)} + 1)",
    }
    moves = _clone(cr, "account_move", sample.id, count, move_values)
    line_values = {**dates, "move_id": f"{moves} + n", "partner_id": partner, "move_name": name}
    for line in sample.line_ids:
        maturity = {"date_maturity": due, "name": name} if line.display_type == "payment_term" else {}
        _clone(cr, "account_move_line", line.id, count, {**line_values, **maturity})


def _clone(cr, table, source, count, values, own_id=()):
    """Clone a row.

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
    values = {**values, **dict.fromkeys(own_id, f"{base} + n")}
    expressions = [values.get(column, f'source."{column}"') for column in columns]
    quoted = ", ".join(f'"{column}"' for column in columns)
    cr.execute(
        f"INSERT INTO {table} (id, {quoted}) SELECT {base} + n, {', '.join(expressions)}"
        f"  FROM {table} source, generate_series(1, %s) n WHERE source.id = %s",
        [count, source],
    )
    cr.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {base} + %s)", [count])
    # Rows that refer to these are checked one by one: the database must not take the table for a small one.
    cr.execute(f"ANALYZE {table}")
    return base
