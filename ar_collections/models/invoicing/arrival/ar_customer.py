from odoo import api, fields, models
from odoo.tools import SQL

from ....core import decision as codes
from ....core.facts import LEDGER
from ....core.invoicing import arrival
from ...customers.sql import pg_array

#: Of this many documents the task gives the numbers.
NAMED = 10

TASK = "ar_collections.mail_activity_type_not_arrived"


class ArCustomer(models.Model):
    """The task about invoices that are not reminded, because nothing shows that the customer has them."""

    _inherit = "ar.customer"

    arrival_task_date = fields.Date(
        readonly=True, copy=False, help="Day on which the collector got the task about invoices that did not arrive."
    )

    @api.model
    def _mark_arrivals(self, documents):
        """Decide anew about the customers of these invoices, or journal items, whose policy looks at the arrival."""
        documents = documents.sudo()  # whoever sent, or opened, the invoice
        accounts = self.sudo().search(  # as above
            [
                ("partner_id", "in", documents.partner_id.commercial_partner_id.ids),
                ("company_id", "in", documents.company_id.ids),
                ("policy_id.arrival_rule", "!=", arrival.OFF),
            ]
        )
        accounts._mark_changed()

    @api.model
    def _tell_not_arrived(self, verdicts, today):
        """Give the collectors one task about late invoices that wait because they did not arrive; end those that do.

        An invoice is told once, until something new happens to it. There is no task before collections are activated.
        In superuser mode, because users may not write results of the run. What a person sends by hand ends no task.

        :param dict verdicts: {customer: Verdict}
        :param date today: the company's date
        """
        automatic = {customer: verdict for customer, verdict in verdicts.items() if not verdict.facts.is_manual}
        accounts = self.sudo()
        waiting = {accounts.browse(c.id): self._get_not_arrived(verdict, today) for c, verdict in automatic.items()}
        over = self.browse().union(*(c for c, ids in waiting.items() if not ids and c.arrival_task_date))
        if over:
            over._close_tasks(TASK)
            over.with_context(tracking_disable=True).arrival_task_date = False
        waiting = {customer: ids for customer, ids in waiting.items() if ids and customer.company_id.ar_active}
        lines = self._find_untold([line_id for ids in waiting.values() for line_id in ids])
        if not lines:
            return
        untold = set(lines.ids)
        states = lines._get_arrivals()
        for customer, ids in waiting.items():
            if own := [line for line in self._browse_lines(ids) if line.id in untold]:
                customer._add_task(TASK, customer._get_not_arrived_text(own, states), append=True)
                customer.with_context(tracking_disable=True).arrival_task_date = today
        # Told by the system, whoever the user is.
        self.env["ar.invoice.arrival"].sudo()._store([line._get_arrival_row(arrival.TOLD) for line in lines])

    @api.model
    def _get_not_arrived(self, verdict, today):
        """Return the ids of the late items that wait for nothing but a person."""
        return [
            item.item_id
            for item in verdict.account.items
            if item.kind == LEDGER and item.due_date < today
            if any(each.code == codes.NOT_ARRIVED and each.until is None for each in item.exclusions)
        ]

    @api.model
    def _find_untold(self, line_ids):
        """Return those of these items to which something happened since the collector was told, in superuser mode."""
        if not line_ids:
            return self._browse_lines([])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id
                  FROM account_move_line line
     LEFT JOIN LATERAL (SELECT fact.kind
                          FROM ar_invoice_arrival fact
                         WHERE fact.move_id = line.move_id AND COALESCE(fact.move_line_id, line.id) = line.id
                           AND fact.kind <> 'requested'
                      ORDER BY fact.id DESC
                         LIMIT 1) latest ON TRUE
                 WHERE line.id = ANY(%s::int[]) AND latest.kind IS DISTINCT FROM 'told'
              ORDER BY line.id
                """,
                pg_array(line_ids),
            )
        )
        return self._browse_lines([line_id for (line_id,) in rows])

    def _get_not_arrived_text(self, lines, states):
        """Return the task's text: the documents, each with what happened to it."""
        self.ensure_one()
        env = self._in_staff_language().env
        labels = dict(env["ar.communication.line"]._fields["arrival_state"]._description_selection(env))
        found = dict.fromkeys(f"{line.move_name} ({labels[states[line.id].state]})" for line in lines)
        names = ", ".join(list(found)[:NAMED])
        if len(found) > NAMED:
            names = env._("%(names)s and %(number)s more", names=names, number=len(found) - NAMED)
        return env._("Not reminded, send again or mark as delivered: %(names)s", names=names)

    def _take_over_records(self, others):
        """Override to take over the day of the task with the task, so that it closes when nothing waits."""
        days = [day for day in (self | others).mapped("arrival_task_date") if day]
        result = super()._take_over_records(others)
        if days:
            self.with_context(tracking_disable=True).arrival_task_date = max(days)
        return result
