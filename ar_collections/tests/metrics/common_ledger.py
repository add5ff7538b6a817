import random
from datetime import date, timedelta

from odoo import Command

from ..common import ArCommon


class LedgerCommon(ArCommon):
    """Ledgers made by hand: helpers that book invoices, payments and entries on a given day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.as_of = cls.env["ar.as.of"]

    @classmethod
    def _bill(cls, partner, day, amount, due=None, **values):
        """Post an invoice of that day; ``move_type="out_refund"`` makes a credit note."""
        company = values.get("company", cls.company)
        values = {"invoice_date": day, "date": day, "invoice_date_due": due or day + timedelta(days=30), **values}
        if values.get("invoice_payment_term_id"):
            del values["invoice_date_due"]
        return cls._invoice(partner, amount=amount, **{**values, "company": company})

    @classmethod
    def _receivable(cls, moves):
        """Return the journal items on receivable accounts, oldest first."""
        lines = moves.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        return lines.sorted(lambda line: (line.date_maturity or line.date, line.id))

    @classmethod
    def _entry(cls, line, day, amount, counterpart=None, post=True):
        """Book an amount in the line's currency against its receivable account; return the new receivable line.

        :param counterpart: account, default: the bank's
        """
        company, journal = line.company_id, cls._bank_of(line.company_id)
        common = {"partner_id": line.partner_id.id, "currency_id": line.currency_id.id}
        counterpart = counterpart or journal.default_account_id
        booked = line.currency_id._convert(amount, company.currency_id, company, day)
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "date": day,
                    "journal_id": journal.id,
                    "line_ids": [
                        Command.create(
                            {
                                **common,
                                "account_id": account.id,
                                "amount_currency": sign * amount,
                                "balance": sign * booked,
                            }
                        )
                        for account, sign in ((counterpart, 1), (line.account_id, -1))
                    ],
                }
            )
        )
        if post:
            move.action_post()
        return cls._receivable(move)

    @classmethod
    def _bank_of(cls, company):
        domain = [("type", "=", "bank"), ("company_id", "=", company.id)]
        return cls.env["account.journal"].search(domain, limit=1)

    @classmethod
    def _settle(cls, invoice, day, amount=None, counterpart=None):
        """Pay (part of) an invoice's oldest open item on that day; return the payment's line."""
        line = cls._receivable(invoice).filtered(lambda line: not line.reconciled)[:1]
        paid = cls._entry(line, day, amount or line.amount_residual_currency, counterpart)
        (line | paid).reconcile()
        return paid


class RandomLedger:
    """A random history of bookings, the same for the same seed: one day's bookings at a time."""

    def __init__(self, case, seed, company=None, currencies=()):
        self.case, self.chance = case, random.Random(seed)
        self.company = company or case.company
        self.currencies = [self.company.currency_id, *currencies]
        self.partners = case._partners(3)
        self.day = date(2026, 1, 1)
        self.invoices = case.env["account.move"]
        accounts = case.env["account.account"].with_company(self.company)
        self.loss = accounts.search(
            [*accounts._check_company_domain(self.company), ("account_type", "=", "expense")], limit=1
        )

    #: What may be booked on a day, and how often.
    EVENTS = {"bill": 5, "pay": 5, "credit": 2, "write_off": 1, "prepay": 1, "draft": 1}
    #: Events that change the past.
    TAKEN_BACK = {"take_back": 2, "reverse": 1}

    def book_days(self, days, events=None):
        """Book a few events a day; yield each day at its end."""
        events = events or self.EVENTS
        for _number in range(days):
            self.day += timedelta(days=self.chance.randint(1, 12))
            for _event in range(self.chance.randint(1, 3)):
                (event,) = self.chance.choices(list(events), events.values())
                getattr(self, f"_{event}")()
            yield self.day

    def _amount(self, most=1000):
        return round(self.chance.uniform(0.02, most), 2)

    def _new(self, move_type):
        values = {"move_type": move_type, "currency_id": self.chance.choice(self.currencies).id}
        if self.chance.random() < 0.3:
            values["invoice_payment_term_id"] = self.case.pay_terms_b.id
        due = self.day + timedelta(days=self.chance.randint(-5, 60))
        partner = self.chance.choice(self.partners)
        return self.case._bill(partner, self.day, self._amount(), due, company=self.company, **values)

    def _open_line(self, sign=1):
        lines = self.case._receivable(self.invoices).filtered(
            lambda line: not line.reconciled and line.amount_residual_currency * sign > 0
        )
        return self.chance.choice(lines) if lines else lines

    def _bill(self):
        self.invoices |= self._new("out_invoice")

    def _credit(self):
        """Post a credit note, mostly set against an open invoice of the customer."""
        note = self._new("out_refund")
        self.invoices |= note
        target = self._open_line()
        if target.partner_id == note.partner_id and target.account_id == self.case._receivable(note).account_id:
            (target | self.case._receivable(note)[:1]).reconcile()

    def _pay(self, counterpart=None, post=True):
        line = self._open_line()
        if line:
            part = self.chance.choice((1, 1, 0.5, 0.33))
            amount = line.currency_id.round(line.amount_residual_currency * part) or line.amount_residual_currency
            (line | self.case._entry(line, self.day, amount, counterpart, post)).reconcile()

    def _write_off(self):
        self._pay(self.loss)

    def _draft(self):
        """Match with an entry that is not posted, which the ledger does not include."""
        self._pay(post=False)

    def _prepay(self):
        line = self._open_line()
        if line:
            self.invoices |= self.case._entry(line, self.day, self._amount(200)).move_id

    def _take_back(self):
        """Unreconcile an item that was settled some time ago."""
        lines = self.case._receivable(self.invoices)
        lines = lines.filtered(lambda line: line.matched_debit_ids or line.matched_credit_ids)
        if lines:
            self.chance.choice(lines).remove_move_reconcile()

    def _reverse(self):
        """Reverse an invoice: its credit note is matched at once."""
        posted = self.invoices.filtered(lambda move: move.move_type == "out_invoice" and move.state == "posted")
        if posted:
            values = [{"date": self.day, "invoice_date": self.day}]
            self.invoices |= self.chance.choice(posted)._reverse_moves(values, cancel=True)
