"""What staff and customers of the demo company agree on, by day, with the methods of screens and portal pages."""

import datetime

from dev.demo.actions import (
    account,
    answer_dialog,
    as_collector,
    as_customer,
    as_manager,
    as_salesperson,
    dispute_as_customer,
    file,
    late_items,
    open_dispute,
    open_request,
    pay,
    request_limit,
    write_as_customer,
)

#: Days before today -> functions to call for that day.
EVENTS = {}


def run_events(env, company, ago):
    """Run the events of one day.

    :param company: the `res.company` with the demo customers
    :param int ago: days before today
    """
    for event in EVENTS.get(ago, ()):
        event(env, company._ar_today())


def on(*days_ago):
    """Register a function as an event, to be run on days given by their distance from today."""

    def register(event):
        for ago in days_ago:
            EVENTS.setdefault(ago, []).append(event)
        return event

    return register


def _in_days(today, days):
    return today + datetime.timedelta(days=days)


# === PROMISES === #


@on(11)
def _promise_that_will_be_kept(env, today):
    customer = as_customer(env, "handshake")
    customer._promise(_in_days(today, 5), late_items(customer), "Our next pay run is on that day.", origin="portal")


@on(6)
def _promise_is_kept(env, today):
    pay(env, "handshake", 640)


@on(10)
def _promise_that_will_be_broken(env, today):
    customer = as_customer(env, "tomorrow")
    customer._promise(_in_days(today, 6), late_items(customer), "We wait for a customer of ours.", origin="portal")


@on(5)
def _call_that_ends_with_a_promise(env, today):
    customer, note = as_collector(account(env, "payday")), "They pay all invoices together with the wages."
    call = answer_dialog(customer, "action_log_call", result="promised", note=note)
    answer_dialog(call, "action_log", date=_in_days(today, 9), note="Together with the wages.").action_record()


# === REPORTED PAYMENTS === #


@on(2)
def _payment_that_is_reported(env, today):
    customer, values = as_customer(env, "velo"), {"reference": "Facture de juin", "note": "Virement fait hier."}
    customer._report_payment(_in_days(today, -1), late_items(customer), origin="portal", **values)


@on(9)
def _payment_that_is_not_found(env, today):
    customer = as_collector(account(env, "nordic"))
    call = answer_dialog(customer, "action_log_call", result="says_paid", note="Paid last week, they say.")
    answer_dialog(call, "action_log", date=_in_days(today, -5), reference="Invoice of last month").action_record()


# === DISPUTES === #


@on(12)
def _dispute_that_nobody_answers(env, today):
    reason = env.ref("ar_collections.dispute_reason_not_received")
    note = "Only three of the four pallets were unloaded at their depot; they want to see the delivery note."
    customer = as_collector(account(env, "crate"))
    dialog = answer_dialog(customer, "action_new_dispute", reason_id=reason.id, note=note)
    dialog.line_ids.amount = 231
    dialog.action_confirm()


@on(9)
def _dispute_about_a_price(env, today):
    offer = file("offer.txt", "Gear hubs, price per piece: 29.50\n")
    text = "Your offer says 29.50 for each hub, the invoice says 34.00. Please correct it."
    dispute_as_customer(env, "second_gear", "price", 90, text, offer)


@on(8)
def _price_under_review(env, today):
    as_collector(open_dispute(env, "second_gear")).action_review()


@on(5)
def _price_partly_accepted(env, today):
    answer = "You are right about ten of the hubs. The other ten were ordered after the new price list came out."
    dialog = answer_dialog(as_manager(open_dispute(env, "second_gear")), "action_resolve", answer=answer)
    dialog.line_ids.amount_accepted = 45
    dialog.action_resolve()


@on(4)
def _dispute_of_a_part(env, today):
    dispute_as_customer(env, "wobbly", "quality", 290, "Two of the twelve wheels arrived bent.")


@on(3)
def _bent_wheels_under_review(env, today):
    as_collector(open_dispute(env, "wobbly")).action_review()


# === PAYMENT PLANS === #


@on(18)
def _plan_asked_for_and_accepted(env, today):
    customer = as_customer(env, "steady")
    items, currency = late_items(customer), customer.currency_id
    total = sum(item.amount for item in customer._get_planned_items(items))
    schedule = customer._get_schedule(total, currency, "two_weeks", _in_days(today, 7), count=4)
    acceptance = {"name": "Front desk, Steady Cadence Gym", "ip": "192.0.2.60"}
    customer._request_plan(items, schedule, "two_weeks", acceptance)


@on(11)
def _first_installment_is_paid(env, today):
    pay(env, "steady", 600)


@on(2)
def _plan_beyond_the_policy(env, today):
    customer, note = as_collector(account(env, "uphill")), "The festival is paid by the town, month after month."
    answer_dialog(customer, "action_new_payment_plan", count=10, note=note).action_draft()


@on(1)
def _call_that_ends_with_a_proposed_plan(env, today):
    customer, note = as_collector(account(env, "bloom")), "A quiet season. Three payments would help."
    call = answer_dialog(customer, "action_log_call", result="wants_plan", note=note)
    answer_dialog(call, "action_log", count=3, note="Three payments, as they asked for.").action_propose()


# === CREDIT REQUESTS === #


@on(9)
def _limit_for_a_larger_season(env, today):
    reason = "They want the whole summer fleet from us: 30 tandems, half of them in June."
    request_limit(as_salesperson(account(env, "tandem")), 12000, reason)


@on(7)
def _less_than_requested_is_approved(env, today):
    note = "Half of it now; we look again after the summer."
    answer_dialog(as_manager(open_request(env, "tandem")), "action_approve", limit=8000, note=note).action_confirm()


@on(4)
def _limit_of_a_customer_who_breaks_promises(env, today):
    request_limit(as_collector(account(env, "tomorrow")), 5000, "They ask to pay after delivery from now on.")


@on(3)
def _request_is_rejected(env, today):
    note = "A promise was broken last week: first what is overdue, then another limit."
    answer_dialog(as_manager(open_request(env, "tomorrow")), "action_reject", note=note).action_confirm()


@on(2)
def _request_that_waits(env, today):
    reason = "A new depot in the north, with forty cargo bikes to look after from next month on."
    request_limit(as_salesperson(account(env, "long_haul")), 25000, reason)


@on(1)
def _temporary_limit_that_waits(env, today):
    request_limit(
        as_salesperson(account(env, "hillcrest")),
        4000,
        "Children's bikes for the school holidays; they are paid for in September.",
        duration="temporary",
        until=_in_days(today, 60),
    )


# === A REPLY === #


@on(2)
def _reply(env, today):
    text = "Hello, we cannot find this invoice. Could you send it once more, please? Then we pay at once."
    write_as_customer(env, "whistle", text)


# === CREDIT === #


@on(30)
def _limits(env, today):
    limits = {"velo": 4000, "grand_tour": 1500, "gravel": 1000, "swift": 800, "tandem": 5000}
    for name, limit in limits.items():
        values = {"credit_limit_kind": "amount", "credit_limit": limit, "credit_review_on": _in_days(today, 365)}
        as_manager(account(env, name)).write(values)


@on(28)
def _credit_insurance_that_ends_soon(env, today):
    insurer = env["res.partner"].create({"name": "Guardrail Credit Insurance", "is_company": True})
    values = {"insurer_id": insurer.id, "insured_amount": 3000, "insured_until": _in_days(today, 45)}
    as_manager(account(env, "crate")).write(values)


@on(20)
def _limit_raised_by_hand(env, today):
    as_manager(account(env, "gravel")).credit_limit = 3000


@on(15)
def _class_set_by_hand(env, today):
    reason = "New owner, who pays all its other companies' invoices early"
    customer = as_manager(account(env, "alpine"))
    answer_dialog(
        customer, "action_override_class", risk_class="B", reason=reason, until=_in_days(today, 20)
    ).action_set()


@on(12)
def _exclusion_from_a_rule(env, today):
    customer = account(env, "long_haul")
    as_manager(env["ar.credit.exclusion"]).create(
        {
            "company_id": customer.company_id.id,
            "customer_id": customer.id,
            "code": "overdue",
            "reason": "Season starts in spring; agreed with the owner",
            "until": _in_days(today, 22),
        }
    )


@on(10)
def _hold_by_a_person(env, today):
    reason = "Announced on the phone that the shop closes"
    customer = as_manager(account(env, "dusty"))
    answer_dialog(customer, "action_credit_hold", reason=reason, until=_in_days(today, 40)).action_decide()


@on(9)
def _temporary_limit_that_has_ended(env, today):
    values = {"temporary_limit_kind": "amount", "temporary_limit": 2500, "temporary_until": _in_days(today, 6)}
    as_manager(account(env, "swift")).write(values)


@on(7)
def _policy_set_by_hand(env, today):
    customer = as_manager(account(env, "hillcrest"))
    values = {"policy_override_id": customer.policy_id.id, "policy_override_reason": "Wants to stay with its terms"}
    customer.write({**values, "policy_override_until": _in_days(today, 90)})
