"""The currencies of Odoo, read from its source, so that a file can be checked before there is a database."""

from lxml import etree

from dev.setup.paths import odoo_home


def currency_codes():
    """Return the ISO codes of every currency in Odoo's data, active or not.

    :rtype: frozenset[str]
    """
    data = etree.parse(odoo_home() / "odoo" / "addons" / "base" / "data" / "res_currency_data.xml")
    return frozenset(data.xpath("//record[@model='res.currency']/field[@name='name']/text()"))
