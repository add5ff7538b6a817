from datetime import datetime, time

from ..common import ArCommon


class ArMatchingCommon(ArCommon):
    """Money that came in and is not matched: payments on account, credit notes, bank statement lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.dollar = cls.env.ref("base.USD") if cls.company.currency_id.name != "USD" else cls.env.ref("base.EUR")
        cls.dollar.active = True
        rates = cls.env["res.currency.rate"].search(
            [("currency_id", "=", cls.dollar.id), ("company_id", "in", (False, cls.company.id))]
        )
        rates.unlink()
        cls.env["res.currency.rate"].create(
            {"currency_id": cls.dollar.id, "company_id": cls.company.id, "name": "2020-01-01", "rate": 2.0}
        )

    def _payment(self, partner, amount=100.0, memo="", currency=None, day=None):
        """Create and post a payment on account, booked on its day."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": partner.id,
                "amount": amount,
                "memo": memo,
                "date": day or self.TODAY,
                "journal_id": self.bank.id,
                **({"currency_id": currency.id} if currency else {}),
            }
        )
        payment.action_post()
        self._book(payment.move_id, day)
        return payment

    def _statement_line(self, amount=100.0, reference="Transfer", day=None, booked=None, **values):
        """Create a bank statement line that is not matched."""
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": day or self.TODAY,
                "payment_ref": reference,
                "amount": amount,
                **values,
            }
        )
        self._book(line.move_id, booked or day)
        return line

    def _book(self, move, day=None, hour=12):
        """Make an entry one that was entered into the books on that day."""
        self.env.flush_all()
        moment = datetime.combine(day or self.TODAY, time(hour))
        for table, ids in (
            ("account_move_line", move.line_ids.ids),
            ("account_bank_statement_line", move.statement_line_id.ids),
        ):
            if ids:
                self.env.cr.execute(f"UPDATE {table} SET create_date = %s WHERE id = ANY(%s)", (moment, ids))
        self.env.invalidate_all()

    def _rows(self, partner=None, user=None):
        """Return the queue, or the rows of one customer."""
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [("company_id", "=", self.company.id)] + ([("partner_id", "=", partner.id)] if partner else [])
        return self.env["ar.unmatched.payment"].with_user(user or self.env.user).search(domain)
