from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ....const import CONTACT_STATES
from ....core import decision as codes
from ....core.customers.credits import set_off
from ....core.facts import Scope
from ....core.reminders.decide import uncovered

#: Documents that the subject of a message names.
NAMED = 3


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

    def _find_placed(self, lines):
        """Return those of the items that we do not ask for: an agency does, or they are claimed in insolvency.

        :param lines: `account.move.line` recordset of open items of this account
        """
        self.ensure_one()
        return self._find_excluded(lines, codes.PLACED) | self._find_excluded(lines, codes.INSOLVENT)

    def _find_excluded(self, lines, code):
        """Return those of the items of which something is excluded with a code.

        :param lines: `account.move.line` recordset of open items of this account or its group
        """
        items = self._get_group_facts().items
        found = [item.item_id for item in items if code in {part.code for part in item.exclusions}]
        return lines & lines.browse(found)

    def _get_placed_text(self, placed):
        """Return the warning about items that are left out because we do not ask for them; empty without any.

        :param placed: the items, of `_find_placed`
        """
        if not placed:
            return ""
        if insolvent := self._find_excluded(placed, codes.INSOLVENT):
            return self.env._(
                "Left out, because they are claimed in insolvency proceedings: %(invoices)s.",
                invoices=self._get_numbers(insolvent.move_id),
            )
        return self.env._(
            "Left out, because an agency asks for them: %(invoices)s. Recall the placement to ask for them yourself.",
            invoices=self._get_numbers(placed.move_id),
        )

    def _get_repeated_items(self, facts):
        """Return {journal item id: amount} of the last reminder that may be requested again; empty without any.

        What is promised, disputed, excluded or being paid is left out, and all in a currency that credits cover.

        :param AccountFacts facts: of this account, with those of its group
        """
        listed = set(self._get_last_reminder().line_ids.filtered(lambda line: line.kind == "item").move_line_id.ids)
        items = [item for item in facts.items if item.item_id in listed]
        return {item.item_id: float(item.chaseable_currency) for item in uncovered(items, facts.usable_credits)}

    def _get_written_amounts(self, kind, lines):
        """Return {journal item id: (amount, requested amount in company currency)} that a message may list now.

        The last reminder is repeated with the credits that are set off against its items, as negative amounts. Other
        messages list items, but request nothing.

        :param str kind: one of ``const.WRITTEN``
        :param lines: `account.move.line` recordset of items, in superuser mode
        """
        if kind != "repeat":
            return {line.id: (line.amount_residual_currency, 0) for line in lines if line.parent_state == "posted"}
        facts = self._get_group_facts()
        items = uncovered([item for item in facts.items if item.item_id in lines.ids], facts.usable_credits)
        credits = set_off(items, facts.usable_credits)
        return {
            **{item.item_id: (item.chaseable_currency, item.chaseable) for item in items},
            **{credit.item_id: (-credit.amount_currency, -credit.amount) for credit in credits},
        }

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
            names = lines.move_id.mapped("name")
            numbers = ", ".join(names[:NAMED])
            if len(names) > NAMED:
                numbers = customer.env._("%(names)s and %(number)s more", names=numbers, number=len(names) - NAMED)
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
        :raise UserError: when nothing of the last reminder may be requested any more
        """
        self.ensure_one()
        self._lock_account()
        today = self.company_id._ar_today()
        values = self._prepare_written_vals(kind, lines.sudo(), today)  # items of the account, which was checked
        if kind == "repeat" and not values["line_ids"]:
            reason = self._get_code_label(codes.COVERED_BY_CREDIT)
            raise UserError(self.env._("No reminder can be sent now: %(reason)s.", reason=reason))
        log = self.env["ar.communication"].sudo()  # users have no create access to the log
        communication = log.create(
            {
                **values,
                **log._prepare_edited_vals({"subject": subject, "text_above": text}, recipients),
                "customer_id": self.id,
                "notice": kind,
                "lang": self.env["ar.outreach"]._choose_lang(self, recipients[:1]),
            }
        )
        outreach = self.env["ar.outreach"]
        outreach._render(communication)
        outreach._send(communication)
        outreach._trigger_mail_queue()
        return communication

    def _prepare_written_vals(self, kind, lines, today):
        """Return the values of a message that a person writes, with the items and credits that it lists.

        :param lines: `account.move.line` recordset of items, in superuser mode
        """
        amounts = self._get_written_amounts(kind, lines)
        listed = lines | lines.browse(amounts)
        rows = self.env["ar.communication.line"]
        members = self._map_members(listed)
        return {
            "is_for_group": bool(members),
            "state": "planned",
            "is_manual": True,
            "date": today,
            "date_sent": today,
            "channel": "email",
            "tone": "friendly",
            "user_id": self.collector_id.id,
            "amount_total": float(sum(requested for _amount, requested in amounts.values())),
            "line_ids": [
                Command.create(
                    {
                        **rows._prepare_line_vals(
                            line, "item" if line in lines else "credit", None, amounts[line.id][0], today
                        ),
                        "member_id": members.get(line.id),
                    }
                )
                for line in listed
                if line.id in amounts and amounts[line.id][0]
            ],
        }
