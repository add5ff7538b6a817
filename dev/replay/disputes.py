"""The disputes of a replay: a disputed invoice is disputed on its due date, and answered before it is paid.

Everything goes through the add-on's own methods, as a collector records and answers disputes.
"""

from decimal import Decimal

from dev.replay.books import receivable, take_until

REASON = "ar_collections.dispute_reason_other"


class Disputes:
    """Raises and answers disputes on their days.

    :param env: an environment of the company
    :param invoices: list of `HistoryInvoice`
    :param dict move_ids: {invoice number: id of the invoice in Odoo}
    :param date first: disputes that were answered before this day are left out; older ones are raised on it
    """

    def __init__(self, env, invoices, move_ids, first):
        self.env, self.move_ids = env, move_ids
        disputed = [
            i for i in invoices if i.disputed_on and i.amount and (i.resolved_on is None or i.resolved_on >= first)
        ]
        self.raised = sorted((invoice.disputed_on, invoice.number) for invoice in disputed)
        self.answers = sorted((invoice.resolved_on, invoice.number) for invoice in disputed if invoice.resolved_on)
        self.by_number = {}

    def process_day(self, day):
        """Raise the disputes of the day and answer those whose day has come: rejected, so that reminders continue."""
        for number in take_until(self.raised, day):
            self._raise(number)
        for number in take_until(self.answers, day):
            dispute = self.by_number.pop(number)
            nothing = dict.fromkeys(dispute.line_ids, Decimal(0))
            dispute._resolve(nothing, "According to our records the amount is correct.", grace_days=0)

    def _raise(self, number):
        move = self.env["account.move"].browse(self.move_ids[number])
        self.by_number[number] = self.env["ar.dispute"]._raise_dispute(
            move.ar_customer_id,
            self.env.ref(REASON),
            {receivable(move).id: None},
            "Disputed in the history.",
        )
