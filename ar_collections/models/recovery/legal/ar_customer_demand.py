from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from odoo import fields, models
from odoo.tools import SQL

from ....core.recovery.demand import Demand, answer_until
from ...customers.sql import pg_array


class SentDemand(NamedTuple):
    """The latest final demand about an item, with when the customer wrote since."""

    customer_id: int
    demand: Demand
    replies: list[date]

    @property
    def until(self):
        """The last day on which the next step waits for the customer."""
        return answer_until(self.demand, self.replies)


class ArCustomerDemand(models.Model):
    """The final demand about a customer's items: until when it may be answered, and what came in since."""

    _inherit = "ar.customer"

    demand_text = fields.Text("Final Demand", compute="_compute_demand_text", compute_sudo=False)

    def _compute_demand_text(self):
        """Compute what to know of the final demand before the next step; two queries for all customers."""
        items = self.sudo().open_line_ids  # whoever may read the account may read what was demanded
        latest = {}
        for found in self.sudo()._read_demands(items.ids).values():
            best = latest.get(found.customer_id)
            if best is None or best.demand.sent_on < found.demand.sent_on:
                latest[found.customer_id] = found
        for customer in self:
            found = latest.get(customer.id)
            customer.demand_text = found and customer._get_demand_text(found)

    def _read_answer_days(self, item_ids):
        """Return {journal item id: last day on which the next step waits}, of items with a final demand."""
        # sudo: for the items of accounts that the caller may read; days alone are returned.
        return {item_id: found.until for item_id, found in self.sudo()._read_demands(item_ids).items()}

    def _read_demands(self, item_ids):
        """Return {journal item id: SentDemand} of the latest final demand about each item, in superuser mode."""
        if not item_ids:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (line.move_line_id) line.move_line_id, sent.customer_id, sent.date_sent,
                       sent.deadline, COALESCE(rule.reply_days, 0), COALESCE(line.member_id, sent.customer_id)
                  FROM ar_communication_line line
                  JOIN ar_communication sent ON sent.id = line.communication_id
             LEFT JOIN ar_response_rule rule ON rule.id = sent.response_rule_id
                 WHERE line.move_line_id = ANY(%s::int[]) AND sent.is_final_demand AND sent.state = 'sent'
                       AND line.kind = 'item'
              ORDER BY line.move_line_id, sent.date_sent DESC, sent.id DESC
                """,
                pg_array(item_ids),
            )
        )
        wrote = {account_id for row in rows for account_id in (row[1], row[5])}  # the payer of a group, or the debtor
        replies = self._read_replies(wrote, min((row[2] for row in rows), default=None))
        return {
            line_id: SentDemand(
                debtor_id,
                Demand(sent_on, deadline, days),
                sorted(day for account_id in {customer_id, debtor_id} for day in replies[account_id]),
            )
            for line_id, customer_id, sent_on, deadline, days, debtor_id in rows
        }

    def _read_replies(self, customer_ids, since):
        """Return {customer id: [day]} of what customers wrote since a day, by email or on their page."""
        days = defaultdict(list)  # those of the day before `since` are left out by the rules
        if not customer_ids:
            return days
        messages = self.env["mail.message"].sudo().search(  # what customers wrote counts, whoever may read it
            [
                ("model", "=", "ar.customer"),
                ("res_id", "in", list(customer_ids)),
                ("message_type", "in", ("email", "comment")),
                ("is_internal", "=", False),
                ("subtype_id.internal", "=", False),
                ("date", ">=", since - timedelta(days=1)),  # in UTC: east of it the company's day begins before
                "|", ("author_id", "=", False), ("author_id.partner_share", "=", True),
            ],
            order="id",
        )  # fmt: skip
        companies = {customer.id: customer.company_id for customer in self.browse(customer_ids)}
        for message in messages:
            days[message.res_id].append(companies[message.res_id]._ar_day(message.date))
        return days

    def _get_demand_text(self, found):
        """Return one or two sentences about the final demand, in the user's language.

        :param SentDemand found: the latest one
        """
        demand, text = found.demand, []
        values = {"sent": self._format_date(demand.sent_on), "day": self._format_date(demand.deadline)}
        text.append(self.env._("Sent on %(sent)s, to be answered by %(day)s.", **values))
        answers = [day for day in found.replies if day >= demand.sent_on]
        if answers:
            values = {"answer": self._format_date(min(answers)), "day": self._format_date(found.until)}
            text.append(self.env._("The customer wrote on %(answer)s: the next step waits until %(day)s.", **values))
        else:
            text.append(self.env._("No message from the customer since."))
        text += self._get_agreed_since(demand.sent_on)
        rule = self.env["ar.response.rule"]._choose(self)
        if rule.claim_notice_days:
            text.append(self.env._("Give %s days' notice before a claim.", rule.claim_notice_days))
        return " ".join(text)

    def _get_agreed_since(self, day):
        """Return sentences about promises and disputes since a day."""
        # sudo: who may read the account may read the numbers of its promises and disputes in this text.
        account, text = self.sudo(), []
        promises = self.env["ar.promise"].sudo().search([("customer_id", "=", account.id), ("promised_on", ">=", day)])
        if promises:
            text.append(self.env._("Promises since: %s.", ", ".join(promises.mapped("name"))))
        # sudo: as above.
        disputes = self.env["ar.dispute"].sudo().search([("customer_id", "=", account.id), ("date_raised", ">=", day)])
        if disputes:
            text.append(self.env._("Disputes since: %s.", ", ".join(disputes.mapped("name"))))
        return text
