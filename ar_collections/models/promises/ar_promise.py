import datetime

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ...const import PROMISE_STATES, STEP_FREE_STATES
from ...core.promises import judgement as rules

#: The courtesy note is sent on the working day before the promised date, at most so many days before (holidays).
LONGEST_NOTE_DAYS = 10


class ArPromise(models.Model):
    """Promise to pay: the amount and date a customer committed to, with its notices to the customer.

    The promised amounts are excluded from reminders until the deadline. Then the promise is judged by the ledger, see
    `ar_promise_judge`: kept, partly kept or broken. Notices: the confirmation, the courtesy note on the working day
    before, and the notice that the promise was not kept.
    """

    _name = "ar.promise"
    _inherit = ["ar.agreement"]
    _description = "Promise to Pay"
    _order = "date desc, id desc"

    _moves = {
        rules.OPEN: {rules.KEPT, rules.PARTLY, rules.BROKEN, rules.WITHDRAWN},
        # After a payment is undone, or booked with an earlier date.
        rules.KEPT: {rules.OPEN, rules.PARTLY, rules.BROKEN},
        rules.PARTLY: {rules.OPEN, rules.KEPT, rules.BROKEN},
        rules.BROKEN: {rules.OPEN, rules.KEPT, rules.PARTLY},
        rules.WITHDRAWN: set(),
    }
    _live_states = (rules.OPEN,)

    state = fields.Selection(
        PROMISE_STATES, required=True, default=rules.OPEN, readonly=True, index=True, tracking=True, copy=False
    )
    date = fields.Date("Promised for", required=True, readonly=True, index=True)
    tolerance_days = fields.Integer(
        readonly=True, help="Number of tolerance days set in the policy when the promise was made."
    )
    date_deadline = fields.Date(
        "Deadline",
        compute="_compute_date_deadline",
        store=True,
        index=True,
        help="Last day on which a payment still keeps the promise.",
    )
    promised_on = fields.Date("Promised on", readonly=True)
    ended_on = fields.Date("Ended on", readonly=True, copy=False, help="Date on which the promise was closed.")
    end_note = fields.Text("Withdrawal Reason", readonly=True, copy=False)
    withdrawn_by_customer = fields.Boolean(
        readonly=True, copy=False, help="Whether the customer withdrew it on its page."
    )
    user_id = fields.Many2one(
        "res.users",
        "Assigned Collector",
        compute="_compute_user_id",
        store=True,
        index=True,
        help="Collector of the customer, also during an absence.",
    )
    collector_id = fields.Many2one(related="customer_id.collector_id")
    line_ids = fields.One2many("ar.promise.line", "promise_id", "Items", readonly=True)
    amount_total = fields.Monetary("Promised", readonly=True)
    amount_kept = fields.Monetary("Paid in Time", readonly=True, copy=False)
    # sudo: salespeople may read promises, and not their lines.
    amount_open = fields.Monetary(
        "Remaining",
        compute="_compute_amount_open",
        compute_sudo=True,
        help="Amount of the promise that is still open.",
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    amount_company = fields.Monetary(
        "Promised (Company Currency)",
        currency_field="company_currency_id",
        readonly=True,
        help="Amount converted at the exchange rates of the accounting entries.",
    )
    to_judge = fields.Boolean(
        readonly=True,
        index=True,
        copy=False,
        string="To Evaluate",
        help="Whether payments changed since the last evaluation.",
    )

    @api.depends("date", "tolerance_days")
    def _compute_date_deadline(self):
        for promise in self:
            promise.date_deadline = promise.date and rules.deadline(promise.date, promise.tolerance_days)

    @api.depends("customer_id.user_id", "customer_id.policy_id.user_id")
    def _compute_user_id(self):
        for promise in self:
            promise.user_id = promise.customer_id._get_assigned_collector()

    @api.depends("line_ids.amount_open")
    def _compute_amount_open(self):
        for promise in self:
            promise.amount_open = sum(promise.line_ids.mapped("amount_open"))

    # === BUTTONS === #

    def action_withdraw(self):
        """Open the dialog that asks why the promises are withdrawn."""
        self._allowed("collector")
        return {
            "name": self.env._("Withdraw"),
            "type": "ir.actions.act_window",
            "res_model": "ar.promise.withdraw",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_promise_ids": self.ids},
        }

    def _withdraw(self, reason, by_customer=False):
        """Withdraw open promises: they count neither as kept nor as broken, and reminders resume.

        :param str reason: for colleagues
        :param bool by_customer: the customer withdraws them
        :raise UserError: when one of them has ended already
        """
        ended = self.filtered(lambda promise: promise.state != rules.OPEN)
        if ended:
            raise UserError(
                self.env._(
                    "Only open promises can be withdrawn; %(numbers)s have already ended.",
                    numbers=", ".join(ended.mapped("name")),
                )
            )
        for company, promises in self.grouped("company_id").items():
            promises._set_state(
                rules.WITHDRAWN, ended_on=company._ar_today(), end_note=reason, withdrawn_by_customer=by_customer
            )
        self._log_on_thread(self.env._("Withdrawn: %(reason)s", reason=reason))

    def _end_unowed(self, reason):
        """Override to withdraw the promise."""
        self._set_state(rules.WITHDRAWN, ended_on=self.company_id._ar_today(), end_note=reason)
        self._log_on_thread(self.env._("Withdrawn: %(reason)s", reason=reason))

    # === NOTICES === #

    @api.model
    def _send_notes(self, company, today, run):
        """Send the courtesy note on the working day before the promised date, once, unless it is paid.

        Promises recorded on that working day or later get none: they were confirmed just then.

        :param BatchRun run: the run of the night's step
        :return: False where the time ran out
        """
        upcoming = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", rules.OPEN),
                ("date", ">", today),
                ("date", "<=", today + datetime.timedelta(days=LONGEST_NOTE_DAYS)),
                ("customer_id.policy_id.promise_courtesy", "=", True),
            ]
        )
        calendars = {
            customer_id: policy_rules.calendar
            for customer_id, policy_rules in upcoming.customer_id._get_rules(today).items()
        }
        due = upcoming.filtered(lambda p: p.promised_on < rules.note_day(p.date, calendars[p.customer_id.id]) <= today)
        return run.over_records(due._filter_unpaid(), lambda promises: promises._send_due_notes()).finished

    def _send_due_notes(self):
        self._notify_once("promise_due", again_after=())

    def _log_recorded(self):
        """Log on the customer's thread that a payment was promised, and whether on the portal page."""
        self.ensure_one()
        reader = self._in_staff_language()
        values = {"amount": reader._format_amount(self.amount_total), "date": reader._format_date(self.date)}
        if self.origin == "portal":
            # The visitor may be anonymous, so the system is the author.
            sentence = reader.env._("The customer promised %(amount)s for %(date)s on the portal.", **values)
            reader.with_user(SUPERUSER_ID)._log_on_thread(sentence)
        else:
            reader._log_on_thread(reader.env._("%(amount)s promised for %(date)s.", **values))

    def _notify_once(self, notice, again_after=STEP_FREE_STATES):
        """Send a notice about these promises, except where the log of communications contains it already.

        :param str notice: see ``const.NOTICES``
        :param again_after: states of a communication that do not count as notified
        """
        # The log counts whatever the user may read.
        notified = (
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
        notified_ids = set(notified.mapped("agreement_id"))
        self.env["ar.outreach"]._notify(self.filtered(lambda promise: promise.id not in notified_ids), notice)

    def _filter_unpaid(self):
        """Return the promises with an amount due, see :meth:`_read_amounts_due`."""
        amounts_due = self._read_amounts_due()
        return self.filtered(lambda promise: amounts_due[promise.id])

    def _read_amounts_due(self):
        """Return {promise id: [(journal item id, amount due)]}: the unpaid rest, without what is disputed.

        Amounts are positive Decimals in the item's currency.
        """
        facts, amounts_due = self.env["ar.facts"], {}
        books = facts._read_promise_books(self)
        for company, promises in self.grouped("company_id").items():
            line_ids = [book.line_id for promise in promises for book in books.get(promise.id, ())]
            disputed = facts._read_disputed(line_ids, company._ar_today())
            for promise in promises:
                amounts = [
                    (book.line_id, min(book.left, book.residual - disputed.get(book.line_id, 0)))
                    for book in books.get(promise.id, ())
                ]
                amounts_due[promise.id] = [(line_id, amount) for line_id, amount in amounts if amount > 0]
        return amounts_due

    def _is_notice_valid(self, notice):
        """Override to drop a notice when the promise was paid or ended meanwhile."""
        self.ensure_one()
        today = self.company_id._ar_today()
        books = self.env["ar.facts"]._read_promise_books(self).get(self.id, ())
        state = self.state if self.state == rules.WITHDRAWN else self._get_judgement(books, today)
        is_due = bool(self._read_amounts_due()[self.id])
        if notice == "promise_due":
            return state == rules.OPEN and is_due and today < self.date
        if notice == "promise_broken":
            return state in rules.NOT_KEPT and is_due and not self._filter_expected(today)
        return state in (rules.OPEN, rules.KEPT)

    def _get_notice_lines(self, notice):
        """Override to list the unpaid amounts of the promise."""
        self.ensure_one()
        lines = self.env["account.move.line"].sudo()  # amounts for the message
        return [(lines.browse(line_id), float(amount)) for line_id, amount in self._read_amounts_due()[self.id]]

    def _get_notice_html(self, communication):
        """Override to render the promised amount and date, and what was paid in time."""
        self.ensure_one()
        lang = communication.lang
        values = {
            "promise": self,
            "notice": communication.notice,
            "amount": self._format_amount(self.amount_total, lang),
            "kept": self._format_amount(self.amount_kept, lang) if self.amount_kept else "",
            "date": self._format_date(self.date, lang),
        }
        qweb = self.env["ir.qweb"].with_context(lang=lang)
        return qweb._render("ar_collections.promise_notice", values, minimal_qcontext=True, lang=lang)
