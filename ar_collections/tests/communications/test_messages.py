"""The texts for codes and states, and the table of moves, are complete and consistent."""

from unittest import TestCase

from odoo.addons.ar_collections import const, messages
from odoo.addons.ar_collections.core.promises import judgement
from odoo.addons.ar_collections.core.promises import request as promise_request

from .. import test_core_laws

CODES = test_core_laws.TestEveryDecisionHasACode.CODES


class TestMessages(TestCase):
    def test_staff_can_read_every_code(self):
        self.assertEqual(CODES, {code for code, _label in const.DECISION_CODES})

    def test_every_cancel_reason_is_an_exclusion_code_or_a_decision_of_people(self):
        reasons = {code for code, _label in const.CANCEL_REASONS}
        self.assertLessEqual(reasons - CODES, {"outdated", "skipped", "rejected", "payment_undone"})
        self.assertFalse(reasons & {"step_reached", "needs_review"})


class TestPromiseMessages(TestCase):
    """Every end of a promise and every refusal has its text."""

    #: The constants of the two modules: name in capitals, a string.
    CODES = {
        value
        for module in (judgement, promise_request)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str)
    }
    STATES = {state for state, _label in const.PROMISE_STATES}

    def test_every_state_and_every_refusal_can_be_read(self):
        self.assertEqual(self.STATES | set(messages.PROMISE_REFUSALS), self.CODES)
        self.assertFalse(self.STATES & set(messages.PROMISE_REFUSALS))

    def test_the_numbers_in_the_texts_are_those_of_the_policy(self):
        numbers = {"days": 30, "open": 3, "share": "50"}
        for code, sentence in messages.PROMISE_REFUSALS.items():
            with self.subTest(code=code):
                self.assertNotIn("%(", sentence._source % numbers)


class TestStatesOfCommunications(TestCase):
    """The table of moves in ``const/`` is consistent in itself."""

    STATES = {state for state, _label in const.COMMUNICATION_STATES}

    def test_every_state_has_its_moves(self):
        self.assertEqual(set(const.COMMUNICATION_MOVES), self.STATES)
        self.assertLessEqual(set().union(*const.COMMUNICATION_MOVES.values()), self.STATES)

    def test_every_state_either_waits_or_uses_its_step_up_or_frees_it(self):
        groups = (set(const.WAITING_STATES), set(const.STEP_USED_STATES), set(const.STEP_FREE_STATES))
        self.assertEqual(set().union(*groups), self.STATES)
        self.assertEqual(sum(len(group) for group in groups), len(self.STATES))

    def test_nothing_returns_from_where_its_step_was_freed(self):
        self.assertFalse([state for state in const.STEP_FREE_STATES if const.COMMUNICATION_MOVES[state]])

    def test_what_may_have_been_sent_never_goes_back_to_the_queue(self):
        for state in ("sent", "unknown"):
            self.assertFalse(const.COMMUNICATION_MOVES[state] & set(const.WAITING_STATES), state)

    def test_what_may_have_been_delivered_counts_as_sent(self):
        self.assertLess(set(const.CONTACT_STATES), set(const.STEP_USED_STATES))
