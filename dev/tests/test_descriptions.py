"""The pages for the Apps list: what its sanitizer leaves, pictures that exist and are small, a complete manifest."""

import ast
import re
import struct

import pytest
from lxml import html

from dev.setup.paths import ROOT, addons

ADDONS = pytest.mark.parametrize("addon", addons(), ids=lambda addon: addon.name)
#: What the Apps list keeps of a page.
TAGS = {"section", "div", "h1", "h2", "h3", "h4", "p", "img", "table", "thead", "tbody", "tr", "th", "td"}
TAGS |= {"ul", "ol", "li", "b", "i", "span"}
ATTRIBUTES = {"class", "src", "alt", "style"}
#: Bytes of a picture, and characters of a name, at most.
PICTURE, NAME = 200_000, 25


@ADDONS
def test_the_page_keeps_what_is_in_it(addon):
    text = _page(addon)
    elements = list(html.fragment_fromstring(text, create_parent="main").iterdescendants())
    assert {each.tag for each in elements} <= TAGS
    assert {name for each in elements for name in each.attrib} <= ATTRIBUTES
    assert "static/" not in text  # Odoo completes names of files only
    assert not re.search(r"https?://|//|javascript:|url\(", text)


@ADDONS
def test_each_picture_is_there_and_described(addon):
    folder = addon / "static" / "description"
    for picture in html.fromstring(_page(addon)).iter("img"):
        assert picture.get("alt")
        assert (folder / picture.get("src")).is_file()
    assert _size(folder / "icon.png") == (128, 128)
    for path in folder.glob("*.png"):
        assert path.stat().st_size <= PICTURE


@ADDONS
def test_the_manifest_is_complete(addon):
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text(encoding="utf-8"))
    for key in ("name", "summary", "version", "category", "license", "author", "depends"):
        assert manifest.get(key)
    assert all((addon / path).is_file() for path in manifest.get("images", ()))
    assert not {"website", "support", "live_test_url", "price", "currency"} & set(manifest)  # no such address


def test_the_main_add_on_has_a_banner_first():
    addon = addons()[0]
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text(encoding="utf-8"))
    assert len(manifest["name"]) <= NAME
    assert _size(addon / manifest["images"][0]) == (560, 280)
    assert len(manifest["images"]) >= 8


def test_the_readme_shows_pictures_that_are_there():
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert pictures
    assert all((ROOT / path).is_file() for path in pictures)


def _page(addon):
    return (addon / "static" / "description" / "index.html").read_text(encoding="utf-8")


def _size(path):
    """Return (width, height) of a PNG."""
    return struct.unpack(">II", path.read_bytes()[16:24])
