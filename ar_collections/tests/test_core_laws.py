"""Laws 1 and 2: the core imports the standard library alone, and every decision not to contact has a code."""

import ast
import dataclasses
import inspect
import re
import sys
from pathlib import Path
from unittest import TestCase

from odoo.addons.ar_collections import core
from odoo.addons.ar_collections.core import decision as codes
from odoo.addons.ar_collections.core import facts, workdays
from odoo.addons.ar_collections.core.reminders import decide

FOLDER = Path(core.__file__).parent
FILES = sorted(FOLDER.rglob("*.py"))

CLOCKS = {"today", "now", "utcnow", "time", "monotonic", "localtime", "context_today"}

FORBIDDEN_CALLS = {"open", "print", "input", "eval", "exec"}


def nodes(*kinds):
    """Yield (path, node) of these kinds in every file of `core/`."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, kinds):
                yield path.relative_to(FOLDER).as_posix(), node


class TestCoreIsPure(TestCase):
    def test_there_is_something_to_look_at(self):
        self.assertIn(FOLDER / "reminders" / "decide.py", FILES)

    def test_only_the_standard_library_and_itself_are_imported(self):
        foreign = set()
        for name, node in nodes(ast.Import, ast.ImportFrom):
            if isinstance(node, ast.ImportFrom):
                # as many dots as the file is folders deep stay in core/, one more would leave it
                depth = name.count("/") + 1
                modules = [node.module or ""] if not node.level else []
                if node.level > depth:
                    modules = ["." * node.level + (node.module or "")]
            else:
                modules = [alias.name for alias in node.names]
            foreign |= {(name, m) for m in modules if m.partition(".")[0] not in sys.stdlib_module_names}
        self.assertFalse(foreign)

    def test_nothing_is_imported_by_name_at_run_time(self):
        calls = [name for name, node in nodes(ast.Name) if node.id in ("__import__", "importlib")]
        self.assertFalse(calls)

    def test_nobody_reads_a_clock(self):
        read = [(name, node.func.attr) for name, node in nodes(ast.Call) if isinstance(node.func, ast.Attribute)]
        self.assertFalse([call for call in read if call[1] in CLOCKS])

    def test_nobody_talks_to_the_world(self):
        called = [(name, node.func.id) for name, node in nodes(ast.Call) if isinstance(node.func, ast.Name)]
        self.assertFalse([call for call in called if call[1] in FORBIDDEN_CALLS])

    def test_amounts_are_never_floats(self):
        numbers = [(name, node.value) for name, node in nodes(ast.Constant) if isinstance(node.value, float)]
        self.assertFalse(numbers)

    def test_today_is_an_argument(self):
        self.assertIn("today", inspect.signature(decide.decide).parameters)


class TestEveryDecisionHasACode(TestCase):
    #: The constants of `decision.py`: name in capitals, a string.
    CODES = {
        value
        for name, value in vars(codes).items()
        if name.isupper() and isinstance(value, str) and name not in ("SEND", "REVIEW", "NO_CONTACT")
    }

    def test_codes_are_identifiers(self):
        self.assertFalse([code for code in self.CODES if not re.fullmatch(r"[a-z]+(_[a-z]+)*", code)])

    def test_a_decision_cannot_be_made_without_a_code(self):
        with self.assertRaises(TypeError):
            codes.Decision(codes.NO_CONTACT)

    def test_decisions_and_facts_are_frozen(self):
        for module in (codes, facts, workdays):
            for value in vars(module).values():
                if dataclasses.is_dataclass(value):
                    with self.subTest(value=value):
                        self.assertTrue(value.__dataclass_params__.frozen)

    def test_every_code_of_an_item_is_reported_in_a_fixed_order(self):
        self.assertEqual(len(codes.ITEM_CODES), len(set(codes.ITEM_CODES)))
        self.assertLessEqual(set(codes.ITEM_CODES), self.CODES)
