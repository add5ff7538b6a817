from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...core import decision as codes
from ...core.receipts import DAYS_TO_THANK, receipt_code
from ..customers.sql import pg_array
from .ar_payment_receipt import HOLDS

#: The company in which a `payment` was made: of the page, else of the invoices, where it was made online.
PAID_IN = SQL(
    """
    COALESCE((SELECT page.company_id
                FROM payment_transaction online JOIN ar_customer page ON page.id = online.ar_customer_id
               WHERE online.id = payment.payment_transaction_id),
             (SELECT MIN(move.company_id)
                FROM account_invoice_transaction_rel link JOIN account_move move ON move.id = link.invoice_id
               WHERE link.transaction_id = payment.payment_transaction_id
              HAVING COUNT(DISTINCT move.company_id) = 1),
             payment.company_id)
    """
)


class ArPaymentReceiptRun(models.Model):
    """The nightly step of thanks: payments of the days before, one message for each customer and day."""

    _inherit = "ar.payment.receipt"

    @api.model
    def _prepare_company(self, company, today, auto_commit=False):
        """Step of the nightly run: thank for payments that were entered before today, and are matched.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        policies = company.ar_policy_ids.filtered("receipt_enabled")
        if not policies or not company.ar_active:
            return True
        found = self._find_payments(policies, today)
        customers = self.env["ar.customer"].browse(sorted(found))
        run = self.env["ar.nightly"]._batch_run(company, "receipts", auto_commit)
        return run.over_records(customers, lambda batch: self._prepare(batch, today)).finished

    @api.model
    def _find_payments(self, policies, today, customers=None):
        """Return {account id: ids of the payments to thank for}, without accounts that were thanked today already.

        Whose payment it is, says its partner; in which company, the page that it was made on, else the invoices that
        were paid online: of a branch, Odoo books it in the company that has the account with the payment provider.

        :param policies: `ar.credit.policy` of one company
        :param customers: `ar.customer` recordset; default: all of these policies
        """
        self.env.flush_all()
        company = policies.company_id
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id, ARRAY_AGG(payment.id)
                  FROM account_payment payment
                  JOIN res_partner payer ON payer.id = payment.partner_id
                  JOIN ar_customer account ON account.partner_id = payer.commercial_partner_id AND account.active
                       AND account.company_id = %(paid_in)s
                  JOIN ar_credit_policy policy ON policy.id = account.policy_id
                 WHERE account.company_id = %(company)s AND payment.ar_receipt_id IS NULL
                   AND payment.company_id = ANY(%(branches)s)
                   AND payment.payment_type = 'inbound' AND payment.partner_type = 'customer'
                   AND payment.paired_internal_transfer_payment_id IS NULL
                   AND policy.id = ANY(%(policies)s)
                   AND payment.date >= GREATEST(policy.receipt_since, account.receipt_since)
                   AND payment.date > %(oldest)s AND payment.create_date < %(entered)s
                   AND (%(all)s OR account.id = ANY(%(customers)s::int[]))
                   AND NOT EXISTS (SELECT FROM ar_payment_receipt receipt
                                    WHERE receipt.customer_id = account.id AND receipt.day = %(today)s)
                   AND %(holds)s
              GROUP BY account.id
                """,
                company=company.id,
                paid_in=PAID_IN,
                branches=self.env["ar.facts"]._get_branches(company).ids,
                policies=policies.ids,
                oldest=today - timedelta(days=DAYS_TO_THANK),
                entered=self.env["ar.communication"]._get_start(company, today),
                all=customers is None,
                customers=pg_array(customers.ids if customers else ()),
                today=today,
                holds=HOLDS,
            )
        )
        return dict(rows)

    @api.model
    def _prepare(self, customers, today):
        """Write and queue the thanks to these customers of one company, who are locked, and note who gets none and why.

        :return: the receipts, also those that are not sent
        """
        found = self._find_payments(customers.policy_id, today, customers)  # again: the customers are locked now
        customers = customers.filtered(lambda customer: customer.id in found)
        if not customers:
            return self.browse()
        recipients = self.env["ar.facts"]._read_recipients(customers)
        receipts = self.sudo().create(  # users have no create access to what was sent
            [{"customer_id": customer.id, "policy_id": customer.policy_id.id, "day": today} for customer in customers]
        )
        self._link_payments({receipt.id: found[receipt.customer_id.id] for receipt in receipts})
        facts = receipts._gather_facts()
        for receipt in receipts:
            reason = receipt_code(facts[receipt.customer_id.id], today)
            if not reason and not any(row["usable"] for row in recipients[receipt.customer_id.id]):
                reason = codes.NO_ADDRESS
            if reason:
                receipt.write({"state": "left_out", "reason": reason})
        receipts.filtered(lambda receipt: receipt.state == "prepared")._send(facts)
        return receipts

    @api.model
    def _link_payments(self, payments):
        """Store for which payments customers are thanked; by SQL, because nothing else of the payments changes.

        :param dict payments: {receipt id: payment ids}
        """
        pairs = [(payment, receipt) for receipt, ids in payments.items() for payment in ids]
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_payment SET ar_receipt_id = link.receipt_id
                  FROM (SELECT UNNEST(%s::int[]) AS id, UNNEST(%s::int[]) AS receipt_id) link
                 WHERE account_payment.id = link.id AND account_payment.ar_receipt_id IS NULL
                """,
                pg_array(payment for payment, _receipt in pairs),
                pg_array(receipt for _payment, receipt in pairs),
            )
        )
        self.env["account.payment"].invalidate_model(["ar_receipt_id"])
        self.invalidate_model(["payment_ids"])

    def _find_reason(self):
        """Override to send none where no payment holds any more; what was undone may be thanked for when it is back."""
        self.ensure_one()
        held = {payment["id"] for payment in self._read_contents()[self]["payments"]}
        undone = self.payment_ids.filtered(lambda payment: payment.id not in held)
        undone.ar_receipt_id = False
        return None if held else "payment_undone"
