"""Shipped data that people may delete says `forcecreate="0"` since this version, so that an upgrade does not create it.

Databases that skip the version with which some of it came do not have it yet.
"""

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.tools import file_path, parse_version
from odoo.tools.convert import xml_import

#: The files of data, by the first version that has them.
FILES = {
    "19.0.1.6.0": (
        "data/late_charges/reference_rates.xml",
        "data/late_charges/late_charge_regimes.xml",
        "data/recovery/limitation_rules.xml",
        "data/recovery/write_off_data.xml",
    ),
    "19.0.1.7.0": ("data/recovery/response_rules.xml", "data/recovery/write_off_data.xml"),
}


def migrate(cr, version):
    """Create what the version before did not have yet. It may run again: what exists stays as it is.

    :param version: the version installed before, None on a new installation
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    missed = [files for since, files in FILES.items() if parse_version(version) < parse_version(since)]
    for name in dict.fromkeys(name for files in missed for name in files):
        _create_missing(env, f"ar_collections/{name}")


def _create_missing(env, path):
    root = etree.parse(file_path(path)).getroot()
    for record in root.findall("record"):
        if env.ref(f"ar_collections.{record.get('id')}", raise_if_not_found=False):
            root.remove(record)
    xml_import(env, "ar_collections", {}, "init", noupdate=True, xml_filename=path).parse(root)
