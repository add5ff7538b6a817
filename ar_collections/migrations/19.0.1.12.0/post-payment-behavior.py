"""From 19.0.1.11: days late count within bounds, so that a due date mistyped by years moves no average by months.

What is stored of the running and of earlier weeks may be wrong by that. Without it the forecast reads the payments
themselves, and the next night stores the behavior again.
"""


def migrate(cr, version):
    """Delete the stored payment behavior. It may run again."""
    if version:
        cr.execute("DELETE FROM ar_payment_behavior")
