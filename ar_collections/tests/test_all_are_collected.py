import importlib
from pathlib import Path
from unittest import TestCase

from odoo.addons.ar_collections import tests


class TestAllAreCollected(TestCase):
    def test_every_test_file_is_a_member_of_the_package(self):
        """Odoo runs the modules that are members of `tests` and no others: each test file must be one of them."""
        folder = Path(tests.__file__).parent
        for path in sorted(folder.rglob("test_*.py")):
            name = ".".join([tests.__name__, *path.relative_to(folder).with_suffix("").parts])
            with self.subTest(name=name):
                self.assertIs(getattr(tests, path.stem, None), importlib.import_module(name))
