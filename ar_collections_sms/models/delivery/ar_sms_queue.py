import logging
import secrets
from collections import defaultdict
from datetime import timezone
from decimal import Decimal

import psycopg2
import pytz

from odoo import api, fields, models, modules

from odoo.addons.ar_collections.core.communications import outcome

from ...core import gateway
from ...core.cap import NEAR, REACHED, cap_state
from ...core.quiet import next_moment
from ...core.turn import Turn
from ...numbers import get_region

_logger = logging.getLogger(__name__)

#: Messages that are looked for at a time.
BATCH = 50


class ArSmsQueue(models.AbstractModel):
    """Delivers the text messages that wait: each checked, claimed and committed, given to the gateway once."""

    _name = "ar.sms.queue"
    _description = "Delivery of Text Messages"

    @api.model
    def _cron_deliver(self):
        """Deliver what is due. A worker that dies leaves what it had claimed as unknown, and the rest waiting."""
        commit = not modules.module.current_test
        turns, last = defaultdict(Turn), 0  # {company id: Turn}
        while found := self._search_due(last, [company_id for company_id, turn in turns.items() if turn.is_over]):
            for recipient in found:
                last, turn = recipient.id, turns[recipient.company_id.id]
                if not turn.is_over:
                    self._deliver_safely(recipient, turn, commit)
            if commit and not self.env["ir.cron"]._commit_progress(len(found)):
                self.env["ar.channel.sms"]._trigger_queue()
                return

    @api.model
    def _search_due(self, last, closed):
        """Return the next recipients whose message is due, of companies that are active.

        :param int last: the id up to which they were tried
        :param list closed: ids of companies that are left out: their gateway or cap ended their turn
        """
        now = fields.Datetime.now()
        domain = [
            ("id", ">", last),
            ("state", "=", outcome.PLANNED),
            ("sms_uuid", "!=", False),
            ("company_id", "not in", closed),
            ("company_id.ar_active", "=", True),
            ("communication_id.state", "in", ["planned", "sending"]),
            "|", ("sms_after", "=", False), ("sms_after", "<=", now),
        ]  # fmt: skip
        # sudo: the queue works for all companies, whoever starts it.
        return self.env["ar.communication.recipient"].sudo().search(domain, order="id", limit=BATCH)

    @api.model
    def _deliver_safely(self, recipient, turn, commit):
        """Deliver one message, see `_deliver`; an error is stored on the account and does not stop the others."""
        try:
            self._deliver(recipient, turn, commit)
        except psycopg2.OperationalError:
            raise  # the transaction has failed, not this message
        except Exception as error:
            if commit:
                self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            self.env["ar.problem"]._report(recipient.communication_id.customer_id, "delivery", error)
            self._settle(commit)
            turn.used = None

    @api.model
    def _deliver(self, recipient, turn, commit):
        """Deliver one message: lock, check, set `sending`, commit, call the gateway, store its answer, commit.

        :param Turn turn: what is known of the company; it is over where the company's other messages wait
        :param bool commit: False only in tests, which roll back
        """
        communication = recipient._lock_communication()
        if not communication or self._wait_until_loud(recipient) or not self._may_cost(recipient, turn):
            self._settle(commit)
            return
        # The same beginning as that of an email, with its handling of errors.
        begins = self.env["mail.mail"]._begin_delivery(communication, recipient)
        if begins:
            recipient.sms_cost = self._get_cost(recipient)
        self._settle(commit)  # a crash from here on leaves the state `sending`
        if not begins or not recipient._lock_begun(commit):
            turn.used = None if begins else turn.used
            return
        self._end(recipient, turn, *self.env["ar.channel.sms"]._hand_over(recipient))
        self._settle(commit)
        self.env["mail.mail"]._show_contact(communication, commit)

    @api.model
    def _end(self, recipient, turn, state, failure, reason):
        """Store the gateway's answer about a message, and what it means for the company's other messages."""
        is_unnamed = failure == gateway.UNNAMED
        if is_unnamed:
            is_own = self._is_own_refusal(recipient, turn)
            state, failure = (outcome.FAILED, outcome.TECHNICAL) if is_own else (state, None)
            turn.refuse(recipient.address)
        recipient._end_sms(state, failure, reason)
        if turn.used is not None:
            turn.used += recipient.sms_cost
        if state == outcome.SENT:
            turn.take()
            self.env["ar.problem"]._clear(recipient.company_id, "sms_gateway")
        elif state == outcome.PLANNED and is_unnamed:
            if turn.is_over or not turn.has_taken:
                self._report_gateway(recipient, reason)
        elif state in (outcome.PLANNED, outcome.UNKNOWN):  # those that follow would meet the same
            turn.is_over = True
            self._report_gateway(recipient, reason)

    @api.model
    def _is_own_refusal(self, recipient, turn):
        """Return whether the gateway refuses this message, and not the account: it takes others between attempts.

        Another message that was refused right before says that it may be the account by now.
        """
        if not recipient.attempts or turn.refused:
            return False
        if turn.has_taken:
            return True
        before = (recipient.sms_after or recipient.create_date) - outcome.retry_delay(recipient.attempts)
        domain = [
            ("company_id", "=", recipient.company_id.id),
            ("sms_uuid", "!=", False),
            ("state", "=", outcome.SENT),
            ("date", ">=", before),
        ]
        return bool(recipient.search_count(domain, limit=1))

    @api.model
    def _settle(self, commit):
        """Flush, and commit if asked to, so that an error of the next message does not undo what was stored."""
        self.env.flush_all()
        if commit:
            self.env.cr.commit()  # pylint: disable=invalid-commit

    # === QUIET HOURS === #

    @api.model
    def _wait_until_loud(self, recipient):
        """Return whether it is quiet where the reader is; then the message waits for the end of it."""
        now = fields.Datetime.now()
        moment = self._find_loud(recipient, now)
        if moment <= now:
            return False
        recipient.sms_after = moment
        self.env["ar.channel.sms"]._trigger_queue(moment)
        return True

    @api.model
    def _find_loud(self, recipient, moment):
        """Return the first moment (UTC, as Odoo stores it), from the given one on, that is not quiet for a reader."""
        quiet = recipient.communication_id.customer_id.policy_id._get_sms_quiet()
        begin = moment.replace(tzinfo=timezone.utc)
        found = next_moment(begin, self._get_zones(recipient), quiet)
        if found is None:  # nowhere the same hours: those of the company are taken
            found = next_moment(begin, [self._get_own_zone(recipient)], quiet) or begin
        return found.astimezone(timezone.utc).replace(tzinfo=None)

    @api.model
    def _get_own_zone(self, recipient):
        return recipient.company_id._ar_now().tzinfo

    @api.model
    def _get_zones(self, recipient):
        """Return the time zones in which the reader may be: the contact's, if it is one of its country's, else all of
        the country, else the company's.
        """
        partner = recipient.partner_id
        country = partner.country_id.code or partner.commercial_partner_id.country_id.code
        names = pytz.country_timezones.get(country or get_region(recipient.address)) or []
        if partner.tz and (partner.tz in names or not names):
            names = [partner.tz]
        return [pytz.timezone(name) for name in names] or [self._get_own_zone(recipient)]

    # === COSTS === #

    @api.model
    def _get_cost(self, recipient):
        """Return what a message costs, in the company's currency."""
        return recipient.communication_id.sms_parts * recipient.company_id.ar_sms_price

    @api.model
    def _may_cost(self, recipient, turn):
        """Return whether the company's cap for the month allows a message; a manager is told before it is reached."""
        company = recipient.company_id
        if not company.ar_sms_cap:
            return True
        if turn.used is None:
            turn.used = self.env["ar.communication"]._read_sms_costs(company)
        numbers = turn.used, self._get_cost(recipient), company.ar_sms_cap
        amounts = (Decimal(str(round(number, 4))) for number in numbers)
        state = cap_state(*amounts)
        problems = self.env["ar.problem"]
        if state == REACHED:
            turn.is_over = True
            text = self.env._("Text messages wait: this month's costs are reached.")
            problems._report_daily(company, "sms_cap", text)
        elif state == NEAR:
            text = self.env._("Text messages have cost more than 80 % of this month's limit.")
            problems._report_daily(company, "sms_cap", text)
        else:
            problems._clear(company, "sms_cap")
        return state != REACHED

    @api.model
    def _report_gateway(self, recipient, reason):
        """Report that the gateway takes no messages of the company."""
        text = self.env._("The SMS gateway refuses messages or cannot be reached: %(reason)s", reason=reason or "")
        self.env["ar.problem"]._report_daily(recipient.company_id, "sms_gateway", text)

    @api.model
    def _make_token(self):
        """Return 22 random characters, see ``const.KEY_LENGTH``."""
        return secrets.token_urlsafe(16)
