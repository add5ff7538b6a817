from odoo import SUPERUSER_ID, api, models

from ...core.promises import judgement as rules
from ...core.promises import request


class ArPromisePortal(models.Model):
    """What customers do with a promise on their page: read it, change its date, withdraw it."""

    _inherit = "ar.promise"

    def _is_changeable(self):
        """Return whether the customer may change or withdraw the promise: it is open, and its day has not passed."""
        self.ensure_one()
        return self.state == rules.OPEN and self.date >= self.company_id._ar_today()

    def _is_movable(self):
        """Return whether the customer may change the date: as long as promises are possible on the page."""
        self.ensure_one()
        return self._is_changeable() and "promise" in self.customer_id._get_possible_asks()

    def _get_last_day(self):
        """Return the last day the customer may move the promise to, so that changing it postpones nothing for ever.

        It is the promised day, or the policy's horizon, counted from the day the promise was made, or one before it
        that the customer withdrew.
        """
        self.ensure_one()
        last = self.customer_id._get_last_promise_day(self.line_ids.move_line_id.ids, self.promised_on)
        return max(self.date, last)

    def _get_past(self):
        """Return what counts of the promise for a later one about its items; see `PAST_STATE` of ``ar_facts_past``.

        :rtype: core.promises.request.PastPromise
        """
        self.ensure_one()
        day = self.promised_on or self.company_id._ar_day(self.create_date)
        state = rules.KEPT if self.state == rules.OPEN and self.to_judge else self.state
        return request.PastPromise(day, state, self.origin == "staff", self.withdrawn_by_customer)

    def _change_date(self, day):
        """Move the promise to another day and confirm it, by few mails a day.

        :param date day: the new date; None: not given
        :raise core.promises.request.PromiseRefused: when it is not possible, with the code
        :raise LockError: when another transaction holds the account
        """
        self.ensure_one()
        self.customer_id._lock_account()
        today = self.company_id._ar_today()
        self._judge(today)  # it may be paid already
        if not self._is_movable():
            raise request.PromiseRefused(request.ENDED)
        if day is None:
            raise request.PromiseRefused(request.BAD_DATE)
        if day < today:
            raise request.PromiseRefused(request.PAST_DATE)
        if day > self._get_last_day():
            raise request.PromiseRefused(request.BEYOND_HORIZON)
        if veto := self.customer_id._find_veto(self.line_ids.move_line_id.ids, day):
            raise request.PromiseRefused(request.VETOED, veto)
        before, self.date = self.date, day
        reader = self._in_staff_language()
        # The visitor may be anonymous, so the system is the author.
        reader.with_user(SUPERUSER_ID)._log_on_thread(
            reader.env._(
                "The customer moved the promise from %(before)s to %(day)s on the portal.",
                before=reader._format_date(before),
                day=reader._format_date(day),
            )
        )
        if self.customer_id._may_start("confirmation"):
            self.env["ar.outreach"]._notify(self, "promise_confirmed", is_manual=True)

    def _withdraw_by_customer(self):
        """Withdraw the promise for the customer; one that is withdrawn already stays so.

        :raise core.promises.request.PromiseRefused: when it has ended or is late
        :raise LockError: when another transaction holds the account
        """
        self.ensure_one()
        self.customer_id._lock_account()
        if self.state == rules.WITHDRAWN:
            return
        self._judge(self.company_id._ar_today())
        if not self._is_changeable():
            raise request.PromiseRefused(request.ENDED)
        # The visitor may be anonymous, so the system is the author.
        reader = self._in_staff_language()
        reader.with_user(SUPERUSER_ID).sudo()._withdraw(reader._get_withdrawal_note(), by_customer=True)

    @api.model
    def _get_withdrawal_note(self):
        """Return the reason of what customers withdraw, for colleagues."""
        return self.env._("by the customer on the portal")

    def _get_confirmation(self):
        """Return what the customer's page says after the promise was made or changed."""
        self.ensure_one()
        return self.env._(
            "Thank you. You promised %(amount)s by %(day)s for %(invoices)s.",
            amount=self._format_amount(self.amount_total),
            day=self._format_date(self.date),
            invoices=", ".join(self.line_ids.mapped("name")),
        )

    def _get_page_url(self):
        """Return the link to the promise on the customer's page."""
        self.ensure_one()
        return self.customer_id.get_portal_url(suffix=f"/promise/{self.id}")
