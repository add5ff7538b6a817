"""Which steps of the set-up are done."""

from dataclasses import replace
from unittest import TestCase

from odoo.addons.ar_collections.core.dashboard.setup import SetupFacts, done

READY = SetupFacts(
    has_sender=True,
    has_reply_address=True,
    has_bounce_address=True,
    policies=1,
    steps=5,
    providers=1,
    is_active=True,
)

#: What undoes each step.
MISSING = [
    ("sender", {"has_sender": False}),
    ("sender", {"has_reply_address": False}),
    ("bounce", {"has_bounce_address": False}),
    ("policy", {"broken_policies": 1}),
    ("policy", {"uncovered_customers": 2}),
    ("schedule", {"steps": 0}),
    ("schedule", {"unwritten_steps": 1}),
    ("roles", {"policies_without_collector": 1}),
    ("roles", {"owing_customers": 1, "unassigned_customers": 1}),
    ("provider", {"providers": 0}),
    ("activation", {"is_active": False}),
]


class TestSetup(TestCase):
    def test_a_company_that_is_ready(self):
        self.assertTrue(all(done(READY).values()))

    def test_nothing_is_done_in_a_company_without_anything(self):
        self.assertFalse(any(done(SetupFacts()).values()))

    def test_each_fact_undoes_its_own_step_alone(self):
        for code, facts in MISSING:
            with self.subTest(code=code, **facts):
                states = done(replace(READY, **facts))
                self.assertEqual([name for name, is_done in states.items() if not is_done], [code])
