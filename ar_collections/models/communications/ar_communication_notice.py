import datetime
from dataclasses import replace

from odoo import api, fields, models

from ...const import CONTACT_STATES, NOTICES, UNLIMITED_NOTICES, WRITTEN
from ...core import decision as codes
from ...core.communications.contact_rules import customer_code, next_allowed_day, timing_code
from ...core.facts import Scope
from ...core.matching.hold import held_until

#: The automatic notices that ask for money.
ASKING = ("promise_broken", "payment_not_found", "plan_broken")


class ArCommunicationNotice(models.Model):
    """Notices: messages to customers about an agreement, besides the reminders of the schedule.

    They use the same log, mail queue and delivery. An automatic notice also counts for the limit of one automatic
    message a day and for the contact limits, and takes precedence over a reminder. An answer to what a person just did
    is sent at once.
    """

    _inherit = "ar.communication"

    notice = fields.Selection(
        NOTICES + WRITTEN,
        readonly=True,
        index="btree_not_null",
        help="Type of notice about an agreement, or of a message that a person wrote. Empty for reminders.",
    )
    agreement_model = fields.Char(readonly=True)
    agreement_id = fields.Many2oneReference(model_field="agreement_model", readonly=True)
    mail_template_id = fields.Many2one("mail.template", readonly=True, ondelete="set null")
    is_uncounted = fields.Boolean(
        "Not Counted",
        readonly=True,
        help="Whether the message counts for no contact limit. It is still the one automatic message of its day.",
    )
    agreement_html = fields.Html(compute="_compute_agreement_html", sanitize=False, help="Subject of the notice.")

    # The notice that a promise is due is sent once, also by transactions that run at the same time.
    _promise_note_once = models.UniqueIndex(
        "(agreement_id) WHERE notice = 'promise_due'", "The customer was already reminded of this promise."
    )

    @api.depends("agreement_model", "agreement_id", "notice")
    def _compute_agreement_html(self):
        for communication in self:
            agreement = communication._get_agreement()
            communication.agreement_html = agreement and agreement._get_notice_html(communication)

    def _get_agreement(self):
        """Return the promise, dispute or plan that the notice is about; nothing for a reminder."""
        self.ensure_one()
        if not self.agreement_model:
            return None
        return self.env[self.agreement_model].browse(self.agreement_id)

    def _get_template(self):
        """Return the mail template of the message: the notice's own, else the step's."""
        self.ensure_one()
        return self.mail_template_id or self.step_id.mail_template_id

    def _check_notices_before_sending(self):
        """Check the notices at the moment of sending.

        A notice that is no longer valid is cancelled. An automatic one is deferred while the customer is excluded or
        paused, on a day without working time or with a contact limit reached, and while unmatched money holds it.

        :return: the notices of self that may be sent now
        """
        valid = self.filtered(lambda notice: notice._is_notice_valid())
        (self - valid)._cancel("outdated")
        passed = valid
        for notice, (code, until) in valid._read_obstacles().items():
            passed -= notice
            if code:
                notice._cancel(code)
            else:
                notice._defer(until)
        return passed

    def _read_obstacles(self):
        """Return {notice: (code why it is cancelled, or None; day until which it is deferred)} of the automatic ones.

        Those that may be sent now are left out. Nothing is written; the facts of each company are read at once.
        """
        obstacles = {}
        automatic = self.filtered(lambda notice: not notice.is_manual)
        for company, notices in automatic.grouped("company_id").items():
            today = company._ar_today()
            customers = notices.customer_id
            waiting = self._waiting_notices(customers)  # left out, so that the first of several is sent today
            facts = self.env["ar.facts"]._gather(customers, today, Scope(without=frozenset(waiting.ids)))
            rules = customers._get_rules(today)
            for notice in notices:
                policy, account = rules.get(notice.customer_id.id), facts[notice.customer_id.id]
                code = policy and customer_code(account, today)
                if code == codes.ARCHIVED:
                    obstacles[notice] = code, None
                elif code:
                    obstacles[notice] = None, today + datetime.timedelta(days=1)  # a person may end it any time
                elif policy and (until := notice._get_deferred_until(account, policy, today)):
                    obstacles[notice] = None, until
        return obstacles

    def _is_notice_valid(self):
        """Return whether the notice may still be sent; an override checks the messages without an agreement.

        What it is about may be gone: when accounts are merged, the one that is left has its own.
        """
        self.ensure_one()
        agreement = self._get_agreement()
        return agreement is None or bool(agreement.exists()) and agreement._is_notice_valid(self.notice)

    @api.model
    def _get_written_kinds(self):
        """Return the kinds of messages that a person writes as a selection, in the user's language."""
        labels = dict(self._fields["notice"]._description_selection(self.env))
        return [(kind, labels[kind]) for kind, _label in WRITTEN]

    def _is_contact(self):
        """Return whether the customer was contacted by it, as the limits of contacts count, see `ar.facts`."""
        self.ensure_one()
        return self.state in CONTACT_STATES and not self.is_uncounted and self.notice not in UNLIMITED_NOTICES

    def _get_deferred_until(self, account, policy, today):
        """Return the day on which the notice is looked at again, ``None`` where it may be sent today.

        One that asks for money waits like reminders while money of the customer is not matched. No credit is deducted
        from a notice, so that each of them counts. An announcement of a charge waits for a working day only.

        :param AccountFacts account: of the customer
        :param Rules policy: of the customer
        """
        self.ensure_one()
        if self.notice in UNLIMITED_NOTICES:
            day = policy.calendar.next_workday(today)
            return day if day > today else None
        if self.is_uncounted:
            account = replace(account, contacts=())
        if timing_code(account, policy, today):
            return next_allowed_day(account, policy, today)
        return held_until(account.unmatched, policy.unmatched_hold_days, today) if self.notice in ASKING else None

    @api.model
    def _waiting_notices(self, customers):
        """Return the automatic notices to the customers that are still in the queue."""
        # The log of all customers of the run is read, whatever the user may read.
        return self.sudo().search(
            [
                ("customer_id", "in", customers.ids),
                ("state", "=", "planned"),
                ("is_manual", "=", False),
                ("notice", "!=", False),
            ]
        )
