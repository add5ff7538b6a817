"""The rules of collections: pure functions over frozen values.

Nothing in this package uses Odoo, a database or a clock: it imports the standard library alone, amounts are
``Decimal``, ``today`` is an argument, and results are codes, never sentences. Start with :mod:`.reminders.decide`.
"""
