from odoo import Command, models
from odoo.tools import plaintext2html

from ...const import CONTACT_STATES
from ...core import decision as codes
from ...core.facts import Scope
from ...core.money import ZERO, to_decimal


class ArCustomerWritten(models.Model):
    """Messages that a collector writes to a customer besides the schedule; they use no step."""

    _inherit = "ar.customer"

    def _get_last_reminder(self):
        """Return the reminder that the customer got last, and that was written."""
        self.ensure_one()
        spoken = self.env["ar.channel"]._get_codes("_is_spoken")
        domain = [
            ("customer_id", "=", self.id),
            ("step_id", "!=", False),
            ("state", "in", CONTACT_STATES),
            ("channel", "not in", spoken),
        ]
        return self.env["ar.communication"].search(domain, order="date_sent desc, id desc", limit=1)

    def _get_wait_text(self, decision, planned):
        """Return why the schedule sends nothing now, and the next step where it knows one.

        :param PlannedContact planned: the next contact, or None
        """
        reason = self._get_code_label(decision.code)
        if not planned or not planned.decision.step:
            return reason
        step = self.env["ar.reminder.step"].browse(planned.decision.step.step_id)
        values = {"reason": reason, "step": step.name, "day": self._format_date(planned.day)}
        if decision.code == codes.ALREADY_SENT:
            return self.env._("%(reason)s: %(step)s on %(day)s", **values)
        return self.env._("%(reason)s. Next: %(step)s on %(day)s", **values)

    def _get_message_warning(self):
        """Return why the schedule would not contact the customer today, or an empty text."""
        today = self.company_id._ar_today()
        waiting = self.env["ar.communication"]._waiting(self)
        decision = self._decide(today, Scope(without=frozenset(waiting.ids)))[self].decision
        return "" if decision.has_message else self._get_code_label(decision.code)

    def _get_repeated_items(self, facts):
        """Return {journal item id: amount} of the last reminder that may be requested again; empty without any.

        What is promised, disputed, excluded or being paid is left out.

        :param AccountFacts facts: of this account
        """
        listed = set(self._get_last_reminder().line_ids.filtered(lambda line: line.kind == "item").move_line_id.ids)
        return {
            item.item_id: float(item.chaseable_currency)
            for item in facts.items
            if item.item_id in listed and item.chaseable_currency > 0
        }

    def _get_written_amounts(self, kind, lines):
        """Return {journal item id: amount} of the items that a message may list now.

        :param str kind: one of ``const.WRITTEN``
        :param lines: `account.move.line` recordset, in superuser mode
        """
        if kind != "repeat":
            return {line.id: line.amount_residual_currency for line in lines}
        items = self._get_facts().items
        return {item.item_id: float(item.chaseable_currency) for item in items if item.item_id in lines.ids}

    def _get_written_text(self, kind, lines):
        """Return subject and text that a message starts with, in the customer's language.

        :param str kind: one of ``const.WRITTEN``
        :param lines: the items it is about
        """
        customer = self.with_context(lang=self.partner_id.lang or self.env.lang)
        if kind == "repeat" and (last := customer._get_last_reminder()):
            subject = customer.env._("Reminder: %(subject)s", subject=last.subject or last.step_id.name)
            text = customer.env._(
                "On %(day)s we wrote to you about the invoices below. We have not received the payment yet, so here "
                "they are again with the amounts that are open today.",
                day=customer._format_date(last.date_sent),
            )
        elif kind == "copies":
            numbers = ", ".join(lines.move_id.mapped("name")[:3])
            subject = customer.env._("Copies of your invoices: %(numbers)s", numbers=numbers)
            text = customer.env._("Please find attached copies of the invoices listed below.")
        else:
            return {"subject": customer.env._("Your account with %(company)s", company=self.company_id.name)}
        greeting = customer.env._("Hello,")
        return {"subject": subject, "text": plaintext2html(f"{greeting}\n\n{text}")}

    def _write_message(self, kind, subject, text, recipients, lines):
        """Put a message that a person wrote into the mail queue; the caller checked rights and recipients.

        :param recipients: `res.partner` with an e-mail address
        :param lines: `account.move.line` that it lists
        :return: the communication
        """
        self.ensure_one()
        self._lock_account()
        today = self.company_id._ar_today()
        log = self.env["ar.communication"].sudo()  # users have no create access to the log
        rows = log.line_ids
        values = log._prepare_edited_vals({"subject": subject, "text_above": text}, recipients)
        amounts = self._get_written_amounts(kind, lines.sudo())  # the items of the account, which was checked
        listed = [
            rows._prepare_line_vals(line, "item", None, amounts[line.id], today)
            for line in lines.sudo()
            if amounts.get(line.id)
        ]
        communication = log.create(
            {
                **values,
                "customer_id": self.id,
                "notice": kind,
                "state": "planned",
                "is_manual": True,
                "date": today,
                "date_sent": today,
                "channel": "email",
                "tone": "friendly",
                "user_id": self.collector_id.id,
                "lang": self.env["ar.outreach"]._choose_lang(self, recipients[:1]),
                "amount_total": float(sum((to_decimal(line.amount_residual) for line in lines.sudo()), ZERO)),
                "line_ids": [Command.create(vals) for vals in listed],
            }
        )
        outreach = self.env["ar.outreach"]
        outreach._render(communication)
        outreach._send(communication)
        outreach._trigger_mail_queue()
        return communication
