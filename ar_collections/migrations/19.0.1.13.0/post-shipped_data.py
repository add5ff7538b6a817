"""Shipped data that people may delete says `forcecreate="0"` since this version, so that an upgrade does not create it.

Databases that skip the version with which some of it came do not have it yet.
"""

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.tools import file_path, parse_version
from odoo.tools.convert import xml_import

RELIEF = "data/recovery/write_off_data.xml"

#: The files of data, by the first version that has them; of a file that grew the external ids, else ``None`` for all.
RECORDS = {
    "19.0.1.6.0": {
        "data/late_charges/reference_rates.xml": None,
        "data/late_charges/late_charge_regimes.xml": None,
        "data/recovery/limitation_rules.xml": None,
        RELIEF: {"tax_relief_uk"},
    },
    "19.0.1.7.0": {
        "data/recovery/response_rules.xml": None,
        RELIEF: {f"tax_relief_{country}" for country in ("de", "fr", "it", "es", "nl", "ie")},
    },
}


def migrate(cr, version):
    """Create what the version before did not have yet. It may run again: what exists stays as it is.

    :param version: the version installed before, None on a new installation
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for since, files in RECORDS.items():
        if parse_version(version) < parse_version(since):
            for name, wanted in files.items():
                _create_missing(env, f"ar_collections/{name}", wanted)
    if parse_version(version) < parse_version("19.0.1.7.0"):
        _count_lump_sums(env)


def _create_missing(env, path, wanted):
    root = etree.parse(file_path(path)).getroot()
    for record in root.findall("record"):
        name = record.get("id")
        is_wanted = wanted is None or name in wanted
        if not is_wanted or env.ref(f"ar_collections.{name}", raise_if_not_found=False):
            root.remove(record)
    xml_import(env, "ar_collections", {}, "init", noupdate=True, xml_filename=path).parse(root)


def _count_lump_sums(env):
    """Let the lump sum count against legal costs by the rules of Germany, as a field of 19.0.1.7.0 says.

    The script of that version runs before this one, which may have created the rules only now.
    """
    rules = env.ref("ar_collections.late_charge_regime_de", raise_if_not_found=False)
    if rules:
        rules.lump_sum_counts = True
