from unittest.mock import patch

from odoo import Command

from ..common import ArCommon


class TestSpeedFlows(ArCommon):
    """What our add-on adds to Odoo's own flows: a few statements, whatever the number of invoices."""

    #: Statements that posting invoices of known customers costs more: the accounts, and the days.
    POSTING = 2

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ar_active = True
        cls.partners = cls._partners(20)
        cls._invoices(cls.partners, 4)

    def _draft(self, partners):
        lines = [Command.create({"name": "Work", "price_unit": 100, "tax_ids": []})]
        return self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": self.TODAY,
                    "invoice_line_ids": lines,
                }
                for partner in partners
            ]
        )

    def _count(self, work):
        """Return the statements of a request: with an empty cache, and all that waits for its end."""
        self.env.cr.flush()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.cr.flush()
        return self.env.cr.sql_log_count - before

    def _more(self, make, work):
        """Return how many statements our hooks add to the work, for one record and for many.

        :param make: function of a number of records, which returns what to work on
        :param work: function of that
        """
        moves, partials = type(self.env["account.move"]), type(self.env["account.partial.reconcile"])
        more = []
        for number in (1, 20):
            warm, with_us, without_us = make(number), make(number), make(number)
            self._count(lambda records=warm: work(records))
            ours = self._count(lambda records=with_us: work(records))
            with (
                patch.object(moves, "_store_entry", lambda *_args: None),
                patch.object(moves, "_ensure_accounts", lambda *_args: None),
                patch.object(partials, "_find_concerned", lambda *_args: set()),
                patch.object(type(self.env["ar.returned.payment"]), "_prepare_undone", lambda *_args: []),
            ):
                more.append(ours - self._count(lambda records=without_us: work(records)))
        return more

    def test_posting_invoices_of_known_customers(self):
        one, many = self._more(lambda number: self._draft(self.partners[:number]), lambda moves: moves.action_post())
        self.assertLessEqual(one, self.POSTING)
        self.assertLessEqual(many, self.POSTING + 1)  # for all of them together

    def _pairs(self, number):
        invoices = self._invoices(self.partners[:number], 4)
        account = self.company_data["default_account_revenue"]
        entries = self.env["account.move"].create(
            [
                {
                    "move_type": "entry",
                    "journal_id": self.company_data["default_journal_bank"].id,
                    "line_ids": [
                        Command.create({"name": "Money", "account_id": account.id, "debit": invoice.amount_total}),
                        Command.create(
                            {
                                "name": "Paid", "account_id": self._debt(invoice).account_id.id,
                                "credit": invoice.amount_total, "partner_id": invoice.partner_id.id,
                            }
                        ),
                    ],
                }
                for invoice in invoices
            ]
        )  # fmt: skip
        entries.action_post()
        pairs = (
            self._debt(invoice) + entry.line_ids.filtered("credit")
            for invoice, entry in zip(invoices, entries, strict=True)
        )
        return list(pairs)

    def test_reconciling_looks_once_whatever_of_ours_is_concerned(self):
        def reconcile(pairs):
            self.env["account.move.line"]._reconcile_plan(pairs)

        one, many = self._more(self._pairs, reconcile)
        self.assertLessEqual(one, 1)
        self.assertLessEqual(many, 1)

    def test_undoing_reconciliations_stores_what_came_back_together(self):
        def reconciled(number):
            pairs = self._pairs(number)
            self.env["account.move.line"]._reconcile_plan(pairs)
            return self.env["account.move.line"].union(*pairs)

        # What is matched and undone on one day is a correction; this is no correction.
        with patch.object(type(self.env["res.company"]), "_ar_today", lambda company: self.TODAY):
            one, many = self._more(reconciled, lambda lines: lines.remove_move_reconcile())
        self.assertLessEqual(many, one + 2)
        self.assertLessEqual(one, 12)

    def test_nothing_is_read_of_ours_where_an_entry_without_reconciliation_is_reset(self):
        entry = self._draft(self.partners[:1])
        entry.action_post()
        with patch.object(type(self.env["ar.returned.payment"]), "_prepare_undone", side_effect=AssertionError):
            entry.button_draft()
        self.assertEqual(entry.state, "draft")
