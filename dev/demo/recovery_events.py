"""Late charges, placements, write-offs and an allowance of the demo company, by day, with the methods of screens."""

import datetime

from dev.demo.actions import account, answer_dialog, as_collections_manager, as_collector, as_manager, pay_oldest
from dev.demo.events import on

#: Days before today from which due dates are charged.
CHARGED_DAYS_AGO = 110
#: Loss rates of the allowance in percent, from what is not due to what is late for more than 120 days.
LOSS_RATES = (0.5, 1.5, 6, 15, 40, 80)


# === SETTINGS === #


@on(30)
def _accounts_and_authority(env, today):
    company = env.ref("ar_collections.demo_company")
    values = {
        "ar_bad_debt_account_id": _account(env, company, "expense").id,
        "ar_late_charge_account_id": (_account(env, company, "income_other") or _account(env, company, "income")).id,
        "ar_write_off_alone": 250,
    }
    accounts = env["account.account"].with_company(company)
    allowance = {"code": "119900", "name": "Allowance for expected losses", "account_type": "asset_current"}
    company.write({**values, "ar_allowance_account_id": accounts.create(allowance).id})


@on(30)
def _late_charges_by_the_rules_of_the_union(env, today):
    policies = _default_policy(env) | env.ref("ar_collections.demo_policy_key")
    policies.write(
        {
            "late_charge_regime_id": env.ref("ar_collections.late_charge_regime_eu").id,
            "late_charge_since": today - datetime.timedelta(days=CHARGED_DAYS_AGO),
            "uses_late_charge_second": True,
            "late_charge_second_above": 50,
        }
    )


@on(30)
def _agency_with_commission(env, today):
    company = env.ref("ar_collections.demo_company")
    partner = env["res.partner"].create(
        {
            "name": "Fairwind Collections",
            "is_company": True,
            "email": "cases@fairwind.example.com",
            "phone": "+353 20 912 0170",
            "country_id": env.ref("base.ie").id,
        }
    )
    rates = [
        {"kind": "rate", "start": 0, "percent": 20},
        {"kind": "rate", "start": 1000, "percent": 15},
        {"kind": "age", "months": 12, "percent": 5},
    ]
    agency = env["ar.agency"].create(
        {
            "partner_id": partner.id,
            "company_id": company.id,
            "reference": "KC-2041",
            "direct_percent": 50,
            "free_days": 5,
            "rate_ids": [(0, 0, rate) for rate in rates],
        }
    )
    _default_policy(env).write(
        {
            "proposes_placements": True,
            "placement_agency_id": agency.id,
            "placement_days": 40,
            "placement_needs_steps": False,
            "placement_notice": True,
        }
    )


@on(30)
def _final_demand_and_account_of_costs(env, today):
    env.ref("ar_collections.reminder_step_standard_formal").write(
        {
            "is_final_demand": True,
            "mail_template_id": env.ref("ar_collections.mail_template_final_demand").id,
        }
    )
    company = env.ref("ar_collections.demo_company")
    company.ar_legal_cost_account_id = company.ar_late_charge_account_id


# === LATE CHARGES === #


@on(6)
def _late_charges_are_invoiced(env, today):
    charges = as_manager(_charges(env, "northgate"))
    charges.action_invoice()
    charges.billing_ids.move_id.action_post()


@on(5)
def _late_charge_is_waived(env, today):
    reason = "First late payment in years; they pay with the wages from now on."
    answer_dialog(as_collector(_charges(env, "payday")), "action_waive", reason=reason).action_confirm()


@on(2)
def _waiver_that_waits(env, today):
    reason = "Agreed on the phone, if they pay this week."
    answer_dialog(as_collector(_charges(env, "long_haul")), "action_waive", reason=reason).action_confirm()


# === PLACEMENTS === #


@on(8)
def _placement_is_proposed_by_a_manager(env, today):
    _propose_placement(env, "old_mill")


@on(7)
def _placement_is_approved(env, today):
    as_manager(account(env, "old_mill").placement_ids).action_approve()


@on(3)
def _placement_that_waits(env, today):
    _propose_placement(env, "kingfisher")


@on(2)
def _cost_of_a_case(env, today):
    customer = account(env, "old_mill")
    values = {"customer_id": customer.id, "placement_id": customer.placement_ids[:1].id, "date": today}
    values |= {"kind": "court", "name": "Order for payment, fee of the court", "amount": 36}
    as_collector(env["ar.legal.cost"]).create(values)


# === INSOLVENCY === #


@on(9)
def _insolvency_is_recorded(env, today):
    administrator = env["res.partner"].create(
        {
            "name": "Nora Whitlock, insolvency practitioner",
            "is_company": True,
            "email": "office@whitlock.example.com",
            "phone": "+353 20 912 0188",
            "country_id": env.ref("base.ie").id,
        }
    )
    insolvencies = as_collector(account(env, "campsite")).env["ar.insolvency"]
    insolvencies.create(
        {
            "customer_id": account(env, "campsite").id,
            "opened_on": today - datetime.timedelta(days=3),
            "court": "High Court",
            "reference": "2026 No. 118 COS",
            "administrator_id": administrator.id,
            "filing_deadline": today + datetime.timedelta(days=25),
            "note": "Read in the official gazette; the season is over and the site is closed.",
        }
    )


# === WRITE-OFFS AND ALLOWANCE === #


@on(4)
def _write_off_is_posted(env, today):
    reason = "The shop is closed and letters come back; the claim is too small for an agency."
    dialog = answer_dialog(as_manager(account(env, "dusty")), "action_write_off", reason=reason)
    dialog.reason_code = "costs"
    dialog.action_confirm()


@on(2)
def _write_off_that_waits(env, today):
    reason = "Insolvency was opened; the administrator expects nothing for the creditors."
    dialog = answer_dialog(as_collector(account(env, "campsite")), "action_write_off", reason=reason)
    dialog.reason_code = "insolvent"
    dialog.action_confirm()


@on(1)
def _payment_that_is_a_little_short(env, today):
    partner = env["res.partner"].search([("name", "=", "Museum of Wheels")])
    company = env.ref("ar_collections.demo_company")
    own = [("partner_id", "in", partner.ids), ("company_id", "=", company.id)]
    customer = env["ar.customer"].with_company(company).search(own, limit=1)
    invoices = customer.open_line_ids.sorted("date_maturity").move_id
    if invoices:
        pay_oldest(env, customer, invoices[0].amount_residual - 1.5)


@on(1)
def _allowance(env, today):
    company = env.ref("ar_collections.demo_company")
    allowance = (
        as_manager(env["ar.allowance"])
        .with_company(company)
        .create(
            {
                "company_id": company.id,
                "date": today,
                "method": "typed",
                "factor": 1.1,
                "factor_reason": "Insolvencies of retailers are expected to rise by a tenth next year.",
            }
        )
    )
    allowance.action_compute()
    for line, rate in zip(allowance.line_ids, LOSS_RATES, strict=True):
        line.rate = rate
    allowance.action_compute()


# === HELPERS === #


def _account(env, company, account_type):
    """Return the company's first account of a type."""
    accounts = env["account.account"].with_company(company)
    return accounts.search([("account_type", "=", account_type), ("company_ids", "in", company.ids)], limit=1)


def _default_policy(env):
    """Return the policy of customers that no other one matches."""
    own = [("company_id", "=", env.ref("ar_collections.demo_company").id), ("partner_domain", "in", (False, "[]"))]
    return env["ar.credit.policy"].search(own, order="sequence desc", limit=1)


def _propose_placement(env, name):
    """Propose to hand a customer over as a manager does, who need not wait until the final demand is answered."""
    dialog = answer_dialog(as_collections_manager(account(env, name)), "action_place")
    dialog.line_ids.agency_id = _default_policy(env).placement_agency_id
    dialog.action_propose()


def _charges(env, name):
    """Return the late charges of a customer of which something is left."""
    customer = account(env, name)
    return (
        env["ar.late.charge"]
        .with_company(customer.company_id)
        .search([("customer_id", "=", customer.id), ("left", ">", 0)])
    )
