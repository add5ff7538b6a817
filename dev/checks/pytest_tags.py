"""A pytest plugin: `--without-tags=a,b` deselects tests by Odoo's test tags.

The tags are those of `odoo.tests.tagged`, on a class or on a single test. Deselected tests are not collected, so they
do not count as skipped.
"""


def pytest_addoption(parser):
    """Add the option."""
    parser.addoption("--without-tags", default="", help="deselect the tests with one of these Odoo test tags")


def pytest_collection_modifyitems(config, items):
    """Deselect the tests that have one of the tags."""
    unwanted = {tag for tag in config.getoption("--without-tags").split(",") if tag}
    deselected = [item for item in items if unwanted & _tags_of(item)]
    if deselected:
        config.hook.pytest_deselected(items=deselected)
        items[:] = [item for item in items if not unwanted & _tags_of(item)]


def _tags_of(item):
    """Return the tags of a test: those of its class and its own."""
    owners = (getattr(item, "cls", None), getattr(item, "obj", None))
    return set().union(*(getattr(owner, "test_tags", ()) for owner in owners))
