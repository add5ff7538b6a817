"""What the tests of the credit status share: a day, a limit, and facts about a customer."""

from datetime import date, timedelta

from odoo.addons.ar_collections.core.credit.limit import AMOUNT, Limit
from odoo.addons.ar_collections.core.credit.rules import CUSTOMER, OVERDUE, CreditFacts, OverdueItem, RuleExclusion

from ..core_common import dec

TODAY = date(2026, 6, 10)

LIMIT = Limit(AMOUNT, dec(10000))


def day(offset):
    return TODAY + timedelta(days=offset)


def overdue(*pairs):
    return tuple(OverdueItem(days, dec(amount)) for days, amount in pairs)


def facts(**values):
    return CreditFacts(limit=values.pop("limit", LIMIT), **values)


def exclusion(code=OVERDUE, scope=CUSTOMER, until=None, exclusion_id=1, **values):
    return RuleExclusion(exclusion_id, code, scope, "agreed with sales", until or TODAY, **values)
