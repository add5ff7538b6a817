"""`make core`: the doctests of `core/` and the tests in `test_core_*.py`, without Odoo, in a second.

The test files import `odoo.addons.ar_collections.core`, as they do under Odoo. Here empty packages replace `odoo`,
`odoo.addons`, the add-on and the packages of its tests, so that nothing but `core/` and those tests is imported.
"""

import doctest
import importlib
import sys
import types
import unittest

from dev.setup.console import Problem, run_tool
from dev.setup.paths import addons


def main():
    """Run the tests of every add-on that has a `core/`; return the exit status."""
    cores = add_pure_packages()
    suite = unittest.TestSuite()
    for addon, package in cores.items():
        suite.addTests(_tests_of(addon, package))
    if not suite.countTestCases():
        raise Problem("No tests found: ar_collections/core/*.py (doctests), ar_collections/tests/**/test_core_*.py.")
    return 0 if unittest.TextTestRunner(buffer=True).run(suite).wasSuccessful() else 1


def add_pure_packages():
    """Replace Odoo and our add-ons with a `core/` by empty packages, so that only pure modules can be imported.

    :return: {folder of the add-on: dotted name of its package}
    """
    cores = [addon for addon in addons() if (addon / "core").is_dir()]
    _add_empty_package("odoo")
    _add_empty_package("odoo.addons")
    for addon in cores:
        package = f"odoo.addons.{addon.name}"
        _add_empty_package(package, addon)
        for folder in _folders(addon / "tests"):
            _add_empty_package(_module_name(package, addon, folder), folder)
    return {addon: f"odoo.addons.{addon.name}" for addon in cores}


def _tests_of(addon, package):
    """Return the suites of one add-on."""
    for path in sorted((addon / "core").rglob("*.py")):
        yield doctest.DocTestSuite(importlib.import_module(_module_name(package, addon, path)))
    for path in sorted((addon / "tests").rglob("test_core_*.py")):
        module = importlib.import_module(_module_name(package, addon, path))
        yield unittest.defaultTestLoader.loadTestsFromModule(module)


def _folders(top):
    """Return a folder and its sub-folders with Python files, parents first."""
    return sorted({path.parent for path in top.rglob("*.py")} | {top})


def _module_name(package, addon, path):
    """Return the dotted name of a file or folder of an add-on."""
    return ".".join([package, *path.relative_to(addon).with_suffix("").parts]).removesuffix(".__init__")


def _add_empty_package(name, *folders):
    """Define an empty package instead of one that would import Odoo; its modules are found in `folders`."""
    package = types.ModuleType(name)
    package.__path__ = [str(folder) for folder in folders]
    sys.modules[name] = package
    parent, _dot, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, package)


if __name__ == "__main__":
    run_tool(main)
