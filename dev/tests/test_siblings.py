"""The sibling add-ons keep the layout of the main one: small files and functions, all tests loaded, no cycles."""

import ast
import csv

import pytest
from lxml import etree

from dev.setup.paths import ROOT, addons

#: Lines of a file at most, of a test file, and of a function.
FILE, TEST, FUNCTION = 300, 400, 26

SIBLINGS = addons()[1:]
FILES = [path for addon in SIBLINGS for path in sorted(addon.rglob("*.py"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_files_and_functions_are_small(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    is_test = "tests" in path.relative_to(ROOT).parts
    assert text.count("\n") <= (TEST if is_test else FILE)
    long = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and not is_test and _length(node) > FUNCTION
    ]
    assert not long
    assert sum(isinstance(node, ast.ClassDef) for node in tree.body) <= 1 or is_test or path.parent.name == "core"


def _length(function):
    """Return the number of lines of the code of a function: without its docstring, and without an SQL text."""
    texts = [
        node.end_lineno - node.lineno
        for node in ast.walk(function)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return function.end_lineno - function.lineno + 1 - sum(texts)


@pytest.mark.parametrize("addon", SIBLINGS, ids=lambda addon: addon.name)
def test_every_test_file_is_loaded(addon):
    loaded = (addon / "tests" / "__init__.py").read_text(encoding="utf-8")
    assert not [path.stem for path in (addon / "tests").rglob("test_*.py") if path.stem not in loaded]


@pytest.mark.parametrize("addon", addons(), ids=lambda addon: addon.name)
def test_add_ons_import_only_what_they_depend_on(addon):
    depends = ast.literal_eval((addon / "__manifest__.py").read_text(encoding="utf-8"))["depends"]
    others = {other.name for other in addons()} - {addon.name, "ar_collections"} - set(depends)
    wrong = [
        (path.name, node.module)
        for path in sorted(addon.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and others & set((node.module or "").split("."))
    ]
    assert not wrong


@pytest.mark.parametrize("addon", addons(), ids=lambda addon: addon.name)
def test_what_people_may_delete_does_not_come_back(addon):
    """Odoo creates a record of data anew with each upgrade, unless it says `forcecreate="0"`."""
    deletable = set()
    for path in ROOT.glob("ar_collections*/security/ir.model.access.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            deletable |= {
                row["model_id:id"].split("model_")[-1] for row in csv.DictReader(file) if row["perm_unlink"] == "1"
            }
    assert "ar_reminder_step" in deletable
    deletable.remove("ar_late_charge_rate")  # new ones come with upgrades; its `_load_records` knows what was deleted
    wrong = [
        record.get("id")
        for path in sorted(addon.glob("data/**/*.xml"))
        for record in etree.parse(path).iter("record")
        if record.get("model").replace(".", "_") in deletable and record.get("forcecreate") != "0"
    ]
    assert not wrong


def test_siblings_install_themselves():
    for addon in SIBLINGS:
        assert ast.literal_eval((addon / "__manifest__.py").read_text(encoding="utf-8"))["auto_install"] is True
        assert (addon / "README.md").is_file()
