"""Prepare a database for tests: store the records that all test classes share, and bundles of assets.

`make test` runs it as a process of its own, `python -m dev.checks.fixture DATABASE [BUNDLE ...]`, because a database
can only be copied while nobody is connected to it.
"""

import sys

from dev.setup.odoo_command import odoo_environment


def main(name, *bundles):
    """Prepare the database of this name."""
    with odoo_environment(name) as env:
        for bundle in bundles:
            assets = env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=True)
            assets.js()
            assets.css()
    _store_records()


def _store_records():
    """Let the tests' common class create its records, as in a test, and store them."""
    import odoo.modules.module  # only here: opening the environment is what makes Odoo's modules importable
    import odoo.tools

    from odoo.addons.ar_collections.tests import common_fixture
    from odoo.addons.ar_collections.tests.common import ArCommon

    odoo.tools.config["test_enable"] = True
    odoo.modules.module.current_test = ArCommon()
    common_fixture.store(ArCommon)


if __name__ == "__main__":
    main(*sys.argv[1:])
