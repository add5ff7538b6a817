"""The documents name what there is: menus, scheduled actions, steps of the night, files, functions and fields."""

import re
from collections import Counter

import pytest
from lxml import etree

from dev.setup.paths import ROOT, addons

ARCHITECTURE = ROOT / "docs" / "architecture.md"
#: All but the changelog, which tells of what was.
DOCUMENTS = sorted(
    {*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("ar_collections*/README.md")} - {ROOT / "CHANGELOG.md"}
)
MENUS = ROOT / "ar_collections" / "views" / "menus.xml"
ROW = re.compile(r"^\| \*Invoicing > Configuration > Collections\* \| (.*?) \|", re.MULTILINE)
ACTION = re.compile(r"^\| (Collections: [^|(]+?) [(|]", re.MULTILINE)
STEP = re.compile(r"^\| (\w+) \| `(ar\.[.\w]+)\.(_\w+)` \|", re.MULTILINE)
#: A name of the source in backticks: with an underscore inside, which words do not have, or before.
NAME = re.compile(r"`(\w*_\w*)(?:\(\))?`")
#: Names of Odoo and PostgreSQL in the documents.
NOT_OURS = {
    "_confirmation_error_message", "_cron_post_process", "_synchronize_from_moves", "base_vat", "hash_sign",
    "pg_current_snapshot", "pg_restore", "sms_twilio",
}  # fmt: skip
#: Ends of the names of our other add-ons, as lists of them give them.
NOT_OURS |= {path.name.removeprefix("ar_collections") for path in addons()}
CODE = {".py", ".xml", ".js", ".csv", ".scss"}
FILE = re.compile(rf"`([\w./-]+(?:{'|'.join(map(re.escape, sorted(CODE)))}))`")
#: Comments and docstrings, in which words are no definitions.
PROSE = re.compile(r'""".*?"""|^\s*#.*?$|  # .*?$', re.DOTALL | re.MULTILINE)


def test_the_menu_of_the_set_up_is_listed_once_and_complete():
    menus = etree.parse(MENUS).iterfind(".//menuitem[@parent='ar_collections_configuration_menu']")
    (row,) = ROW.findall((ROOT / "README.md").read_text())
    listed = re.sub(r" \([^)]*\)", "", row).split(", ")
    assert sorted(listed) == sorted(menu.get("name") for menu in menus)


def test_the_scheduled_actions_are_listed():
    files = [path for addon in addons() for path in addon.glob("data/**/*.xml")]
    actions = (record for path in files for record in etree.parse(path).iterfind(".//record[@model='ir.cron']"))
    listed = ACTION.findall((ROOT / "README.md").read_text())
    assert sorted(listed) == sorted(action.findtext("field[@name='name']") for action in actions)


def test_the_steps_of_the_night_are_listed_in_their_order():
    names = {}
    for name in ("worklist", "nightly"):  # without the package, which needs Odoo
        source = (ROOT / "ar_collections" / "const" / f"{name}.py").read_text()
        exec(re.sub(r"^from .*$", "", source, flags=re.MULTILINE), names)
    section = ARCHITECTURE.read_text().split("\n## The nightly run\n")[1].split("\n## ")[0]
    assert STEP.findall(section) == names["NIGHTLY_STEPS"]


def test_the_decisions_are_listed_with_their_titles():
    folder = ROOT / "docs" / "decisions"
    titles = {path.name: path.read_text().split("\n", 1)[0] for path in folder.glob("0*.md")}
    rows = re.findall(r"^\| \[(\d+)\]\((.*?)\) \| (.*) \|$", (folder / "README.md").read_text(), re.MULTILINE)
    assert {name: f"# {number}. {title}" for number, name, title in rows} == titles


@pytest.fixture(scope="module")
def kept():
    """Return the paths of the files that are edited; without git, which may refuse a folder of another user."""
    paths = (path for folder in (*addons(), ROOT / "dev") for path in folder.rglob("*") if path.suffix in CODE)
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.fixture(scope="module")
def source(kept):
    """Return the words of the source that may be names: those of comments, docstrings and tests are none."""
    paths = [path for path in kept if path.endswith((".py", ".xml", ".csv"))]
    paths = [ROOT / path for path in paths if "/tests/" not in path or "/tests/common" in path]
    return {word for path in paths for word in re.findall(r"\w+", PROSE.sub("", path.read_text()))}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_are_those_of_the_source(document, source):
    assert not set(NAME.findall(document.read_text())) - source - NOT_OURS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_those_of_the_repository(document, kept):
    """A path ends that of one file, or is one under `ar_collections/models/`; a bare name stands beside its folder."""
    unknown = {}
    for name in set(FILE.findall(document.read_text())):
        found = [path for path in kept if f"/{path}".endswith(f"/{name}")]
        is_clear = len(found) == 1 or f"ar_collections/models/{name}" in found or (found and "/" not in name)
        if not is_clear:
            unknown[name] = found
    assert not unknown


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_said_twice(document):
    """Two lines that begin alike are left from merging."""
    starts = Counter(line[:80] for line in document.read_text().splitlines() if len(line) >= 60 and line[:4] != "|---")
    assert not [start for start, count in starts.items() if count > 1]
