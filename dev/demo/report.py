"""What the last run did, as tables: which customers were contacted and how, which were not and why."""


def summary(env):
    """Return the summary of the demo company's day.

    :rtype: str
    """
    company = env.ref("ar_collections.demo_company")
    today = company._ar_today()
    log = env["ar.communication"].search([("company_id", "=", company.id), ("date", "=", today)], order="id")
    contacted = log.filtered(lambda communication: communication.state not in ("cancelled", "skipped"))
    customers = env["ar.customer"].search([("company_id", "=", company.id)]) - contacted.customer_id
    reached = [_contact_row(communication) for communication in contacted]
    others = [_excluded_row(customer) for customer in customers]
    return "\n\n".join(
        [
            f"{company.name}, {_day(today)} {today.year}",
            _table(
                f"Contacted: {len(reached)} customers", ["Customer", "Step", "Channel", "Amount due", "Next"], reached
            ),
            _table(f"Not contacted: {len(others)} customers", ["Customer", "Reason", "Next"], others),
        ]
    )


def _contact_row(communication):
    how = f"{_label(communication, 'channel')}, {_label(communication, 'state').lower()}"
    if communication.activity_id:
        how = f"{_label(communication, 'channel')}, task of {communication.activity_id.user_id.name}"
    customer = communication.customer_id
    return [customer.display_name, communication.step_id.name, how, _amount_due(communication), _next(customer)]


def _excluded_row(customer):
    why, more = _label(customer, "decision_code"), _agreements(customer) or _given_reason(customer)
    if not more and customer.decision_code in ("already_sent", "too_soon"):
        more = f"last contact {_day(customer.last_contact_date)}"
    return [customer.display_name, f"{why} ({more})" if more else why, _next(customer)]


def _agreements(customer):
    """Return the promises, reported payments, disputes and plans of the customer in short."""
    own = [("customer_id", "=", customer.id)]
    promises, reports, disputes, plans = (
        customer.env[name].search(own)
        for name in ("ar.promise", "ar.reported.payment", "ar.dispute", "ar.payment.plan")
    )
    texts = [f"promise of {_money(p, 'amount_total')} by {_day(p.date)}: {_state(p)}" for p in promises]
    texts += [f"payment of {_money(r, 'amount_total')} reported: {_state(r)}" for r in reports]
    for dispute in disputes:
        until = f", answer by {_day(dispute.date_deadline)}" if not dispute.date_resolved else ""
        late = ", overdue" if dispute.is_overdue else ""
        texts.append(f"dispute of {_money(dispute, 'amount_total')}: {_state(dispute)}{until}{late}")
    for plan in plans:
        waits = ", needs approval" if plan.needs_approval else ""
        texts.append(f"plan over {_money(plan, 'amount_total')}: {_state(plan)}{waits}")
    return "; ".join(texts)


def _money(agreement, field):
    return agreement.currency_id.format(agreement[field])


def _state(agreement):
    return _label(agreement, "state").lower()


def _given_reason(customer):
    """Return the reason that a user gave, or the activity that waits for a user."""
    reasons = [customer.pause_reason, customer.exclusion_reason]
    reasons += customer.open_line_ids.move_id.mapped("ar_no_chase_reason")
    reasons += customer.activity_ids.mapped("summary")
    return next(filter(None, reasons), "")


def _amount_due(communication):
    """Return the amount that the message asks for, per currency."""
    lines = communication.line_ids.grouped("currency_id")
    return " + ".join(currency.format(sum(part.mapped("amount_left"))) for currency, part in lines.items())


def _next(customer):
    return f"{customer.next_step_id.name}, {_day(customer.next_date)}" if customer.next_step_id else "-"


def _day(date):
    return f"{date:%a} {date.day} {date:%b}"


def _label(record, field):
    """Return the label of a selection's value."""
    return dict(record._fields[field]._description_selection(record.env))[record[field]] if record[field] else ""


def _table(title, heads, rows):
    """Return rows as a table with aligned columns.

    >>> print(_table("Fruit", ["Name", "Price"], [["Apple", "1"], ["Fig", "20"]]))
    Fruit
      Name   Price
      -----  -----
      Apple  1
      Fig    20
    """
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = [heads, ["-" * width for width in widths], *rows]
    cells = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines]
    return "\n".join([title, *(f"  {'  '.join(line)}".rstrip() for line in cells)])
