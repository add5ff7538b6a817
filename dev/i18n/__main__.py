"""`make i18n`: export the translation template of each add-on, bring its translations in step, say what is missing.

Fails where a text that customers read is not translated, or uncertain.

Odoo exports the template from a fresh database. Reads `KEEP` (non-empty: keep the database).
"""

import polib

from dev.i18n.catalogs import export_template, is_for_customers, keep_dates, merge, missing
from dev.setup.console import run_tool
from dev.setup.odoo_command import odoo_environment
from dev.setup.paths import ROOT, addons
from dev.setup.postgres import database_server
from dev.setup.scratch import ALL_TEMPLATE_MODULES, scratch_database

#: Number of missing and of dropped terms that are listed, per file.
MOST_LISTED = 20


def main():
    """Update the files of every add-on; return the exit status."""
    modules = [addon.name for addon in addons()]
    with (
        database_server(),
        scratch_database("i18n", modules, ALL_TEMPLATE_MODULES) as name,
        odoo_environment(name) as env,
    ):
        left = [update(addon, export_template(env, addon.name)) for addon in addons()]
    if any(left):
        print("Texts that customers read are not translated: see above.")
    return 1 if any(left) else 0


def update(addon, template):
    """Write an add-on's template and its translations.

    :param Path addon: the folder of the add-on
    :param polib.POFile template: as exported
    :return: how many terms that customers read are missing in its translations
    :rtype: int
    """
    folder = addon / "i18n"
    folder.mkdir(exist_ok=True)
    path = folder / f"{addon.name}.pot"
    if path.is_file():
        keep_dates(template, polib.pofile(str(path)))
    template.save(str(path))
    print(f"{path.relative_to(ROOT)}: {len(template)} terms")
    left = 0
    for path in sorted(folder.glob("*.po")):
        translation, dropped = merge(template, polib.pofile(str(path)))
        translation.save(str(path))
        _report(path, translation, dropped)
        left += sum(map(is_for_customers, missing(translation)))
    return left


def _report(path, translation, dropped):
    """Print what a translator has to do, and which translations were dropped with their terms."""
    left = missing(translation)
    print(f"{path.relative_to(ROOT)}: {len(left)} of {len(translation)} terms not translated, {len(dropped)} dropped")
    for title, entries in (("not translated", left), ("dropped", dropped)):
        for entry in entries[:MOST_LISTED]:
            print(f"  {title}: {entry.msgid}")
        if len(entries) > MOST_LISTED:
            print(f"  and {len(entries) - MOST_LISTED} more")


if __name__ == "__main__":
    run_tool(main)
