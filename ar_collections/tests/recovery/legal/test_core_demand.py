from datetime import date, timedelta

from odoo.addons.ar_collections.core.recovery import eligibility as rules
from odoo.addons.ar_collections.core.recovery.demand import Demand, answer_until
from odoo.addons.ar_collections.core.recovery.eligibility import EligibilityRules, evaluate

from ...core_common import FORMAL, CoreCase


class TestDemand(CoreCase):
    """The final demand names its own last day, and nothing is handed over before."""

    def _code(self, demanded, **values):
        item = self.item(200, sent_steps=[(FORMAL, 20)])
        return evaluate(item, EligibilityRules(**values), None, self.TODAY, demanded).code

    def test_the_last_day_of_the_demand_counts_instead_of_that_of_the_policy(self):
        yesterday = self.TODAY - timedelta(days=1)
        settings = {"last_step_days": FORMAL.days, "answer_days": 14}
        self.assertEqual(self._code(self.TODAY, **settings), rules.DEADLINE_RUNS)
        self.assertEqual(
            self._code(
                yesterday,
                **settings,
            ),
            rules.ALL_STEPS_SENT,
        )
        self.assertEqual(self._code(yesterday, last_step_days=FORMAL.days, answer_days=60), rules.ALL_STEPS_SENT)

    def test_the_demand_is_waited_for_also_where_no_step_is_needed(self):
        self.assertEqual(self._code(self.TODAY), rules.DEADLINE_RUNS)
        self.assertEqual(self._code(None), rules.ALL_STEPS_SENT)

    def test_an_answer_in_time_gives_more_days_and_a_second_one_none(self):
        demand = Demand(date(2026, 3, 2), date(2026, 4, 1), 30)
        first, second = date(2026, 3, 25), date(2026, 3, 31)
        self.assertEqual(answer_until(demand, [second, first]), date(2026, 4, 24))
        self.assertEqual(answer_until(Demand(date(2026, 3, 2), date(2026, 4, 1)), [first]), date(2026, 4, 1))
