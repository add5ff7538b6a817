import datetime
from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.fields import Domain

from ...core import decision as codes
from ...core.money import ZERO, proportion, to_decimal
from ...core.promises import judgement as rules
from ...core.promises import request
from ...formats import format_amount
from ...messages import PROMISE_REFUSALS


class ArCustomer(models.Model):
    """Promises to pay of the customer: recording them, listing them on the portal page, and the promise-kept rates.

    A promise is checked against the open items and, except for managers, against the policy's limits.
    """

    _inherit = "ar.customer"

    promise_ids = fields.One2many("ar.promise", "customer_id", "Promises")
    promise_count = fields.Integer(compute="_compute_promise_count")
    promise_open_count = fields.Integer("Open Promises", compute="_compute_promise_count")
    promise_due_count = fields.Integer(
        "Promises Due", compute="_compute_promise_rates", help="Promises whose date and tolerance have passed."
    )
    promise_kept_rate = fields.Float(
        "Kept (%)",
        digits=(5, 1),
        compute="_compute_promise_rates",
        help=(
            "Percentage of due promises that were kept; open and withdrawn promises are not counted, and "
            "partly kept promises count as not kept."
        ),
    )
    promise_kept_amount_rate = fields.Float(
        "Kept by Amount (%)",
        digits=(5, 1),
        compute="_compute_promise_rates",
        help=(
            "Kept amounts in percent of the promised amounts, in company currency at the exchange rates of the "
            "accounting entries."
        ),
    )

    @api.depends("promise_ids.state")
    def _compute_promise_count(self):
        found = self.env["ar.promise"]._read_group(
            [("customer_id", "in", self.ids)], ["customer_id", "state"], ["__count"]
        )
        counts = defaultdict(dict)
        for customer, state, number in found:
            counts[customer.id][state] = number
        for customer in self:
            customer.promise_open_count = counts[customer.id].get(rules.OPEN, 0)
            customer.promise_count = sum(counts[customer.id].values())

    @api.depends("promise_ids.state", "promise_ids.date_deadline")
    def _compute_promise_rates(self):
        groups = defaultdict(list)
        for company, customers in self.grouped("company_id").items():
            domain = Domain("customer_id", "in", customers.ids) & Domain("date_deadline", "<", company._ar_today())
            for customer, state, number, amount in self.env["ar.promise"]._read_group(
                domain, ["customer_id", "state"], ["__count", "amount_company:sum"]
            ):
                groups[customer.id].append((state, number, to_decimal(amount)))
        for customer in self:
            found = rules.reliability(groups[customer.id])
            customer.promise_due_count = found.due
            customer.promise_kept_rate = float(found.rate)
            customer.promise_kept_amount_rate = float(found.amount_rate)

    def _promise(self, day, amounts, note="", origin="staff", bound=True):
        """Record a promise of the customer, and send the confirmation.

        :param date day: the promised payment date; None: not given
        :param amounts: {journal item id: Decimal in its currency, or None for all that is free}
        :param str note: what the customer wrote or told the collector
        :param str origin: ``staff`` or ``portal``
        :param bool bound: the policy's limits apply
        :return: the `ar.promise`, as superuser
        :raise core.promises.request.PromiseRefused: when it is not accepted, with the code; nothing is changed then
        :raise LockError: when another transaction holds the account
        """
        self.ensure_one()
        self._lock_account()  # of two concurrent requests, the second one finds the items promised
        today = self.company_id._ar_today()
        # Users may not write promises; the caller checked the user's or visitor's access.
        promises = self.env["ar.promise"].sudo().with_context(mail_create_nosubscribe=True, mail_create_nolog=True)
        touched = [("customer_id", "=", self.id), ("state", "=", rules.OPEN), ("to_judge", "=", True)]
        promises.search(touched)._judge(today)  # an open promise that is paid already must not block a new one
        facts = self._get_facts()
        items = {item.item_id: item for item in facts.items}
        if not set(amounts) <= set(items):
            raise request.PromiseRefused(request.UNKNOWN_ITEM)
        parts = self._get_requested_parts({items[item_id]: amount for item_id, amount in amounts.items()})
        limits = self._get_promise_rules() if bound else None
        request.check(list(parts.values()), day, self._get_promise_standing(facts, today), limits, today)
        if origin == "portal":
            self._check_last_promise_day(list(amounts), day, today)
        if veto := self._find_veto(list(amounts), day):
            raise request.PromiseRefused(request.VETOED, veto)
        promise = promises.create(self._prepare_promise_vals(parts, day, note, origin, today))
        promise._log_recorded()
        if origin != "portal" or self._may_start("confirmation"):
            self.env["ar.outreach"]._notify(promise, "promise_confirmed", is_manual=True)
        return promise

    def _get_last_promise_day(self, item_ids, today):
        """Return the last day for a promise on the page; before today: none is possible, see `request.counted_from`.

        :param item_ids: ids of journal items
        """
        lines = self.env["ar.promise.line"].sudo()  # the customer's own
        days = [today]
        for found in lines._find_by_item(self._browse_lines(item_ids), []).values():
            past = [promise._get_past() for promise in found.promise_id]
            days.append(request.counted_from(past, today))
        return min(days) + datetime.timedelta(days=self.policy_id.promise_horizon_days)

    def _check_last_promise_day(self, item_ids, day, today):
        """Check that a promise on the page postpones nothing for ever.

        :param item_ids: ids of journal items
        :raise core.promises.request.PromiseRefused: for a day after the last one, or where no day is possible any more
        """
        last = self._get_last_promise_day(item_ids, today)
        if last < today:
            raise request.PromiseRefused(request.WITHDRAWN_BEFORE)
        if day > last:
            raise request.PromiseRefused(request.BEYOND_HORIZON)

    def _get_requested_parts(self, wanted):
        """Return {item: core.promises.request.RequestedPart} for the amounts to be promised.

        :param wanted: {core.facts.OpenItem: Decimal or None for all that is free}, oldest due date first
        """
        item_ids = [item.item_id for item in wanted]
        lines = self.env["ar.promise.line"].sudo()  # the customer's own items
        live = set(lines.search([("move_line_id", "in", item_ids), ("is_live", "=", True)]).move_line_id.ids)
        not_kept = lines._find_by_item(self._browse_lines(item_ids), [("promise_id.state", "in", rules.NOT_KEPT)])
        broken = {item.id: len(found.promise_id) for item, found in not_kept.items()}
        names = {item.currency for item in wanted}
        currencies = self.env["res.currency"]._ar_by_name(names)
        units = {name: to_decimal(currency.rounding) for name, currency in currencies.items()}
        parts = {}
        for item, amount in wanted.items():
            free = self._free_amount(item)
            amount = free if amount is None else amount
            parts[item] = request.RequestedPart(
                amount,
                free,
                item.currency,
                proportion(item.residual, amount, item.residual_currency),
                units[item.currency],
                item.item_id in live,
                broken.get(item.item_id, 0),
            )
        return parts

    def _get_promise_standing(self, facts, today):
        """Return the customer's open and broken promises, the promised and the total balance in company currency.

        :param facts: `core.facts.AccountFacts`
        :rtype: core.promises.request.PromiseStatus
        """
        promises = self.env["ar.promise"].sudo()  # the customer's own
        of_customer = [("customer_id", "=", self.id)]
        year_ago = today - datetime.timedelta(days=365)
        promised = (
            proportion(item.residual, exclusion.amount, item.residual_currency)
            for item in facts.items
            for exclusion in item.exclusions
            if exclusion.code == codes.PROMISE_OPEN
        )
        return request.PromiseStatus(
            promises.search_count([*of_customer, ("state", "=", rules.OPEN)]),
            promises.search_count([*of_customer, ("state", "in", rules.NOT_KEPT), ("date_deadline", ">=", year_ago)]),
            sum(promised, ZERO),
            sum((item.residual for item in facts.items), ZERO),
        )

    def _get_promise_rules(self):
        """Return the policy's limits for promises; None without a policy: no limits.

        :rtype: core.promises.request.PromiseRules or None
        """
        policy = self.policy_id
        if not policy:
            return None
        return request.PromiseRules(
            policy.promise_horizon_days,
            policy.promise_open_max,
            policy.promise_broken_max,
            to_decimal(policy.promise_share_max),
        )

    def _prepare_promise_vals(self, parts, day, note, origin, today):
        """Return the values of the promise with its lines.

        :param parts: {core.facts.OpenItem: core.promises.request.RequestedPart}
        """
        lines = self._prepare_agreement_lines({item: part.amount for item, part in parts.items()})
        total = sum((part.amount for part in parts.values()), ZERO)
        return {
            "customer_id": self.id,
            "currency_id": self._get_currency_of(parts).id,
            "origin": origin,
            "note": note,
            "date": day,
            "tolerance_days": self.policy_id.promise_tolerance_days,
            "promised_on": today,
            "amount_total": float(total),
            "amount_company": float(sum((part.booked for part in parts.values()), ZERO)),
            "line_ids": [Command.create(values) for values in lines],
        }

    def _get_promise_refusal(self, code, hint=""):
        """Return why a promise is not accepted, as text with the policy's limits.

        :param str code: see `core.promises.request`
        :param str hint: sentence that is added where only a limit is exceeded: who can help
        """
        policy = self.policy_id
        numbers = {
            "days": policy.promise_horizon_days,
            "open": policy.promise_open_max,
            "share": f"{policy.promise_share_max:g}",
        }
        template = self.env._(PROMISE_REFUSALS[code])
        text = template % numbers
        return f"{text} {hint}" if hint and code in request.LIMITS else text

    # === BUTTONS === #

    def action_promise(self):
        """Open the dialog to record a promise."""
        self.ensure_one()
        return self.env["ar.promise.new"]._open_for(self)

    def action_open_promises(self):
        """Open the customer's promises."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_promise_action")
        return dict(action, domain=[("customer_id", "=", self.id)], context={})

    # === PORTAL === #

    def _get_possible_asks(self):
        """Override to offer a promise, where the policy allows it."""
        asks = super()._get_possible_asks()
        if self.policy_id.promise_portal:
            asks["promise"] = self.env._("Pay later")
        return asks

    def _get_portal_promise(self, promise_id):
        """Return the promise of this customer with that id, as superuser; may be empty."""
        self.ensure_one()
        # The caller checked the visitor's access, by token or partner.
        promises = self.env["ar.promise"].sudo()
        return promises.search([("id", "=", promise_id), ("customer_id", "=", self.id)])

    def _get_agreement_rows(self):
        """Override to list the open promises with an unpaid rest, by promised date."""
        rows = super()._get_agreement_rows()
        # The caller checked the visitor's access, by token or partner.
        promises = self.env["ar.promise"].sudo()
        opened = promises.search([("customer_id", "=", self.id), ("state", "=", rules.OPEN)], order="date, id")
        today = self.company_id._ar_today()
        for promise in opened._filter_unpaid():
            numbers = ", ".join(promise.line_ids.filtered("amount_open").mapped("name"))
            left = format_amount(self.env, promise.amount_open, promise.currency_id)
            rows.append(
                {
                    "name": promise.name,
                    "title": self.env._("Payment promised"),
                    "status": self.env._("Recorded") if promise.date >= today else self.env._("Payment expected"),
                    "date": promise.date,
                    "text": self.env._("%(amount)s for %(invoices)s", amount=left, invoices=numbers),
                    "url": promise._get_page_url(),
                }
            )
        return rows
