"""The rounds of `make test`: which add-ons are installed together, and which tests run there.

The main add-on is tested in a database with it alone; the others in a second one with all of them, because what they
depend on would change the first.
"""

import os
import shlex
from dataclasses import dataclass
from pathlib import Path

from dev.setup.console import Problem
from dev.setup.paths import ROOT, addons
from dev.setup.scratch import ALL_TEMPLATE_MODULES, TEMPLATE_MODULES

#: The tests of the repository's own tools, and those of them that are about installed add-ons.
TOOL_TESTS = "dev/tests"
CATALOG_TESTS = "dev/tests/test_i18n.py"


@dataclass(frozen=True)
class Round:
    """A database and what runs in it.

    :param template: modules of Odoo
    :param modules: our add-ons that are installed
    :param tested: those of them whose tests run
    :param tests: what pytest collects
    :param base: those of Odoo's modules that have a template of their own
    """

    template: tuple[str, ...]
    modules: tuple[str, ...]
    tested: tuple[str, ...]
    tests: tuple[str, ...]
    base: tuple[str, ...] = ()


def find_rounds():
    """Return the rounds that have tests: all, or those of `TESTS`.

    :rtype: list[Round]
    :raise Problem: where there is no add-on
    """
    names = [addon.name for addon in addons()]
    if not names:
        raise Problem("There is no add-on here: no ar_collections*/__manifest__.py.")
    main, *siblings = names
    chosen = shlex.split(os.environ.get("TESTS", ""))
    of_main, of_siblings = split(chosen, siblings) if chosen else (_folders(main), _folders(*siblings))
    rounds = [
        Round(tuple(TEMPLATE_MODULES), (main,), (main,), tuple(of_main)),
        Round(tuple(ALL_TEMPLATE_MODULES), tuple(names), tuple(siblings), tuple(of_siblings), tuple(TEMPLATE_MODULES)),
    ]
    return [each for each in rounds if each.tests]


def split(tests, siblings):
    """Return (tests of the main add-on and of the tools, tests of the siblings).

    >>> split(["ar_collections/tests/test_a.py", "ar_collections_sale/tests/test_b.py::B"], ["ar_collections_sale"])
    (['ar_collections/tests/test_a.py'], ['ar_collections_sale/tests/test_b.py::B'])
    """
    is_sibling = {test: _top(test) in siblings for test in tests}
    return [test for test in tests if not is_sibling[test]], [test for test in tests if is_sibling[test]]


def _top(test):
    """Return the folder of the checkout that a test is in."""
    path = Path(test.split("::")[0])
    return (path.relative_to(ROOT) if path.is_absolute() and path.is_relative_to(ROOT) else path).parts[0]


def _folders(*names):
    """Return the tests of add-ons, with those of the tools that are about them."""
    folders = [f"{name}/tests" for name in names if (ROOT / name / "tests").is_dir()]
    if not folders:
        return []
    return [*folders, TOOL_TESTS if names == (addons()[0].name,) else CATALOG_TESTS]
