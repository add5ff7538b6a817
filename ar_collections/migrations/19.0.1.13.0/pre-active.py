"""From 19.0.1.12: collections are active in one database, of which the company keeps the fingerprint.

Before the models are read: the scripts of earlier versions that run after them look for active companies. The database
that is upgraded is taken for the one in which collections were activated; nobody knows more. May run again.
"""

from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Store the fingerprint of this database where collections are active, as `_ar_get_database` makes it."""
    if not version or not column_exists(cr, "res_company", "ar_active"):
        return
    cr.execute("ALTER TABLE res_company ADD COLUMN IF NOT EXISTS ar_database varchar")
    cr.execute(
        """
        UPDATE res_company
           SET ar_database = left(encode(sha256(convert_to(COALESCE(
                   (SELECT NULLIF(value, '') FROM ir_config_parameter WHERE key = 'database.uuid'), '-'
               ), 'UTF8')), 'hex'), 16)
         WHERE ar_active
        """
    )
    # Nobody is told of a run that is missing before it could be stored.
    cr.execute("ALTER TABLE res_company ADD COLUMN IF NOT EXISTS ar_run_ended_on timestamp")
    cr.execute("UPDATE res_company SET ar_run_ended_on = now() AT TIME ZONE 'UTC' WHERE ar_active")
    cr.execute("ALTER TABLE res_company DROP COLUMN ar_active")
