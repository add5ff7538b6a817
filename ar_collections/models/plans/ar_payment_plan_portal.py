import logging

from odoo import models

from ...core.decision import PAYMENT_BLOCKED
from ...core.money import ZERO, to_decimal
from ...core.plans.plan import seen_version
from ...formats import format_amount, format_date, format_moment, get_colon

_logger = logging.getLogger(__name__)

#: States of the plan in which a queued notice may still be sent.
VALID_STATES = {
    "plan_proposed": ("proposed",),
    "plan_accepted": ("active", "completed"),
    "plan_refused": ("cancelled",),
    "plan_broken": ("broken",),
    "plan_completed": ("completed",),
}


class ArPaymentPlanNotice(models.Model):
    """What the customer reads about a plan: terms, notices, printed agreement, and the portal page with payments."""

    _inherit = "ar.payment.plan"

    # === TERMS === #

    def _get_terms(self):
        """Return the terms of the plan, which the customer accepts besides the schedule, in the context's language."""
        self.ensure_one()
        return self._get_terms_for(self.customer_id, self.grace_days, self.missed_max)

    def _get_terms_for(self, customer, grace_days, missed_max):
        """Return the terms of a plan with the customer: the standard sentences, then those of the policy.

        :param int grace_days: days after its date until an unpaid installment is missed
        :param int missed_max: missed installments that end the plan
        """
        if missed_max == 1:
            end = self.env._(
                "The plan ends with the first missed installment; the remaining amount is then due as before."
            )
        else:
            end = self.env._(
                "The plan ends with %(number)s missed installments, or when the last one is missed; the remaining "
                "amount is then due as before.",
                number=missed_max,
            )
        sentences = [
            self.env._(
                "Each installment is paid by its date. Payments are applied to the oldest unpaid installment; "
                "early payments are welcome and shorten the plan."
            ),
            self.env._("While you keep to the plan, we do not remind you of the invoices it covers."),
            self.env._(
                "If you cannot pay an installment, please tell us before its date, and we will look for another "
                "solution."
            ),
            self.env._("An installment is missed when it is unpaid %(days)s days after its date.", days=grace_days),
            end,
        ]
        own = customer.policy_id.with_context(lang=self.env.lang).plan_terms
        return "\n".join(sentences + ([own] if own else []))

    def _get_shown_version(self):
        """Return the identifier of the plan as the customer reads it: terms, installments and items."""
        self.ensure_one()
        amounts = {line.move_line_id.id: to_decimal(line.amount) for line in self.line_ids}
        return seen_version(self.terms or "", self._get_schedule(), amounts)

    # === NOTICES === #

    def _is_notice_valid(self, notice):
        """Override to drop notices about a proposal that was decided on, or a broken plan that was reinstated."""
        return self.state in VALID_STATES.get(notice, (self.state,))

    def _get_transfer_amounts(self, amount):
        """Return {journal item: amount} of a transfer for the plan, see `ar.bank.details`.

        The items name the reference and the account; the amount is paid to the oldest of them.
        """
        self.ensure_one()
        items = self.line_ids.move_line_id
        first = items.filtered("amount_residual")[:1] or items[:1]
        return {item: amount if item == first else 0.0 for item in items}

    def _get_transfers(self, amount, lang=None, with_image=False):
        """Return how an amount of the plan is paid by bank transfer, see `ar.bank.details._get_transfers`.

        :param amount: 0 for the account and reference alone
        """
        details = self.env["ar.bank.details"].sudo()  # for the customer, whatever the user may read
        amounts = self.sudo()._get_transfer_amounts(amount)
        return details._get_transfers(self.customer_id, self.currency_id, amounts, lang, with_image=with_image)[:1]

    def _get_amount_to_transfer(self, notice):
        """Return the amount of a notice's bank details: the next installment, after the end all that is left."""
        self.ensure_one()
        return self.amount_left if notice == "plan_broken" else self.next_amount

    def _get_notice_html(self, communication):
        """Override to render the schedule, and the link to the plan's page, in the communication's language."""
        qweb = self.env["ir.qweb"].with_context(lang=communication.lang)
        plan = self.with_context(lang=communication.lang)
        is_right_to_left = communication._is_right_to_left()
        return qweb._render(
            "ar_collections.payment_plan_notice",
            {
                "plan": plan,
                "notice": communication.notice,
                "open_lines": plan._get_open_lines() if communication.notice == "plan_broken" else [],
                "url": plan._get_page_address(),
                "transfers": plan._get_transfers(
                    self._get_amount_to_transfer(communication.notice), communication.lang
                ),
                **({"start": "right", "end": "left"} if is_right_to_left else {"start": "left", "end": "right"}),
                **plan._get_print_values(),
            },
            minimal_qcontext=True,
            lang=communication.lang,
        )

    def _get_schedule_texts(self, notice):
        """Return the schedule of a notice as lines of text, in the language of the context.

        :param str notice: ``plan_broken`` shows what is left of the invoices, others show the installments
        """
        self.ensure_one()
        if notice == "plan_broken":
            return self._get_open_texts()
        show = self._get_print_values()
        lines = [
            self.env._(
                "- %(number)s/%(count)s on %(day)s: %(amount)s",
                number=row.number,
                count=len(self.installment_ids),
                day=show["date"](row.date),
                amount=show["amount"](row.amount),
            )
            for row in self.installment_ids
        ]
        return [*lines, self.env._("Total: %(total)s", total=show["amount"](self.amount_total))]

    def _get_open_texts(self):
        """Return what is left of the invoices of an ended plan as lines of text, in the language of the context."""
        show = self._get_print_values()
        lines = [
            self.env._(
                "- %(invoice)s, due on %(day)s: %(amount)s",
                invoice=line.move_id.name,
                day=show["date"](line.date_due),
                amount=show["amount"](float(left)),
            )
            for line, left in self._get_open_lines()
        ]
        return [*lines, self.env._("Total: %(total)s", total=show["amount"](self.amount_left))]

    def _get_print_values(self):
        """Return {amount, date, colon}: functions that format a value, and what stands between a name and its value."""
        return {
            "colon": get_colon(self.env),
            "amount": lambda amount: format_amount(self.env, amount, self.currency_id, lang_code=self.env.lang),
            "date": lambda day: format_date(self.env, day, lang_code=self.env.lang, date_format="medium"),
        }

    # === PRINTED AGREEMENT === #

    def _render_agreement(self):
        """Return the agreement as PDF, in the customer's language."""
        self.ensure_one()
        reports = self.env["ir.actions.report"].sudo().with_context(lang=self.partner_id.lang)  # own report
        return reports._ar_render_pdf("ar_collections.action_report_payment_plan", self.ids)

    def _get_accepted_text(self):
        """Return day and time of the acceptance in the company's time zone, whoever reads it, and name the zone."""
        self.ensure_one()
        return format_moment(self.env, self.accepted_on, self.company_id.ar_time_zone or "UTC")

    def _get_agreement_name(self):
        return self.env._("Payment plan %(number)s", number=self.name).replace("/", "-")

    # === PORTAL === #

    def _is_visible_to_customer(self):
        """Return whether the customer knows the plan: requested it, or got the proposal or the agreement."""
        self.ensure_one()
        return self.origin == "portal" or bool(self.proposed_on or self.activated_on)

    def _get_page_address(self):
        """Return the address of the plan's portal page, for messages."""
        self.ensure_one()
        return self.customer_id._get_page_address(f"/plan/{self.id}")

    def _get_page_url(self, query_string=None):
        """Return the link to the plan's portal page for the visitor of the page, see `ar.customer.get_portal_url`."""
        self.ensure_one()
        return self.customer_id.sudo().get_portal_url(suffix=f"/plan/{self.id}", query_string=query_string)  # visitor

    def _get_page_status(self):
        """Return the state as the portal page shows it."""
        self.ensure_one()
        texts = {
            "draft": self.env._("We will answer soon"),
            "proposed": self.env._("Waiting for your answer"),
            "active": self.env._("Running"),
            "completed": self.env._("Completed, thank you"),
            "broken": self.env._("Ended"),
            "cancelled": self.env._("Canceled"),
        }
        return texts[self.state]

    def _get_page_summary(self):
        """Return one line about the plan for the portal page: amounts and number of installments."""
        self.ensure_one()
        values = {
            "total": self._format_amount(self.amount_total),
            "left": self._format_amount(self.amount_left),
            "count": len(self.installment_ids),
            "next": self._format_amount(self.next_amount),
        }
        if self.state == "active" and self.next_date:
            return self.env._("%(left)s of %(total)s remaining, next installment %(next)s", **values)
        return self.env._("%(total)s in %(count)s installments", **values)

    # === PAYMENTS === #

    def _get_pending(self, is_to_pay=False):
        """Return {journal item id: Decimal}, the pending online payments on the planned parts of the items.

        :param bool is_to_pay: with all of the items whose payment is blocked: nobody can pay them now
        """
        self.ensure_one()
        customer = self.customer_id
        lines = {line.move_line_id.id: line for line in self.line_ids}
        pending = {}
        for item in customer._get_facts().items:
            if item.item_id in lines:
                line, is_blocked = lines[item.item_id], is_to_pay and item.has(PAYMENT_BLOCKED)
                covered = item.residual_currency if is_blocked else customer._pending_amount(item)
                pending[item.item_id] = line._get_open_part() - line._get_open_part(covered)
        return pending

    def _get_payment_rows(self):
        """Return the installments as the portal page shows them, oldest first.

        :return: [{installment, left, pending, next: whether it is the next to pay, pay: amount to pay up to and
            including this one, 0 where it cannot be paid}]; amounts as float in the plan's currency
        """
        self.ensure_one()
        pending_left = sum(self._get_pending().values(), ZERO)
        rows, due = [], ZERO
        for installment in self.installment_ids.sorted(lambda row: (row.date, row.number)):
            left = to_decimal(installment.amount_left)
            pending = min(pending_left, left)
            pending_left -= pending
            due += left - pending
            payable = self.state == "active" and left > pending
            rows.append(
                {
                    "installment": installment,
                    "left": float(left),
                    "pending": float(pending),
                    "next": payable and due == left - pending,
                    "pay": float(due) if payable else 0.0,
                }
            )
        return rows

    def _get_payment_parts(self, amount):
        """Return {journal item id: Decimal}: the allocation of a payment to the plan's items, oldest first.

        :param Decimal amount: at most what is left of the plan
        """
        self.ensure_one()
        pending = self._get_pending(is_to_pay=True)
        parts = {}
        for line in self.line_ids.sorted(lambda line: (line.date_due, line.id)):
            part = min(line._get_open_part() - pending.get(line.move_line_id.id, ZERO), amount)
            if part > 0:
                parts[line.move_line_id.id] = part
                amount -= part
        return parts
