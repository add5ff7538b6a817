from collections import defaultdict

from odoo import api, models

from ....core.facts import EVERYTHING, AccountFacts, Credit, OpenItem
from ....core.money import ZERO


class ArFacts(models.AbstractModel):
    """Reads the facts for the reminder decision: ledger, history, contacts, payments and addresses of customers.

    There is one SQL query of each kind for a whole batch of customers, because the nightly run may read every open item
    of the company. The caller must have checked access to the customers. Nothing is written.

    Other domains add what they know about items by overriding the methods under "extension points" and
    `_read_exclusions`.
    """

    _name = "ar.facts"
    _description = "Customer Facts"

    @api.model
    def _gather(self, customers, today, scope=EVERYTHING):
        """Return the present facts of customers of one company.

        :param customers: `ar.customer` recordset of one company
        :param date today: the company's date, or the day for which a preview is made
        :param Scope scope: what the decision takes into account
        :return: {customer id: AccountFacts}
        """
        if not customers:
            return {}
        company = customers.company_id.ensure_one()
        self.env.flush_all()
        lines = self._read_open_lines(company, customers.partner_id.ids)
        exclusions = self._read_exclusions(customers, lines, today, scope)
        registered, paid_back, paid_on = self._exclude_registered_payments(customers, lines, today, exclusions)
        self._exclude_rests(customers, lines, exclusions, paid_on)
        ledger = self._read_items_and_credits(customers, lines, today, scope, exclusions)
        setoff = self._read_setoff(customers, lines, paid_back)
        installments = self._read_plan_installments(
            customers, lines, today, scope.without, exclusions, is_judged=scope.is_judged
        )
        unmatched = self._read_unmatched(customers, lines, today, registered) if scope.has_unmatched else {}
        contact = self._read_contact_values(customers, today, scope)
        facts = {
            customer_id: AccountFacts(
                customer_id,
                *ledger.get(partner_id, ((), ())),
                installments=installments.get(customer_id, ()),
                is_manual=scope.is_manual,
                setoff=setoff.get(partner_id),
                registered=tuple(registered.get(partner_id, ())),
                unmatched=unmatched.get(customer_id, ()),
                **contact[customer_id],
            )
            for customer_id, partner_id in customers._get_stored("partner_id").items()
        }
        if scope.selected is not None:
            selected = scope.selected, scope.installments
            facts = {customer_id: account.only(*selected) for customer_id, account in facts.items()}
        return facts

    def _read_contact_values(self, customers, today, scope):
        """Return {customer id: values of `AccountFacts` that say whether and how the customer may be contacted}."""
        unclear = self._read_unknown_deliveries(customers, scope.without)
        contacts, automatic_today = self._read_contacts(customers, today, scope)
        channels = self._read_channels(customers)
        customers.partner_id.fetch(["active"])  # alone, because reading a contact reads all of it
        active = set(customers.partner_id.filtered("active").ids)
        excluded, pauses = customers._get_stored("excluded"), customers._get_stored("pause_until")
        return {
            customer_id: {
                "contacts": tuple(contacts.get(customer_id, ())),
                "channels": channels[customer_id],
                "excluded": bool(excluded[customer_id]),
                "paused_until": pauses[customer_id],
                "resumed_on": pauses[customer_id],
                "automatic_today": customer_id in automatic_today,
                "archived": partner_id not in active,
                "delivery_unknown": customer_id in unclear,
            }
            for customer_id, partner_id in customers._get_stored("partner_id").items()
        }

    def _read_items_and_credits(self, customers, lines, today, scope, exclusions):
        """Return {partner id: (items, credits)} for the open lines of all customers, see `_items_and_credits`."""
        sent_steps = self._read_item_steps(customers, lines, scope.without)
        resumed = self._read_resumed(customers, lines, today, scope.is_judged)
        returned = self._read_returned(lines, today)
        assumed = self._read_assumed(customers, lines, today)
        currencies = {
            currency.id: currency.name
            for currency in self.env["res.currency"].browse({line.currency_id for line in lines})
        }
        by_partner = defaultdict(list)
        for line in lines:
            by_partner[line.partner_id].append(line)
        return {
            partner_id: self._items_and_credits(own, currencies, sent_steps, exclusions, resumed, returned, assumed)
            for partner_id, own in by_partner.items()
        }

    def _items_and_credits(self, lines, currencies, sent_steps, exclusions, resumed, returned, assumed):
        """Return the open lines of one customer as (items, credits): tuples of `OpenItem` and `Credit`.

        :param list[OpenLine] lines: the customer's open lines
        :param dict currencies: {currency id: name}
        :param dict sent_steps: see `_read_item_steps`
        :param dict exclusions: see `_read_exclusions`
        :param dict resumed: see `_read_resumed`
        :param dict returned: see `_read_returned`
        :param dict assumed: see `_read_assumed`
        """
        items, credits = [], []
        for line in lines:
            name = currencies[line.currency_id]
            if line.residual_currency > 0:
                items.append(
                    OpenItem(
                        line.line_id, line.due_date, name, line.residual_currency, line.residual,
                        tuple(sent_steps.get(line.line_id, ())), tuple(exclusions.get(line.line_id, ())),
                        resumed_on=resumed.get(line.line_id), returned_on=returned.get(line.line_id),
                        assumed=assumed.get(line.line_id),
                    )
                )  # fmt: skip
            else:
                credits.append(Credit(line.line_id, name, -line.residual_currency, -line.residual))
        return tuple(items), tuple(credits)

    # === EXTENSION POINTS === #

    def _read_resumed(self, customers, lines, today, is_judged=False):
        """Return {line id: the day from which reminders may be sent again} where an agreement about the item failed.

        An override adds the lines of its own agreements, and keeps the latest day of each line.

        :param list[OpenLine] lines: open lines; an agreement is found by its items, whoever it was made with
        :param bool is_judged: see `Scope.is_judged`
        """
        return {}

    def _read_returned(self, lines, today):
        """Return {line id: the last day on which a payment of the item came back}; reminders override it.

        :param lines: as in `_read_exclusions`
        """
        return {}

    def _read_plan_installments(self, customers, lines, today, without=(), exclusions=None, is_judged=False):
        """Return {customer id: tuple of unpaid installments}; the payment plans override it to add theirs.

        An installment is an `OpenItem` with an id of its own.

        :param lines: as in `_read_exclusions`
        :param without: ids of communications that are treated as if they did not exist
        :param exclusions: the result of `_read_exclusions`; None: without pending payments and other exclusions
        :param bool is_judged: see `Scope.is_judged`
        """
        return {}

    def _read_unknown_deliveries(self, customers, without=()):
        """Return the ids of the customers with a message of which nobody knows whether it was delivered.

        Extension point: none until the domain of communications overrides it.

        :param without: ids of communications that are treated as if they did not exist
        """
        return set()

    def _read_unmatched(self, customers, lines, today, registered):
        """Return {customer id: tuple of `UnmatchedPayment`}; the matching domain overrides it.

        :param lines: as in `_read_exclusions`
        :param registered: {partner id: list of RegisteredPayment}
        """
        return {}

    # === BALANCE === #

    @api.model
    def _balance_of(self, facts, today):
        """Return the account's values for its facts: balance, overdue amount, credits and oldest due date.

        Amounts are in company currency. The overdue amount is that of the late debts, credits not deducted, as in the
        aging: credits stand beside it, and the balance is what is left of all. What we paid to the customer is in the
        balance, but never late.
        """
        late = [item for item in facts.items if item.is_debt and item.due_date < today]
        credits = sum((credit.amount for credit in facts.credits), ZERO)
        return {
            "balance": sum((item.residual for item in facts.items), ZERO) - credits,
            "overdue": sum((item.residual for item in late), ZERO),
            "credits": credits,
            "oldest_due_date": min((item.due_date for item in late), default=False),
        }
