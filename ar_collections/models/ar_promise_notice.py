import datetime

from odoo import SUPERUSER_ID, api, models

from ..const import FREE_STATES
from ..core import promise as rules

#: The note on the working day before a promise may lie so many days before it: weekends and holidays.
LONGEST_NOTE_DAYS = 10


class ArPromiseNotice(models.Model):
    """What customers are told about their promises: noted, due on the next working day, not kept."""

    _inherit = "ar.promise"

    @api.model
    def _send_notes(self, company, today):
        """Remind customers of what they promised, on the working day before; once, and not of what is paid.

        Whoever promised it on that very day or later has heard of it just now.
        """
        ahead = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", rules.OPEN),
                ("date", ">", today),
                ("date", "<=", today + datetime.timedelta(days=LONGEST_NOTE_DAYS)),
                ("customer_id.policy_id.promise_courtesy", "=", True),
            ]
        )
        calendars = {customer_id: own.calendar for customer_id, own in ahead.customer_id._get_rules(today).items()}
        due = ahead.filtered(lambda p: p.promised_on < rules.note_day(p.date, calendars[p.customer_id.id]) <= today)
        due._with_something_left()._together(lambda promises: promises._notify_once("promise_due", again_after=()))

    def _tell_recorded(self):
        """Note on the customer's thread that it was promised, and by whom."""
        self.ensure_one()
        words = {"amount": self._format_amount(self.amount_total), "date": self._format_day(self.date)}
        if self.origin == "portal":
            # Nobody of ours did it, and the visitor may be nobody in particular: the system takes the note.
            sentence = self.env._("The customer promised %(amount)s for %(date)s on its page.", **words)
            self.with_user(SUPERUSER_ID)._tell_story(sentence)
        else:
            self._tell_story(self.env._("%(amount)s promised for %(date)s.", **words))

    def _notify_once(self, notice, again_after=FREE_STATES):
        """Tell the customers of these promises, unless they were told: the log is the memory.

        :param str notice: see ``const.NOTICES``
        :param again_after: states of a communication that do not count as told
        """
        # The log is read for all customers, whoever started it.
        told = (
            self.env["ar.communication"]
            .sudo()
            .search(
                [
                    ("customer_id", "in", self.customer_id.ids),
                    ("agreement_model", "=", self._name),
                    ("agreement_id", "in", self.ids),
                    ("notice", "=", notice),
                    ("state", "not in", again_after),
                ]
            )
        )
        known = set(told.mapped("agreement_id"))
        self.env["ar.outreach"]._notify(self.filtered(lambda promise: promise.id not in known), notice)

    def _with_something_left(self):
        """Return the promises of which something may still be asked for."""
        asked = self._read_asked()
        return self.filtered(lambda promise: asked[promise.id])

    def _read_asked(self):
        """Return {promise id: [(journal item id, amount)]}: what is still open and not contested by the customer."""
        facts, asked = self.env["ar.facts"], {}
        books = facts._read_promise_books(self)
        for company, promises in self.grouped("company_id").items():
            disputed = facts._read_disputed(promises.customer_id, company._ar_today())
            for promise in promises:
                amounts = [
                    (book.line_id, min(book.left, book.residual - disputed.get(book.line_id, 0)))
                    for book in books.get(promise.id, ())
                ]
                asked[promise.id] = [(line_id, amount) for line_id, amount in amounts if amount > 0]
        return asked

    def _notice_holds(self, notice):
        """Override of `ar.agreement`: what was paid or ended meanwhile is not spoken of any more."""
        self.ensure_one()
        today = self.company_id._ar_today()
        books = self.env["ar.facts"]._read_promise_books(self).get(self.id, ())
        state = self.state if self.state == rules.WITHDRAWN else self._get_judgement(books, today)
        asked = bool(self._read_asked()[self.id])
        if notice == "promise_due":
            return state == rules.OPEN and asked and today < self.date
        if notice == "promise_broken":
            return state in rules.NOT_KEPT and asked
        return state in (rules.OPEN, rules.KEPT)

    def _get_notice_lines(self, notice):
        """Override of `ar.agreement` to list what of the promise is still to be paid."""
        self.ensure_one()
        lines = self.env["account.move.line"].sudo()  # amounts for the message
        return [(lines.browse(line_id), float(amount)) for line_id, amount in self._read_asked()[self.id]]

    def _get_notice_html(self, communication):
        """Override of `ar.agreement`: what was promised, for when, and what of it arrived."""
        self.ensure_one()
        lang = communication.lang
        values = {
            "promise": self,
            "notice": communication.notice,
            "amount": self._format_amount(self.amount_total, lang),
            "kept": self._format_amount(self.amount_kept, lang) if self.amount_kept else "",
            "date": self._format_day(self.date, lang),
        }
        qweb = self.env["ir.qweb"].with_context(lang=lang)
        return qweb._render("ar_collections.promise_notice", values, minimal_qcontext=True, lang=lang)
