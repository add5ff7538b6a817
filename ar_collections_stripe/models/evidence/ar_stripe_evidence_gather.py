import base64

import psycopg2

from odoo import fields, models
from odoo.exceptions import LockError

from odoo.addons.ar_collections.core.disputes.dispute import ACCEPTED, PARTLY
from odoo.addons.ar_collections.core.invoicing.arrival import VIEWED
from odoo.addons.ar_collections.formats import format_amount, format_date

from ...core.evidence import FILE_FIELDS, FIXED, wanted

#: Earlier payments that are listed at most.
PAYMENTS_MAX = 20


class ArStripeEvidenceGather(models.Model):
    """What Odoo knows that fits the reason: one method for each field of Stripe, found by its name.

    Texts are in English, which the banks of most schemes read; a person may rewrite them.
    """

    _inherit = "ar.stripe.evidence"

    def _gather(self, only=None):
        """Fill in what fits the reason; what a person wrote or attached stays.

        A paper that cannot be made stops nothing: it is named.

        :param only: names of the fields to fill in; ``None``: all
        """
        self.ensure_one()
        english = self.with_context(lang="en_US")
        kept = {line.field: line for line in self.line_ids}
        problems = []
        names = [name for name in wanted(self.reason) if only is None or name in only]
        for name in names:
            line = kept.get(name, self.line_ids.browse())
            if line.is_edited:
                continue
            try:
                with self.env.cr.savepoint():
                    values = english._find(name)
            except (psycopg2.Error, LockError):
                raise  # the transaction is repeated
            except Exception as error:  # one paper that cannot be printed stops no other
                problems.append(f"{dict(self.line_ids._fields['field'].selection)[name]}: {error}")
                continue
            self._store(line, name, values)
        if problems or only is None:
            self.gathering_notes = "\n".join(problems) or False

    def _store(self, line, name, values):
        """Create, update or remove the line of a field.

        :param line: the existing `ar.stripe.evidence.line`, may be empty
        :param dict values: false where there is nothing
        """
        if not values:
            line.unlink()
            return
        values = {**values, "is_fixed": name in FIXED, "stripe_file": False}
        if line:
            line.write(values)
        else:
            line.create({**values, "evidence_id": self.id, "field": name})

    def _find(self, name):
        """Return the values of a field as found in Odoo, a false value where there is nothing."""
        method = getattr(self, f"_find_{name}", None)
        found = method() if method else None
        if not found:
            return None
        if name not in FILE_FIELDS:
            return {"text": found}
        file_name, content = found
        return {"file": base64.b64encode(content), "file_name": file_name}

    # === WHAT IT IS ABOUT === #

    def _get_transaction(self):
        return self.stripe_dispute_id.transaction_id

    def _get_invoices(self):
        """Return the invoices of the payment: those of the disputes, else those that it was made for."""
        chargeback = self.stripe_dispute_id
        moves = chargeback.dispute_ids.line_ids.move_id | chargeback.booking_ids.line_ids.move_id
        moves = moves or self._get_transaction().invoice_ids
        return moves.filtered(lambda move: move.is_invoice() and move.state == "posted").sorted("id")

    def _get_customer(self):
        """Return the customer accounts of the disputes, else of the payment."""
        accounts = self.stripe_dispute_id.dispute_ids.customer_id
        return accounts or self._get_transaction().ar_customer_id

    def _get_partner(self):
        """Return who paid: the customer on whose page it was, else the debtor, else the payer of the transaction."""
        account = self._get_transaction().ar_customer_id or self._get_customer()[:1]
        return account.partner_id or self._get_transaction().partner_id.commercial_partner_id

    def _get_debtors(self):
        """Return the customers whose invoices were paid, else who paid: one payment may be for several customers."""
        return self._get_customer().partner_id | self._get_invoices().commercial_partner_id or self._get_partner()

    # === WHO PAID === #

    def _find_customer_name(self):
        return self._get_partner().name

    def _find_customer_email_address(self):
        return self._get_transaction().partner_email or self._get_partner().email

    def _find_billing_address(self):
        return self._get_partner()._display_address(without_company=True).strip().replace("\n\n", "\n")

    def _find_customer_purchase_ip(self):
        """Return the address from which automatic payments by this method were agreed to."""
        return self._get_consents()[:1].ip_address

    def _get_consents(self):
        """Return the consents to automatic payments with the method that was charged, the latest first."""
        transaction = self._get_transaction()
        if not transaction.token_id:
            return self.env["ar.autopay.consent"]
        domain = [("token_id", "=", transaction.token_id.id), ("agreed_on", "<=", transaction.create_date)]
        return self.env["ar.autopay.consent"].search(domain)

    # === WHAT FOR === #

    def _find_product_description(self):
        lines = self._get_invoices().invoice_line_ids.filtered(lambda line: line.display_type == "product")
        texts = [f"{line.move_id.name}: {line.quantity:g} x {' '.join((line.name or '').split())}" for line in lines]
        return "\n".join(texts)[:20_000]

    def _find_service_date(self):
        dates = [move.delivery_date or move.invoice_date for move in self._get_invoices()]
        return format_list_of_dates(self.env, dates)

    def _find_refund_policy_disclosure(self):
        return self.stripe_dispute_id.provider_id.ar_stripe_refund_policy

    _find_cancellation_policy_disclosure = _find_refund_policy_disclosure

    # === WHAT THE CUSTOMER DID === #

    def _find_access_activity_log(self):
        """Return when the customer looked at the invoices on its page, and what it agreed to there.

        The use of a link proves no visit: colleagues and programs that check mails open links, too.
        """
        views = self.env["ar.invoice.arrival"].search(
            [("move_id", "in", self._get_invoices().ids), ("kind", "=", VIEWED)]
        )
        rows = [(view.date, f"opened invoice {view.move_id.name} on the {view.route}") for view in views]
        rows += [
            (consent._get_day(), f"agreed to automatic payments: {consent.name}, IP {consent.ip_address or '-'}")
            for consent in self._get_consents()
        ]
        transaction = self._get_transaction()
        rows.append((self.company_id._ar_day(transaction.create_date), f"started payment {transaction.reference}"))
        return "\n".join(f"{day}: {text}" for day, text in sorted(rows))

    def _find_uncategorized_text(self):
        """Return earlier payments that were not contested, and the credit notes of the customer."""
        return "\n\n".join(filter(None, (self._describe_payments(), self._describe_credit_notes())))

    def _get_earlier_payments(self):
        """Return the customer's payments through the provider before this one that nobody contested."""
        transaction = self._get_transaction()
        domain = [
            ("id", "!=", transaction.id),
            ("provider_id", "=", transaction.provider_id.id),
            ("partner_id", "child_of", self._get_partner().id),
            ("state", "=", "done"),
            ("operation", "not in", ("refund", "validation")),
            ("create_date", "<=", transaction.create_date),
        ]
        found = transaction.search(domain, order="id desc", limit=PAYMENTS_MAX)
        return found - self.env["ar.stripe.dispute"].search([("transaction_id", "in", found.ids)]).transaction_id

    def _describe_payments(self):
        rows = [
            f"{format_date(self.env, self.company_id._ar_day(each.create_date))}: "
            f"{format_amount(self.env, each.amount, each.currency_id)}, {each.reference}"
            for each in self._get_earlier_payments()
        ]
        return rows and "\n".join(["Earlier payments of the same customer that were not contested:", *rows])

    def _describe_credit_notes(self):
        if self.reason not in ("credit_not_processed", "product_unacceptable"):
            return None
        found = self.env["account.move"].search(
            [
                ("move_type", "=", "out_refund"),
                ("state", "!=", "cancel"),
                ("company_id", "=", self.company_id.id),
                ("commercial_partner_id", "in", (self._get_debtors() | self._get_partner()).ids),
            ],
            order="invoice_date, id",
        )
        notes = found.filtered(lambda note: note.state == "posted")
        if not notes:
            return None if found or self._is_credit_owed() else "No credit note was issued to the customer."
        rows = [
            f"{format_date(self.env, note.invoice_date)}: {note.name}, "
            f"{format_amount(self.env, note.amount_total, note.currency_id)}"
            f"{f' for {note.reversed_entry_id.name}' if note.reversed_entry_id else ''}"
            for note in notes
        ]
        return "\n".join(["Credit notes issued to the customer:", *rows])

    def _is_credit_owed(self):
        """Return whether we agreed with a dispute of these invoices: a credit note is to follow."""
        agreed = [("state", "in", (ACCEPTED, PARTLY)), ("line_ids.move_id", "in", self._get_invoices().ids)]
        return bool(self.env["ar.dispute"].search_count(agreed, limit=1))


def format_list_of_dates(env, dates):
    """Return dates as one text, each once."""
    days = sorted({fields.Date.to_date(day) for day in dates if day})
    return ", ".join(format_date(env, day) for day in days)
