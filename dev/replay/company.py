"""The company whose history is replayed: collections activated, with the default policy and schedule."""

from dev.setup.odoo_command import use_mail_server


def prepare_company(env, port):
    """Activate collections on the main company, without safe start, with a collector for messages and calls.

    :param int port: of the mail sink
    :return: the company
    """
    company = env.company
    users = env["res.users"].with_context(no_reset_password=True)  # no invitations by e-mail
    collector = users.create(
        {
            "name": "The collector",
            "login": "collector",
            "email": "collector@company.example.com",
            "group_ids": [(4, env.ref("ar_collections.ar_collections_group_collector").id)],
        }
    )
    company.write({"email": "books@company.example.com", "ar_active": True, "ar_daily_ramp": 0})
    policies = env["ar.credit.policy"].search([("company_id", "=", company.id)])
    policies.with_context(mail_auto_subscribe_no_notify=True).user_id = collector
    use_mail_server(env, port)
    env.cr.commit()
    return company


def activate_currencies(env, codes):
    """Activate the currencies of the history; `None` means the company's own."""
    for code in {code for code in codes if code}:
        currency_of(env, code).active = True


def currency_of(env, code):
    """Return the currency of an ISO code, the company's where it is `None`."""
    if code is None:
        return env.company.currency_id
    return env["res.currency"].with_context(active_test=False).search([("name", "=", code)], limit=1)
