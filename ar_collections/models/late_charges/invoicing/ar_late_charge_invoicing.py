import logging
from datetime import timedelta

from odoo import Command, api, models
from odoo.exceptions import UserError

from ....core.disputes.dispute import OPEN_STATES
from ....core.late_charges.charge import BELOW_MINIMUM, DUE, HELD
from ....core.money import to_decimal
from ....formats import format_amount, format_date

_logger = logging.getLogger(__name__)


class ArLateChargeInvoicing(models.Model):
    """Late charges become ordinary draft documents, which people check and post; nothing else of the books changes."""

    _inherit = "ar.late.charge"

    # === WHAT IS CHARGED === #

    def _start_charging(self):
        """Compute these charges anew under the lock of their accounts; return those to be charged.

        :raise UserError: where none is, with the reason
        """
        self.customer_id.sorted("id")._lock_account()
        for company, charges in self.grouped("company_id").items():
            self._accrue(company, charges.customer_id, company._ar_today())
        self.invalidate_recordset()
        for charge in self:
            charge._check_no_waiver_waits()
        ready = self.filtered(lambda charge: charge.state in (DUE, BELOW_MINIMUM) and charge.left > 0)
        if not ready:
            labels = dict(self._fields["state"]._description_selection(self.env))
            states = ", ".join(sorted({labels[charge.state] for charge in self}))
            text = self.env._("Nothing here is to be charged now: %s.", states)
            raise UserError(f"{text} {self._get_waiting_text()}".strip())
        for charge in ready:
            charge._check_rates_known()
        ready.company_id._ar_check_late_charge_settings()
        return ready

    def _get_waiting_text(self):
        """Return what these charges wait for, as a sentence; empty where it is nothing that people decide about."""
        parts = self.env["ar.facts"]._read_disputed_parts(self.move_line_id.ids, self.company_id[:1]._ar_today())
        if any(part.state in OPEN_STATES for _line_id, part in parts):
            return self.env._("What is disputed bears no late charges until the dispute is answered.")
        if HELD in self.mapped("state"):
            return self.env._(
                "They go on when the promise, plan, settlement or placement has ended without success, or the payment "
                "of the invoice is unblocked."
            )
        return ""

    def _check_rates_known(self):
        """Check that no rate is only assumed.

        :raise UserError: where one is missing, with the way out
        """
        if not self.is_known:
            raise UserError(
                self.policy_id.late_charge_regime_id.warning
                or self.env._("A rate is missing for the late charge of %s: enter it first.", self.name)
            )

    def _invoice_by_policy(self, today):
        """Draft what the policies of the customers say; called by the nightly run."""
        due = self.filtered(lambda charge: charge._is_drafted_today(today))
        companies = due.company_id.filtered(lambda company: company._ar_report_late_charge_settings())
        due = due.filtered(lambda charge: charge.company_id in companies)
        on_next = due.filtered(lambda charge: charge.policy_id.late_charge_invoicing == "next")
        (due - on_next)._draft_invoices()
        on_next._add_to_drafts()

    def _is_drafted_today(self, today):
        """Return whether the policy drafts this charge today: at once when it is paid, else at intervals."""
        self.ensure_one()
        if self.state != DUE or not self.is_known or self.policy_id.late_charge_invoicing == "manual":
            return False
        if self._get_waiting_waivers() or self._was_written_off():
            return False
        interval = timedelta(days=self.policy_id.late_charge_every_days)
        if self.taken_off_on and self.taken_off_on + interval > today:
            return False  # people took it off a draft, and have time to waive it
        last = max(self.billing_ids.mapped("date"), default=None)
        return bool(self.paid_on) or last is None or last + interval <= today

    def _was_written_off(self):
        """Return whether what was not paid was written off: a person decides whether it is charged after all."""
        self.ensure_one()
        credits = self.move_line_id.matched_credit_ids.credit_move_id
        return not self.paid_on and any(credits.mapped("journal_id.ar_is_write_off"))

    # === INVOICES === #

    def _draft_invoices(self):
        """Draft an invoice for each customer and currency; return them."""
        moves = self.env["account.move"]
        for charges in self._group_for_invoices():
            moves |= charges._draft_invoice(charges.customer_id, charges.currency_id)
        return moves

    def _group_for_invoices(self):
        """Return these charges as a list of those that are charged together: by customer and currency.

        Extension point: for what else needs an invoice of its own.
        """
        return list(self.grouped(lambda charge: (charge.customer_id, charge.currency_id)).values())

    def _draft_invoice(self, customer, currency):
        """Draft the invoice of one customer's late charges in one currency."""
        partner = self.move_id.sorted("invoice_date")[-1:].partner_id
        move = customer._draft_charge(currency, partner, self._prepare_line_commands(), ar_late_charges=True)
        self._finish_billing(move)
        return move

    def _add_to_drafts(self):
        """Put these charges on the customers' next draft invoices; those without any wait. Return the invoices."""
        drafts = self._find_drafts()
        moves = self.env["account.move"]
        for (customer, currency), charges in self.grouped(lambda c: (c.customer_id, c.currency_id)).items():
            move = drafts.get((customer.partner_id, currency, customer.company_id))
            if move:
                move.write({"ar_late_charges": True, "invoice_line_ids": charges._prepare_line_commands()})
                charges._finish_billing(move)
                moves |= move
        return moves

    def _find_drafts(self):
        """Return {(customer's contact, currency, company): the draft invoice that is dated first}.

        It sells something: our drafts of late charges alone may be about other debts.
        """
        drafts = self.env["account.move"].search(self._get_drafts_domain(), order="invoice_date desc, id desc")
        return {
            (move.commercial_partner_id, move.currency_id, move.company_id): move
            for move in drafts
            if not (move.ar_late_charges and move._has_only_late_charges())
        }

    def _get_drafts_domain(self):
        """Return the domain of the draft invoices on which late charges of these customers may be put.

        Extension point: for drafts that are none of what is sold.
        """
        return [
            ("move_type", "=", "out_invoice"),
            ("state", "=", "draft"),
            ("auto_post", "in", ("no", "at_date")),
            ("company_id", "in", self.company_id.ids),
            ("commercial_partner_id", "in", self.customer_id.partner_id.ids),
            ("invoice_line_ids", "!=", False),
        ]

    def _prepare_line_commands(self):
        """Return the commands for the invoice lines of these charges: interest and lump sum apart."""
        commands = []
        for charge in self:
            interest, lump_sum = charge._split_left()
            for amount, product, text in (
                (interest, charge.company_id._ar_get_interest_product(), charge._get_interest_text()),
                (lump_sum, charge.company_id._ar_get_lump_sum_product(), charge._get_lump_sum_text()),
            ):
                if amount:
                    commands.append(Command.create(charge._prepare_line_vals(amount, product, text)))
        return commands

    def _prepare_line_vals(self, amount, product, text):
        """Return the values of an invoice line: outside the scope of VAT, unless the company has a tax for that."""
        company = self.company_id
        return {
            "name": text,
            "product_id": product.id,
            "quantity": 1,
            "price_unit": amount,
            "account_id": company.ar_late_charge_account_id.id,
            "tax_ids": [Command.set(company.ar_late_charge_tax_ids.ids)],
            "ar_late_charge_id": self.id,
        }

    def _split_left(self):
        """Return (interest, lump sum) of what is left; what was waived counts for the interest first."""
        self.ensure_one()
        charged_lump = sum(self._get_live_billings().mapped("lump_sum"))
        lump_sum = min(self.lump_sum - charged_lump, self.left)
        lump_sum = self.currency_id.round(max(lump_sum, 0.0))
        return self.currency_id.round(self.left - lump_sum), lump_sum

    def _get_live_billings(self):
        return self.billing_ids.filtered(lambda billing: billing.move_id.state != "cancel")

    def _finish_billing(self, move):
        """Store what an invoice charges, and add the computation to it.

        :param move: draft `account.move` with the lines of these charges
        """
        self.env["ar.late.charge.billing"]._add(move, {charge: charge._split_left() for charge in self})
        self._refresh_left()
        move._add_computation()

    # === TEXTS === #

    def _get_left_texts(self):
        """Return what is left of these charges, formatted: one text for each currency."""
        return [
            format_amount(self.env, sum(charges.mapped("left")), currency)
            for currency, charges in self.grouped("currency_id").items()
        ]

    def _get_interest_text(self):
        """Return the text of the invoice line for interest, in the customer's language."""
        self.ensure_one()
        charge = self.with_context(lang=self.move_id.partner_id.lang or self.env.lang)
        return charge.env._(
            "Interest for late payment of %(invoice)s: due %(due)s, %(days)s days until %(until)s",
            invoice=charge.name,
            due=format_date(charge.env, charge.date_due),
            days=charge.days,
            until=format_date(charge.env, charge.paid_on or charge.accrued_on),
        )

    def _get_lump_sum_text(self):
        """Return the text of the invoice line for the lump sum, in the customer's language."""
        self.ensure_one()
        charge = self.with_context(lang=self.move_id.partner_id.lang or self.env.lang)
        return charge.env._("Lump sum for the late payment of %s", charge.name)

    @api.model
    def _get_period_rows(self, interest, currency):
        """Return the periods of a computation, formatted."""
        env = self.env
        return [
            {
                "after": format_date(env, period.after + timedelta(days=1), date_format="medium"),
                "last": format_date(env, period.last, date_format="medium"),
                "days": period.days,
                "balance": format_amount(env, period.balance, currency),
                "percent": f"{period.percent.normalize():f}",
                "interest": format_amount(env, period.interest, currency),
            }
            for period in interest.periods
        ]

    def _get_computation_rows(self, day=None):
        """Return the rows of the computation, formatted: one for each period with one balance and one rate.

        :param date day: default: the day on which each was computed
        """
        rows = []
        for charge, interest in self._get_computation(day or max(self.mapped("accrued_on"))):
            env, currency = self.env, charge.currency_id
            periods = charge._get_period_rows(interest, currency)
            others = charge._get_live_billings().filtered(lambda billing: billing.move_id.state == "posted")
            rows.append(
                {
                    "name": charge.name,
                    "due": format_date(env, charge.date_due, date_format="medium"),
                    "periods": periods,
                    "interest": format_amount(env, interest.amount, currency),
                    "lump_sum": charge.lump_sum and format_amount(env, charge.lump_sum, currency),
                    "total": format_amount(env, interest.amount + to_decimal(charge.lump_sum), currency),
                    "waived": charge.waived and format_amount(env, charge.waived, currency),
                    "charges": [(b.move_id.name, format_amount(env, b.amount, currency)) for b in others],
                    "source": charge.policy_id.late_charge_regime_id.source or "",
                }
            )
        return rows

    def _render_computation(self, day=None):
        """Return the computation of these charges as HTML, in the context's language."""
        is_reversed = self.env["res.lang"]._get_data(code=self.env.lang or "en_US").direction == "rtl"
        start, end = ("right", "left") if is_reversed else ("left", "right")
        values = {"rows": self._get_computation_rows(day), "start": start, "end": end}
        return self.env["ir.qweb"]._render("ar_collections.late_charge_computation", values)

    @api.model
    def _attach_computation(self, move):
        """Attach the computation to the invoice as PDF; without it where printing fails, it can be printed later."""
        # sudo, here and below: whoever drafts the invoice, the customer gets the whole computation with it.
        report = self.env["ir.actions.report"].sudo()
        try:
            content, _type = report._render_qweb_pdf("ar_collections.action_report_late_charges", move.ids)
        except UserError as error:  # wkhtmltopdf is missing
            _logger.warning("The computation of late charges of invoice %s could not be printed: %s", move.id, error)
            return
        attachments = self.env["ir.attachment"].sudo()  # of the invoice: who may read that may read this
        move.sudo().ar_late_charge_annex_id = attachments.create(
            {
                "name": self.env._("Computation of late charges.pdf"),
                "raw": content,
                "res_model": "account.move",
                "res_id": move.id,
            }
        )
