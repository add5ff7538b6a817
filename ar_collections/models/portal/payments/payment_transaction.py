import datetime
from contextlib import contextmanager

import psycopg2

from odoo import fields, models

from ....core.money import ZERO, to_decimal
from ....core.portal.capture import take_part
from ...customers.core_flow import ignore_failure


class PaymentTransaction(models.Model):
    """Transactions of the customer's page, with their allocation to the selected items."""

    _inherit = "payment.transaction"

    ar_customer_id = fields.Many2one(
        "ar.customer",
        "Customer Account",
        index="btree_not_null",
        ondelete="set null",
        groups="ar_collections.ar_collections_group_auditor",
    )
    ar_allocation_ids = fields.One2many(
        "ar.payment.allocation",
        "transaction_id",
        "Allocation",
        groups="ar_collections.ar_collections_group_auditor",
    )

    def _ar_get_allocations(self):
        """Return the allocations of these transactions."""
        # sudo: staff who capture, refund or book a payment need no role of ours; the customer's selection applies.
        return self.sudo().ar_allocation_ids

    def _ar_filter_expected(self):
        """Return those of the transactions that are not booked yet which may still bring money.

        A confirmed one does; a pending one is waited for as long as for the items that it pays: as the policy says
        (`pending_payment_days`), or its payment method takes.
        """
        facts = self.env["ar.facts"]
        answer_days = facts._read_answer_days(self.ids)

        def is_expected(transaction):
            if transaction.state == "done" or not transaction.last_state_change:
                return True
            days = transaction.sudo().ar_customer_id.policy_id.pending_payment_days  # visitors may not read policies
            days = max(days, answer_days.get(transaction.id, 0))
            company = transaction.company_id
            until = company._ar_day(transaction.last_state_change) + datetime.timedelta(days=days + 1)
            return facts._is_awaited(until, company._ar_today())

        return self.filtered(is_expected)

    def _set_done(self, **kwargs):
        """Override of `payment` to book payments of the customer's page at once instead of at the cron's next run."""
        done = super()._set_done(**kwargs)
        if (done | done.source_transaction_id)._ar_get_allocations():
            self.env.ref("payment.cron_post_process_payment_tx")._trigger()
        return done

    def _create_payment(self, **extra_create_values):
        """Override of `account_payment` to book the payment per selected item, discounts included.

        It is dated by the company's day on which it was confirmed, see `_ar_get_paid_on`.

        `account_payment` reconciles all of the invoices, oldest first; here each item has its own line in the payment's
        entry (see `account.payment`), and is reconciled with it alone. What is left of a line, because its item was
        settled meanwhile, is applied to the other selected invoices; the rest remains as the customer's credit.
        """
        self.ensure_one()
        if self.operation == "refund":
            self.source_transaction_id._book_before_refund()
        self._ar_allocate_captured()
        allocations = self._ar_get_allocations()
        if allocations or self.company_id.ar_active:
            extra_create_values = {"date": self._ar_get_paid_on(), **extra_create_values}
        if not allocations:
            return super()._create_payment(**extra_create_values)
        with ignore_failure(self.env, "setting off the credits that the customer selected"):
            allocations._set_off_credits()
        with ignore_failure(self.env, "the early-payment discounts of a payment"):
            if write_offs := allocations._get_discount_vals():
                extra_create_values = {"write_off_line_vals": write_offs, **extra_create_values}
        with self._hide_invoices(allocations) as values:
            payment = super()._create_payment(**values, **extra_create_values)
        with ignore_failure(self.env, "applying what is left of a payment to the other selected invoices"):
            payment._match_rest(allocations)
        with ignore_failure(self.env, "the task about a payment that was left over"):
            self._ar_report_rest(payment)
        with ignore_failure(self.env, "the receipt of an online payment"):
            self._ar_send_receipt()
        return payment

    def _ar_get_paid_on(self):
        """Return the day on which the payment was confirmed, in the time zone of the company whose customer pays.

        Promises, plans, settlements and due dates are judged by that day. Odoo takes the day of the booking, in the
        time zone of whoever books, UTC where nobody is logged in: in New York a payment of the last evening would be
        late, and in Sydney one of the next morning in time.
        """
        account = self.sudo().ar_customer_id  # whoever books the payment needs no role of ours
        now = fields.Datetime.now()
        return (account.company_id or self.company_id)._ar_day(min(self.last_state_change or now, now))

    def _ar_is_captured(self):
        """Return whether this is what was captured of an authorized payment of the page, all of it or a part."""
        source = self.source_transaction_id
        return bool(source) and self.operation == source.operation and bool(source._ar_get_allocations())

    def _ar_allocate_captured(self):
        """Give what was captured its share of the selection, oldest items first; credits and discounts are used once.

        Odoo makes a transaction of its own for each amount that is captured, and it knows nothing of the items.
        """
        if not self._ar_is_captured() or self._ar_get_allocations():
            return
        part = self.sudo()  # whoever captures a payment needs no role of ours
        source = part.source_transaction_id
        # Parts that were booked before 19.0.1.10.0 have no rows.
        earlier = source.child_transaction_ids.filtered(
            lambda each: (
                each != part and each.operation == part.operation and (each.ar_allocation_ids or each.payment_id)
            )
        )
        rows, before = source.ar_allocation_ids._cash(), sum(map(to_decimal, earlier.mapped("amount")), ZERO)
        sizes = [(to_decimal(row.amount), to_decimal(row.discount)) for row in rows]
        for number, cash, discount in take_part(sizes, before, to_decimal(part.amount)):
            rows[number].copy({"transaction_id": part.id, "amount": float(cash), "discount": float(discount)})
        for row in () if earlier.ar_allocation_ids else source.ar_allocation_ids.filtered("credit_line_id"):
            row.copy({"transaction_id": part.id})
        part.ar_customer_id = source.ar_customer_id

    @contextmanager
    def _hide_invoices(self, allocations):
        """Hide what is paid from `account_payment` while it books the payment.

        It knows invoices alone: `invoice_ids`, once read again, leave out entries such as an opening balance, so that
        it finds no account for these. Of invoices it grants discounts by the day of the booking, and reconciles all
        that is open, whoever owes it. Here the rows of the payment say all of that.

        :param allocations: `ar.payment.allocation` rows
        :return: the values of the payment that follow from what is paid
        """
        # Odoo reads the invoices of what was captured at its source. sudo: whoever books the payment may not write
        # what it is for.
        transaction = (self.source_transaction_id if self._ar_is_captured() else self).sudo()
        every = transaction.invoice_ids
        transaction.invoice_ids = False
        lines = allocations.move_line_id
        moves = lines.move_id if self._ar_is_captured() else every
        values = {"invoice_ids": moves.filtered(lambda move: move.is_invoice(include_receipts=True))}
        if account := lines.account_id[:1]:  # a part that is surplus alone has none: Odoo takes the partner's
            values["destination_account_id"] = account.id
        yield values
        transaction.invoice_ids = every  # not after a failure: the caller rolls back

    def _ar_send_receipt(self):
        """Queue a receipt to who paid: amount, reference, and what it was used for.

        An automatic payment gets none: it was announced with its amount and day.
        """
        transaction = self.sudo()  # whoever books the payment needs no role of ours
        template = transaction.env.ref("ar_collections.mail_template_payment_received", raise_if_not_found=False)
        if template and transaction.partner_email and transaction.operation != "offline":
            template.send_mail(transaction.id, email_layout_xmlid="mail.mail_notification_light")
            transaction.ar_customer_id._message_log(
                body=self.env._(
                    "Receipt for the online payment %(reference)s sent to %(address)s.",
                    reference=transaction.reference,
                    address=transaction.partner_email,
                )
            )

    def _ar_report_rest(self, payment):
        """Give the collector a task where a part of the payment is left over, because an item was settled meanwhile.

        What the customer paid above its items on purpose is none.

        The payment is booked in any case; whether the rest is refunded or kept is up to a person.
        """
        lines = payment.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        surplus = self._ar_get_allocations().filtered("is_surplus")
        rest = -sum(lines.mapped("amount_residual_currency")) - sum(surplus.mapped("amount"))
        customer = self.sudo().ar_customer_id  # whoever books the payment needs no role of ours
        if customer and payment.currency_id.compare_amounts(rest, 0.0) > 0:
            reader = customer.collector_id or customer.company_id
            customer.with_context(lang=reader.partner_id.lang)._add_rest_task(self, rest)

    def _ar_book_again(self):
        """Book a confirmed payment that Odoo has given up; return why that is not possible, empty where it is."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._post_process()
        except psycopg2.OperationalError:
            raise
        except Exception as error:  # whatever it is, a person reads it on the list of problems
            self.env.invalidate_all(flush=False)
            return self.env["ar.problem"]._get_message(error)
        return ""

    def _book_before_refund(self):
        """Book a payment of the customer's page that was refunded before it was booked.

        `account_payment` books no transaction that has a refund: the items would stay open and the refund be booked.
        """
        is_ours = self._ar_get_allocations() or self._ar_is_captured()
        captured = self.child_transaction_ids.filtered(lambda each: each.state in ("done", "cancel"))
        is_booked = self.payment_id or any(each._ar_is_captured() for each in captured)
        if is_ours and self.state == "done" and not is_booked:
            self.with_company(self.company_id)._create_payment()
