"""Warnings of ours are found in Odoo's log, and nobody else's."""

import pytest

from dev.setup.odoo_log import own_records

TIME = "2025-01-31 10:00:00,000 7"


@pytest.mark.parametrize(
    "record",
    [
        "WARNING db odoo.registry: The models ['ar.promise'] have no access rules",
        "ERROR db odoo.addons.ar_collections.models.customers.ar_customer: no",
        "WARNING db odoo.fields: unknown parameter on res.partner.ar_state",
        'ERROR db odoo.http: failed\nTraceback\n  File "/home/me/ar_collections/ar_collections/models/x.py"',
    ],
)
def test_a_warning_about_us_is_ours(record):
    assert own_records(f"{TIME} {record}", root="/home/me/ar_collections")


@pytest.mark.parametrize(
    "record",
    [
        "INFO db odoo.modules.loading: Loading module ar_collections",
        "WARNING db odoo.tools.translate: no translation in ar.po",
        "WARNING ar_test_1 odoo.addons.mail: odd",
        'ERROR db odoo.http: failed\nTraceback\n  File "/home/me/ar_collections/.dev/odoo/x.py"',
    ],
)
def test_a_warning_about_others_is_not(record):
    assert not own_records(f"{TIME} {record}", root="/home/me/ar_collections")
