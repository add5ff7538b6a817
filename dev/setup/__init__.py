"""What every tool needs: Odoo's source, databases, PostgreSQL, a mail server, locks, messages on the console."""
