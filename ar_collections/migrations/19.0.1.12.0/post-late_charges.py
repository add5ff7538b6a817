"""From 19.0.1.11: documents that charge late payment know the balances that they were computed from.

By them the nights see where less was owed than the books said then, such as a payment that was booked late.
"""

from odoo.tools import SQL

#: The balances of all days after the due date of a `line` up to a day, as far as they were known at a moment. Open
#: payments and granted disputes of then are not known any more: without a change of the books nothing is taken back.
BALANCE_DAYS = """
    GREATEST(line.amount_currency * GREATEST(%(until)s - COALESCE(line.date_maturity, line.date), 0)
             - COALESCE((
                SELECT SUM(partial.debit_amount_currency
                           * GREATEST(%(until)s - GREATEST(CASE WHEN dispute.is_granted OR (
                                    note.reversed_entry_id = line.move_id AND note.move_type = 'out_refund'
                                    AND policy.late_charge_credits = 'start') THEN NULL ELSE partial.max_date END,
                                COALESCE(line.date_maturity, line.date)), 0))
                  FROM account_partial_reconcile partial
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id AND credit.parent_state = 'posted'
                  JOIN account_move note ON note.id = credit.move_id
            CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM ar_dispute_line granted
                                                WHERE granted.credit_note_id = note.id) AS is_granted) dispute
                 WHERE partial.debit_move_id = line.id AND partial.create_date <= %(known_on)s), 0), 0)
"""


def migrate(cr, version):
    """Compute the balances of what has none yet. It may run again."""
    if not version:
        return
    until, known_on = SQL("COALESCE(charge.paid_on, charge.accrued_on)"), SQL("NOW() AT TIME ZONE 'UTC'")
    cr.execute(
        SQL(
            """
            UPDATE ar_late_charge charge SET balance_days = %s
              FROM account_move_line line, ar_customer account
         LEFT JOIN ar_credit_policy policy ON policy.id = account.policy_id
             WHERE line.id = charge.move_line_id AND account.id = charge.customer_id
               AND charge.accrued_on IS NOT NULL AND charge.balance_days IS NULL
            """,
            SQL(BALANCE_DAYS, until=until, known_on=known_on),
        )
    )
    cr.execute(
        SQL(
            """
            UPDATE ar_late_charge_billing billing SET balance_days = %s
              FROM ar_late_charge charge
              JOIN account_move_line line ON line.id = charge.move_line_id
              JOIN ar_customer account ON account.id = charge.customer_id
         LEFT JOIN ar_credit_policy policy ON policy.id = account.policy_id
             WHERE charge.id = billing.charge_id AND billing.until IS NOT NULL AND billing.balance_days IS NULL
            """,
            SQL(BALANCE_DAYS, until=SQL("billing.until"), known_on=SQL("billing.create_date")),
        )
    )
