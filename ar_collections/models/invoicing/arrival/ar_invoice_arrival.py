from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ....const import ARRIVAL_KINDS
from ....core.invoicing import arrival
from ...customers.sql import pg_array

INT, VARCHAR, TEXT = SQL("int"), SQL("varchar"), SQL("text")

#: The columns of `_store`, with their types in the database.
COLUMNS = {
    "move_id": INT,
    "move_line_id": INT,
    "kind": VARCHAR,
    "route": VARCHAR,
    "address": VARCHAR,
    "message_id": INT,
    "notification_id": INT,
    "failure_type": VARCHAR,
    "reason": TEXT,
    "user_id": INT,
}


class ArInvoiceArrival(models.Model):
    """Evidence of the arrival of invoices: sent to whom, returned, viewed, marked by a person. Append only.

    It is about the invoice as it was then: with another debtor or amount it is another document to the customer, and
    earlier evidence no longer counts. Written with SQL alone, see `_store`; the state follows from it, see
    `core.invoicing.arrival`.
    """

    _name = "ar.invoice.arrival"
    _description = "Evidence of Arrival"
    _order = "id desc"
    _rec_name = "address"
    _log_access = False

    move_id = fields.Many2one("account.move", "Invoice", required=True, readonly=True, index=True, ondelete="cascade")
    move_line_id = fields.Many2one(
        "account.move.line",
        "Journal Item",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Of entries that are no invoices, such as opening balances: they may contain items of many customers.",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    debtor_id = fields.Many2one("res.partner", "Customer", readonly=True, index="btree_not_null", ondelete="set null")
    amount = fields.Float("Amount at that Time", digits=0, readonly=True)
    date = fields.Date(required=True, readonly=True, help="Day in the company's time zone.")
    moment = fields.Datetime("Time", required=True, readonly=True)
    kind = fields.Selection(ARRIVAL_KINDS, "What Happened", required=True, readonly=True)
    route = fields.Char("Way", readonly=True, help="Email address, network or page; empty on paper.")
    address = fields.Char("Email Address", readonly=True)
    domain = fields.Char("Mail Domain", readonly=True, index="btree_not_null")
    message_id = fields.Many2one("mail.message", readonly=True, ondelete="set null")
    notification_id = fields.Integer(
        readonly=True, help="ID of Odoo's record of the email to one recipient, which is deleted later."
    )
    failure_type = fields.Char("Kind of Failure", readonly=True)
    reason = fields.Text("Details", readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True, ondelete="set null")

    _day_idx = models.Index("(company_id, date)")
    _notification_idx = models.Index("(notification_id) WHERE notification_id IS NOT NULL")
    _mail_idx = models.Index("(message_id, address) WHERE message_id IS NOT NULL")
    _view_once = models.UniqueIndex("(move_id, COALESCE(move_line_id, 0), date, route) WHERE kind = 'viewed'")
    _request_once = models.UniqueIndex("(move_id, date) WHERE kind = 'requested'")

    def write(self, vals):
        """Override of `base`: evidence is never changed.

        :raise UserError: for any value
        """
        if vals:
            raise UserError(self.env._("What happened to an invoice cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Prevent deletion: evidence goes with its invoice alone."""
        raise UserError(self.env._("What happened to an invoice cannot be deleted."))

    # === WRITING === #

    @api.model
    def _store(self, rows):
        """Add evidence that happened now; what is stored already is left out.

        :param list rows: dicts with the names of `COLUMNS`, at least ``move_id`` and ``kind``; each is about the debtor
            and the amount that the invoice, or the item, has at this moment
        :return: the ids of the entries to which something was added
        :rtype: set[int]
        """
        if not rows:
            return set()
        self.env.flush_all()
        values = [
            SQL("(%s)", SQL(", ").join(SQL("%s::%s", row.get(name) or None, kind) for name, kind in COLUMNS.items()))
            for row in rows
        ]
        added = self.env.execute_query(
            SQL(
                """
                INSERT INTO ar_invoice_arrival (%(columns)s, company_id, debtor_id, amount, date, moment, domain)
                     SELECT %(values)s, entry.company_id, COALESCE(item.partner_id, entry.commercial_partner_id),
                            COALESCE(ABS(item.amount_currency), entry.amount_total), %(day)s, %(now)s,
                            %(domain)s
                       FROM (VALUES %(rows)s) AS fact (%(columns)s)
                       JOIN account_move entry ON entry.id = fact.move_id
                       JOIN (%(zones)s) zone ON zone.company_id = entry.company_id
                  LEFT JOIN account_move_line item ON item.id = fact.move_line_id
                ON CONFLICT DO NOTHING
                  RETURNING move_id
                """,
                columns=SQL(", ").join(map(SQL.identifier, COLUMNS)),
                values=SQL(", ").join(SQL.identifier("fact", name) for name in COLUMNS),
                rows=SQL(", ").join(values),
                now=fields.Datetime.now(),
                day=self.env["res.company"]._ar_sql_day(SQL("%s::timestamp", fields.Datetime.now())),
                domain=self._sql_domain(SQL.identifier("fact", "address")),
                zones=self.env["res.company"]._ar_select_zones(),
            )
        )
        self._forget()
        return {move_id for (move_id,) in added}

    @api.model
    def _sql_domain(self, address):
        """Return the SQL of the domain of an e-mail address, NULL without one."""
        return SQL("NULLIF(split_part(LOWER(%s), '@', 2), '')", address)

    def _forget(self):
        """Drop from the cache what was read, or computed, before rows were added with SQL."""
        self.invalidate_model(flush=False)
        shown = ["ar_arrival_ids", "ar_arrival_state", "ar_arrival_text"]
        self.env["account.move"].invalidate_model(shown, flush=False)
        self.env["account.move.line"].invalidate_model(["ar_arrival_state"], flush=False)

    # === READING === #

    @api.model
    def _read_evidence(self, entries, items=()):
        """Return the evidence of entries in the order in which it happened, all in one query.

        What is about another debtor or another amount than the present ones is left out.

        :param entries: ids of invoices
        :param items: ids of journal items of entries that are no invoices
        :return: {("move", id) or ("item", id): [Evidence]}
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT fact.move_id, fact.move_line_id, fact.kind, fact.date, COALESCE(fact.route, '')
                  FROM ar_invoice_arrival fact
                  JOIN account_move entry ON entry.id = fact.move_id
             LEFT JOIN account_move_line item ON item.id = fact.move_line_id
                  JOIN res_partner debtor ON debtor.id = COALESCE(item.partner_id, entry.partner_id)
                  JOIN res_partner known ON known.id = fact.debtor_id
                 WHERE ((fact.move_id = ANY(%(entries)s::int[]) AND fact.move_line_id IS NULL)
                        OR fact.move_line_id = ANY(%(items)s::int[]))
                   AND known.commercial_partner_id = debtor.commercial_partner_id
                   AND fact.amount = COALESCE(ABS(item.amount_currency), entry.amount_total)
              ORDER BY fact.id
                """,
                entries=pg_array(entries),
                items=pg_array(items),
            )
        )
        found = defaultdict(list)
        for move_id, line_id, kind, day, route in rows:
            key = ("item", line_id) if line_id else ("move", move_id)
            found[key].append(arrival.Evidence(kind, day, route))
        return found
