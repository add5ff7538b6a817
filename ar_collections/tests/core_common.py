"""Short names for facts and rules, for the tables of `test_core_*.py`; nothing here needs Odoo."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.facts import AccountFacts, Credit, Exclusion, OpenItem, Rules, SentStep, Step
from odoo.addons.ar_collections.core.reminders.decide import decide

NOTICE = Step(1, -5)

FRIENDLY = Step(2, 3)

FIRM = Step(3, 10)

CALL = Step(4, 20, "call")

FORMAL = Step(5, 30)

STEPS = {step.step_id: step for step in (NOTICE, FRIENDLY, FIRM, CALL, FORMAL)}


def dec(amount):
    """Return the amount as `Decimal`, from a number or text."""
    return Decimal(str(amount))


class CoreCase(TestCase):
    """The standard schedule and a Wednesday in a week without holidays."""

    TODAY = date(2026, 6, 10)
    rules = Rules(steps=tuple(STEPS.values()), entry_step_id=FRIENDLY.step_id)

    def day(self, offset):
        """Return ``TODAY`` plus that number of days."""
        return self.TODAY + timedelta(days=offset)

    def item(self, late, amount=100, item_id=1, currency="EUR", booked=None, sent_steps=(), excluded=()):
        """Return an open item.

        :param late: days since the due date on ``TODAY``
        :param booked: the residual in company currency, if it differs
        :param sent_steps: pairs of step and days ago
        :param excluded: pairs of code and amount
        """
        return OpenItem(
            item_id,
            self.day(-late),
            currency,
            dec(amount),
            dec(amount if booked is None else booked),
            tuple(SentStep(step.step_id, step.days, self.day(-ago)) for step, ago in sent_steps),
            tuple(Exclusion(code, dec(part)) for code, part in excluded),
        )

    def credit(self, amount, item_id=90, currency="EUR", booked=None):
        """Return an open credit, given as a positive amount."""
        return Credit(item_id, currency, dec(amount), dec(amount if booked is None else booked))

    def facts(self, *items, credits=(), **values):
        """Return a customer's facts."""
        return AccountFacts(9, items=items, credits=credits, **values)

    def decide(self, *items, today=None, credits=(), rules=None, **values):
        """Return the decision for a customer with these items."""
        return decide(self.facts(*items, credits=credits, **values), rules or self.rules, today or self.TODAY)

    def with_rules(self, **values):
        """Return the standard rules with other numbers."""
        return replace(self.rules, **values)

    def listed(self, decision):
        """Return {item id: days of the step it uses up, None when it is only listed}."""
        return {entry.item.item_id: STEPS[entry.step_id].days if entry.step_id else None for entry in decision.items}

    def assertNotContacted(self, decision, code):
        """Assert that nothing is sent, for this reason."""
        self.assertEqual((decision.action, decision.code), ("no_contact", code))

    def assertContacted(self, decision, step, amounts_due=None):
        """Assert that a message is sent at this step, with these amounts due if they are given."""
        self.assertEqual((decision.action, decision.code), ("send", "step_reached"))
        self.assertEqual(decision.step, step)
        if amounts_due is not None:
            self.assertEqual(dict(decision.amounts_due), {name: dec(amount) for name, amount in amounts_due.items()})
