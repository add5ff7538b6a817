"""The ledger of a replay: customers, invoices that appear on their date, payments that settle them.

Everything goes through Odoo's own models, so that the entries are as in production. Invoices and payments are prepared
as drafts, hundreds at once, and posted on their day; payments are entries of the bank journal, as from a statement.
"""

import copy
import datetime

from dev.replay.company import currency_of

#: Invoices per batch: large enough for the fixed costs of a batch not to matter.
DRAFTS = 500

QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}


class Books:
    """The entries of the replayed company, made from the file's invoices.

    :param env: an environment of the company
    :param invoices: list of `HistoryInvoice`, by the date of invoice
    :param date last: the last day; what is paid later is not paid
    """

    def __init__(self, env, invoices, last):
        self.env = env(context={**env.context, **QUIET})
        self.bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
        partners = self._create_partners(invoices)
        self.moves, self.payments = {}, {}
        #: Numbers of the invoices that were charged automatically: their payments of the file are left out.
        self.charged = set()
        for start in range(0, len(invoices), DRAFTS):
            self._create_drafts(invoices[start : start + DRAFTS], partners, last)
            env.cr.commit()
        self.appearances = [(invoice.invoiced, invoice.number) for invoice in invoices]
        self.settlements = sorted((i.paid_on, i.number) for i in invoices if i.number in self.payments)

    def with_env(self, env):
        """Return these books, as they are now, in another environment: of a copy of the database, for instance."""
        books = copy.copy(self)
        books.env, books.bank = env(context={**env.context, **QUIET}), self.bank.with_env(env)
        books.appearances, books.settlements = list(self.appearances), list(self.settlements)
        books.charged = set(self.charged)
        return books

    def open_until(self, day):
        """Post what is dated before the day: those invoices exist when the simulation begins."""
        self._post(take_until(self.appearances, day - datetime.timedelta(days=1)), [])

    def post_day(self, day):
        """Post the invoices of the day and the payments of the day, and settle what is paid."""
        paid = [number for number in take_until(self.settlements, day) if number not in self.charged]
        self._post(take_until(self.appearances, day), paid)
        entries = [self._browse([self.moves[number], self.payments[number]]) for number in paid]
        if entries:
            self.env["account.move.line"]._reconcile_plan([receivable(pair) for pair in entries])

    def _create_partners(self, invoices):
        """Create a company per customer, each with an address; return {customer: id}."""
        names = sorted({invoice.customer for invoice in invoices})
        partners = self.env["res.partner"].create(
            [
                {"name": name, "is_company": True, "email": f"customer{n}@example.com", "phone": f"+1 555 {n:07}"}
                for n, name in enumerate(names)
            ]
        )
        return dict(zip(names, partners.ids, strict=True))

    def _create_drafts(self, invoices, partners, last):
        """Create invoices and the entries of their payments as drafts, which collections ignore."""
        moves = self._browse([]).create([self._invoice_vals(invoice, partners) for invoice in invoices])
        self.moves.update(zip((invoice.number for invoice in invoices), moves.ids, strict=True))
        pairs = zip(invoices, moves, strict=True)
        paid = [(i, move) for i, move in pairs if i.paid_on and i.paid_on <= last and move.amount_total]
        payments = self._browse([]).create([self._payment_vals(move, i.paid_on) for i, move in paid])
        self.payments.update(zip((invoice.number for invoice, _move in paid), payments.ids, strict=True))

    def _invoice_vals(self, invoice, partners):
        line = {"name": "History", "price_unit": float(invoice.amount), "tax_ids": []}
        return {
            "move_type": "out_invoice",
            "partner_id": partners[invoice.customer],
            "ref": invoice.number,
            "invoice_date": invoice.invoiced,
            "invoice_payment_term_id": False,
            "invoice_date_due": invoice.due,
            "currency_id": currency_of(self.env, invoice.currency).id,
            "invoice_line_ids": [(0, 0, line)],
        }

    def _payment_vals(self, move, day):
        """Return the entry of a payment, as it is booked from a bank statement: bank against receivable."""
        line = {"name": move.ref, "partner_id": move.partner_id.id, "currency_id": move.currency_id.id}
        return {
            "move_type": "entry",
            "journal_id": self.bank.id,
            "date": day,
            "ref": move.ref,
            "line_ids": [
                (0, 0, {**line, "account_id": self.bank.default_account_id.id, "amount_currency": move.amount_total}),
                (0, 0, {**line, "account_id": receivable(move).account_id.id, "amount_currency": -move.amount_total}),
            ],
        }

    def _post(self, invoices, payments):
        """Post invoices and payments by their numbers; the customers know of each invoice since its own day."""
        moves = self._browse([self.moves[n] for n in invoices] + [self.payments[n] for n in payments])
        if moves:
            moves.action_post()
            moves.flush_recordset(["ar_known_on"])
            self.env.cr.execute(
                "UPDATE account_move SET ar_known_on = invoice_date WHERE id = ANY(%s) AND ar_known_on > invoice_date",
                [moves.ids],
            )
            moves.invalidate_recordset(["ar_known_on"], flush=False)

    def _browse(self, ids):
        return self.env["account.move"].browse(ids)


def receivable(moves):
    """Return the journal items on receivable accounts."""
    return moves.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")


def take_until(dated, day):
    """Take the numbers up to a day off the front of a sorted list of (day, number), and return them."""
    taken = []
    while dated and dated[0][0] <= day:
        taken.append(dated.pop(0)[1])
    return taken
