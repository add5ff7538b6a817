from odoo.tools import SQL

#: The due date of a journal item `line`. One in a far future counts as due on this day: computing with the last
#: possible dates would fail, and with it what is about other items.
DUE_DATE = SQL("LEAST(COALESCE(line.date_maturity, line.date), DATE '3000-01-01')")


def pg_array(ids):
    """Return ids as the text of an SQL array, which the database parses ten times faster than a list of thousands.

    >>> pg_array([3, 5])
    '{3,5}'
    """
    return f"{{{','.join(map(str, ids))}}}"
