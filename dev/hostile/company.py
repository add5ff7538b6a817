"""Two companies with customers and everybody who might attack them: who they are, and what they must not see."""

import datetime
from dataclasses import dataclass, field

from dev.replay.company import prepare_company

#: In the name of the customer under attack, so that it is recognized in any answer.
SECRET = "Quillfeather"
PASSWORD = "hostile-hostile"


@dataclass
class Target:
    """What is attacked.

    :param ids: {model: ids of the records of the customer under attack}
    :param token: the access token of its page
    :param other_id: account of another customer
    :param other_token: access token of that one
    :param logins: {role: login}
    """

    customer_id: int
    token: str
    other_id: int
    other_token: str
    ids: dict[str, list[int]] = field(default_factory=dict)
    logins: dict[str, str] = field(default_factory=dict)

    @property
    def secrets(self):
        """What must not stand in the answer to somebody without access."""
        return (SECRET, self.token)


def fill(env, mail_port):
    """Create the companies, customers and users; return what is attacked.

    :rtype: Target
    """
    company = prepare_company(env, mail_port)
    env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", "True")
    providers = env["payment.provider"].search([("code", "=", "demo"), ("company_id", "=", company.id)])
    providers.write({"state": "test", "is_published": True})
    elsewhere = env["res.company"].create({"name": "Elsewhere"})
    env["account.chart.template"].try_loading("generic_coa", elsewhere)
    customer = _make_customer(env, f"{SECRET} Ltd.", (200.0, 100.0, 300.0, 400.0, 500.0))
    other = _make_customer(env, "Other Customer", (77.0, 88.0))
    target = Target(customer.id, _make_token(customer), other.id, _make_token(other))
    _make_agreements(env, customer)
    target.ids = _read_ids(env, customer)
    target.logins = {
        "portal user of another customer": _make_user(env, "base.group_portal", company, other.partner_id),
        "salesperson": _make_user(env, "ar_collections.ar_collections_group_salesperson", company),
        "auditor": _make_user(env, "ar_collections.ar_collections_group_auditor", company),
        "collector of another company": _make_user(env, "ar_collections.ar_collections_group_collector", elsewhere),
    }
    env.cr.commit()
    return target


def _make_customer(env, name, amounts):
    """Create a customer with an overdue invoice of each amount, and a credit note; return the account."""
    partner = env["res.partner"].create({"name": name, "is_company": True, "email": f"{name.split()[0]}@example.com"})
    day = env.company._ar_today() - datetime.timedelta(days=20)
    moves = env["account.move"].create(
        [
            {
                "move_type": kind,
                "partner_id": partner.id,
                "invoice_date": day,
                "invoice_date_due": day,
                "invoice_line_ids": [(0, 0, {"name": "Goods", "price_unit": amount, "tax_ids": []})],
            }
            for kind, amount in [*(("out_invoice", amount) for amount in amounts), ("out_refund", 30.0)]
        ]
    )
    moves.action_post()
    return env["ar.customer"].search([("partner_id", "=", partner.id)])


def _make_token(customer):
    return str(customer.env["ar.portal.link"]._issue(customer, "message"))


def _make_agreements(env, customer):
    """Record a promise, a dispute and a payment plan of the customer."""
    items = [item.item_id for item in customer._get_facts().items]
    today = env.company._ar_today()
    customer._promise(today + datetime.timedelta(days=5), {items[0]: None})
    reason = env["ar.dispute.reason"].search([], limit=1)
    env["ar.dispute"]._raise_dispute(customer, reason, {items[1]: None}, "Broken boxes")
    total = sum(customer._get_free_amounts()[item] for item in items[2:3])
    currency = customer.company_id.currency_id
    schedule = customer._get_schedule(total, currency, "month", today + datetime.timedelta(days=7), 2)
    env["ar.payment.plan"]._make(customer, {items[2]: None}, schedule, frequency="month")


def _read_ids(env, customer):
    """Return {model: ids} of the records of the customer that an attacker names."""
    own = [("customer_id", "=", customer.id)]
    ids = {model: env[model].search(own).ids for model in ("ar.promise", "ar.dispute", "ar.payment.plan")}
    ids["ar.communication"] = env["ar.communication"].search(own).ids
    lines = env["account.move.line"].search(
        [("partner_id", "=", customer.partner_id.id), ("account_id.account_type", "=", "asset_receivable")]
    )
    return {**ids, "account.move": lines.move_id.ids, "account.move.line": lines.ids, "ar.customer": customer.ids}


def _make_user(env, group, company, parent=None):
    """Create a user with one group; return the login."""
    login = group.rsplit("_", 1)[-1] + f"-{company.id}"
    values = {
        "name": login,
        "login": login,
        "password": PASSWORD,
        "email": f"{login}@company.example.com",
        "group_ids": [(6, 0, env.ref(group).ids)],
        "company_id": company.id,
        "company_ids": [(6, 0, company.ids)],
    }
    if parent:
        contact = {"name": login, "parent_id": parent.id, "email": f"{login}@example.com"}
        values["partner_id"] = env["res.partner"].create(contact).id
    env["res.users"].with_context(no_reset_password=True).create(values)
    return login
