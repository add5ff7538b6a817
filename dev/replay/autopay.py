"""Automatic payments in a replay: half of the customers agree, and are charged through Odoo's demo provider.

What is charged is not paid again on the day of the file, and counts as paid on the day of the charge.
"""

import dataclasses
import os

CHARGED = """
    SELECT line.move_id, MIN(charge.date)
      FROM ar_payment_allocation allocation
      JOIN ar_autopay_charge charge ON charge.transaction_id = allocation.transaction_id
      JOIN account_move_line line ON line.id = allocation.move_line_id
     WHERE charge.outcome = 'done'
  GROUP BY line.move_id
"""


def is_wanted(environ=os.environ):
    """Return whether `AUTOPAY` asks for automatic payments."""
    return bool(environ.get("AUTOPAY"))


def choose_customers(names):
    """Return every second customer, in the order of their names.

    >>> sorted(choose_customers({"D", "A", "C", "B"}))
    ['A', 'C']
    """
    return set(sorted(names)[::2])


class Autopay:
    """Lets customers agree as soon as they have an account, and charges them each day.

    :param env: an environment of the company
    :param company: the `res.company`
    :param Books books: whose payments are left out where an invoice was charged
    :param invoices: list of `HistoryInvoice`
    """

    def __init__(self, env, company, books, invoices):
        self.env, self.company, self.books = env, company, books
        self.names = choose_customers({invoice.customer for invoice in invoices})
        self.numbers = {move_id: number for number, move_id in books.moves.items()}
        self.provider = self._prepare_provider()
        self.agreed = set()

    def process_day(self):
        """Let new customers agree, announce and charge what is due, and book it."""
        self._enroll()
        self.env["ar.payment.plan.installment"]._run_autopay(self.company, auto_commit=True)
        domain = [("provider_id", "=", self.provider.id), ("state", "=", "done"), ("is_post_processed", "=", False)]
        self.env["payment.transaction"].search(domain)._post_process()
        self.books.charged |= self.read_charged().keys()
        self.env.cr.commit()

    def read_charged(self):
        """Return {number of an invoice: day on which it was charged}."""
        self.env.flush_all()
        self.env.cr.execute(CHARGED)
        return {self.numbers[move_id]: day for move_id, day in self.env.cr.fetchall() if move_id in self.numbers}

    def _prepare_provider(self):
        provider = self.env.ref("payment.payment_provider_demo")
        card = self.env.ref("payment.payment_method_card")
        journals = self.env["account.journal"]
        bank = journals.search([("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1)
        provider.write(
            {
                "state": "test",
                "is_published": True,
                "allow_tokenization": True,
                "payment_method_ids": [(6, 0, card.ids)],
                "journal_id": bank.id,
            }
        )
        (card | card.brand_ids).active = True
        return provider

    def _enroll(self):
        from odoo.addons.ar_collections.core.autopay.options import AutopayOptions

        self.env["ar.customer"]._ensure_for_company(self.company)
        domain = [("company_id", "=", self.company.id), ("id", "not in", list(self.agreed))]
        for customer in self.env["ar.customer"].search(domain):
            self.agreed.add(customer.id)
            if customer.partner_id.name in self.names:
                customer._accept_autopay(
                    self._save_method(customer.partner_id), "The payer", "I agree", AutopayOptions()
                )

    def _save_method(self, partner):
        return self.env["payment.token"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "payment_details": "4242",
                "partner_id": partner.id,
                "provider_ref": "saved",
                "demo_simulated_state": "done",
            }
        )


def as_paid(invoices, charged):
    """Return the invoices as they were paid, those that were charged on the day of the charge.

    :param invoices: list of `HistoryInvoice`
    :param dict charged: {number: day}
    """
    return [
        dataclasses.replace(invoice, settled=charged[invoice.number]) if invoice.number in charged else invoice
        for invoice in invoices
    ]
