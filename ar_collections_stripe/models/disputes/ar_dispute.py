from odoo import Command, api, fields, models

from odoo.addons.ar_collections.formats import format_amount, format_date

REASON = "ar_collections_stripe.dispute_reason_chargeback"


class ArDispute(models.Model):
    """Disputes that come from a chargeback: the customer contests the payment with the bank."""

    _inherit = "ar.dispute"

    stripe_dispute_id = fields.Many2one(
        "ar.stripe.dispute", "Chargeback", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    @api.model
    def _raise_for_chargeback(self, chargeback, items=None):
        """Create the disputes on the invoices of a contested payment: one for each account and currency.

        The invoices are paid as long as the payment is in the books. The dispute is there already when the payment is
        reversed, so that nothing is reminded in between. The customer gets no notice: the bank informs it.

        :param chargeback: `ar.stripe.dispute`
        :param dict items: {journal item: amount in its currency}; default: what the payment settled
        :return: the disputes
        """
        groups = {}
        for item, amount in (chargeback._get_items() if items is None else items).items():
            customer = self._find_account(item)
            if customer:
                groups.setdefault((customer, item.currency_id), []).append((item, amount))
        raised = self.browse()
        for (customer, currency), parts in groups.items():
            raised |= self._create_for_chargeback(chargeback, customer, currency, parts)
        return raised

    @api.model
    def _find_account(self, item):
        """Return the customer account that owes a journal item."""
        accounts = self.env["ar.customer"].sudo()  # for the scheduled action
        partner = item.partner_id.commercial_partner_id
        return accounts.search(
            [("partner_id", "=", partner.id), ("company_id", "=", item.company_id.id)], order="id", limit=1
        )

    @api.model
    def _create_for_chargeback(self, chargeback, customer, currency, parts):
        """Create one dispute, with its task and a line on the customer's thread.

        :param parts: [(journal item, amount)]
        """
        reason = self._get_chargeback_reason(customer.company_id)
        disputes = self.sudo().with_company(customer.company_id)  # for the scheduled action
        disputes = disputes.with_context(mail_auto_subscribe_no_notify=True, mail_create_nolog=True)
        values = disputes._prepare_dispute_vals(customer, reason, self.env["res.users"])
        deadline = chargeback._get_deadline(customer.company_id)
        credited = self.env["ar.facts"]._read_credited([item.id for item, _amount in parts])
        lines = [disputes._prepare_line_vals(item, amount, credited.get(item.id, 0)) for item, amount in parts]
        dispute = disputes.create(
            {
                **values,
                "date_deadline": deadline or values["date_deadline"],
                "currency_id": currency.id,
                "stripe_dispute_id": chargeback.id,
                "note": self._describe_chargeback(chargeback),
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        dispute._add_owner_task()
        dispute._log_raised()
        return dispute

    @api.model
    def _get_chargeback_reason(self, company):
        """Return the reason of chargebacks; where a manager has deleted it, the company's last one."""
        reason = self.env.ref(REASON, raise_if_not_found=False)
        return reason or self.env["ar.dispute.reason"].sudo()._get_for(company)[-1:]  # for the scheduled action

    @api.model
    def _describe_chargeback(self, chargeback):
        """Return what staff should know about a chargeback, as sentences."""
        amount = format_amount(self.env, chargeback.amount, chargeback.currency_id)
        text = self.env._(
            "The customer contests the payment %(payment)s of %(amount)s with the bank. Reason: %(reason)s. Status at "
            "Stripe: %(status)s.",
            payment=chargeback.payment_reference,
            amount=amount,
            reason=chargeback.with_env(self.env)._get_label("reason"),
            status=chargeback.with_env(self.env)._get_label("status"),
        )
        if not chargeback.due_by:
            return f"{text} {self.env._('No answer is possible.')}"
        due = format_date(self.env, chargeback.company_id._ar_day(chargeback.due_by))
        return f"{text} {self.env._('Stripe takes evidence until %(date)s.', date=due)}"

    def _get_recorder(self):
        """Override: nobody recorded it, the customer contested the payment, whoever booked what Stripe took back."""
        return self.env["res.users"] if self.stripe_dispute_id else super()._get_recorder()

    def _get_next_deadline(self, reason, today):
        """Override: the bank set the day of a chargeback, whoever answers it."""
        return self.date_deadline if self.stripe_dispute_id else super()._get_next_deadline(reason, today)

    def _may_customer_withdraw(self):
        """Override: a chargeback ends at the bank, and somebody has to answer it until then."""
        return not self.stripe_dispute_id and super()._may_customer_withdraw()

    def _log_booking(self, booking):
        """Log on the customers' threads what was booked, or set aside.

        :param booking: `ar.stripe.booking`
        """
        for dispute in self:
            reader = booking.with_env(dispute.env)
            state = dict(booking._fields["state"]._description_selection(dispute.env))[booking.state]
            dispute._log_on_thread(" ".join(filter(None, (reader._describe(), f"{state}.", booking.note))))

    def _log_chargeback(self, chargeback):
        """Log on the customers' threads what has changed at Stripe."""
        for dispute in self:
            held = format_amount(dispute.env, chargeback.withdrawn, chargeback.currency_id)
            dispute._log_on_thread(
                dispute.env._(
                    "chargeback %(number)s: status %(status)s, %(amount)s taken back",
                    number=chargeback.reference,
                    status=chargeback.with_env(dispute.env)._get_label("status"),
                    amount=held,
                )
            )
