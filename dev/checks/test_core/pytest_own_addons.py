"""A pytest plugin: Odoo's tests of its guidelines look at our add-ons only, and their warnings are failures.

They would look at all of Odoo, which takes minutes, and which is not ours to mend.
"""

import inspect
import logging
import subprocess
from types import SimpleNamespace

import pytest

from dev.setup.paths import addons

#: Relations whose index is that of a constraint: it begins with them.
INDEXED = {"ar.credit.terms.notice.terms_id", "ar.invoice.sending.move_id", "ar.stripe.evidence.stripe_dispute_id"}

#: Checks of pylint that are left out.
UNCHECKED = {
    "gettext-variable",  # texts of codes are marked in `messages/`, and translated where they are shown
    "undefined-variable",  # these four take a minute, and ruff has them
    "used-before-assignment",
    "function-redefined",
    "unreachable",
}

#: Where the classes and controllers of our add-ons are defined.
PACKAGE = "odoo.addons.ar_collections"


@pytest.fixture(autouse=True)
def own_addons_only(load_registry, request, monkeypatch, caplog):
    """Let a test find our add-ons instead of all; afterwards fail on what it logged about them."""
    from odoo.modules import Manifest  # only here: pytest-odoo makes Odoo importable

    manifests = [Manifest.for_addon(addon.name) for addon in addons()]
    monkeypatch.setattr(Manifest, "all_addon_manifests", staticmethod(lambda: manifests))
    if hasattr(request.module, "inspect"):
        monkeypatch.setattr(
            request.module, "inspect", SimpleNamespace(**vars(inspect) | {"getmembers": get_own_members})
        )
    narrow = NARROWED.get(request.node.originalname)
    if narrow:
        narrow(monkeypatch)
    yield
    found = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.WARNING]
    assert not [message for message in found if "ar_collections" in message]


def get_own_members(model, predicate):
    """Return what `inspect.getmembers` does, of the members that our add-ons define or override."""
    own = {name for base in model.mro() if base.__module__.startswith(PACKAGE) for name in vars(base)}
    members = [(name, getattr(model, name)) for name in sorted(own)]
    return [(name, member) for name, member in members if predicate(member)]


def _narrow_markers(monkeypatch):
    """Narrow the test that walks through all folders of Odoo and of add-ons."""
    import odoo.addons

    monkeypatch.setattr(odoo.addons, "__path__", [str(addon) for addon in addons()])
    monkeypatch.setattr(odoo, "__path__", [])


def _narrow_pylint(monkeypatch):
    """Let pylint read the source of our add-ons, instead of all of Odoo and of their tests."""
    from odoo.tools import config

    from odoo.addons.test_lint.tests import test_pylint

    def run(command, **options):
        enable = next(option for option in command if option.startswith("--enable="))
        checks = [check for check in enable.removeprefix("--enable=").split(",") if check not in UNCHECKED]
        command = [f"--enable={','.join(checks)}" if option == enable else option for option in command]
        # What is switched off in comments may be a check of pylint-odoo, which is not there.
        return subprocess.run([*command, "--disable=unknown-option-value", "--ignore=tests"], check=False, **options)

    monkeypatch.setattr(type(config), "root_path", property(lambda self: str(addons()[0])))
    monkeypatch.setattr(test_pylint, "subprocess", SimpleNamespace(run=run))


def _narrow_index(monkeypatch):
    """Leave out the fields of others, and our relations that a constraint makes an index for."""
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name

    from odoo.addons.test_lint.tests import test_index

    names = {addon.name for addon in addons()}
    fields = (field for model in Registry(get_db_name()).values() for field in model._fields.values())
    others = {str(field) for field in fields if names.isdisjoint(field._modules)}
    monkeypatch.setattr(test_index, "BTREE_INDEX_IGNORE_FIELDS", others | INDEXED)


#: What else a test needs in order to find our add-ons only.
NARROWED = {
    "test_conflict_markers": _narrow_markers,
    "test_enforce_index_on_one2many_inverse": _narrow_index,
    "test_pylint": _narrow_pylint,
}
