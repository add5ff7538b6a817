"""Folders are small enough to be read as a list, files as a whole: what belongs together is a package by concern."""

import ast
import re
from collections import Counter

from dev.setup.paths import ROOT, addons

#: Files of one folder at most, `__init__.py` not counted.
MOST = 20

#: What people read and edit; pictures and the files of customers' replies are no code.
CODE = (".py", ".xml", ".js", ".scss", ".csv")

#: Lines of a Python file at most, and of one of tests.
LINES, LINES_OF_TESTS = 300, 400

#: Lines of a function below its docstring at most; the longest ones are one query each.
LINES_OF_FUNCTIONS = 40

#: Lists, which nobody reads as a whole.
LISTS = ("__init__.py", "__manifest__.py")


def test_folders_are_small():
    paths = [path for addon in addons() for path in addon.rglob("*") if path.suffix in CODE]
    files = Counter(path.parent for path in paths if path.name != "__init__.py")
    assert files
    assert not {str(folder): count for folder, count in files.items() if count > MOST}


def sources():
    """Return the Python files that people read: no lists, and no migrations, which are written once."""
    paths = [path for folder in (*addons(), ROOT / "dev") for path in folder.rglob("*.py")]
    return [path for path in paths if path.name not in LISTS and "migrations" not in path.parts]


def test_files_are_short():
    long = {}
    for path in sources():
        name, lines = str(path.relative_to(ROOT)), len(path.read_text().splitlines())
        most = LINES_OF_TESTS if "tests" in path.parts else LINES
        if lines > most:
            long[name] = lines
    assert not long


def test_functions_are_short():
    long = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "tests" not in path.parts:
                documented = ast.get_docstring(node) is not None
                lines = node.end_lineno - (node.body[0].end_lineno if documented else node.lineno)
                if lines > LINES_OF_FUNCTIONS:
                    long[f"{path.relative_to(ROOT)} {node.name}"] = lines
    assert not long


def test_no_colon_follows_a_value_in_a_template():
    """Translators cannot change what is no part of a term, and French puts a space before it: `formats.get_colon`."""
    paths = [path for addon in addons() for path in addon.rglob("*.xml")]
    assert paths
    assert not {str(path) for path in paths if re.search(r"(/>|</\w+>): ", path.read_text(encoding="utf-8"))}
