import datetime
from decimal import Decimal

from odoo import Command, api, models

from ..core import decision as codes
from ..core import promise as rules
from ..core import promise_wish as wish
from ..core.money import ZERO, proportion
from ..words import PROMISE_REFUSALS


class ArCustomerPromise(models.Model):
    """Taking a promise to pay: checked against what is open and, for whom they bind, against the policy's limits."""

    _inherit = "ar.customer"

    def _promise(self, day, amounts, note="", origin="staff", bound=True):
        """Record a promise of the customer, and confirm it.

        :param date day: when it will be paid; None: not given
        :param amounts: {journal item id: Decimal in its currency, or None for all that is free}
        :param str note: what was said
        :param str origin: ``staff`` or ``portal``
        :param bool bound: the policy's limits apply
        :return: the promise
        :raise core.promise_wish.Refused: when it is not taken, with the code; nothing is changed then
        :raise LockError: when somebody else is at work on the account
        """
        self.ensure_one()
        self._lock_alone()  # a second window waits for its turn, and then finds the items promised
        today = self.company_id._ar_today()
        # Nobody writes promises by hand; who asked for this one was checked by the caller.
        promises = self.env["ar.promise"].sudo().with_context(mail_create_nosubscribe=True, mail_create_nolog=True)
        touched = [("customer_id", "=", self.id), ("state", "=", rules.OPEN), ("to_judge", "=", True)]
        promises.search(touched)._judge(today)  # what is paid already stands in nobody's way
        facts = self._get_facts()
        items = {item.item_id: item for item in facts.items}
        if not set(amounts) <= set(items):
            raise wish.Refused(wish.UNKNOWN_ITEM)
        parts = self._get_wish_parts({items[item_id]: amount for item_id, amount in amounts.items()})
        limits = self._get_promise_rules() if bound else None
        wish.check(list(parts.values()), day, self._get_promise_standing(facts, today), limits, today)
        promise = promises.create(self._prepare_promise_vals(parts, day, note, origin, today))
        promise._tell_recorded()
        self.env["ar.outreach"]._notify(promise, "promise_confirmed", human=True)
        return promise

    def _get_wish_parts(self, wanted):
        """Return {item: core.promise_wish.WishPart} for what is to be promised.

        :param wanted: {core.facts.OpenItem: Decimal or None for all that is free}, oldest due date first
        """
        item_ids = [item.item_id for item in wanted]
        lines = self.env["ar.promise.line"].sudo()  # the customer's own items
        live = set(lines.search([("move_line_id", "in", item_ids), ("is_live", "=", True)]).move_line_id.ids)
        broken = lines._read_group(
            [("move_line_id", "in", item_ids), ("promise_id.state", "in", rules.NOT_KEPT)],
            ["move_line_id"],
            ["__count"],
        )
        broken = {line.id: number for line, number in broken}
        names = {item.currency for item in wanted}
        units = {c.name: Decimal(str(c.rounding)) for c in self.env["res.currency"].search([("name", "in", names)])}
        parts = {}
        for item, amount in wanted.items():
            free = self._free_amount(item)
            amount = free if amount is None else amount
            parts[item] = wish.WishPart(
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
        """Return how the customer stands with its promises.

        :rtype: core.promise_wish.Standing
        """
        promises = self.env["ar.promise"].sudo()  # the customer's own
        own = [("customer_id", "=", self.id)]
        year_ago = today - datetime.timedelta(days=365)
        promised = (
            proportion(item.residual, silence.amount, item.residual_currency)
            for item in facts.items
            for silence in item.silences
            if silence.code == codes.PROMISE_OPEN
        )
        return wish.Standing(
            promises.search_count([*own, ("state", "=", rules.OPEN)]),
            promises.search_count([*own, ("state", "in", rules.NOT_KEPT), ("date_deadline", ">=", year_ago)]),
            sum(promised, ZERO),
            sum((item.residual for item in facts.items), ZERO),
        )

    def _get_promise_rules(self):
        """Return the policy's limits; without a policy there are none.

        :rtype: core.promise_wish.PromiseRules or None
        """
        policy = self.policy_id
        if not policy:
            return None
        return wish.PromiseRules(
            policy.promise_horizon_days,
            policy.promise_open_max,
            policy.promise_broken_max,
            Decimal(str(policy.promise_share_max)),
        )

    def _prepare_promise_vals(self, parts, day, note, origin, today):
        """Return the promise with its items.

        :param parts: {core.facts.OpenItem: core.promise_wish.WishPart}
        """
        lines = {line.id: line for line in self._browse_lines([item.item_id for item in parts])}
        names = self._get_item_names(lines.values())
        credited = self.env["ar.facts"]._read_credited(list(lines))
        total = sum((part.amount for part in parts.values()), ZERO)
        return {
            "customer_id": self.id,
            "currency_id": next(iter(lines.values())).currency_id.id,
            "origin": origin,
            "note": note,
            "date": day,
            "tolerance_days": self.policy_id.promise_tolerance_days,
            "promised_on": today,
            "amount_total": float(total),
            "amount_company": float(sum((part.booked for part in parts.values()), ZERO)),
            "line_ids": [
                Command.create(
                    {
                        "move_line_id": item.item_id,
                        "move_id": lines[item.item_id].move_id.id,
                        "name": names[item.item_id],
                        "date_due": item.due_date,
                        "amount": float(part.amount),
                        "residual_before": float(self._get_open_before(item)),
                        "credited_before": float(credited.get(item.item_id, 0)),
                        "is_live": True,
                    }
                )
                for item, part in parts.items()
            ],
        }

    @api.model
    def _get_item_names(self, lines):
        """Return {journal item id: number of its invoice}, with its part where the invoice is due in several."""
        parts = self.env["ar.facts"]._read_installments([line.id for line in lines])
        return {
            line.id: f"{line.move_id.name} ({parts[line.id]})" if line.id in parts else line.move_id.name
            for line in lines
        }

    def _get_promise_refusal(self, code, hint=""):
        """Return in words why a promise is not taken, with the policy's numbers.

        :param str code: see `core.promise_wish`
        :param str hint: who can help where only a limit is exceeded
        """
        policy = self.policy_id
        numbers = {
            "days": policy.promise_horizon_days,
            "open": policy.promise_open_max,
            "share": f"{policy.promise_share_max:g}",
        }
        template = self.env._(PROMISE_REFUSALS[code])
        words = template % numbers
        return f"{words} {hint}" if hint and code in wish.LIMITS else words

    # === BUTTONS === #

    def action_promise(self):
        """Ask staff for the items, amounts and the date of a promise."""
        self.ensure_one()
        return self.env["ar.promise.new"]._open_for(self)

    def action_open_promises(self):
        """Open the customer's promises."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_promise_action")
        return dict(action, domain=[("customer_id", "=", self.id)], context={})
