"""A pytest plugin: less work for the same tests, and times of tests are real ones.

Odoo's modules and registry stay out of garbage collection, and its merged trees of field triggers are kept.
"""

import gc

import freezegun
import pytest

# Test classes replace the clocks of all modules, which `freezegun` finds by itself; pytest's own goes on.
freezegun.configure(extend_ignore_list=["_pytest.timing"])


@pytest.fixture(scope="session", autouse=True)
def heap_without_odoo(load_registry):
    """Have the garbage collector pass over the million objects that live as long as the process."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def kept_trigger_trees(load_registry):
    """Merge the trigger trees of the fields that change together once, not at each change of a record."""
    from odoo.orm.registry import Registry  # only here: pytest-odoo makes Odoo importable

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Registry, "get_trigger_tree", _get_trigger_tree)
        yield


def _get_trigger_tree(registry, fields, select=bool):
    """Return the same as Odoo's method. The tree with all fields is kept where Odoo keeps and forgets each field's."""
    from odoo.orm.registry import TriggerTree

    key = tuple(fields)
    merged = registry._field_trigger_trees.get(key)
    if merged is None:
        trees = [registry.get_field_trigger_tree(field) for field in fields if field in registry._field_triggers]
        merged = registry._field_trigger_trees[key] = TriggerTree.merge(trees)
    return _select(merged, select)


def _select(tree, select):
    """Return the tree with the selected fields only, without the branches that have none."""
    selected = type(tree)([field for field in tree.root if select(field)])
    for label, branch in tree.items():
        if kept := _select(branch, select):
            selected[label] = kept
    return selected
