from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command

from ...common import ArCommon


class ArOwedCommon(ArCommon):
    """What counts as owed and as paid: entries of every kind on the receivable account."""

    def _facts(self, customer=None, day=None):
        """Return the facts about the customer, by default those of the test class, on that day."""
        customer = customer or self.customer
        with self._on(day):
            return self.env["ar.facts"]._gather(customer, day or self.TODAY)[customer.id]

    def _chased(self, customer=None, day=None):
        """Return what may be requested of each open item, oldest due date first."""
        return [float(item.chaseable_currency) for item in self._facts(customer, day).items]

    def _requested(self, customer=None, day=None):
        """Run the day; return the amount that the reminder of that day requests; `None` where there is none."""
        customer = customer or self.customer
        self._run(day)
        messages = self._communications(customer).filtered(lambda c: c.date == (day or self.TODAY))
        waiting = messages.filtered(lambda c: c.state in ("planned", "review") and not c.notice)
        return waiting.amount_total if waiting else None

    @classmethod
    def _entry(cls, partner, amount, journal=None, account=None, day=None, company=None, **values):
        """Post an entry of that amount on the partner's receivable account, negative: a credit; return its line."""
        company = company or cls.company
        journal = journal or cls.company_data["default_journal_misc"]
        account = account or cls.company_data["default_account_receivable"]
        other = cls.company_data["default_account_revenue"]
        day = day or cls.TODAY
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "date": day,
                    "line_ids": [
                        Command.create({"account_id": account.id, "partner_id": partner.id, "balance": amount}),
                        Command.create({"account_id": other.id, "balance": -amount}),
                    ],
                    **values,
                }
            )
        )
        move.action_post()
        return move.line_ids.filtered(lambda line: line.account_id == account)

    @contextmanager
    def _without_entries(self):
        """Register payments without journal entries, as a database with Odoo's accounting app does."""
        in_payment = "odoo.addons.account.models.account_move.AccountMove._get_invoice_in_payment_state"
        with patch(in_payment, lambda _moves: "in_payment"):
            yield

    def _register(self, amount, *invoices, day=None, partner=None, **values):
        """Post a payment without a journal entry, for these invoices or on account."""
        with self._without_entries():
            payment = self.env["account.payment"].create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": (partner or self.customer.partner_id).id,
                    "amount": amount,
                    "date": day or self.TODAY,
                    "journal_id": self.company_data["default_journal_bank"].id,
                    "payment_method_line_id": self._method_without_account().id,
                    "invoice_ids": [Command.set([invoice.id for invoice in invoices])],
                    **values,
                }
            )
            payment.action_post()
        self.assertFalse(payment.move_id)
        return payment

    def _method_without_account(self):
        method = self.company_data["default_journal_bank"].inbound_payment_method_line_ids[:1]
        method.payment_account_id = False
        return method


class ArBranchCommon(ArOwedCommon):
    """A customer of head office and of a branch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._branch("Branch")
        cls.partner = cls._partner()
        cls.head = cls._customer(cls.partner)
        cls.customer = cls._customer(cls.partner, cls.branch)
        collector = cls._user(
            "collector", login="branch", company_id=cls.branch.id, company_ids=[Command.set(cls.branch.ids)]
        )
        cls._policy(company_id=cls.branch.id, user_id=collector.id, calendar_id=False)
        cls.customer._compute_policy_id()

    @classmethod
    def _branch(cls, name):
        branch = cls.env["res.company"].sudo().create({"name": name, "parent_id": cls.company.id, "ar_active": True})
        cls.env.user.company_ids |= branch
        branch.ar_policy_ids.unlink()
        return branch.sudo(False)

    @classmethod
    def _owed(cls, company, overdue_days, amount, **values):
        shared = cls.company_data["default_account_receivable"]
        cls.partner.with_company(company).property_account_receivable_id = shared
        journal = cls.company_data["default_journal_sale"]
        return cls._invoice(cls.partner, overdue_days, amount, company=company, journal_id=journal.id, **values)
