"""Actions of staff (buttons and dialogs) and of customers (calls of the portal page) for the demo company's events."""

from decimal import Decimal


def account(env, name):
    """Return a demo customer's account.

    :param str name: the end of the customer's XML id
    :rtype: `ar.customer`
    """
    partner, company = env.ref(f"ar_collections.demo_partner_{name}"), env.ref("ar_collections.demo_company")
    own = [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
    return env["ar.customer"].with_company(company).search(own)


# === STAFF === #


def as_collector(records):
    """Return records in the environment of the collector."""
    return records.with_user(records.env.ref("ar_collections.demo_collector"))


def as_salesperson(records):
    """Return records in the environment of the salesperson."""
    return records.with_user(records.env.ref("ar_collections.demo_salesperson"))


def as_collections_manager(records):
    """Return records in the environment of the collections manager, who is no credit manager."""
    return records.with_user(records.env.ref("ar_collections.demo_manager"))


def as_manager(records):
    """Return records in the environment of the credit manager."""
    return records.with_user(records.env.ref("base.user_admin"))


def answer_dialog(records, button, **answers):
    """Call a button's method and return the dialog that it opens, filled in.

    :param answers: values of the dialog's fields
    """
    action = getattr(records, button)()
    dialogs = records.env[action["res_model"]].with_context(**action.get("context", {}))
    if not action.get("res_id"):
        return dialogs.create(answers)
    dialog = dialogs.browse(action["res_id"])
    dialog.write(answers)
    return dialog


def open_dispute(env, name):
    """Return the open dispute of a customer."""
    return env["ar.dispute"].search([("customer_id", "=", account(env, name).id), ("state", "in", ("new", "review"))])


def request_limit(customer, amount, reason, **answers):
    """Request a credit limit for a customer by the button of the contact.

    :param customer: an account in the environment of who requests it
    :param answers: further values of the dialog
    """
    answer_dialog(
        customer.partner_id, "action_ar_request_limit", wanted_limit=amount, reason=reason, **answers
    ).action_confirm()


def open_request(env, name):
    """Return the credit request of a customer that is not decided."""
    return env["ar.credit.request"].search([("customer_id", "=", account(env, name).id), ("state", "=", "open")])


def pay(env, name, amount):
    """Book a payment of today for what the customer owes, the oldest invoice first."""
    pay_oldest(env, account(env, name), amount)


def pay_oldest(env, customer, amount):
    """Book a payment of today for the oldest invoice of an account."""
    invoices = customer.open_line_ids.sorted("date_maturity").move_id
    register = as_manager(env["account.payment.register"]).with_company(invoices.company_id)
    register = register.with_context(active_model="account.move", active_ids=invoices[:1].ids)
    register.create({"amount": amount})._create_payments()


# === CUSTOMERS === #


def as_customer(env, name):
    """Return a customer's account as the portal has it: the public user, with the access token checked already."""
    customer = account(env, name)
    language = customer.partner_id.lang
    return customer.with_user(env.ref("base.public_user")).sudo().with_context(lang=language)


def late_items(customer):
    """Return {journal item id: None} for all overdue items: those that the page selects by default."""
    today = customer.company_id._ar_today()
    return {item.item_id: None for item in customer._get_facts().items if item.due_date < today}


def dispute_as_customer(env, name, reason, amount, text, *files):
    """Dispute a part of the overdue items.

    :param str reason: the end of its XML id
    :param files: see `file`
    """
    customer = as_customer(env, name)
    disputes = customer.env["ar.dispute"]._as_system()
    disputed = dict.fromkeys(late_items(customer), Decimal(amount))
    reason = env.ref(f"ar_collections.dispute_reason_{reason}")
    customer = customer.with_env(disputes.env).with_company(customer.company_id)
    disputes._raise_dispute(customer, reason, disputed, text, "portal", files)


def file(name, text):
    """Return a text file to send with a dispute."""
    from odoo.addons.ar_collections.core.disputes.attachment import File

    return File(name, text.encode())


def write_as_customer(env, name, text):
    """Answer a reminder by e-mail."""
    customer = account(env, name)
    author = customer.partner_id
    customer.message_post(
        body=text,
        subject="Re: a friendly reminder",
        author_id=author.id,
        email_from=author.email_formatted,
        message_type="email",
        subtype_xmlid="mail.mt_comment",
    )
