"""Tests are deselected by Odoo's test tags, of the class or of the test itself."""

from types import SimpleNamespace

import pytest

from dev.checks.pytest_tags import pytest_collection_modifyitems


def _item(class_tags=None, own_tags=None):
    owners = [SimpleNamespace() if tags is None else SimpleNamespace(test_tags=tags) for tags in (class_tags, own_tags)]
    return SimpleNamespace(cls=owners[0], obj=owners[1])


def _deselect(option, items):
    """Return the deselected items; `items` keeps the others."""
    found = []
    hook = SimpleNamespace(pytest_deselected=lambda items: found.extend(items))
    config = SimpleNamespace(hook=hook, getoption={"--without-tags": option}.get)
    pytest_collection_modifyitems(config, items)
    return found


@pytest.mark.parametrize(
    ("class_tags", "own_tags"),
    [({"standard", "ar_tour"}, None), ({"standard"}, {"at_install", "ar_random"}), (None, {"ar_tour"})],
)
def test_a_tag_of_the_class_or_of_the_test_deselects(class_tags, own_tags):
    tagged, other = _item(class_tags, own_tags), _item({"standard"})
    items = [tagged, other]
    assert _deselect("ar_tour,ar_random", items) == [tagged]
    assert items == [other]


def test_a_plain_function_has_no_tags():
    function = SimpleNamespace(cls=None, obj=lambda: None)
    items = [function]
    assert not _deselect("ar_tour", items)
    assert items == [function]


def test_without_the_option_everything_runs():
    items = [_item({"ar_tour"})]
    assert not _deselect("", items)
    assert len(items) == 1
