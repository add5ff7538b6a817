from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_repr

from ...const import WAITING_STATES
from ...core.facts import LEDGER


class ArCommunicationLine(models.Model):
    """An item or credit that a communication listed, with its amounts at that time, in the item's currency."""

    _name = "ar.communication.line"
    _description = "Communication Line"
    _order = "communication_id, kind desc, date_due, id"

    communication_id = fields.Many2one("ar.communication", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="communication_id.company_id", store=True, index=True)
    customer_ref = fields.Integer(
        "Account at that Time",
        readonly=True,
        help="Id of the debtor's customer account, which stays when accounts are merged.",
    )
    member_id = fields.Many2one(
        "ar.customer",
        "Customer of the Group",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Customer who owes the item, where the message went to the account that pays for it.",
    )
    kind = fields.Selection([("item", "Open item"), ("credit", "Credit")], required=True, default="item")
    move_line_id = fields.Many2one("account.move.line", "Journal Item", index="btree_not_null", ondelete="set null")
    move_id = fields.Many2one("account.move", "Invoice", index="btree_not_null", ondelete="set null")
    step_id = fields.Many2one(
        "ar.reminder.step",
        ondelete="restrict",
        help="Step at which the item was reminded; empty if it was only listed.",
    )
    uses_step = fields.Boolean(default=True, help="Empty if the communication was canceled or failed.")
    name = fields.Char("Number")
    installment = fields.Char(help="Installment of an invoice with several due dates, e.g. 1/2.")
    date = fields.Date()
    date_due = fields.Date(
        "Due Date", help="Due date of the item when it was reminded; a later one opens a new round of reminders."
    )
    days_late = fields.Integer()
    currency_id = fields.Many2one("res.currency", required=True)
    amount_original = fields.Monetary("Original")
    amount_paid = fields.Monetary("Paid", help="Payments and credits applied so far.")
    amount_left = fields.Monetary("Remaining", help="Amount due; negative for credits.")

    # A step is sent at most once for an open item, a debtor and a due date, also by transactions that run at the same
    # time. See `core.customers.rounds`. The account is no foreign key, so that two accounts which were sent the same
    # step can be merged.
    _step_once = models.UniqueIndex(
        "(move_line_id, step_id, customer_ref, date_due)"
        " WHERE uses_step AND step_id IS NOT NULL AND move_line_id IS NOT NULL",
        "This step was already sent for this item.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to store the debtor's account: that of the communication, or a member of its group."""
        logs = self.env["ar.communication"].browse([vals.get("communication_id") for vals in vals_list])
        return super().create(
            [
                {**vals, "customer_ref": vals.get("member_id") or log.customer_id.id}
                for vals, log in zip(vals_list, logs, strict=True)
            ]
        )

    @api.model
    def _insert(self, communications, vals_list):
        """Create the lines of a run's messages by one statement.

        `create` takes ten times as long for them, most of it for amounts, whose currency it looks up one by one. Access
        is not checked, because the log is written as superuser; what is computed from lines is marked as changed.

        :param communications: the messages, all of one company
        :param list vals_list: values of the lines, as for `create`
        """
        if not vals_list:
            return
        now, names = self.env.cr.now(), [name for name, field in self._fields.items() if field.store]
        fixed = {
            **self.default_get(names),
            **{"create_uid": self.env.uid, "create_date": now, "write_uid": self.env.uid, "write_date": now},
        }
        logs = {log.id: log for log in communications}
        rows = [{**fixed, **vals, **self._get_own_vals(logs[vals["communication_id"]], vals)} for vals in vals_list]
        columns = sorted({name for row in rows for name in row})
        self.env.cr.execute(
            SQL(
                "INSERT INTO ar_communication_line (%s) VALUES %s RETURNING id",
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(self._get_columns(columns, rows)),
            )
        )
        lines = self.browse([line_id for (line_id,) in self.env.cr.fetchall()])
        communications.invalidate_recordset(["line_ids"], flush=False)
        with self.env.protecting([self._fields["company_id"]], lines):  # it is stored already
            lines.modified(columns, create=True)

    @api.model
    def _get_own_vals(self, communication, vals):
        """Return the values of a line that follow from its communication."""
        debtor = vals.get("member_id") or communication.customer_id.id
        return {"customer_ref": debtor, "company_id": communication.company_id.id}

    @api.model
    def _get_columns(self, columns, rows):
        """Return each row as a tuple of database values in the order of the columns, amounts rounded."""
        currencies = {currency.id: currency for currency in self.env["res.currency"].browse({*map(_currency, rows)})}
        converters = []
        for name in columns:
            field = self._fields[name]
            if field.type == "monetary":
                converters.append(lambda row, name=name: _round(row.get(name), currencies[_currency(row)]))
            else:
                converters.append(
                    lambda row, name=name, field=field: field.convert_to_column_insert(row.get(name), self, row)
                )
        return [tuple(convert(row) for convert in converters) for row in rows]

    def write(self, vals):
        """Override of `base` to keep the lines unchanged, except for whether their step is used.

        While the message waits, the days late may follow the day on which it leaves.

        :raise UserError: for any other field
        """
        states = set(self.mapped("communication_id.state")) if set(vals) == {"days_late"} else {"sent"}
        if not set(vals) <= {"uses_step"} and not states <= set(WAITING_STATES):
            raise UserError(self.env._("A sent communication cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Prevent deletion: the log is the audit trail."""
        raise UserError(self.env._("Communications are the audit trail and cannot be deleted."))

    def _get_step_id(self):
        """Return the id of the line's step, or ``None``.

        A step that was freed in a waiting message is none: sent as it is, the message would not use it, and the step
        would be sent again.
        """
        is_freed = not self.uses_step and self.communication_id.state in WAITING_STATES
        return None if is_freed else self.step_id.id or None

    def _get_key(self):
        """Return the key of the listed item, see `core.facts.OpenItem.key`.

        An override returns the key of another kind of item, for instance of an installment.
        """
        self.ensure_one()
        return LEDGER, self.move_line_id.id

    def _get_transfer_amounts(self):
        """Return {journal item: amount} that a bank transfer pays for this line, see `ar.bank.details`.

        An override returns the journal items of another kind of item.
        """
        self.ensure_one()
        return {self.move_line_id: self.amount_left} if self.move_line_id else {}

    @api.model
    def _prepare_vals(self, decision, ledger, today):
        """Return the values of the lines for a decision's items and credits.

        :param Decision decision: one with a message
        :param ledger: {journal item id: journal item}, read at once for the whole batch
        :param date today: the company's date
        """
        items = [
            {**self._prepare_item_vals(entry, ledger, today), "member_id": entry.item.member_id}
            for entry in decision.items
        ]
        credits = [
            {
                **self._prepare_line_vals(ledger[credit.item_id], "credit", None, -credit.amount_currency, today),
                "member_id": credit.member_id,
            }
            for credit in decision.credits
        ]
        return items + credits

    @api.model
    def _prepare_item_vals(self, entry, ledger, today):
        """Return the values of the line for an item; an override handles items of another kind than journal items.

        :param ListedItem entry: the item with its step
        :param ledger: as in :meth:`_prepare_vals`
        """
        amount = entry.item.chaseable_currency
        return self._prepare_line_vals(ledger[entry.item.item_id], "item", entry.step_id, amount, today)

    @api.model
    def _prepare_line_vals(self, move_line, kind, step_id, left, today):
        """Return the values of one line, read from the journal item now.

        :param str kind: ``item`` or ``credit``
        :param step_id: the step that is sent for the item; None: it is only listed
        :param left: the amount due, in the item's currency; negative for a credit
        """
        due = move_line.date_maturity or move_line.date
        return {
            "kind": kind,
            "move_line_id": move_line.id,
            "move_id": move_line.move_id.id,
            "step_id": step_id,
            "name": move_line.move_id.name,
            "date": move_line.invoice_date or move_line.date,
            "date_due": due,
            "days_late": (today - due).days,
            "currency_id": move_line.currency_id.id,
            "amount_original": move_line.amount_currency,
            "amount_paid": move_line.amount_currency - move_line.amount_residual_currency,
            "amount_left": float(left),
        }


def _currency(row):
    return row["currency_id"]


def _round(amount, currency):
    return float_repr(currency.round(amount or 0.0), currency.decimal_places)
