"""The parties of a payment order, in the order of the form, with where to enter what is not known."""


def get_parts(sheet):
    """Return the parts of the form before the claims: [{title, rows: [(label, value, where it is entered)]}].

    A row without the place is no duty: where it is empty, nothing is missing.

    :param sheet: an `ar.payment.order` record
    """
    env = sheet.env
    parts = [
        {"title": env._("Claimant"), "rows": _get_claimant(sheet)},
        {"title": env._("Defendant"), "rows": _get_defendant(sheet)},
    ]
    agency = sheet.placement_id.sudo().agency_id  # the caller checked the access to the case
    if agency.kind == "lawyer":
        rows = [(env._("Name"), agency.partner_id.name, ""), *_get_address(env, agency.partner_id, "")]
        parts.insert(1, {"title": env._("Represented in court by"), "rows": rows})
    return parts


def _get_claimant(sheet):
    env, company = sheet.env, sheet.company_id.sudo()  # its name and address are on every invoice
    settings = env._("Settings > Invoicing > Legal Steps")
    contact = env._("Settings > Users & Companies > Companies > %s", company.name)
    bank = company.partner_id.bank_ids[:1]
    return [
        (env._("Name"), company.name, contact),
        (env._("Legal form"), company.ar_legal_form, settings),
        (env._("Represented by"), company.ar_legal_representative, settings),
        *_get_address(env, company.partner_id, contact),
        _get_registry(env, company.partner_id, contact),
        (env._("Bank account"), bank.acc_number, ""),
    ]


def _get_defendant(sheet):
    env, customer = sheet.env, sheet.customer_id.sudo()  # the caller checked the access to the customer
    partner = customer.partner_id
    contact = env._("the contact %s", partner.name)
    account = env._("Customers > Collections > %s, tab Legal", partner.name)
    rows = [(env._("Name"), partner.name, contact)]
    if customer._get_debtor_kind() == "company":
        rows += [
            (env._("Legal form"), customer.legal_form, account),
            (env._("Represented by"), customer.legal_representative, account),
        ]
    rows += _get_address(env, partner, contact)
    if customer._get_debtor_kind() == "company":
        rows.append(_get_registry(env, partner, contact))
    return rows


def _get_registry(env, partner, contact):
    """Return the row of the number under which a company is registered, with the name of the field in Odoo."""
    field = partner._fields["company_registry"]._description_string(env)
    where = env._("%(contact)s, %(field)s", contact=contact, field=field)
    return (env._("Register number"), partner.company_registry or partner.vat, where)


def _get_address(env, partner, where):
    """Return the rows of an address; a post office box is none for a court, which people have to see themselves."""
    return [
        (env._("Street"), ", ".join(filter(None, (partner.street, partner.street2))), where),
        (env._("Zip and city"), " ".join(filter(None, (partner.zip, partner.city))), where),
        (env._("Country"), partner.country_id.name, where),
    ]
