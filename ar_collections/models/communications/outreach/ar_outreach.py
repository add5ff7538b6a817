import datetime
from collections import defaultdict

from odoo import api, models
from odoo.tools import split_every

from ....core import decision as codes
from ....core.facts import LEDGER
from ....formats import Formats

#: Messages whose texts are in memory at a time: they are most of what a run needs.
TEXTS = 125


class ArOutreach(models.AbstractModel):
    """Executes decisions: creates the communications and sends them through their channels, see `ar.channel`."""

    _name = "ar.outreach"
    _description = "Customer Outreach"

    @api.model
    def _perform(self, verdicts, waiting, today, **order):
        """Execute the decisions: cancel outdated communications, log the new ones and send them.

        A customer whose waiting communication is still current keeps it and gets no new one. One who could not be
        reached gets a task for the collector.

        :param dict verdicts: {customer: Verdict}
        :param waiting: communications prepared for these customers earlier that are not sent or approved yet
        :param date today: the company's date
        :param order: ``is_manual`` and ``approved_by_id`` of a message that a person requested, ``edited`` texts; see
            `_log`
        :return: the communications created
        """
        waiting_of = {communication.customer_id: communication for communication in waiting}
        to_cancel, to_send, edited, held = defaultdict(lambda: waiting.browse()), {}, {}, {}
        unreachable = archived = self.env["ar.customer"]
        for customer, verdict in verdicts.items():
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
            elif decision.code == codes.ARCHIVED and customer.decision_code != codes.ARCHIVED:
                archived |= customer  # once: the task that a person has done does not come back
            elif decision.code == codes.UNMATCHED_PAYMENT:
                held[customer] = verdict
        for reason, communications in to_cancel.items():
            communications._cancel(reason)
        self._add_address_task(unreachable)
        self._add_archived_task(archived)
        self.env["ar.customer"]._add_match_tasks(held)
        communications = self._log(to_send, today, **{"edited": edited, **order})
        self._dispatch(communications)
        waiting.browse().union(*to_cancel.values())._pass_attempts(communications)
        return communications

    @api.model
    def _skip(self, verdicts, today):
        """Log the messages of the decisions as skipped by a person: their steps are used, nothing is sent.

        :param dict verdicts: {customer: Verdict}
        :return: the communications created
        """
        to_skip = {customer: verdict for customer, verdict in verdicts.items() if verdict.decision.has_message}
        communications = self._log(to_skip, today, is_manual=True)
        return communications._set_state("skipped", cancel_reason="skipped")

    @api.model
    def _release(self, communications):
        """Send approved messages, whose text was written before the review."""
        communications._set_state("planned")
        self._send(communications)
        self._trigger_mail_queue()

    @api.model
    def _dispatch(self, communications):
        """Pass planned communications to their channels, and create review tasks for the others.

        The text of those that wait for review is written as well, so that the reviewer can read it.
        """
        communications = communications.with_context(ar_formats=Formats())
        for ids in split_every(TEXTS, communications.ids):
            part = communications.browse(ids)
            self._dispatch_part(part)
            if len(communications) > TEXTS:
                part._forget_texts()

    @api.model
    def _dispatch_part(self, communications):
        """Do what :meth:`_dispatch` does, for as many messages as memory shall hold the texts of."""
        self._render(communications)
        planned = communications.filtered(lambda communication: communication.state == "planned")
        self._send(planned)
        for communication in communications - planned:
            self._add_review_task(communication)

    @api.model
    def _render(self, communications):
        """Write the texts of the communications, see `ar.channel._render`."""
        for code, group in communications.grouped("channel").items():
            self.env["ar.channel"]._get(code)._render(group)

    @api.model
    def _send(self, communications):
        """Pass the communications to their channels, see `ar.channel._send`."""
        for code, group in communications.grouped("channel").items():
            self.env["ar.channel"]._get(code)._send(group)

    @api.model
    def _add_review_task(self, communication):
        """Create a task for the collector to review a message before it is sent."""
        reader = communication.customer_id._in_staff_language()
        step = communication.step_id.with_env(reader.env)
        reader._add_task(
            "ar_collections.mail_activity_type_review",
            reader.env._("Review the reminder “%(step)s”", step=step.name),
        )

    # === LOG === #

    @api.model
    def _log(self, to_send, today, is_manual=False, approved_by_id=False, edited=None):
        """Create the communications and their lines, each in one batch.

        :param to_send: {customer: Verdict} of decisions with a message
        :param date today: the company's date
        :param edited: {customer: values} of texts that a person edited; they replace the prepared values
        :return: the communications, in the order of the customers
        """
        log = self.env["ar.communication"].sudo()  # users have no create access to the log
        if not to_send:
            return log.browse()
        customers = self.env["ar.customer"].union(*to_send)
        recipients = self.env["ar.facts"]._read_recipients(customers)
        partners = self.env["res.partner"].browse({row["id"] for rows in recipients.values() for row in rows})
        by_id = {partner.id: partner for partner in partners}
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
        """Create the lines of the communications, with the present amounts of their items and credits."""
        lines = self.env["ar.communication.line"].sudo()  # as the log itself
        ids = {entry.item.item_id for d in decisions for entry in d.items if entry.item.kind == LEDGER}
        ids |= {credit.item_id for decision in decisions for credit in decision.credits}
        # The amounts are for the message, whatever the user may read.
        ledger = {line.id: line for line in self.env["account.move.line"].sudo().browse(ids)}
        installments = self.env["ar.facts"]._read_installments(ids)
        lines._insert(
            communications,
            [
                {
                    "communication_id": communication.id,
                    "installment": installments.get(values.get("move_line_id")),
                    **values,
                }
                for communication, decision in zip(communications, decisions, strict=True)
                for values in lines._prepare_vals(decision, ledger, today)
            ],
        )

    @api.model
    def _prepare_communication_vals(self, customer, verdict, today):
        """Return the values of a communication that follow from its decision; recipients and texts are added later."""
        decision = verdict.decision
        step = self.env["ar.reminder.step"].browse(decision.step.step_id)
        return {
            "customer_id": customer.id,
            # Given, so that they are not computed and written by a statement of their own.
            "company_id": customer.company_id.id,
            "partner_id": customer.partner_id.id,
            "state": "review" if decision.action == codes.REVIEW else "planned",
            "date": today,
            "date_sent": today,
            "channel": step.channel,
            "tone": step.tone,
            "step_id": step.id,
            "user_id": customer.collector_id.id,
            "deadline": self._get_deadline(step, verdict, today),
            "amount_total": float(decision.company_total),
            "unmatched_payments": self._get_stored_unmatched(decision),
        }

    @api.model
    def _get_stored_unmatched(self, decision):
        """Return the payments that the message names, as stored in JSON; the amounts as text, to keep them exact."""
        return [
            {"date": payment.day.isoformat(), "amount": str(payment.amount), "currency": payment.currency}
            for payment in sorted(decision.unmatched, key=lambda payment: payment.day)
        ] or False

    @api.model
    def _get_deadline(self, step, verdict, today):
        """Return the date by which the customer is asked to pay.

        It is the earliest due date where nothing listed is late yet, else the working day on or after the step's number
        of days.
        """
        due = min(entry.item.due_date for entry in verdict.decision.items)
        if due >= today:
            return due
        return verdict.rules.calendar.next_workday(today + datetime.timedelta(days=step.deadline_days))

    @api.model
    def _prepare_recipient_vals(self, customer, decision, rows, partners):
        """Return recipients, addresses and language of a message.

        :param rows: the customer's addresses, see `ar.facts._read_recipients`
        :param dict partners: {partner id: partner} of the addresses
        """
        channel = self.env["ar.channel"]._get(decision.step.channel)
        selected = channel._choose_recipients(rows)
        first = partners[selected[0]["id"]] if selected else customer.partner_id
        return {**self._prepare_address_vals(channel, customer, selected), "lang": self._choose_lang(customer, first)}

    @api.model
    def _prepare_address_vals(self, channel, customer, selected):
        """Return the recipients of a message and its addresses.

        :param channel: an `ar.channel`
        :param list selected: what `ar.channel._choose_recipients` returned
        """
        addresses = channel._get_addresses(selected) or {row["email"]: row["id"] for row in selected if row["email"]}
        owners = addresses.values() if channel._has_addresses else [row["id"] for row in selected]
        return {
            "recipient_ids": list(dict.fromkeys(owners)) or customer.partner_id.ids,
            "email_to": ",".join(addresses),
        }

    @api.model
    def _choose_lang(self, customer, partner):
        """Return the language of a message: the first reader's, else the customer's, else the company's, if installed.

        :param partner: the first `res.partner` who gets it
        """
        partners = (partner, customer.partner_id, customer.company_id.partner_id)
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = [*(each.lang for each in partners), customer.env.lang]
        return next((code for code in wanted if code in installed), False)

    # === TASKS === #

    @api.model
    def _add_address_task(self, customers):
        """Create a task to find a working address for each of the customers."""
        for customer in customers:
            customer._add_task(
                "ar_collections.mail_activity_type_address",
                customer._in_staff_language().env._("No reminder could be sent: correct the address"),
            )

    @api.model
    def _add_archived_task(self, customers):
        """Create a task to decide about the debts of each of the customers, whose contacts are archived."""
        for customer in customers:
            reader = customer._in_staff_language()
            reader._add_task(
                "ar_collections.mail_activity_type_next",
                reader.env._("The customer is archived, but still owes money: decide on the next action"),
            )

    @api.model
    def _trigger_mail_queue(self):
        """Trigger the mail queue, so that queued messages are sent now and not at its next scheduled run."""
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
