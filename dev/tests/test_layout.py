"""Folders of the add-ons are small enough to be read as a list: what belongs together is a package by concern."""

from collections import Counter

from dev.setup.paths import addons

#: Files of one folder at most, `__init__.py` not counted.
MOST = 20

#: What people read and edit; pictures and the files of customers' replies are no code.
CODE = (".py", ".xml", ".js", ".scss", ".csv")


def test_folders_are_small():
    paths = [path for addon in addons() for path in addon.rglob("*") if path.suffix in CODE]
    files = Counter(path.parent for path in paths if path.name != "__init__.py")
    assert files
    assert not {str(folder): count for folder, count in files.items() if count > MOST}
