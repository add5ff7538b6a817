"""What the collections ladder thinks: pure functions over frozen facts.

Nothing in here knows Odoo, a database or a clock: amounts are ``Decimal``, ``today`` is an argument,
results are codes, never sentences. Start with :mod:`ladder`.
"""
