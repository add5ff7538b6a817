import datetime
from collections import defaultdict

from odoo import api, models

from ...core import decision as codes
from ...core.facts import LEDGER
from ...core.money import ZERO


class ArOutreach(models.AbstractModel):
    """The hands: turn decisions into communications, and speak them through their channel.

    A channel is a method ``_send_<channel>(communications)`` for communications in state `planned`; a glue add-on
    adds one by extending the selection of `ar.reminder.step.channel` and defining the method.
    """

    _name = "ar.outreach"
    _description = "Customer Outreach"

    @api.model
    def _perform(self, decided, waiting, today, **order):
        """Give up what no longer holds, log what is to be said, and say it.

        :param decided: {customer: Verdict}
        :param waiting: what was prepared for these customers earlier and is still to be sent or approved
        :param order: ``is_manual`` and ``approved_by_id`` where a person ordered it, ``edited`` where one wrote it
        :return: the communications made
        """
        waiting_of = {communication.customer_id: communication for communication in waiting}
        to_cancel, to_send, edited = defaultdict(lambda: waiting.browse()), {}, {}
        unreachable = self.env["ar.customer"]
        for customer, verdict in decided.items():
            decision = verdict.decision
            old = waiting_of.get(customer)
            if old and old._is_current(decision, today):
                continue
            if old:
                to_cancel["outdated" if decision.has_message else decision.code] |= old
            if decision.has_message:
                to_send[customer] = verdict
                edited[customer] = old._get_replacement_vals(decision, today) if old else {}
            elif decision.code == codes.NO_ADDRESS:
                unreachable |= customer
        for reason, communications in to_cancel.items():
            communications._cancel(reason)
        self._add_address_task(unreachable)
        communications = self._log(to_send, today, **{"edited": edited, **order})
        self._dispatch(communications)
        return communications

    @api.model
    def _skip(self, decided, today):
        """Log what would be said as skipped by a person: the steps are used up, nobody hears of them."""
        to_skip = {customer: verdict for customer, verdict in decided.items() if verdict.decision.has_message}
        communications = self._log(to_skip, today, is_manual=True)
        return communications._set_state("skipped", cancel_reason="skipped")

    @api.model
    def _release(self, communications):
        """Let approved messages go: those of a channel that was only prepared are queued now."""
        communications._set_state("planned")
        self._queue(communications.filtered(lambda communication: communication.channel == "email"))
        for communication in communications.filtered(lambda c: c.channel != "email"):
            getattr(self, f"_send_{communication.channel}")(communication)
        self._trigger_mail_queue()

    @api.model
    def _dispatch(self, communications):
        """Hand each communication to its channel; what waits for review is prepared, so that it can be read."""
        self._render(communications.filtered(lambda communication: communication.channel == "email"))
        planned = communications.filtered(lambda communication: communication.state == "planned")
        for channel, ready in planned.grouped("channel").items():
            getattr(self, f"_send_{channel}")(ready)
        for communication in communications - planned:
            self._add_review_task(communication)

    @api.model
    def _add_review_task(self, communication):
        """Give the collector the task to look at a message before it goes out."""
        communication.customer_id._add_task(
            "ar_collections.mail_activity_type_review",
            self.env._("Review the reminder “%(step)s”", step=communication.step_id.name),
        )

    # === LOG === #

    @api.model
    def _log(self, to_send, today, is_manual=False, approved_by_id=False, edited=None):
        """Write the communications and their lines, a batch each.

        :param to_send: {customer: Verdict}
        :param edited: {customer: values that a person wrote}; they win over what is prepared
        """
        customers = self.env["ar.customer"].union(*to_send)
        recipients = self.env["ar.facts"]._read_recipients(customers)
        partners = self.env["res.partner"].browse({row["id"] for rows in recipients.values() for row in rows})
        by_id = {partner.id: partner for partner in partners}
        log = self.env["ar.communication"].sudo()  # the log takes rows from the engine only, whoever started it
        communications = log.create(
            [
                {
                    **self._prepare_communication_vals(customer, verdict, today),
                    **self._prepare_recipient_vals(customer, verdict.decision, recipients[customer.id], by_id),
                    "is_manual": is_manual,
                    "approved_by_id": approved_by_id,
                    **(edited or {}).get(customer, {}),
                }
                for customer, verdict in to_send.items()
            ]
        )
        self._log_lines(communications, [verdict.decision for verdict in to_send.values()], today)
        return communications

    @api.model
    def _log_lines(self, communications, decisions, today):
        """Write what each communication speaks about, at this moment's amounts."""
        lines = self.env["ar.communication.line"].sudo()  # as the log itself
        ids = {entry.item.item_id for d in decisions for entry in d.items if entry.item.kind == LEDGER}
        ids |= {credit.item_id for decision in decisions for credit in decision.credits}
        ledger = {line.id: line for line in self.env["account.move.line"].sudo().browse(ids)}  # amounts for the message
        installments = self.env["ar.facts"]._read_installments(ids)
        lines.create(
            [
                {
                    "communication_id": communication.id,
                    "installment": installments.get(values.get("move_line_id")),
                    **values,
                }
                for communication, decision in zip(communications, decisions, strict=True)
                for values in lines._prepare_vals(decision, ledger, today)
            ]
        )

    @api.model
    def _prepare_communication_vals(self, customer, verdict, today):
        """Return what is known before a word is written."""
        decision = verdict.decision
        step = self.env["ar.reminder.step"].browse(decision.step.step_id)
        items = sum((entry.item.chaseable for entry in decision.items), ZERO)
        return {
            "customer_id": customer.id,
            "state": "review" if decision.action == codes.REVIEW else "planned",
            "date": today,
            "date_sent": today,
            "channel": step.channel,
            "tone": step.tone,
            "step_id": step.id,
            "user_id": customer.collector_id.id,
            "deadline": self._get_deadline(step, verdict, today),
            "amount_total": float(items - sum((credit.amount for credit in decision.credits), ZERO)),
        }

    @api.model
    def _get_deadline(self, step, verdict, today):
        """Return until when the customer is asked to pay: before the due date that date, later a working day."""
        due = min(entry.item.due_date for entry in verdict.decision.items)
        if due >= today:
            return due
        return verdict.rules.calendar.next_workday(today + datetime.timedelta(days=step.deadline_days))

    @api.model
    def _prepare_recipient_vals(self, customer, decision, rows, partners):
        """Return whom the message goes to: all receivables contacts, else the invoice address, else the company."""
        if decision.step.channel == "email":
            selected = self._choose_recipients(rows)
        else:
            selected = [row for row in rows if row["postal"]][:1] or rows[:1]
        first = partners[selected[0]["id"]] if selected else customer.partner_id
        return {
            "recipient_ids": [row["id"] for row in selected] or customer.partner_id.ids,
            "email_to": ",".join(row["email"] for row in selected if row["email"]),
            "lang": first.lang or customer.partner_id.lang or customer.company_id.partner_id.lang,
        }

    @api.model
    def _choose_recipients(self, rows):
        """Return which of a customer's addresses get an e-mail, see `ar.facts._read_recipients`."""
        usable = [row for row in rows if row["usable"]]
        return [row for row in usable if row["rank"] == 0] or usable[:1]

    # === CHANNELS OTHER THAN E-MAIL === #

    @api.model
    def _send_letter(self, communications):
        """A letter waits in state `planned` for the next print run, see `ar.communication.action_print`."""

    @api.model
    def _send_call(self, communications):
        """Give each collector a task with a short brief; the call counts as made when the task is done."""
        activities = self.env["mail.activity"].sudo()  # tasks are given to people, whatever the starter's rights
        tasks = activities.with_context(mail_activity_quick_update=True, mail_create_nosubscribe=True)
        made = tasks.create([self._prepare_call_vals(communication) for communication in communications])
        for communication, activity in zip(communications, made, strict=True):
            communication.activity_id = activity

    @api.model
    def _prepare_call_vals(self, communication):
        """Return the call task, due today."""
        step = communication.step_id
        responsible = {
            "collector": communication.user_id,
            "salesperson": communication.partner_id.user_id,
            "user": step.user_id,
        }[step.responsible]
        activity_type = step.activity_type_id or self.env.ref("ar_collections.mail_activity_type_call")
        brief = self.env["ir.qweb"]._render("ar_collections.communication_call_brief", {"object": communication})
        return {
            "res_model_id": self.env["ir.model"]._get_id("ar.customer"),
            "res_id": communication.customer_id.id,
            "activity_type_id": activity_type.id,
            "summary": step.name,
            "note": brief,
            "date_deadline": communication.date,
            "user_id": (responsible or communication.user_id or communication.company_id.ar_activated_by_id).id
            or self.env.uid,
        }

    # === TASKS === #

    @api.model
    def _add_address_task(self, customers):
        """Give the collectors of unreachable customers one task each."""
        for customer in customers:
            customer._add_task(
                "ar_collections.mail_activity_type_address",
                self.env._("No reminder could be sent: correct the address"),
            )

    @api.model
    def _trigger_mail_queue(self):
        """Have queued reminders sent now instead of at the mail queue's next turn."""
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    # === CALLS === #

    @api.model
    def _log_call(self, customer, contact):
        """Log a call outside the ladder: it uses up no step, but counts as a contact.

        :return: the communication, in state `planned` until its result is known
        """
        today = customer.company_id._ar_today()
        log = self.env["ar.communication"].sudo()  # the log takes rows from the engine only, whoever started it
        return log.create(
            {
                "customer_id": customer.id,
                "state": "planned",
                "is_manual": True,
                "date": today,
                "date_sent": today,
                "channel": "call",
                "tone": "friendly",
                "subject": self.env._("Call"),
                "user_id": self.env.uid,
                "recipient_ids": contact.ids,
                "lang": contact.lang or customer.partner_id.lang or customer.company_id.partner_id.lang,
            }
        )
