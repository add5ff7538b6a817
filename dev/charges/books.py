"""What the database says about charges, read with SQL from Odoo's own tables as far as they tell it."""

from dev.charges.comparison import Booked

BOOKED = """
    SELECT tx.reference,
           COALESCE('installment ' || charge.installment_id, 'collection ' || charge.collection_id),
           tx.partner_id, tx.state,
           COALESCE((SELECT ROUND(SUM(payment.amount) * 100)
                       FROM account_payment payment JOIN account_move move ON move.id = payment.move_id
                      WHERE payment.payment_transaction_id = tx.id AND move.state = 'posted'
                        AND payment.payment_type = 'inbound'), 0)::bigint,
           COALESCE((SELECT ROUND(SUM(payment.amount) * 100)
                       FROM payment_transaction refund
                       JOIN account_payment payment ON payment.payment_transaction_id = refund.id
                       JOIN account_move move ON move.id = payment.move_id
                      WHERE refund.source_transaction_id = tx.id AND refund.operation = 'refund'
                        AND move.state = 'posted' AND payment.payment_type = 'outbound'), 0)::bigint,
           EXISTS (SELECT 1 FROM mail_activity activity
                     JOIN ir_model_data data ON data.model = 'mail.activity.type'
                                            AND data.res_id = activity.activity_type_id
                    WHERE data.name = 'mail_activity_type_autopay_unknown' AND activity.active
                      AND activity.res_model = 'ar.customer' AND activity.res_id = charge.customer_id)
           OR EXISTS (SELECT 1 FROM ar_problem problem
                       WHERE problem.solved_on IS NULL
                         AND (problem.res_model, problem.res_id) IN (('payment.transaction', tx.id),
                              ('ar.autopay.charge', charge.id), ('ar.autopay.collection', charge.collection_id),
                              ('ar.payment.plan.installment', charge.installment_id)))
      FROM payment_transaction tx
      JOIN ar_autopay_charge charge ON charge.transaction_id = tx.id
  ORDER BY tx.id
"""

BALANCES = """
    SELECT line.partner_id,
           COALESCE(ROUND(SUM(line.balance) FILTER (WHERE move.move_type = 'out_invoice') * 100), 0)::bigint,
           ROUND(SUM(line.balance) * 100)::bigint
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
      JOIN account_account account ON account.id = line.account_id
     WHERE account.account_type = 'asset_receivable' AND line.parent_state = 'posted' AND line.partner_id = ANY(%s)
  GROUP BY line.partner_id
"""


def read_books(cr, partner_ids):
    """Return (list of `Booked`, {partner: (cents invoiced, cents owed)}).

    :param cr: a cursor
    :param list partner_ids: of the customers
    """
    cr.execute(BOOKED)
    booked = [Booked(*row) for row in cr.fetchall()]
    cr.execute(BALANCES, [partner_ids])
    return booked, {partner: (invoiced, owed) for partner, invoiced, owed in cr.fetchall()}
