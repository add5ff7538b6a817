from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ....const import CONTACT_STATES
from ....formats import format_amount, format_date
from ...customers.sql import JOIN_DEBTOR

TASK = "ar_collections.mail_activity_type_returned"

#: The records of the ledger that a returned payment refers to.
RECORDS = ("move_line_id", "move_id", "counterpart_id", "counterpart_move_id")


class ArReturnedPayment(models.Model):
    """A payment that came back, or a credit that was undone: the item it had settled is open again.

    Odoo deletes a reconciliation that is undone. What it was is stored here, so that reminders of the item continue
    with the very next step and the collector learns of it. What is reconciled again before the next nightly run was no
    return, but a correction, and is deleted.
    """

    _name = "ar.returned.payment"
    _description = "Returned Payment"
    _order = "date desc, id desc"

    customer_id = fields.Many2one("ar.customer", "Customer Account", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="customer_id.company_id", store=True, index=True)
    move_line_id = fields.Many2one("account.move.line", "Open Item", index="btree_not_null", ondelete="set null")
    move_id = fields.Many2one("account.move", "Invoice", index="btree_not_null", ondelete="set null")
    counterpart_id = fields.Many2one("account.move.line", "Payment Item", index="btree_not_null", ondelete="set null")
    counterpart_move_id = fields.Many2one("account.move", "Payment Entry", index="btree_not_null", ondelete="set null")
    name = fields.Char("Number", help="Number of the invoice.")
    payment = fields.Char(help="Number of the payment or credit note.")
    is_credit = fields.Boolean("Credit", help="Whether it was a credit note or another entry, not a payment.")
    currency_id = fields.Many2one("res.currency", required=True)
    amount = fields.Monetary(required=True)
    paid_on = fields.Date("Paid on")
    date = fields.Date("Returned on", required=True)
    state = fields.Selection(
        [("new", "New"), ("returned", "Returned"), ("moved", "Applied to another item")],
        required=True,
        default="new",
        help="New: the payment is in draft or not applied to anything; it may have come back, or be applied again.",
    )

    _new_idx = models.Index("(customer_id) WHERE state = 'new'")

    # === FROM THE LEDGER === #

    @api.model
    def _prepare_undone(self, partials):
        """Return the values of what is stored about reconciliations that are about to be undone.

        Left out is what was matched today with an entry of today: that is a correction.

        :param partials: `account.partial.reconcile`
        """
        rows = []
        for values, company_id, matched_on in self._read_undone(partials):
            today = self.env["res.company"].browse(company_id)._ar_today()
            if not matched_on == values["paid_on"] == today:
                rows.append({**values, "company_id": company_id, "date": today})
        return rows

    def _read_undone(self, partials):
        """Return rows (values, company id, day of the reconciliation there) of those that settled a customer's debt.

        Exchange differences, refunds and write-offs did not; nothing is read of companies without active collections.
        One query: Odoo forgets what it has read when a reconciliation is deleted, so that all of it is read twice.
        """
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT customer.id AS customer_id, line.id AS move_line_id, line.move_id, move.name, line.currency_id,
                       partial.debit_amount_currency::float AS amount, partial.max_date AS paid_on,
                       counterpart.id AS counterpart_id, counterpart.move_id AS counterpart_move_id,
                       entry.name AS payment, journal.type NOT IN ('bank', 'cash', 'credit') AS is_credit,
                       line.company_id, %(day)s AS matched_on
                  FROM account_partial_reconcile partial
                  JOIN account_move_line line ON line.id = partial.debit_move_id
                  JOIN account_move move ON move.id = line.move_id
                  JOIN account_journal own ON own.id = line.journal_id
                  JOIN account_account account ON account.id = line.account_id
                  JOIN account_move_line counterpart ON counterpart.id = partial.credit_move_id
                  JOIN account_move entry ON entry.id = counterpart.move_id
                  JOIN account_journal journal ON journal.id = counterpart.journal_id
                  JOIN res_company company ON company.id = line.company_id AND %(is_active)s
                  JOIN (%(zones)s) zone ON zone.company_id = line.company_id
                  %(join_debtor)s
                  JOIN ar_customer customer ON customer.partner_id = debtor.commercial_partner_id
                       AND customer.company_id = line.company_id AND customer.active
                 WHERE partial.id = ANY(%(partials)s)
                   AND account.account_type = 'asset_receivable' AND account.non_trade IS NOT TRUE
                   AND line.parent_state = 'posted'
                   AND NOT (line.balance > 0 AND own.type IN ('bank', 'cash', 'credit')
                            AND line.ar_follow_up IS DISTINCT FROM 'yes')
                   AND journal.ar_is_write_off IS NOT TRUE
                   AND entry.id IS DISTINCT FROM partial.exchange_move_id
                   AND counterpart.journal_id IS DISTINCT FROM company.currency_exchange_journal_id
              ORDER BY partial.id
                """,
                day=self.env["res.company"]._ar_sql_day(SQL("partial.create_date")),
                is_active=self.env["res.company"]._ar_sql_active(),
                zones=self.env["res.company"]._ar_select_zones(),
                join_debtor=JOIN_DEBTOR,
                partials=partials.ids,
            )
        )
        return [(row, row.pop("company_id"), row.pop("matched_on")) for row in rows]

    @api.model
    def _keep_existing(self, rows):
        """Return the rows with those of their records that still exist: the flow may have deleted the payment.

        :param rows: list of values
        """
        models_of = {name: self._fields[name].comodel_name for name in RECORDS}
        existing = {}
        for model in set(models_of.values()):
            ids = {row[name] for row in rows for name in RECORDS if models_of[name] == model}
            existing[model] = set(self.env[model].browse(ids).exists().ids)
        return [
            {**row, **{name: row[name] if row[name] in existing[models_of[name]] else False for name in RECORDS}}
            for row in rows
        ]

    @api.model
    def _prepare_vals(self, customer, item, amount, paid_on):
        """Return the values about an amount that is open again since today."""
        return {
            "customer_id": customer.id,
            "move_line_id": item.id,
            "move_id": item.move_id.id,
            "name": item.move_id.name,
            "currency_id": item.currency_id.id,
            "amount": amount,
            "paid_on": paid_on,
            "date": item.company_id._ar_today(),
        }

    @api.model
    def _find_accounts(self, items):
        """Return {(partner, company): `ar.customer`} of the items' debtors in companies with active collections."""
        accounts = self.env["ar.customer"].search(
            [
                ("partner_id", "in", items.partner_id.commercial_partner_id.ids),
                ("company_id", "in", items.company_id.filtered("ar_active").ids),
            ]
        )
        return {(account.partner_id, account.company_id): account for account in accounts}

    @api.model
    def _settle_again(self, partials):
        """Reduce what came back of the items of new reconciliations, unless the collector knows of it already.

        :param partials: `account.partial.reconcile` just created, in superuser mode
        """
        left = dict.fromkeys(partials.debit_move_id, 0.0)
        for partial in partials:
            left[partial.debit_move_id] += partial.debit_amount_currency
        for returned in self.search([("state", "=", "new"), ("move_line_id", "in", partials.debit_move_id.ids)]):
            amount = min(returned.amount, left[returned.move_line_id])
            left[returned.move_line_id] -= amount
            if returned.currency_id.compare_amounts(returned.amount, amount) > 0:
                returned.amount -= amount
            else:
                returned.unlink()

    # === IN THE NIGHTLY RUN === #

    @api.model
    def _announce(self, customers):
        """Give the collectors of these customers one task each about the payments that came back since the last run.

        A payment that lies unapplied may have come back, or be applied again: it is looked at again in the next run.

        :param customers: `ar.customer` recordset, locked
        """
        events = self.search([("state", "=", "new"), ("customer_id", "in", customers.ids)])
        over = events._find_over()
        over.unlink()
        for customer, found in (events - over).grouped("customer_id").items():
            returned = found.filtered(lambda event: event._get_fate() == "returned")
            (found - returned).filtered(lambda event: event._get_fate() == "moved").state = "moved"
            if returned:
                returned.state = "returned"
                returned._tell_collector(customer)

    def _find_over(self):
        """Return those about which there is nothing to tell: the invoice was deleted."""
        return self.filtered(lambda event: not event.move_id)

    def _get_fate(self):
        """Return what became of the payment: ``returned``, ``moved`` to another item, or ``new`` where it is open."""
        self.ensure_one()
        payment, entry = self.counterpart_id, self.counterpart_move_id
        if not entry or entry.state != "posted":
            return "returned"
        if not payment:  # the match of a bank transaction was undone: the money is there, and will be matched again
            return "moved" if entry.statement_line_id.is_reconciled else "new"
        if not payment.reconciled:
            return "new"
        items = payment.matched_debit_ids.debit_move_id
        return "moved" if items.move_id.filtered(lambda move: move.is_invoice()) else "returned"

    def _tell_collector(self, customer):
        """Create the task for the collector and log it on the customer's thread."""
        reader = self.with_context(lang=customer.collector_id.lang or customer.company_id.partner_id.lang)
        lines = [event._get_text() for event in reader]
        amounts = ", ".join(f"{event._format_amount()} ({event.name})" for event in reader)
        texts = {
            True: reader.env._("Credit undone: %(amounts)s", amounts=amounts),
            False: reader.env._("Payment returned: %(amounts)s", amounts=amounts),
        }
        body = Markup("<br/>").join(lines)
        customer._add_task(TASK, texts[all(self.mapped("is_credit"))], note=body)
        customer.message_post(body=body, subtype_xmlid="mail.mt_note")

    def _get_text(self):
        """Return what came back and what the customer was told last, as one sentence each."""
        self.ensure_one()
        values = {
            "amount": self._format_amount(),
            "invoice": self.name,
            "payment": self.payment,
            "paid": format_date(self.env, self.paid_on),
            "day": format_date(self.env, self.date),
        }
        text = (
            self.env._(
                "A credit of %(amount)s on %(invoice)s (%(payment)s of %(paid)s) was undone on %(day)s.", **values
            )
            if self.is_credit
            else self.env._("%(amount)s paid on %(invoice)s (%(payment)s of %(paid)s) came back on %(day)s.", **values)
        )
        return f"{text} {self._get_last_reminder_text()}"

    def _get_last_reminder_text(self):
        """Return which step was sent last for the invoice, and when."""
        if not self.move_id:  # deleted
            return self.env._("No reminder was sent before.")
        lines = self.env["ar.communication.line"].search(
            [
                ("move_id", "=", self.move_id.id),
                ("step_id", "!=", False),
                ("communication_id.state", "in", CONTACT_STATES),
                "|",
                ("member_id", "=", self.customer_id.id),
                ("communication_id.customer_id", "=", self.customer_id.id),
            ]
        )
        last = lines.communication_id.sorted(lambda message: (message.date_sent, message.id))[-1:]
        if not last:
            return self.env._("No reminder was sent before.")
        return self.env._(
            "Last reminder: %(step)s on %(day)s.", step=last.step_id.name, day=format_date(self.env, last.date_sent)
        )

    def _format_amount(self):
        self.ensure_one()
        return format_amount(self.env, self.amount, self.currency_id)
