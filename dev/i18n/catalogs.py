"""Translation catalogs: the template (`.pot`) as Odoo exports it, and the translations (`.po`) brought in step with it.

The files are written as Odoo's own export writes them, sorted by source text, and only when something changed.
"""

import io

import polib

#: Headers of an export that differ each time.
DATES = ("POT-Creation-Date", "PO-Revision-Date")


def export_template(env, module):
    """Return the template of an installed module.

    :param env: an environment of a database without demonstration data
    :param str module: technical name
    :rtype: polib.POFile
    """
    from odoo.tools.translate import trans_export  # Odoo can be imported only now

    buffer = io.BytesIO()
    trans_export(None, [module], buffer, "po", env)
    return polib.pofile(buffer.getvalue().decode())


def merge(template, translation):
    """Return the translation with the terms of the template, and those of its translations that were dropped.

    A term keeps its translation as long as its source text is the same. Nothing is guessed from similar terms.

    :param polib.POFile template: the terms
    :param polib.POFile translation: the translations so far
    :rtype: tuple[polib.POFile, list[polib.POEntry]]
    """
    known = {(entry.msgctxt, entry.msgid): entry for entry in translation if not entry.obsolete}
    merged = polib.POFile()
    merged.header = template.header
    merged.metadata = {**translation.metadata, DATES[0]: template.metadata[DATES[0]]}
    for term in template:
        old = known.pop((term.msgctxt, term.msgid), None)
        merged.append(_translated(term, old))
    return merged, [entry for entry in known.values() if entry.msgstr]


def _translated(term, old):
    """Return a term of the template with its translation so far and the translator's comment and flags."""
    return polib.POEntry(
        msgctxt=term.msgctxt,
        msgid=term.msgid,
        msgstr=old.msgstr if old else "",
        comment=term.comment,
        tcomment=old.tcomment if old else "",
        occurrences=term.occurrences,
        flags=old.flags if old else [],
    )


def missing(translation):
    """Return the terms that a translator has to look at: not translated, or marked as uncertain ("fuzzy")."""
    return [entry for entry in translation if not entry.obsolete and (not entry.msgstr or "fuzzy" in entry.flags)]


def terms(catalog):
    """Return {source text: the records it belongs to}: what Odoo reads of a catalog, whatever the files of the code."""
    return {
        entry.msgid: {reference for reference, _line in entry.occurrences if not reference.startswith("code:")}
        for entry in catalog
        if not entry.obsolete
    }


def keep_dates(catalog, old):
    """Give a catalog the dates of the old one if nothing else changed."""
    dates = {name: catalog.metadata[name] for name in DATES}
    catalog.metadata.update({name: old.metadata.get(name, "") for name in DATES})
    if str(catalog) != str(old):
        catalog.metadata.update(dates)
