"""The layout of docs/architecture.md: domains use only the domains before them, and overrides are stacked in order."""

import ast
import os
from collections import defaultdict
from pathlib import Path
from unittest import TestCase

from odoo import models

from odoo.addons import ar_collections

from .common import ArCommon

ADDON = Path(ar_collections.__file__).parent

#: Each method that several of our files define, with these files, the first called first.
CHAINS = Path(__file__).with_name("override_chains.txt")

#: Each may use those before it; the only rule of direction.
DOMAINS = (
    "customers", "matching", "communications", "invoicing", "reminders", "portal", "statements", "receipts",
    "agreements", "promises", "disputes", "plans", "reported_payments", "replies", "autopay", "credit",
    "late_charges", "recovery", "worklist", "team", "salespeople", "metrics", "forecast", "dashboard",
)  # fmt: skip

#: Controllers whose file is not named as their domain.
CONTROLLERS = {
    "arrival": "invoicing", "copies": "agreements", "links": "portal", "payment": "portal", "statement": "portal",
    "thread": "portal", "terms": "credit",
    "autopay_account": "autopay", "autopay_methods": "autopay", "payment_methods": "portal",
}  # fmt: skip

LAYERS = ("core", "models", "wizards", "controllers")


def domain_of(path):
    """Return the domain a file belongs to; None for what all domains share."""
    layer, *rest = path.relative_to(ADDON).parts
    if layer == "controllers":
        return CONTROLLERS.get(path.stem, path.stem)
    return rest[0] if len(rest) > 1 else None


def read_files():
    """Return {path: syntax tree} of the files that belong to a domain."""
    paths = (path for layer in LAYERS for path in sorted((ADDON / layer).rglob("*.py")))
    return {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in paths
        if path.name != "__init__.py" and domain_of(path)
    }


def is_private(name):
    return name.startswith("_") and not name.startswith("__")


def imported_domains(path, node):
    """Yield the domains that a relative import leads to."""
    folder = list(path.relative_to(ADDON).parts[:-1])
    base = folder[: len(folder) - node.level + 1] + (node.module.split(".") if node.module else [])
    for target in [base] if len(base) > 1 else [[*base, alias.name] for alias in node.names]:
        if len(target) > 1 and target[0] in LAYERS and target[1] in DOMAINS:
            yield target[1]


def compares_channel(node):
    """Return whether an expression or a domain compares something named ``channel`` with the code of a channel."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        named = any(getattr(side, "attr", getattr(side, "id", "")).endswith("channel") for side in sides)
    else:
        sides = getattr(node, "elts", None) or getattr(node, "args", [])
        sides = sides if isinstance(sides, list) else []
        named = len(sides) == 3 and getattr(sides[0], "value", None) in ("channel", "step_id.channel")
        sides = sides[2:]
    codes = {getattr(part, "value", None) for side in sides for part in (side, *getattr(side, "elts", []))}
    return named and bool(codes & {"email", "letter", "call"})


class TestDirection(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = read_files()

    def _late(self, path, domains):
        """Return those of the domains that the file may not use."""
        own = DOMAINS.index(domain_of(path))
        return {domain for domain in domains if DOMAINS.index(domain) > own}

    def test_every_file_belongs_to_a_known_domain(self):
        self.assertEqual({domain_of(path) for path in self.files}, set(DOMAINS))

    def test_imports_lead_to_earlier_domains(self):
        wrong = [
            (str(path.relative_to(ADDON)), late)
            for path, tree in self.files.items()
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.level
            if (late := self._late(path, imported_domains(path, node)))
        ]
        self.assertFalse(wrong)

    def test_private_methods_of_later_domains_are_not_called(self):
        """A name that Odoo's base model defines, too, does not tell which domain is called."""
        defined = defaultdict(set)
        for path, tree in self.files.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef) and is_private(node.name):
                    defined[node.name].add(domain_of(path))
        wrong = [
            (str(path.relative_to(ADDON)), node.attr, domains)
            for path, tree in self.files.items()
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            if (domains := defined.get(node.attr)) and not hasattr(models.BaseModel, node.attr)
            if self._late(path, domains) == domains
        ]
        self.assertFalse(wrong)

    def test_only_channels_know_their_codes(self):
        """All others ask the attributes of `ar.channel`, so that another module can add a channel."""
        wrong = [
            (str(path.relative_to(ADDON)), node.lineno)
            for path, tree in self.files.items()
            if not path.is_relative_to(ADDON / "core") and not path.name.startswith("ar_channel")
            for node in ast.walk(tree)
            if compares_channel(node)
        ]
        self.assertFalse(wrong)

    def test_amounts_and_dates_are_formatted_in_one_place(self):
        """By `formats.py`: what Odoo's functions make of empty dates and of Decimals is settled there once."""
        wrong = [
            (str(path.relative_to(ADDON)), alias.name)
            for path, tree in self.files.items()
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("odoo.tools")
            for alias in node.names
            if alias.name in ("format_amount", "format_date")
        ]
        self.assertFalse(wrong)

    def test_currencies_are_found_by_name_in_one_place(self):
        """By `res.currency._ar_by_name`: other searches leave out inactive ones, in which invoices may be open."""
        search = '["res.currency"].search('
        self.assertFalse([str(path) for path in self.files if search in path.read_text(encoding="utf-8")])

    def test_models_and_wizards_are_loaded_in_one_order(self):
        for layer in ("models", "wizards"):
            tree = ast.parse((ADDON / layer / "__init__.py").read_text(encoding="utf-8"))
            names = [alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names]
            with self.subTest(layer=layer):
                self.assertEqual(names, [domain for domain in LOADED if domain in names])
                self.assertEqual(set(names), {domain_of(p) for p in self.files if p.is_relative_to(ADDON / layer)})


#: How models are loaded. It differs from `DOMAINS` in one place, because the customer's page lists disputes and plans
#: in this order, and the requests about selected items as well.
LOADED = (
    "customers", "matching", "communications", "invoicing", "reminders", "portal", "statements", "receipts",
    "agreements", "disputes", "plans", "promises", "reported_payments", "replies", "autopay", "credit",
    "late_charges", "recovery", "worklist", "team", "salespeople", "metrics", "forecast", "dashboard",
)  # fmt: skip


class TestOverrides(ArCommon):
    def test_overrides_are_stacked_in_this_order(self):
        """The first is called first. `make chains` writes the list anew, so that a commit shows what it changes."""
        found = sorted(
            f"{name}.{attribute}: {', '.join(files)}"
            for name, model in self.env.registry.items()
            for attribute, files in self._read_chains(model).items()
        )
        if os.environ.get("UPDATE"):
            CHAINS.write_text("\n".join(found) + "\n", encoding="utf-8")
        self.maxDiff = None
        self.assertEqual(found, CHAINS.read_text(encoding="utf-8").splitlines())

    def test_threads_of_ours_are_under_roles(self):
        registry = self.env.registry
        threads = [name for name, model in registry.items() if issubclass(model, registry["mail.thread"])]
        ours = [name for name in threads if name.startswith("ar.")]
        self.assertIn("ar.dispute", ours)
        self.assertEqual([name for name in ours if not issubclass(registry[name], registry["ar.thread.mixin"])], [])

    @staticmethod
    def _read_chains(model):
        """Return {method: our files that define it, the first called first} where there are several."""
        chains = defaultdict(list)
        prefix = f"{ar_collections.__name__}.models."
        for definition in model.mro():
            if definition.__module__.startswith(prefix):
                for attribute, value in vars(definition).items():
                    if callable(value) and not attribute.startswith("__") and not isinstance(value, type):
                        chains[attribute].append(definition.__module__.removeprefix(prefix))
        return {attribute: modules for attribute, modules in chains.items() if len(modules) > 1}
