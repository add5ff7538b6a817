"""From 19.0.1.2: a step is sent once for an item, a debtor and a due date.

Log lines get the customer they were sent to, and where it is missing the due date that the item has now: what is not
known to have moved counts as not moved. In SQL, because the log may hold millions of lines. The script may run again
after an upgrade that failed.
"""


def migrate(cr, version):
    """Fill the columns of the new unique index before the index is created."""
    if not version:
        return
    cr.execute("ALTER TABLE ar_communication_line ADD COLUMN IF NOT EXISTS customer_ref integer")
    cr.execute(
        """
        UPDATE ar_communication_line line
           SET customer_ref = log.customer_id
          FROM ar_communication log
         WHERE log.id = line.communication_id AND line.customer_ref IS DISTINCT FROM log.customer_id
        """
    )
    cr.execute(
        """
        UPDATE ar_communication_line line
           SET date_due = COALESCE(item.date_maturity, item.date)
          FROM account_move_line item
         WHERE item.id = line.move_line_id AND line.date_due IS NULL
        """
    )
