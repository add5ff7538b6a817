import datetime
from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from ....const import CONTACT_STATES, STEP_USED_STATES, UNLIMITED_NOTICES, YIELDING_NOTICES
from ....core.customers.rounds import Reminded, counts
from ....core.facts import SentStep
from ..sql import pg_array

#: For so many days back the facts list on which days a customer was contacted.
CONTACT_DAYS = 30

#: Whether a step of a `communication` is used: sent, possibly sent, skipped, or planned by a person.
USED = SQL(
    "(communication.state IN %s OR (communication.state = 'planned' AND communication.is_manual))", STEP_USED_STATES
)


class ArFactsHistory(models.AbstractModel):
    """The history of customers: the steps that were sent for their items, and the days on which they were contacted."""

    _inherit = "ar.facts"

    def _read_sent_steps(self, ids, without, of):
        """Return {id: steps that are used} for items that are no journal items, such as installments.

        :param ids: of items
        :param without: ids of communications that are treated as if they did not exist
        :param str of: the field of the communication line that holds the ids
        :rtype: dict[int, list[SentStep]]
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %(of)s, sent.step_id, step.days, communication.date_sent
                  FROM ar_communication_line sent
                  JOIN ar_communication communication ON communication.id = sent.communication_id
                  JOIN ar_reminder_step step ON step.id = sent.step_id
                 WHERE %(used)s
                   AND %(of)s = ANY(%(ids)s::int[])
                   AND communication.id <> ALL(%(without)s::int[])
                """,
                of=SQL.identifier("sent", of),
                used=USED,
                ids=pg_array(ids),
                without=pg_array(without),
            )
        )
        sent_steps = defaultdict(list)
        for item_id, step_id, days, day in rows:
            sent_steps[item_id].append(SentStep(step_id, days, day))
        return sent_steps

    def _read_item_steps(self, customers, lines, without):
        """Return {line id: steps that are used in the present round}, see `core.customers.rounds`.

        :param customers: `ar.customer` recordset of one company
        :param list[OpenLine] lines: their open lines
        :param without: ids of communications that are treated as if they did not exist
        :rtype: dict[int, list[SentStep]]
        """
        debts = [line for line in lines if line.residual_currency > 0]
        accounts = {partner_id: account_id for account_id, partner_id in customers._get_stored("partner_id").items()}
        of_move, of_line = self._read_reminded(debts, without)
        sent_steps = {}
        for line in debts:
            sent = of_move.get(line.move_id) if line.is_invoice else of_line.get(line.line_id)
            if sent:
                item = accounts.get(line.partner_id), line.line_id, line.due_date
                sent_steps[line.line_id] = [step for reminded, step in sent if counts(reminded, *item)]
        return sent_steps

    def _read_reminded(self, debts, without):
        """Return what was reminded of invoices, {invoice id: [(Reminded, SentStep)]}, and {line id: …} of other items.

        Items of an invoice are found by the invoice, because it gets new ones when it is posted again. A miscellaneous
        entry may hold items of many customers, so that they are found by themselves. The lines are found first, and
        their messages by id: of a long log the database would read every message for each batch.

        :param list[OpenLine] debts: open lines with a debt
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH sent AS MATERIALIZED (
                    SELECT line.communication_id, line.move_id, line.move_line_id, line.step_id, step.days,
                           line.member_id, line.date_due, line.installment
                      FROM ar_communication_line line
                      JOIN ar_reminder_step step ON step.id = line.step_id
                     WHERE line.move_id = ANY(%(invoices)s::int[]) OR line.move_line_id = ANY(%(lines)s::int[]))
                SELECT sent.move_id, sent.move_line_id, sent.step_id, sent.days, communication.date_sent,
                       COALESCE(sent.member_id, communication.customer_id), LEAST(sent.date_due, DATE '3000-01-01'),
                       sent.installment IS NOT NULL
                  FROM sent
                  JOIN ar_communication communication ON communication.id = sent.communication_id
                 WHERE communication.id = ANY(ARRAY(SELECT communication_id FROM sent))
                   AND %(used)s
                   AND communication.id <> ALL(%(without)s::int[])
                """,
                used=USED,
                invoices=pg_array({line.move_id for line in debts if line.is_invoice}),
                lines=pg_array([line.line_id for line in debts if not line.is_invoice]),
                without=pg_array(without),
            )
        )
        of_move, of_line, steps = defaultdict(list), defaultdict(list), {}
        for move_id, line_id, *step, customer_id, due, is_part in rows:
            key = tuple(step)
            if key not in steps:  # of thousands of rows few differ
                steps[key] = SentStep(*key)
            sent = Reminded(customer_id, line_id, due, is_part), steps[key]
            of_move[move_id].append(sent)
            of_line[line_id].append(sent)
        return of_move, of_line

    def _read_contacts(self, customers, today, scope):
        """Return {customer id: dates of contact in the last 30 days}, and the ids of those with an automatic one today.

        An automatic notice that still waits in the queue counts as today's, whatever the day on which it was prepared,
        unless it gives way to reminders.
        Announcements of charges and confirmations of what the customer did are no contacts. What is not counted by the
        policy, such as statements, is none either, but it is the automatic message of its day.

        :param Scope scope: what the decision takes into account
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT customer_id, CASE WHEN state = 'planned' AND NOT is_manual THEN %(today)s ELSE date_sent END,
                       NOT is_manual, is_uncounted IS TRUE
                  FROM ar_communication
                 WHERE customer_id = ANY(%(customers)s::int[])
                   AND date_sent > %(since)s
                   AND id <> ALL(%(without)s::int[])
                   AND (notice IS NULL OR notice NOT IN %(unlimited)s)
                   AND (state IN %(states)s OR (state = 'planned' AND (is_manual OR notice NOT IN %(yielding)s)))
                """,
                customers=pg_array(customers.ids),
                today=today,
                since=today - datetime.timedelta(days=CONTACT_DAYS),
                without=pg_array(scope.without),
                states=CONTACT_STATES,
                unlimited=UNLIMITED_NOTICES,
                yielding=YIELDING_NOTICES,
            )
        )
        contacts, automatic_today = defaultdict(list), set()
        for customer_id, day, automatic, is_uncounted in rows:
            if not is_uncounted:
                contacts[customer_id].append(day)
            if automatic and day == today:
                automatic_today.add(customer_id)
        return contacts, automatic_today

    def _read_last_contacts(self, customers):
        """Return {customer id: day of the last contact}, whenever it was; those without one are left out.

        What counts is as above, without what still waits. A message to the payer is a contact with the members whose
        items it lists.
        """
        if not customers:
            return {}
        self.env["ar.communication"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    WITH sent AS (
                        SELECT customer_id AS account_id, id FROM ar_communication
                         WHERE customer_id = ANY(%(customers)s::int[])
                         UNION
                        SELECT member_id, communication_id FROM ar_communication_line
                         WHERE member_id = ANY(%(customers)s::int[]))
                    SELECT sent.account_id, MAX(communication.date_sent)
                      FROM sent JOIN ar_communication communication ON communication.id = sent.id
                     WHERE communication.state IN %(states)s AND communication.is_uncounted IS NOT TRUE
                       AND (communication.notice IS NULL OR communication.notice NOT IN %(unlimited)s)
                  GROUP BY sent.account_id
                    """,
                    customers=pg_array(customers.ids),
                    states=CONTACT_STATES,
                    unlimited=UNLIMITED_NOTICES,
                )
            )
        )
