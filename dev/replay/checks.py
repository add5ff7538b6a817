"""The counts of a replay: read from the log with SQL and the file's own dates, independent of the add-on's rules."""

CONTACTED = "('sending', 'unknown', 'sent')"

# Announcements of charges and confirmations count for no limit of contacts, as `const.UNLIMITED_NOTICES` says.
LIMITED = """COALESCE(notice, '') NOT IN (
    'autopay_announced', 'account_autopay_announced', 'autopay_started', 'autopay_ended', 'autopay_expiring')"""

REMINDED = f"""
    SELECT line.move_id, line.step_id, log.customer_id, log.date_sent, log.is_manual
      FROM ar_communication_line line
      JOIN ar_communication log ON log.id = line.communication_id
     WHERE line.kind = 'item' AND log.state IN {CONTACTED}
"""

# What was charged automatically, or may have been.
CHARGED = """
    SELECT line.move_id, allocation.amount, allocation.transaction_id, charge.date
      FROM ar_payment_allocation allocation
      JOIN ar_autopay_charge charge ON charge.transaction_id = allocation.transaction_id
      JOIN account_move_line line ON line.id = allocation.move_line_id
     WHERE charge.outcome IN ('done', 'pending', 'unknown') AND allocation.credit_line_id IS NULL
"""

COUNTS = {
    "items_spoken": f"SELECT COUNT(DISTINCT (move_id, step_id)) FROM ({REMINDED}) reminded WHERE step_id IS NOT NULL",
    # Each row is one contact too many about the same invoice at the same step.
    "items_spoken_twice": f"""
        SELECT COUNT(*) - COUNT(DISTINCT (move_id, step_id)) FROM ({REMINDED}) reminded WHERE step_id IS NOT NULL
    """,
    # The payment is booked before the day's run, so a reminder on the day itself is too late; a listed item counts. On
    # the day of a charge a manual communication may have come first: the answer to a dispute, which lets it be charged.
    "spoken_after_settlement": f"""
        SELECT COUNT(*) FROM ({REMINDED}) reminded
          JOIN replay_history history ON history.move_id = reminded.move_id
         WHERE reminded.date_sent >= history.settled OR reminded.date_sent > history.charged
            OR (reminded.date_sent = history.charged AND NOT reminded.is_manual)
    """,
    "disputes": "SELECT COUNT(*) FROM ar_dispute",
    # Disputed on the due date, before the day's run; on the day of the answer reminders may continue.
    "reminders_on_disputed_items": f"""
        SELECT COUNT(*) FROM ({REMINDED}) reminded
          JOIN replay_history history ON history.move_id = reminded.move_id
         WHERE reminded.date_sent >= history.disputed
           AND (history.resolved IS NULL OR reminded.date_sent < history.resolved)
    """,
    # Manual communications, such as answers to an action of the customer, are sent at once and may be several a day.
    "customers_contacted_twice_a_day": f"""
        SELECT COUNT(*) FROM (
            SELECT 1 FROM ar_communication WHERE state IN {CONTACTED} AND {LIMITED}
          GROUP BY customer_id, date_sent HAVING COUNT(*) > 1 AND COUNT(*) FILTER (WHERE NOT is_manual) > 0
        ) twice
    """,
    # Each automatic contact that exceeds the limit of a day, 7 days or 30 days, or comes too soon after another.
    "contacts_over_cap": f"""
        SELECT COUNT(*) FROM (
            SELECT COUNT(*) OVER (customer RANGE '0 days' PRECEDING) AS in_a_day,
                   COUNT(*) OVER (customer RANGE '6 days' PRECEDING) AS in_7_days,
                   COUNT(*) OVER (customer RANGE '29 days' PRECEDING) AS in_30_days,
                   date_sent - LAG(date_sent) OVER (customer) AS gap, log.is_manual, policy.*
              FROM ar_communication log
              JOIN ar_customer account ON account.id = log.customer_id
              JOIN ar_credit_policy policy ON policy.id = account.policy_id
             WHERE log.state IN {CONTACTED} AND {LIMITED}
            WINDOW customer AS (PARTITION BY log.customer_id ORDER BY log.date_sent::timestamp)
        ) contact
         WHERE NOT is_manual
           AND (in_a_day > contacts_per_day
                OR (contacts_per_7_days > 0 AND in_7_days > contacts_per_7_days)
                OR (contacts_per_30_days > 0 AND in_30_days > contacts_per_30_days)
                OR gap < minimum_gap_days)
    """,
    "charges": f"SELECT COUNT(*) FROM ({CHARGED}) charged",
    "invoices_charged": f"SELECT COUNT(DISTINCT move_id) FROM ({CHARGED}) charged",
    # By two payments, by more than its amount, or after it was paid by hand: that is booked before the day's charges.
    "double_charges": f"""
        SELECT COUNT(*) FROM (
            SELECT 1 FROM ({CHARGED}) charged
              JOIN account_move move ON move.id = charged.move_id
              JOIN replay_history history ON history.move_id = charged.move_id
          GROUP BY move.id
            HAVING COUNT(DISTINCT transaction_id) > 1 OR SUM(amount) > move.amount_total
                OR BOOL_OR(history.settled <= charged.date)
        ) twice
    """,
    "charged_disputed": f"""
        SELECT COUNT(*) FROM ({CHARGED}) charged
          JOIN replay_history history ON history.move_id = charged.move_id
         WHERE charged.date >= history.disputed AND (history.resolved IS NULL OR charged.date < history.resolved)
    """,
    "mails_sent": "SELECT COUNT(*) FROM ar_communication WHERE state = 'sent' AND channel = 'email'",
}
#: Counts that must be zero: otherwise the exit status is 1.
FORBIDDEN = (
    "items_spoken_twice",
    "spoken_after_settlement",
    "reminders_on_disputed_items",
    "customers_contacted_twice_a_day",
    "contacts_over_cap",
    "mails_amiss",
    "decisions_failed",
    "double_charges",
    "charged_disputed",
    "interest_amiss",
)


def count(cr, invoices, move_ids, charged):
    """Return the counts by name.

    :param cr: a cursor
    :param invoices: list of `HistoryInvoice`
    :param dict move_ids: {invoice number: id of the invoice in Odoo}
    :param dict charged: {invoice number: day on which it was charged automatically}
    """
    _store_history(cr, invoices, move_ids, charged)
    counts = {"communications_by_step": _count_by_step(cr)}
    for name, query in COUNTS.items():
        cr.execute(query)
        (counts[name],) = cr.fetchone()
    return counts


def _store_history(cr, invoices, move_ids, charged):
    """Store settlements and disputes in a table of this transaction, to be joined with the log and the charges.

    `settled` is the day of the file, also where the invoice was charged before.
    """
    cr.execute(
        "CREATE TEMPORARY TABLE replay_history"
        " (move_id int, settled date, charged date, disputed date, resolved date) ON COMMIT DROP"
    )
    cr.executemany(
        "INSERT INTO replay_history VALUES (%s, %s, %s, %s, %s)",
        [(move_ids[i.number], i.paid_on, charged.get(i.number), i.disputed_on, i.resolved_on) for i in invoices],
    )


def _count_by_step(cr):
    """Return {step name: contacts}, in the order of the schedule."""
    cr.execute(
        f"""
        SELECT step.name->>'en_US', COUNT(*)
          FROM ar_communication log
          JOIN ar_reminder_step step ON step.id = log.step_id
         WHERE log.state IN {CONTACTED}
      GROUP BY step.id
      ORDER BY step.days
        """
    )
    return dict(cr.fetchall())
