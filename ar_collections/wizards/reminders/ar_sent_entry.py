from collections import defaultdict
from datetime import date
from typing import NamedTuple

from odoo import Command, api, fields, models
from odoo.fields import Domain


class SentRow(NamedTuple):
    """What a row of the file says, and what it was found to mean."""

    number: str
    step_name: str
    day: date
    move: object = None
    account: object = None
    step: object = None
    items: object = None


class ArSentEntry(models.TransientModel):
    """Reminders that another system sent before collections were activated, from a file.

    The schedule goes on after them: who was reminded twice does not get the first reminder again. Their steps are
    recorded in the log, a message for each customer and day.
    """

    _name = "ar.sent.entry"
    _inherit = ["ar.file.mixin"]
    _description = "Reminder Sent by Another System"

    number = fields.Char("Invoice", required=True, help="Number of a posted invoice. Example: INV/2026/00012.")
    step = fields.Char(
        required=True,
        help=(
            "Step of the customer's reminder schedule that comes closest to what was sent: its name, or its number of "
            "days. Example: Friendly reminder, or 3."
        ),
    )
    date = fields.Date("Sent on", required=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)

    @api.model
    def get_import_templates(self):
        """Return the example that the import offers, in the form of `base_import`."""
        template = "/ar_collections/static/csv/reminders_sent.csv"
        return [{"label": self.env._("Example: reminders sent"), "template": template}]

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to check the role; what the rows say is recorded by `_check_rows`, all of them together.

        :raise AccessError: without the role
        """
        self.env["ar.customer"]._require("manager")
        return super().create(vals_list)

    def _get_row_note(self):
        """Override to note the row with its company."""
        return self.company_id, SentRow(self.number.strip(), self.step.strip(), self.date)

    @api.model
    def _check_rows(self, fields, data, notes, is_bad):
        """Override to record what the rows say, where each of them is certain."""
        messages = super()._check_rows(fields, data, notes, is_bad)
        if is_bad or messages:
            return messages
        by_company = defaultdict(dict)
        for number, (company, row) in notes.items():
            by_company[company][number] = row
        for company, rows in by_company.items():
            messages += self._record(company, rows)
        return messages

    @api.model
    def _record(self, company, rows):
        """Record the reminders of a company; return the messages about rows that are not accepted.

        :param dict rows: {number of a row, from 0: SentRow}
        """
        if refusal := self._get_refusal(company):
            return [self._get_row_message(min(rows), refusal, "number")]
        found, messages = self._find(company, rows), []
        for number, row in found.items():
            if isinstance(row, str):
                messages.append(self._get_row_message(number, row, "number"))
        if messages:
            return messages
        moves = self.env["account.move"].union(*(row.move for row in found.values() if row.items))
        by_day, by_step = self._read_recorded(moves)
        accepted = []
        for number, row in found.items():
            if not row.items or by_day.get((row.move, row.day), (None,))[0] == row.step:
                continue  # paid since, or recorded already
            if refusal := self._find_contradiction(row, by_day, by_step):
                messages.append(self._get_row_message(number, refusal, "number"))
            by_day[row.move, row.day] = by_step[row.move, row.step] = row.step, row.day, number
            accepted.append(row)
        if not messages:
            self._write_log(accepted)
        return messages

    @api.model
    def _get_refusal(self, company):
        """Return why nothing can be recorded for the company, as text; else None."""
        if company not in self.env.companies:
            return self.env._("Select %(company)s in the list of companies.", company=company.name)
        if company.ar_active or company.ar_activated_on:
            return self.env._(
                "Collections of %(company)s were activated already: what another system sent can be recorded before "
                "that only. Skip the step on the customer instead, or pause the customer.",
                company=company.name,
            )
        return None

    # === WHAT A ROW MEANS === #

    @api.model
    def _find(self, company, rows):
        """Return {number of a row: the row with what it means, or why it is not accepted, as text}."""
        moves = self._find_moves(company, {row.number for row in rows.values()})
        accounts = self._find_accounts(company, self.env["account.move"].union(*moves.values()))
        today = company._ar_today()
        return {number: self._read_row(row, moves, accounts, today) for number, row in rows.items()}

    @api.model
    def _find_moves(self, company, numbers):
        """Return {number: the posted customer invoices with it}; one search."""
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("move_type", "in", ("out_invoice", "out_receipt"))
            & Domain("state", "=", "posted")
            & Domain("name", "in", list(numbers))
        )
        return self.env["account.move"].search(domain).grouped("name")

    @api.model
    def _find_accounts(self, company, moves):
        """Return {customer: its account in the company}; those that are missing are created."""
        partners, customers = moves.commercial_partner_id, self.env["ar.customer"].with_context(active_test=False)
        customers._ensure_for_partners(partners, company)
        domain = [("partner_id", "in", partners.ids), ("company_id", "=", company.id), ("merged_into_id", "=", False)]
        return customers.search(domain).grouped("partner_id")

    @api.model
    def _read_row(self, row, moves, accounts, today):
        """Return the row with what it means, or why it is not accepted, as text; of a paid invoice without items."""
        move = moves.get(row.number, self.env["account.move"])
        if len(move) != 1:
            return self.env._(
                "%(number)s: there are %(count)s posted customer invoices with this number. Enter it as the invoice "
                "shows it, or leave the row out.",
                number=row.number,
                count=len(move),
            )
        first_day = move.invoice_date or move.date
        if not first_day <= row.day <= today:
            return self.env._(
                "%(number)s: the day is not between that of the invoice, %(first)s, and today.",
                number=row.number,
                first=self.env["ar.customer"]._format_date(first_day),
            )
        account = accounts[move.commercial_partner_id]
        step = self._find_step(account, row.step_name)
        if len(step) != 1:
            return self._get_unknown_step(row, account)
        items = move.line_ids.filtered(lambda line: line.display_type == "payment_term" and not line.reconciled)
        due = items.filtered(lambda item: step.days < 0 or item.date_maturity <= row.day)
        if items and not due:
            return self.env._(
                "%(number)s was not due yet on that day, but “%(step)s” comes after the due date.",
                number=row.number,
                step=step.name,
            )
        return row._replace(move=move, account=account, step=step, items=due)

    @api.model
    def _find_step(self, account, text):
        """Return the step of the account's schedule with this name or number of days; not one: it is not certain."""
        steps = account.policy_id.schedule_id.step_ids.filtered("active")
        named = steps.filtered(lambda step: step.name.casefold() == text.casefold())
        return named or steps.filtered(lambda step: str(step.days) == text.lstrip("+"))

    @api.model
    def _get_unknown_step(self, row, account):
        """Return that no step, or several, have the name, with those that there are."""
        schedule = account.policy_id.schedule_id
        known = schedule.step_ids.filtered("active")
        if not known:
            return self.env._(
                "%(number)s: %(customer)s has no reminder schedule. Choose a credit policy with one first.",
                number=row.number,
                customer=account.display_name,
            )
        steps = ", ".join(f"{step.name} ({step.days})" for step in known)
        return self.env._(
            "%(number)s: “%(step)s” is not one step of the schedule “%(schedule)s”. Enter the name or the days of one: "
            "%(steps)s.",
            number=row.number,
            step=row.step_name,
            schedule=schedule.name,
            steps=steps,
        )

    # === WHAT IS RECORDED === #

    @api.model
    def _read_recorded(self, moves):
        """Return what is recorded of invoices: {(invoice, day): …} and {(invoice, step): …}, each (step, day, None)."""
        lines = self.env["ar.communication.line"].sudo()  # whatever of the log the user may read
        by_day, by_step = {}, {}
        for line in lines.search([("move_id", "in", moves.ids), ("step_id", "!=", False), ("uses_step", "=", True)]):
            move, step, day = line.move_id, line.step_id, line.communication_id.date_sent
            by_day[move, day] = by_step[move, step] = step, day, None
        return by_day, by_step

    @api.model
    def _find_contradiction(self, row, by_day, by_step):
        """Return why the row contradicts an earlier one, or what is recorded, as text; else None."""
        other = by_day.get((row.move, row.day)) or by_step.get((row.move, row.step))
        if not other:
            return None
        step, day, number = other
        values = {
            "number": row.number,
            "step": step.name,
            "day": self.env["ar.customer"]._format_date(day),
            "row": number is not None and number + 1,
        }
        if number is None:
            return self.env._(
                "%(number)s: “%(step)s” is recorded for %(day)s already, and the log cannot be changed. Leave the row "
                "out.",
                **values,
            )
        return self.env._(
            "%(number)s: row %(row)s says that “%(step)s” was sent on %(day)s. An invoice gets one step a day, and "
            "each step once: correct one of the rows, or leave it out.",
            **values,
        )

    @api.model
    def _write_log(self, rows):
        """Write the log: a message for each customer and day, with the severest step of the day."""
        messages = defaultdict(list)
        for row in rows:
            messages[row.account, row.day].append(row)
        items = self.env["account.move.line"].union(*(row.items for row in rows))
        installments = self.env["ar.facts"]._read_installments(items.ids)
        vals_list = [self._prepare_vals(*key, group, installments) for key, group in messages.items()]
        self.env["ar.communication"].sudo().create(vals_list)  # nobody may write the log; the role was checked
        self.env["ar.customer"].union(*(row.account for row in rows))._mark_changed()

    @api.model
    def _prepare_vals(self, account, day, rows, installments):
        """Return the values of the message to a customer on a day.

        :param dict installments: see `ar.facts._read_installments`
        """
        lines = self.env["ar.communication.line"]
        step = max((row.step for row in rows), key=lambda step: step.days)
        return {
            "customer_id": account.id,
            "state": "sent",
            "date": day,
            "date_sent": day,
            "channel": step.channel,
            "tone": step.tone,
            "step_id": step.id,
            "subject": self.env._("Sent by another system"),
            "note": self.env._("Imported before collections were activated; the amounts are those of the import."),
            "amount_total": sum(sum(row.items.mapped("amount_residual")) for row in rows),
            "line_ids": [
                Command.create(
                    {
                        **lines._prepare_line_vals(item, "item", row.step.id, item.amount_residual_currency, day),
                        "installment": installments.get(item.id),
                    }
                )
                for row in rows
                for item in row.items
            ],
        }
