"""Translation catalogs: the template (`.pot`) as Odoo exports it, and the translations (`.po`) brought in step with it.

The files are written as Odoo's own export writes them, sorted by source text, and only when something changed.
"""

import io
import re

import polib

#: Headers of an export that differ each time.
DATES = ("POT-Creation-Date", "PO-Revision-Date")

#: Where the texts are that customers read. Templates of pages, documents and emails have no ``_view`` in their names.
#: Of Python, these are the files with texts for customers only, and those whose refusals the customer page shows.
_CUSTOMERS = re.compile(
    r"code:addons/\w+/controllers/"
    r"|code:addons/\w+/messages/(autopay|autopay_form|credit_page|disputes|plans|portal|promises|reported_payments)\.py"
    r"|code:addons/\w+/models/("
    r"(\w+/)*portal/|(\w+/)*\w+_portal\.py|(\w+/)*ar_(credit_terms|customer|dispute|placement)_notice\.py"
    r"|autopay/ar_payment_plan\.py|communications/ar_communication_(group|letter|message)\.py"
    r"|credit/terms/ar_credit_policy\.py|customers/ar_customer_lock\.py|late_charges/ar_customer\.py"
    r"|plans/ar_(customer|payment_plan_agreement)\.py|promises/ar_customer\.py|receipts/ar_payment_receipt\.py"
    r"|reported_payments/ar_customer\.py|statements/ar_(communication|customer_statement)\.py)"
    r"|model(_terms)?:mail\.template,(subject|body_html):"
    r"|model_terms:ir\.ui\.view,arch_db:\w+\.(?!\w*_view)"
)

#: What a translation has to keep: placeholders, expressions, tags and entities.
_FIXED = re.compile(r"%\([a-z_0-9]+\)[sd]|%s|%d|\{\{.*?\}\}|</?[a-zA-Z][^>]*>|&[a-z]+;")

#: Attributes of a tag that are read, and translated with the text.
_SHOWN = re.compile(r'\b(title|aria-label|alt|placeholder)="[^"]*"')


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


def is_for_customers(entry):
    """Return whether customers read a term: on their page, in an email, or on a printed document.

    >>> page = polib.POEntry(occurrences=[("model_terms:ir.ui.view,arch_db:ar_collections.portal_plan_page", "0")])
    >>> form = polib.POEntry(occurrences=[("model_terms:ir.ui.view,arch_db:ar_collections.ar_promise_view_form", "0")])
    >>> is_for_customers(page), is_for_customers(form)
    (True, False)
    >>> codes = [polib.POEntry(occurrences=[(f"code:addons/ar_collections/{name}.py", "0")]) for name in
    ...          ("messages/portal", "models/autopay/portal/ar_customer_notice", "messages/credit")]
    >>> [is_for_customers(each) for each in codes]
    [True, True, False]
    """
    return any(_CUSTOMERS.match(place) for place, _line in entry.occurrences)


def damaged(catalog):
    """Return the terms whose translation lacks a placeholder or a tag of the source, or has another one.

    >>> entry = polib.POEntry(msgid="Pay %(amount)s <b>now</b>", msgstr="Payez <b>maintenant</b>")
    >>> [each.msgid for each in damaged([entry])]
    ['Pay %(amount)s <b>now</b>']
    """
    return [each for each in catalog if each.msgstr and _find_fixed(each.msgid) != _find_fixed(each.msgstr)]


def _find_fixed(text):
    return sorted(_FIXED.findall(_SHOWN.sub("", text)))


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
