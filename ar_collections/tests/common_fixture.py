"""What every test class needs stands in the test database: company, chart of accounts, users, provider, policy.

Odoo's common test classes create it anew for each class, which takes seconds. `make test` calls `store` once, on the
database that it then copies for its processes; `restore` gives a class the stored records. Where nothing is stored, as
with a plain `odoo --test-tags`, the classes create their own.
"""

import functools
import json

from odoo.models import BaseModel
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

#: The system parameter that holds the attributes of the class.
PARAMETER = "ar_collections.test_fixture"
#: The name of another company with a chart of accounts, for the tests that create one.
SPARE = "Spare company"
#: How many archived users of each of the add-on's groups are stored, for the tests that create some.
SPARE_USERS = {"salesperson": 2, "auditor": 2, "collector": 3, "manager": 2, "credit_manager": 2}


def store(case):
    """Run the set-up of a test class and commit what it creates, together with the attributes it gives to the class."""
    declared = set(vars(case))
    try:
        case.setUpClass()
        given = {name: _encode(value) for name, value in vars(case).items() if name not in declared}
        attributes = {name: encoded for name, encoded in given.items() if encoded}
        fixture = {"uid": case.env.uid, "attributes": attributes}
        case.env["ir.config_parameter"].sudo().set_param(PARAMETER, json.dumps(fixture))
        case.env.user.company_ids -= case._create_company(name=SPARE)
        for group, number in SPARE_USERS.items():
            for place in range(number):
                case._user(group, login=f"{spare_login(group)}{place}", active=False)
        case.env.flush_all()
        case.commit_patcher.stop()
        case.cr.commit()
    finally:
        case.doClassCleanups()


def spare_login(group):
    """Return how the login of a group's stored users starts."""
    return f"spare-{group}-"


def is_stored():
    """Return whether the database holds a fixture."""
    return bool(_read(get_db_name()))


def restore(case):
    """Give a class the stored user and attributes, except those it has from a set-up of its own."""
    fixture = _read(get_db_name())
    case.env = case.env(user=fixture["uid"], context=case.default_env_context())
    for name, encoded in fixture["attributes"].items():
        if name not in vars(case):
            setattr(case, name, _decode(case.env, encoded))
            # A class may be set up again in the same process, after the tests of others; its records were rolled back.
            case.addClassCleanup(delattr, case, name)


@functools.cache
def _read(database):
    with Registry(database).cursor() as cr:
        cr.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [PARAMETER])
        row = cr.fetchone()
    return json.loads(row[0]) if row else None


def _encode(value):
    """Return a value as JSON, [kind, content]; None where it cannot be stored."""
    if isinstance(value, BaseModel):
        return ["records", [value._name, value.ids, value.env.su]]
    if isinstance(value, dict):
        items = {key: _encode(item) for key, item in value.items()}
        return None if None in items.values() else ["dict", items]
    if isinstance(value, bool | int | float | str):
        return ["plain", value]
    return None


def _decode(env, encoded):
    """Return the value that `_encode` took apart."""
    kind, content = encoded
    if kind == "records":
        model, ids, superuser = content
        return env(su=superuser)[model].browse(ids)
    if kind == "dict":
        return {key: _decode(env, item) for key, item in content.items()}
    return content
