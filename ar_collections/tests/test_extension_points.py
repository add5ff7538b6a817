"""Examples of the extension points of docs/architecture.md: what another module would write, and what follows.

Others are a step of the night (`customers/test_nightly.py`) and a veto against agreements (`agreements/test_veto.py`).
"""

from decimal import Decimal
from unittest.mock import patch

from odoo.tools import mute_logger

from odoo.addons.ar_collections.core.facts import Exclusion

from .common import PROBLEM_LOG, ArCommon


class TestExtensionPoints(ArCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(amount=100.0)
        cls.other, _invoice = cls._late(name="Other Payer", email="other@customer.example.com")

    def _add_to_selection(self, model, field, code, label):
        """Stand in for `selection_add` of a module."""
        field = self.registry[model]._fields[field]
        selection = [*field.selection, (code, label)]
        self.enterContext(patch.multiple(field, selection=selection, _selection=dict(selection)))

    def test_a_reason_not_to_contact(self):
        self._add_to_selection("ar.customer", "decision_code", "embargo", "Embargo")
        facts, line = self.registry["ar.facts"], self._debt(self.invoice)
        read = facts._read_exclusions

        def read_with_own(model, customers, lines, today, scope):
            exclusions = read(model, customers, lines, today, scope)
            for item in lines:
                if item.line_id == line.id:
                    exclusions[item.line_id].append(Exclusion("embargo", Decimal(100)))
            return exclusions

        with patch.object(facts, "_read_exclusions", read_with_own):
            self._run()
        self.assertCode(self.customer, "embargo")
        self.assertEqual((self._states(self.customer), len(self._states(self.other))), ([], 1))

    def test_a_part_of_the_key_figures(self):
        snapshots = self.registry["ar.metric.snapshot"]
        get_parts = snapshots._get_parts

        def measure(company, day):
            return {"communications_sent": 99 if day == self.TODAY else 0}

        with patch.object(snapshots, "_get_parts", lambda model: [*get_parts(model), measure]):
            snapshot = self.env["ar.metric.snapshot"].sudo()._take(self.company, self.TODAY)
        self.assertEqual(snapshot.communications_sent, 99)

    def test_a_problem(self):
        self._add_to_selection("ar.problem", "code", "webhook", "Webhook of the provider")
        problems = self.registry["ar.problem"]
        get_advice = problems._get_advice

        def with_own_advice(model, code):
            return "Enter the secret of the webhook." if code == "webhook" else get_advice(model, code)

        with patch.object(problems, "_get_advice", with_own_advice), mute_logger(PROBLEM_LOG):
            problem = self.env["ar.problem"]._report(self.company, "webhook", "No secret", company=self.company)
            self.assertEqual(problem.advice, "Enter the secret of the webhook.")
            self.assertIn("Webhook of the provider", problem.display_name)
            self.env["ar.problem"]._clear(self.company, "webhook")
        self.assertTrue(problem.solved_on)
