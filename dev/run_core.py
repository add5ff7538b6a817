"""`make core`: the doctests and tables of tests of `core/`, without Odoo, in a second.

The test files import `odoo.addons.ar_collections.core`, as they do under Odoo. Here empty packages stand for `odoo`,
`odoo.addons` and the add-on itself, so that nothing but `core/` and the tests is imported.
"""

import doctest
import importlib
import sys
import types
import unittest

from dev.console import Problem, run_tool
from dev.paths import addons


def main():
    """Run the tests of every add-on that has a `core/`; return the exit status."""
    cores = [addon for addon in addons() if (addon / "core").is_dir()]
    suite = unittest.TestSuite()
    _stand_in("odoo", [])
    _stand_in("odoo.addons", [])
    for addon in cores:
        package = f"odoo.addons.{addon.name}"
        _stand_in(package, [str(addon)])
        for folder in (addon / "tests", *sorted({path.parent for path in _core_tests(addon)} - {addon / "tests"})):
            _stand_in(".".join([package, *folder.relative_to(addon).parts]), [str(folder)])
        suite.addTests(_tests_of(addon, package))
    if not suite.countTestCases():
        raise Problem("No tests found: ar_collections/core/**/*.py (doctests), ar_collections/tests/**/test_core_*.py.")
    return 0 if unittest.TextTestRunner(buffer=True).run(suite).wasSuccessful() else 1


def _tests_of(addon, package):
    """Return the suites of one add-on."""
    for path in sorted((addon / "core").rglob("*.py")):
        name = ".".join([package, *path.relative_to(addon).with_suffix("").parts]).removesuffix(".__init__")
        yield doctest.DocTestSuite(importlib.import_module(name))
    for path in _core_tests(addon):
        name = ".".join([package, *path.relative_to(addon).with_suffix("").parts])
        yield unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(name))


def _core_tests(addon):
    """Return the test files of `core/`."""
    return sorted((addon / "tests").rglob("test_core_*.py"))


def _stand_in(name, folders):
    """Put an empty package in the place of one that would import Odoo; its modules are found in `folders`."""
    package = types.ModuleType(name)
    package.__path__ = folders
    sys.modules[name] = package
    parent, _dot, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, package)


if __name__ == "__main__":
    run_tool(main)
