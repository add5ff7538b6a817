"""Late charges of a replayed history: what the add-on computes, and a loop over the days that knows nothing of it."""

import datetime
from decimal import ROUND_HALF_UP, Decimal

#: The rate of the European Central Bank on the first day of half-years before those that the add-on brings.
EARLIER_RATES = {
    (2011, 1): "1.00", (2011, 7): "1.25", (2012, 1): "1.00", (2012, 7): "1.00", (2013, 1): "0.75", (2013, 7): "0.50",
    (2014, 1): "0.25", (2014, 7): "0.15", (2015, 1): "0.05",
}  # fmt: skip

POINTS = Decimal(8)


def accrue(env, company, invoices, first, last):
    """Compute late charges by the rules of the European Union after the last day; return the figures.

    :param invoices: list of `HistoryInvoice`
    :return: {interest_accrued: text, interest_amiss: how many cents it differs from the loop}
    """
    table = _prepare(env, company, first)
    env["ar.late.charge"]._accrue_company(company, last, auto_commit=True)
    env.flush_all()
    env.cr.execute("SELECT COALESCE(SUM(interest), 0) FROM ar_late_charge WHERE company_id = %s", [company.id])
    accrued = Decimal(str(env.cr.fetchone()[0])).quantize(Decimal("0.01"))
    expected = sum((loop_over_days(invoice, table, last) for invoice in invoices), Decimal(0))
    return {"interest_accrued": str(accrued), "interest_amiss": int(abs(accrued - expected) * 100)}


def loop_over_days(invoice, table, last):
    """Return the interest of an invoice, day by day, rounded once.

    What is disputed and not answered bears nothing; a dispute that was rejected changes nothing.

    :param table: [(first day, percent)], the latest first
    """
    if (
        invoice.disputed_on
        and invoice.disputed_on <= last
        and not (invoice.resolved_on and invoice.resolved_on <= last)
    ):
        return Decimal(0)
    if invoice.due < table[-1][0]:
        return Decimal(0)  # before the first rate
    end = min(invoice.paid_on or last, last)
    day, total = invoice.due + datetime.timedelta(days=1), Decimal(0)
    while day <= end:
        percent = next(percent for first, percent in table if first <= day)
        total += invoice.amount * percent / 100 / 365
        day += datetime.timedelta(days=1)
    return total.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _prepare(env, company, first):
    """Switch late charges on for all policies; return the rates for the loop, the latest first."""
    regime = env.ref("ar_collections.late_charge_regime_eu")
    earliest = min(regime.reference_id.rate_ids.mapped("date_from"))
    if first < earliest:
        reference = env["ar.late.charge.reference"].create(
            {
                "name": "History",
                "rate_ids": [
                    (0, 0, {"date_from": datetime.date(year, month, 1), "percent": float(percent)})
                    for (year, month), percent in EARLIER_RATES.items()
                ],
            }
        )
        regime = regime.copy({"name": "History", "reference_id": reference.id})
    regime.write({"currency_id": company.currency_id.id, "lump_currency_id": company.currency_id.id})
    rates = regime.reference_id.rate_ids.sorted("date_from", reverse=True)
    since = rates[-1].date_from
    company.ar_policy_ids.write({"late_charge_regime_id": regime.id, "late_charge_since": since})
    return [(rate.date_from, Decimal(str(rate.percent)) + POINTS) for rate in rates]
