"""The documents name what there is: the menus of the set-up, and functions and fields of the source."""

import re

import pytest
from lxml import etree

from dev.setup.paths import ROOT, addons

DOCUMENTS = [ROOT / "CONTRIBUTING.md", ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MENUS = ROOT / "ar_collections" / "views" / "menus.xml"
ROW = re.compile(r"^\| \*Invoicing > Configuration > Collections\* \| (.*?) \|", re.MULTILINE)
#: A name of the source in backticks: with an underscore, which words do not have.
NAME = re.compile(r"`(\w*_\w*)(?:\(\))?`")


def test_the_menu_of_the_set_up_is_listed_once_and_complete():
    menus = etree.parse(MENUS).iterfind(".//menuitem[@parent='ar_collections_configuration_menu']")
    (row,) = ROW.findall((ROOT / "README.md").read_text())
    listed = re.sub(r" \([^)]*\)", "", row).split(", ")
    assert sorted(listed) == sorted(menu.get("name") for menu in menus)


@pytest.fixture(scope="module")
def source():
    """Return the words of all files in which names are defined."""
    folders = [*addons(), ROOT / "dev"]
    paths = (path for folder in folders for kind in ("py", "xml", "csv") for path in folder.rglob(f"*.{kind}"))
    return {word for path in paths for word in re.findall(r"\w+", path.read_text())}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_names_are_those_of_the_source(document, source):
    assert not set(NAME.findall(document.read_text())) - source
