"""Translations: nothing is lost when they are brought in step with the source, and the add-ons' own are in step."""

import polib
import pytest

from dev.i18n.catalogs import damaged, export_template, is_for_customers, keep_dates, merge, missing, terms
from dev.setup.paths import find_addons

HINT = "The translation files are out of date: run `make i18n`."
HEADER = """
msgid ""
msgstr ""
"Language: fr\\n"
"POT-Creation-Date: {date}\\n"
"PO-Revision-Date: {date}\\n"
"""


def _catalog(*entries, date="2026-01-01"):
    return polib.pofile(HEADER.format(date=date) + "".join(entries))


def _entry(source, translation="", comment="#. module: ar_collections\n#: code:addons/ar_collections/a.py:0\n"):
    return f'\n{comment}msgid "{source}"\nmsgstr "{translation}"\n'


def test_translations_are_kept_and_those_of_deleted_terms_are_dropped():
    template = _catalog(_entry("Call"), _entry("Letter"), date="2026-02-02")
    old = _catalog(_entry("Letter", "Lettre"), _entry("Letters", "Lettres"), _entry("Unused"))
    merged, dropped = merge(template, old)
    assert [(entry.msgid, entry.msgstr) for entry in merged] == [("Call", ""), ("Letter", "Lettre")]
    assert [entry.msgid for entry in dropped] == ["Letters"]
    assert [entry.msgid for entry in missing(merged)] == ["Call"]
    assert merged.metadata["Language"] == "fr"
    assert (merged.metadata["POT-Creation-Date"], merged.metadata["PO-Revision-Date"]) == ("2026-02-02", "2026-01-01")


def test_an_uncertain_translation_stays_uncertain_and_is_reported():
    uncertain = _entry("Letter", "Lettre", "# to be checked\n#, fuzzy\n")
    merged, _dropped = merge(_catalog(_entry("Letter")), _catalog(uncertain))
    assert [entry.msgid for entry in missing(merged)] == ["Letter"]
    assert [(entry.msgstr, entry.tcomment) for entry in merged] == [("Lettre", "to be checked")]


def test_references_are_those_of_the_template():
    moved = _entry("Call", "Appel", "#: code:addons/ar_collections/old.py:0\n")
    merged, _dropped = merge(_catalog(_entry("Call")), _catalog(moved))
    assert [entry.occurrences for entry in merged] == [[("code:addons/ar_collections/a.py", "0")]]


def test_the_same_terms_keep_their_dates():
    first, second = _catalog(_entry("Call")), _catalog(_entry("Call"), date="2026-02-02")
    keep_dates(second, first)
    assert str(second) == str(first)
    changed = _catalog(_entry("Calls"), date="2026-02-02")
    keep_dates(changed, first)
    assert changed.metadata["POT-Creation-Date"] == "2026-02-02"


@pytest.mark.parametrize("addon", find_addons(), ids=lambda addon: addon.name)
def test_the_template_is_up_to_date(addon):
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name

    with Registry(get_db_name()).cursor() as cr:
        exported = terms(export_template(api.Environment(cr, SUPERUSER_ID, {}), addon.name))
    template = terms(polib.pofile(str(addon / "i18n" / f"{addon.name}.pot")))
    changed = sorted(source for source in {**exported, **template} if exported.get(source) != template.get(source))
    assert not changed, HINT


TRANSLATIONS = pytest.mark.parametrize(
    "path",
    [path for addon in find_addons() for path in sorted(addon.glob("i18n/*.po"))],
    ids=lambda path: f"{path.parent.parent.name}-{path.name}",
)


@TRANSLATIONS
def test_customers_read_nothing_untranslated(path):
    left = [entry.msgid for entry in missing(polib.pofile(str(path))) if is_for_customers(entry)]
    assert not left, "Translate what customers read, or take out the translation."


@TRANSLATIONS
def test_placeholders_and_tags_are_kept(path):
    assert not [entry.msgid for entry in damaged(polib.pofile(str(path)))]


@TRANSLATIONS
def test_the_translations_have_the_terms_of_the_template(path):
    template = terms(polib.pofile(str(path.with_name(f"{path.parent.parent.name}.pot"))))
    assert terms(polib.pofile(str(path))) == template, HINT


@pytest.mark.parametrize(
    "path",
    [path for addon in find_addons() for path in sorted(addon.glob("i18n/fr.po"))],
    ids=lambda path: path.parent.parent.name,
)
def test_the_french_is_complete(path):
    assert not [entry.msgid for entry in missing(polib.pofile(str(path)))]
